package ot

import "math"

// spanningTree is the basis of the network simplex: rows (sources) 0 … n−1,
// columns (sinks) n … n+m−1 and an artificial root n+m, joined by n+m arcs.
// Real arcs run from a row to a column; artificial ones from a row to the root
// at no cost, and from the root to a column at a cost above every real one.
//
// Potentials are kept for rows only: pi[col] = pi[parent] + cost. Columns
// without children stay out of the child lists, so that a walk over a subtree
// meets rows and inner columns alone.
//
// The tree is strongly feasible (Cunningham 1976): every arc without flow
// points towards the root, and the choice of the leaving arc keeps it so,
// which is what excludes cycling through degenerate pivots.
type spanningTree struct {
	rows, root int32
	nodes      []treeNode
	pi         []float64 // of rows, and 0 for the root
	pivots     int
	stack      []int32 // of refresh: columns still to be visited
}

type treeNode struct {
	parent, child, next, prev int32 // −1: none
	depth                     int32 // of rows and the root
	up                        bool  // the arc to the parent runs towards it
	listed                    bool  // a column that stands in its parent's child list
	cost                      float64
	flow                      int64
}

// newSpanningTree hangs every row and column on the root.
func newSpanningTree(a, b []int64, artificial float64) *spanningTree {
	n, m := len(a), len(b)
	t := &spanningTree{rows: int32(n), root: int32(n + m)}
	t.nodes = make([]treeNode, n+m+1)
	t.pi = make([]float64, n+m+1)
	for u := range t.nodes {
		t.nodes[u] = treeNode{parent: -1, child: -1, next: -1, prev: -1, depth: 1}
	}
	t.nodes[t.root].depth = 0
	for i, w := range a {
		t.nodes[i].up, t.nodes[i].flow = true, w
		t.link(int32(i), t.root)
	}
	for j, w := range b {
		v := &t.nodes[n+j]
		v.cost, v.flow = artificial, w
		t.link(int32(n+j), t.root)
	}
	return t
}

func (t *spanningTree) isColumn(u int32) bool { return u >= t.rows && u < t.root }

// depthOf is the distance to the root; columns take theirs from the parent.
func (t *spanningTree) depthOf(u int32) int32 {
	if t.isColumn(u) {
		return t.nodes[t.nodes[u].parent].depth + 1
	}
	return t.nodes[u].depth
}

// columnPotential is the potential of column node u.
func (t *spanningTree) columnPotential(u int32) float64 {
	v := &t.nodes[u]
	return t.pi[v.parent] + v.cost
}

func (t *spanningTree) listRemove(u int32) {
	v := &t.nodes[u]
	if v.prev >= 0 {
		t.nodes[v.prev].next = v.next
	} else {
		t.nodes[v.parent].child = v.next
	}
	if v.next >= 0 {
		t.nodes[v.next].prev = v.prev
	}
}

func (t *spanningTree) listAdd(u int32) {
	v := &t.nodes[u]
	p := &t.nodes[v.parent]
	v.prev, v.next = -1, p.child
	if p.child >= 0 {
		t.nodes[p.child].prev = u
	}
	p.child = u
}

func (t *spanningTree) unlink(u int32) {
	if t.isColumn(u) {
		if v := &t.nodes[u]; v.listed {
			t.listRemove(u)
			v.listed = false
		}
		return
	}
	t.listRemove(u)
	p := t.nodes[u].parent
	if v := &t.nodes[p]; t.isColumn(p) && v.child < 0 && v.listed {
		t.listRemove(p)
		v.listed = false
	}
}

func (t *spanningTree) link(u, p int32) {
	v := &t.nodes[u]
	v.parent = p
	if t.isColumn(u) {
		if v.listed = v.child >= 0; v.listed {
			t.listAdd(u)
		}
		return
	}
	t.listAdd(u)
	if v := &t.nodes[p]; t.isColumn(p) && !v.listed {
		t.listAdd(p)
		v.listed = true
	}
}

