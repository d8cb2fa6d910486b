package ot

import "math"

// boxTree finds the point of least cost plus weight without looking at all of
// them: points in kdOrder, bounding boxes over halves of halves, and for each
// box a lower bound of its weights. What it skips is bounded from below, so a
// search is as good as a full sweep.
//
// Potentials fall and rise across a box as mass is carried over distances much
// larger than the box. So their bound is an affine function, w_i ≥ least + g·x_i,
// with the slope g that fits the box's weights (tilt.go): with constants alone,
// clusters 1e4 apart and heavy tails took several times longer.
type boxTree struct {
	met    *metric
	x      []float64 // points in kdOrder, row-major
	n      int
	nodes  []boxNode
	box    []float64 // per node: d centres, then d half widths
	weight []float64 // of each point
	least  []float64 // per node: its least weight − slope·x
	slope  []float64 // per node; nil: zeros
	grade  []float64 // room for slopes
	steep  float64   // no slope is steeper
}

// boxNode covers points lo … hi−1. Its left child follows it; right is 0 in a leaf.
type boxNode struct{ lo, hi, right int32 }

const boxLeaf = 8

func newBoxTree(met *metric, x []float64) *boxTree {
	t := &boxTree{met: met, x: x, n: len(x) / met.dim}
	t.grow(0, t.n)
	t.least = make([]float64, len(t.nodes))
	t.weight = make([]float64, t.n)
	return t
}

func (t *boxTree) grow(lo, hi int) {
	d := t.met.dim
	at := len(t.nodes)
	t.nodes = append(t.nodes, boxNode{lo: int32(lo), hi: int32(hi)})
	for k := range d {
		a, b := t.x[lo*d+k], t.x[lo*d+k]
		for i := lo + 1; i < hi; i++ {
			a, b = min(a, t.x[i*d+k]), max(b, t.x[i*d+k])
		}
		t.box = append(t.box, a, b)
	}
	corners := t.box[at*2*d:]
	centre := make([]float64, 2*d)
	for k := range d {
		a, b := corners[2*k], corners[2*k+1]
		c := a + (b-a)/2
		centre[k] = c
		// Widened by what rounding may have cost, so that a bound stays a bound.
		centre[d+k] = max(c-a, b-c) * (1 + 4*epsilon)
	}
	copy(corners, centre)
	if hi-lo > boxLeaf {
		mid := lo + halve(hi-lo)
		t.grow(lo, mid)
		t.nodes[at].right = int32(len(t.nodes))
		t.grow(mid, hi)
	}
}

const epsilon = 0x1p-52

// setWeights recomputes the bounds of every box; nil stands for zeros.
func (t *boxTree) setWeights(w []float64) {
	t.slope = nil
	if w == nil {
		clear(t.weight)
		clear(t.least)
		return
	}
	copy(t.weight, w)
	if t.met.kind != cityBlock && (t.met.kind == squaredEuclidean || t.met.period == nil) {
		t.tilt()
		return
	}
	for v := len(t.nodes) - 1; v >= 0; v-- {
		nd := t.nodes[v]
		if nd.right != 0 {
			t.least[v] = min(t.least[v+1], t.least[nd.right])
			continue
		}
		m := math.Inf(1)
		for _, w := range t.weight[nd.lo:nd.hi] {
			if w < m {
				m = w
			}
		}
		t.least[v] = m
	}
}

// bound is a lower bound of cost + weight from y to all points under node v.
func (t *boxTree) bound(v int, y []float64) float64 {
	d := t.met.dim
	if t.slope != nil {
		return t.tilted(v, y)
	}
	if d == 2 && t.met.kind == squaredEuclidean {
		b := t.box[v*4 : v*4+4 : v*4+4]
		d0, d1 := math.Abs(y[0]-b[0]), math.Abs(y[1]-b[1])
		if p := t.met.period; p != nil {
			d0, d1 = wrap(d0, p[0]), wrap(d1, p[1])
		}
		d0 -= b[2]
		d1 -= b[3]
		s := t.least[v]
		if d0 > 0 {
			s += float64(d0 * d0)
		}
		if d1 > 0 {
			s += float64(d1 * d1)
		}
		return s
	}
	return t.met.toBox(y, t.box[v*2*d:][:2*d]) + t.least[v]
}

// toBox is a lower bound of the cost from y to any point in a box, given by its
// centre and then its half widths.
func (met *metric) toBox(y, box []float64) float64 {
	d := met.dim
	c, h := box[:d], box[d:]
	var s float64
	for k, yk := range y {
		u := math.Abs(yk - c[k])
		if met.period != nil {
			u = wrap(u, met.period[k])
		}
		if u -= h[k]; u > 0 {
			if met.kind == cityBlock {
				s += u
			} else {
				s += float64(u * u)
			}
		}
	}
	if met.kind == euclidean {
		s = math.Sqrt(s)
	}
	return s
}

