package md

import (
	"math"

	"pushforward/kernels"
)

// clusterState is one configuration of a cluster: its particles in groups, the
// blocks of work, and the last results.
//
// Each block has gradients of its own, of the groups that its pairs touch; they
// are added in the order of the blocks, which the number of threads does not change.
type clusterState[T kernels.Float] struct {
	c         *Cluster[T]
	groups    int
	order     []int // the particle at each place of a group; -1: none
	reference []T   // positions that the list is for, [particle][3]; nil before the first
	p         []T   // groups as the kernels have them
	g         []T   // gradient in groups
	blocks    []clusterBlock[T]
	finder    neighbourFinder[T]

	finite                bool
	lennardJones, coulomb float64
}

// clusterBlock is the work on consecutive groups, with their partners.
type clusterBlock[T kernels.Float] struct {
	lo, hi int // groups
	// touched lists the groups in p and g, rising: lo … hi-1 from own on, and
	// those that lists have. nil: all of them, and p is the state's.
	touched        []int
	own            int
	first, partner []int // lists of the block's particles, for kernels.GroupPairsWithin
	p, g           []T

	lennardJones, coulomb float64
}

const (
	// A block should be worth waking a goroutine, some 50 µs, and blocks should be
	// enough for many threads.
	blockPairs    = 1 << 14 // particles times groups, where all pairs count
	blockGroups   = 64      // with a cutoff
	clusterBlocks = 64      // at most
)

func newClusterState[T kernels.Float](c *Cluster[T]) *clusterState[T] {
	lanes := groupSize[T]()
	s := &clusterState[T]{c: c, groups: (c.n + lanes - 1) / lanes}
	s.order = make([]int, s.groups*lanes)
	for i := range s.order {
		if s.order[i] = i; i >= c.n {
			s.order[i] = -1
		}
	}
	s.p = make([]T, s.groups*kernels.ParticleRows*lanes)
	s.g = make([]T, s.groups*3*lanes)
	if c.options.Cutoff > 0 {
		s.blocks = make([]clusterBlock[T], max(1, min(clusterBlocks, s.groups/blockGroups)))
		for b := range s.blocks {
			s.blocks[b].lo, s.blocks[b].hi = b*s.groups/len(s.blocks), (b+1)*s.groups/len(s.blocks)
		}
		return s
	}
	s.parameters()
	// Group k has groups-k partners; blocks have about as many each.
	total := s.groups * (s.groups + 1) / 2
	s.blocks = make([]clusterBlock[T], max(1, min(clusterBlocks/4, total*lanes/blockPairs)))
	at, before := 0, 0
	for b := range s.blocks {
		k := &s.blocks[b]
		for k.lo = at; at < s.groups && before < total*(b+1)/len(s.blocks); at++ {
			before += s.groups - at
		}
		k.hi, k.p, k.g = at, s.p, make([]T, len(s.g))
	}
	return s
}

// place is where row 0 of a place of a group is, of a group's rows.
func place(i, lanes, rows int) int { return i/lanes*rows*lanes + i%lanes }

// parameters writes the last three rows of the groups.
func (s *clusterState[T]) parameters() {
	lanes := groupSize[T]()
	for i, a := range s.order {
		var q [3]T
		if a >= 0 {
			q = s.c.particles[a]
		}
		at := s.p[place(i, lanes, kernels.ParticleRows):]
		at[3*lanes], at[4*lanes], at[5*lanes] = q[0], q[1], q[2]
	}
}

// positions writes the first three rows. Places without a particle are where the
// last one is.
func (s *clusterState[T]) positions(x []T, ld int) {
	lanes := groupSize[T]()
	last := 0
	for i, a := range s.order {
		if a < 0 {
			a = last
		}
		last = a
		at := s.p[place(i, lanes, kernels.ParticleRows):]
		at[0], at[lanes], at[2*lanes] = x[3*a*ld], x[(3*a+1)*ld], x[(3*a+2)*ld]
	}
}

