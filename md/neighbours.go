package md

import (
	"slices"

	"pushforward/kernels"
)

// neighbourFinder makes the lists of a cluster with a cutoff. Particles are
// ordered as the leaves of a k-d tree, so that groups are compact; the tree finds
// the groups near one. What a particle lists are groups of which some corner of
// the bounding box may be within reach: any particle of theirs that is, is found.
//
// A tree takes n log n steps to make, whatever the density and however far some
// particles have flown; memory is proportional to n.
type neighbourFinder[T kernels.Float] struct {
	points []point[T]
	boxes  []box[T] // of the tree's nodes over groups, in preorder
	nodes  []extent // the same
	groups []extent // of groups, the leaves
}

// list makes the list for the configuration with coordinate k at x[k*ld].
func (s *clusterState[T]) list(x []T, ld int) {
	n, lanes := s.c.n, groupSize[T]()
	s.reference = slices.Grow(s.reference[:0], 3*n)[:3*n]
	f := &s.finder
	f.points = slices.Grow(f.points[:0], n)[:n]
	for a := range f.points {
		p := point[T]{index: a}
		for k := range 3 {
			p.x[k] = x[(3*a+k)*ld]
			s.reference[3*a+k] = p.x[k]
		}
		f.points[a] = p
	}
	threads := workerCount(s.c.options.Threads)
	compact(f.points, lanes, threads)
	for i := range s.order {
		if s.order[i] = -1; i < n {
			s.order[i] = f.points[i].index
		}
	}
	s.parameters()
	f.enclose(lanes, s.groups)
	scratch := make([]blockScratch, min(threads, len(s.blocks)))
	eachBlock(s.c.options.Threads, len(s.blocks), func(w, b int) { s.listBlock(&s.blocks[b], &scratch[w]) })
}

// blockScratch is the memory of one goroutine: groups near one, and for each group
// its number in a block, from 1, or 0.
type blockScratch struct {
	near  []int
	local []int
}

// listBlock makes the lists of one block, and copies the parameters of the groups
// that they have.
func (s *clusterState[T]) listBlock(b *clusterBlock[T], w *blockScratch) {
	lanes := groupSize[T]()
	f := &s.finder
	reach := s.c.options.Cutoff + s.c.options.Skin
	// The margin is for rounding, here and of the kernels' squared distances.
	reach2 := 4 * reach * reach * (1 + 0x1p-18) // as gap2 measures
	b.first, b.partner, b.touched = append(b.first[:0], 0), b.partner[:0], b.touched[:0]
	w.local = slices.Grow(w.local[:0], s.groups)[:s.groups]
	clear(w.local)
	touch := func(group int) {
		if w.local[group] == 0 {
			w.local[group] = 1
			b.touched = append(b.touched, group)
		}
	}
	for own := b.lo; own < b.hi; own++ {
		touch(own)
		w.near = f.near(w.near[:0], own, s.groups, reach2)
		for _, j := range w.near {
			touch(j)
		}
		for i := own * lanes; i < min((own+1)*lanes, s.c.n); i++ {
			b.partner = f.within(b.partner, &f.points[i].x, w.near, reach2)
			b.first = append(b.first, len(b.partner))
		}
	}
	slices.Sort(b.touched)
	for k, group := range b.touched {
		w.local[group] = k
	}
	for i, j := range b.partner {
		b.partner[i] = w.local[j]
	}
	b.own = w.local[b.lo]
	const rows = kernels.ParticleRows
	b.p = slices.Grow(b.p[:0], len(b.touched)*rows*lanes)[:len(b.touched)*rows*lanes]
	b.g = slices.Grow(b.g[:0], len(b.touched)*3*lanes)[:len(b.touched)*3*lanes]
	for k, group := range b.touched {
		copy(b.p[k*rows*lanes:][:rows*lanes], s.p[group*rows*lanes:])
	}
}

// near appends the groups that are within reach of group own and whose pairs with
// it are its: of each two groups, one has them, so that each has half.
func (f *neighbourFinder[T]) near(list []int, own, groups int, reach2 float64) []int {
	type span struct{ node, lo, hi int }
	var stack [64]span
	stack[0] = span{0, 0, groups}
	me := &f.groups[own]
	for depth := 1; depth > 0; {
		depth--
		n := stack[depth]
		if !(f.nodes[n.node].gap2(&me.middle, &me.half) <= reach2) {
			continue
		}
		if n.hi-n.lo > 1 {
			half := leftGroups(n.hi - n.lo)
			stack[depth] = span{n.node + 2*half, n.lo + half, n.hi} // the left subtree has 2·half-1 nodes
			stack[depth+1] = span{n.node + 1, n.lo, n.lo + half}
			depth += 2
			continue
		}
		if j := n.lo; j != own && (((own+j)&1 == 0) == (own < j)) {
			list = append(list, j)
		}
	}
	return list
}

// within appends those of the groups near that a particle at x may reach into.
func (f *neighbourFinder[T]) within(list []int, x *[3]T, near []int, reach2 float64) []int {
	at := [3]float64{float64(x[0]), float64(x[1]), float64(x[2])}
	var point [3]float64
	n := len(list)
	list = slices.Grow(list, len(near))[:n+len(near)]
	for _, j := range near {
		list[n] = j
		if f.groups[j].gap2(&at, &point) <= reach2 {
			n++
		}
	}
	return list[:n]
}

// enclose makes the boxes of all groups and of the tree's nodes.
func (f *neighbourFinder[T]) enclose(lanes, groups int) {
	f.boxes = slices.Grow(f.boxes[:0], 2*groups)[:2*groups-1]
	f.nodes = slices.Grow(f.nodes[:0], 2*groups)[:2*groups-1]
	f.groups = slices.Grow(f.groups[:0], groups)[:groups]
	f.join(0, 0, groups, lanes)
}

func (f *neighbourFinder[T]) join(node, lo, hi, lanes int) {
	if hi-lo == 1 {
		f.boxes[node] = around(f.points[lo*lanes : min(hi*lanes, len(f.points))])
		f.groups[lo] = f.boxes[node].extent()
	} else {
		half := leftGroups(hi - lo)
		left, right := node+1, node+2*half
		f.join(left, lo, lo+half, lanes)
		f.join(right, lo+half, hi, lanes)
		f.boxes[node] = f.boxes[left].union(&f.boxes[right])
	}
	f.nodes[node] = f.boxes[node].extent()
}

// firstAtLeast is the place of the first of the rising list x that is at least v.
func firstAtLeast(x []int, v int) int {
	i, _ := slices.BinarySearch(x, v)
	return i
}
