package ot

// crash makes a first basis of given arcs, the best first: those that join two
// parts of the forest so far, with the flows that the masses then force on them.
// Potentials that are nearly optimal say which arcs have reduced costs near 0,
// and then most flows come out right at once; a pivot each would take as long
// as finding the optimum without a warm start.
//
// Where a flow would have to be negative, branches below are cut off and hung
// on the root. Every arc without flow points towards the root, as spanningTree
// demands.
func (t *spanningTree) crash(arcs []arc, a, b []int64) {
	n, total := int(t.rows), int(t.root)
	f := newForest(total)
	for k := range arcs {
		f.join(int32(k), arcs[k].row, t.rows+arcs[k].col)
	}
	order, parent, by := f.walk()
	net := make([]int64, total) // supply of a node's branch, less its demand
	copy(net, a)
	for j, w := range b {
		net[n+j] = -w
	}
	// Children, each in a list of its parent's.
	first, next := filled(total), filled(total)
	for k := total - 1; k >= 0; k-- {
		u := order[k]
		// A row may send nothing, but a column must receive something.
		for c := first[u]; c >= 0 && (t.isColumn(u) && net[u] >= 0 || !t.isColumn(u) && net[u] < 0); c = next[c] {
			net[u] -= net[c]
			parent[c] = -1
		}
		if p := parent[u]; p >= 0 {
			net[p] += net[u]
			next[u], first[p] = first[p], u
		}
	}
	for _, u := range order {
		v := &t.nodes[u]
		v.flow = max(net[u], -net[u])
		if parent[u] < 0 {
			continue
		}
		t.unlink(u)
		v.cost, v.up = arcs[by[u]].cost, !t.isColumn(u)
		t.link(u, parent[u])
	}
	for _, u := range order {
		if t.nodes[u].parent == t.root {
			t.refresh(u)
		}
	}
}

// forest is a set of arcs without cycles, between nodes in sets that they join.
type forest struct {
	set  []int32
	head []int32 // per node: its first half arc
	half []halfArc
}

// halfArc is an arc as one of its ends sees it.
type halfArc struct{ to, arc, next int32 }

func newForest(n int) *forest {
	f := &forest{set: numbers(n), head: filled(n), half: make([]halfArc, 0, 2*n)}
	return f
}

func filled(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

func (f *forest) find(u int32) int32 {
	for f.set[u] != u {
		f.set[u] = f.set[f.set[u]]
		u = f.set[u]
	}
	return u
}

// join takes arc k from u to v if that closes no cycle.
func (f *forest) join(k, u, v int32) {
	p, q := f.find(u), f.find(v)
	if p == q {
		return
	}
	f.set[p] = q
	f.half = append(f.half, halfArc{v, k, f.head[u]}, halfArc{u, k, f.head[v]})
	f.head[u], f.head[v] = int32(len(f.half)-2), int32(len(f.half)-1)
}

// walk lists all nodes, parents before children, with each one's parent and the
// arc between them, −1 for the tops. Tops are the lowest numbers: rows, if any.
func (f *forest) walk() (order, parent, by []int32) {
	total := len(f.set)
	parent, by = filled(total), filled(total)
	order = make([]int32, 0, total)
	seen := make([]bool, total)
	for top := range int32(total) {
		if seen[top] {
			continue
		}
		seen[top] = true
		order = append(order, top)
		for k := len(order) - 1; k < len(order); k++ {
			u := order[k]
			for h := f.head[u]; h >= 0; h = f.half[h].next {
				if a := f.half[h]; !seen[a.to] {
					seen[a.to] = true
					parent[a.to], by[a.to] = u, a.arc
					order = append(order, a.to)
				}
			}
		}
	}
	return order, parent, by
}