// pivot brings the arc from row s to column t of cost c into the basis.
func (t *spanningTree) pivot(row, col int32, c float64) {
	t.pivots++
	nodes := t.nodes
	// The cycle closes where the paths to the root meet.
	u, v := row, col
	du, dv := t.depthOf(u), t.depthOf(v)
	for u != v {
		switch {
		case du > dv:
			u = nodes[u].parent
			du--
		case dv > du:
			v = nodes[v].parent
			dv--
		default:
			u, v = nodes[u].parent, nodes[v].parent
			du--
			dv--
		}
	}
	join := u
	// The leaving arc: of those that block, the last along the cycle from the join.
	delta, out, onRowSide := int64(1)<<62, int32(-1), false
	for u := row; u != join; u = nodes[u].parent {
		if w := &nodes[u]; w.up && w.flow < delta {
			delta, out, onRowSide = w.flow, u, true
		}
	}
	for u := col; u != join; u = nodes[u].parent {
		if w := &nodes[u]; !w.up && w.flow <= delta {
			delta, out, onRowSide = w.flow, u, false
		}
	}
	if delta > 0 {
		for u := row; u != join; u = nodes[u].parent {
			if w := &nodes[u]; w.up {
				w.flow -= delta
			} else {
				w.flow += delta
			}
		}
		for u := col; u != join; u = nodes[u].parent {
			if w := &nodes[u]; w.up {
				w.flow += delta
			} else {
				w.flow -= delta
			}
		}
	}
	// Rehang the part below the leaving arc on the entering one.
	top, under := col, row
	if onRowSide {
		top, under = row, col
	}
	w, p := top, under
	cost, flow, up := c, delta, top == row
	for {
		x := &nodes[w]
		next, oldCost, oldFlow, oldUp := x.parent, x.cost, x.flow, x.up
		t.unlink(w)
		t.link(w, p)
		x.cost, x.flow, x.up = cost, flow, up
		if w == out {
			break
		}
		p, w = w, next
		cost, flow, up = oldCost, oldFlow, !oldUp
	}
	t.refresh(top)
}

// refresh recomputes depth and potential below u from its parent's. Potentials
// are thus a function of the tree alone: they never drift.
func (t *spanningTree) refresh(u int32) {
	nodes, pi := t.nodes, t.pi
	stack := t.stack[:0]
	if u >= t.rows {
		stack = append(stack, u)
	} else {
		v := &nodes[u]
		pi[u], v.depth = 0, 1
		if v.parent != t.root {
			p := &nodes[v.parent]
			pi[u], v.depth = pi[p.parent]+p.cost-v.cost, nodes[p.parent].depth+2
		}
		for c := v.child; c >= 0; c = nodes[c].next {
			stack = append(stack, c)
		}
	}
	for len(stack) > 0 {
		c := &nodes[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		base, depth := pi[c.parent]+c.cost, nodes[c.parent].depth+2
		for r := c.child; r >= 0; {
			v := &nodes[r]
			pi[r], v.depth = base-v.cost, depth
			for k := v.child; k >= 0; k = nodes[k].next {
				stack = append(stack, k)
			}
			r = v.next
		}
	}
	t.stack = stack
}

// flows calls yield for every row and column with mass between them.
func (t *spanningTree) flows(yield func(row, col int32, flow int64)) {
	for u := range t.root {
		v := &t.nodes[u]
		switch {
		case v.flow == 0:
		case v.parent == t.root:
			panic("ot: mass left on an artificial arc of an optimal basis")
		case t.isColumn(u):
			yield(v.parent, u-t.rows, v.flow)
		default:
			yield(u, v.parent-t.rows, v.flow)
		}
	}
}

// value is Σ flow × cost of the basis, or NaN while mass is on artificial arcs.
func (t *spanningTree) value() float64 {
	var s accumulator
	for u := range t.root {
		v := &t.nodes[u]
		if v.flow == 0 {
			continue
		}
		if v.parent == t.root {
			return math.NaN()
		}
		s.add(float64(v.cost * float64(v.flow)))
	}
	return s.value()
}