// boxVisit is a node still to be visited, with its bound.
type boxVisit struct {
	bound float64
	node  int32
}

// nearest returns the point with the least cost + weight from y, if that is
// below limit; otherwise −1 and limit.
func (t *boxTree) nearest(y []float64, limit float64) (int, float64) {
	best := -1
	var stack [64]boxVisit
	depth := 0
	v, b := 0, t.bound(0, y)
	for {
		for b < limit {
			nd := t.nodes[v]
			if nd.right == 0 {
				best, limit = t.scan(nd, y, best, limit)
				break
			}
			left, right := v+1, int(nd.right)
			bl, br := t.bound(left, y), t.bound(right, y)
			if br < bl {
				left, right, bl, br = right, left, br, bl
			}
			stack[depth] = boxVisit{br, int32(right)}
			depth++
			v, b = left, bl
		}
		if depth == 0 {
			return best, limit
		}
		depth--
		v, b = int(stack[depth].node), stack[depth].bound
	}
}

// scan goes through the points of a leaf.
func (t *boxTree) scan(nd boxNode, y []float64, best int, limit float64) (int, float64) {
	lo, hi := int(nd.lo), int(nd.hi)
	if t.met.dim == 2 && t.met.kind == squaredEuclidean {
		w := t.weight[lo:hi]
		x := t.x[2*lo : 2*hi]
		y0, y1 := y[0], y[1]
		if p := t.met.period; p != nil {
			for i := range w {
				d0, d1 := wrap(x[2*i]-y0, p[0]), wrap(x[2*i+1]-y1, p[1])
				if v := float64(d0*d0) + float64(d1*d1) + w[i]; v < limit {
					best, limit = lo+i, v
				}
			}
			return best, limit
		}
		for i := range w {
			d0, d1 := x[2*i]-y0, x[2*i+1]-y1
			if v := float64(d0*d0) + float64(d1*d1) + w[i]; v < limit {
				best, limit = lo+i, v
			}
		}
		return best, limit
	}
	d := t.met.dim
	for i := lo; i < hi; i++ {
		if v := t.met.between(t.x[i*d:][:d], y) + t.weight[i]; v < limit {
			best, limit = i, v
		}
	}
	return best, limit
}

// found is a point with its cost + weight.
type found struct {
	value float64
	at    int32
}

// nearestFew fills f with the len(f) points of least cost + weight below limit
// from y, in increasing order, and returns how many there are and how many
// leaves it visited.
func (t *boxTree) nearestFew(y []float64, limit float64, f []found) (count, leaves int) {
	var stack [64]boxVisit
	stack[0] = boxVisit{t.bound(0, y), 0}
	depth := 1
	for depth > 0 {
		depth--
		v, b := int(stack[depth].node), stack[depth].bound
		for b < limit {
			nd := t.nodes[v]
			if nd.right == 0 {
				leaves++
				count, limit = t.fewest(nd, y, f, count, limit)
				break
			}
			left, right := v+1, int(nd.right)
			bl, br := t.bound(left, y), t.bound(right, y)
			if br < bl {
				left, right, bl, br = right, left, br, bl
			}
			stack[depth] = boxVisit{br, int32(right)}
			depth++
			v, b = left, bl
		}
	}
	return count, leaves
}

// fewest goes through the points of a leaf for nearestFew.
func (t *boxTree) fewest(nd boxNode, y []float64, f []found, count int, limit float64) (int, float64) {
	lo, hi := int(nd.lo), int(nd.hi)
	if t.met.dim == 2 && t.met.kind == squaredEuclidean && t.met.period == nil {
		w, x := t.weight[lo:hi], t.x[2*lo:2*hi]
		y0, y1 := y[0], y[1]
		for i := range w {
			d0, d1 := x[2*i]-y0, x[2*i+1]-y1
			if v := float64(d0*d0) + float64(d1*d1) + w[i]; v < limit {
				count, limit = insert(f, count, found{v, int32(lo + i)}, limit)
			}
		}
		return count, limit
	}
	d := t.met.dim
	for i := lo; i < hi; i++ {
		if v := t.met.between(t.x[i*d:][:d], y) + t.weight[i]; v < limit {
			count, limit = insert(f, count, found{v, int32(i)}, limit)
		}
	}
	return count, limit
}

// insert puts u, which is below limit, into the increasing list f of count
// entries; from a full one the last falls out. It returns the new count and limit.
func insert(f []found, count int, u found, limit float64) (int, float64) {
	if count < len(f) {
		count++
	}
	k := count - 1
	for k > 0 && f[k-1].value > u.value {
		f[k] = f[k-1]
		k--
	}
	f[k] = u
	if count == len(f) {
		limit = f[count-1].value
	}
	return count, limit
}