// evaluate computes energies and gradient of the configuration with coordinate k
// at x[k*ld], and tells whether it made a list for it.
func (s *clusterState[T]) evaluate(x []T, ld int) (listed bool) {
	s.lennardJones, s.coulomb = math.NaN(), math.NaN()
	if s.finite = s.c.bounded(x, ld); !s.finite {
		return false
	}
	o := &s.c.options
	if o.Cutoff > 0 && s.moved(x, ld) {
		s.list(x, ld)
		listed = true
	}
	s.positions(x, ld)
	eachBlock(o.Threads, len(s.blocks), func(_, b int) { s.run(&s.blocks[b]) })
	s.lennardJones, s.coulomb = 0, 0
	for b := range s.blocks {
		s.lennardJones += s.blocks[b].lennardJones
		s.coulomb += s.blocks[b].coulomb
	}
	s.add()
	return listed
}

// bounded tells whether all coordinates are numbers whose squares are finite.
func (c *Cluster[T]) bounded(x []T, ld int) bool {
	const most = 1 << 60
	for k := range c.Dim() {
		if v := x[k*ld]; !(v < most && v > -most) {
			return false
		}
	}
	return true
}

// moved tells whether a particle has left the half of the skin around its place.
func (s *clusterState[T]) moved(x []T, ld int) bool {
	if s.reference == nil {
		return true
	}
	half := s.c.options.Skin / 2
	for a := range s.c.n {
		var d2 float64
		for k := range 3 {
			d := float64(x[(3*a+k)*ld]) - float64(s.reference[3*a+k])
			d2 += float64(d * d)
		}
		if d2 > half*half {
			return true
		}
	}
	return false
}

// run computes a block.
func (s *clusterState[T]) run(b *clusterBlock[T]) {
	lanes := groupSize[T]()
	clear(b.g)
	b.lennardJones, b.coulomb = 0, 0
	if b.touched == nil {
		for own := b.lo; own < b.hi; own++ {
			lj, coulomb := kernels.GroupPairs(b.g, b.p, own, min(lanes, s.c.n-own*lanes), own, s.groups)
			b.lennardJones += lj
			b.coulomb += coulomb
		}
		return
	}
	const rows = kernels.ParticleRows
	for k, group := range b.touched {
		copy(b.p[k*rows*lanes:][:3*lanes], s.p[group*rows*lanes:][:3*lanes])
	}
	for own := range b.hi - b.lo {
		first := b.first[own*lanes:]
		first = first[:min(lanes+1, len(first))]
		lj, coulomb := kernels.GroupPairsWithin(b.g, b.p, b.own+own, first, b.partner, &s.c.cutoff)
		b.lennardJones += lj
		b.coulomb += coulomb
	}
}

// add adds the blocks' gradients up, some groups on each thread.
func (s *clusterState[T]) add() {
	const share = 256
	size := 3 * groupSize[T]()
	eachBlock(s.c.options.Threads, (s.groups+share-1)/share, func(_, part int) {
		lo, hi := part*share, min((part+1)*share, s.groups)
		clear(s.g[lo*size : hi*size])
		for i := range s.blocks {
			b := &s.blocks[i]
			if b.touched == nil {
				if b.lo < hi { // a block's partners come after it
					sum(s.g[max(lo, b.lo)*size:hi*size], b.g[max(lo, b.lo)*size:])
				}
				continue
			}
			for k := firstAtLeast(b.touched, lo); k < len(b.touched) && b.touched[k] < hi; k++ {
				sum(s.g[b.touched[k]*size:][:size], b.g[k*size:])
			}
		}
	})
}

// sum adds as many of y to x.
func sum[T kernels.Float](x, y []T) {
	y = y[:len(x)]
	for i := range x {
		x[i] += y[i]
	}
}

// gradient writes the gradient, or with sign -1 the forces, to g[k*ld].
func (s *clusterState[T]) gradient(g []T, ld int, sign T) {
	if !s.finite {
		for k := range s.c.Dim() {
			g[k*ld] = T(math.NaN())
		}
		return
	}
	lanes := groupSize[T]()
	for i, a := range s.order {
		if a >= 0 {
			at := s.g[place(i, lanes, 3):]
			g[3*a*ld], g[(3*a+1)*ld], g[(3*a+2)*ld] = sign*at[0], sign*at[lanes], sign*at[2*lanes]
		}
	}
}
