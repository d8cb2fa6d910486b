package ot

import "pushforward/kernels"

// priceTree finds the points of least cost + price without looking at all of
// them: points in kdOrder, bounding boxes over halves of halves, and the least
// price in each box, kept right while prices change one at a time.
type priceTree struct {
	met   *metric
	plane bool      // squared distances in two dimensions have their own loops
	free  bool      // and there is no period
	exact bool      // searches in the plane are exact to the last bits
	x     []float64 // points in kdOrder, row-major
	axes  []float64 // the same coordinate by coordinate, in the plane
	price []float64 // of each point
	nodes []priceNode
	box   []float64 // per node: d centres, then d half widths; not for the free plane
	leaf  []int32   // of each point
}

// priceNode covers points lo … hi−1. Its left child follows it; right is 0 in a
// leaf, parent −1 at the root.
type priceNode struct {
	least         float64    // price in the box
	low, high     [2]float64 // corners of the box, in the plane
	lo, hi        int32
	right, parent int32
}

// priceLeaf is how many points a leaf has at most, planeLeaf where a kernel looks
// through them.
const priceLeaf, planeLeaf = 8, kernels.NearestFewLen

func newPriceTree(met *metric, x, price []float64) *priceTree {
	n := len(price)
	t := &priceTree{met: met, x: x, price: price, leaf: make([]int32, n)}
	t.plane = met.dim == 2 && met.kind == squaredEuclidean
	t.free = t.plane && met.period == nil
	if t.plane {
		t.axes = make([]float64, 2*n)
		kernels.Transpose(t.axes, n, x, 2, n, 2)
	}
	t.nodes = make([]priceNode, 0, 4*n/priceLeaf+1)
	t.grow(0, n, -1)
	t.refresh()
	return t
}

func (t *priceTree) grow(lo, hi int, parent int32) {
	d := t.met.dim
	at := len(t.nodes)
	t.nodes = append(t.nodes, priceNode{lo: int32(lo), hi: int32(hi), parent: parent})
	var centre, half []float64
	if !t.free {
		t.box = append(t.box, make([]float64, 2*d)...)
		centre, half = t.box[at*2*d:][:d], t.box[at*2*d+d:][:d]
	}
	for k := range d {
		a, b := t.x[lo*d+k], t.x[lo*d+k]
		for i := lo + 1; i < hi; i++ {
			a, b = min(a, t.x[i*d+k]), max(b, t.x[i*d+k])
		}
		if t.plane {
			t.nodes[at].low[k], t.nodes[at].high[k] = a, b
			if t.free {
				continue
			}
		}
		c := a + (b-a)/2
		centre[k] = c
		// Widened by what rounding may have cost, so that a bound stays a bound.
		half[k] = max(c-a, b-c) * (1 + 4*epsilon)
	}
	leaf := priceLeaf
	if t.plane {
		leaf = planeLeaf
	}
	if hi-lo > leaf {
		mid := lo + halve(hi-lo)
		t.grow(lo, mid, int32(at))
		t.nodes[at].right = int32(len(t.nodes))
		t.grow(mid, hi, int32(at))
		return
	}
	for i := lo; i < hi; i++ {
		t.leaf[i] = int32(at)
	}
}

// refresh recomputes the least price of every box.
func (t *priceTree) refresh() {
	for v := len(t.nodes) - 1; v >= 0; v-- {
		nd := &t.nodes[v]
		if nd.right != 0 {
			nd.least = min(t.nodes[v+1].least, t.nodes[nd.right].least)
			continue
		}
		nd.least = t.price[nd.lo]
		for _, p := range t.price[nd.lo+1 : nd.hi] {
			nd.least = min(nd.least, p)
		}
	}
}

// raise sets the price of point j to p, not below what it was.
func (t *priceTree) raise(j int32, p float64) {
	old := t.price[j]
	t.price[j] = p
	nd := &t.nodes[t.leaf[j]]
	if old > nd.least {
		return
	}
	least := p
	for _, q := range t.price[nd.lo:nd.hi] {
		if q < least {
			least = q
		}
	}
	for least > nd.least {
		nd.least = least
		v := nd.parent
		if v < 0 {
			return
		}
		nd = &t.nodes[v]
		least = min(t.nodes[v+1].least, t.nodes[nd.right].least)
	}
}

// lower sets the price of point j to p, not above what it was.
func (t *priceTree) lower(j int32, p float64) {
	t.price[j] = p
	for v := t.leaf[j]; v >= 0 && p < t.nodes[v].least; v = t.nodes[v].parent {
		t.nodes[v].least = p
	}
}

// cost is the cost from y to point j.
func (t *priceTree) cost(y []float64, j int32) float64 {
	if t.free {
		d0, d1 := t.x[2*j]-y[0], t.x[2*j+1]-y[1]
		return float64(d0*d0) + float64(d1*d1)
	}
	d := t.met.dim
	return t.met.between(t.x[int(j)*d:][:d], y)
}

// bound is a lower bound of cost + price from y to all points under node v.
func (t *priceTree) bound(v int32, y []float64) float64 {
	nd := &t.nodes[v]
	if t.free {
		return nd.bound(y[0], y[1])
	}
	d := t.met.dim
	return nd.least + t.met.toBox(y, t.box[int(v)*2*d:][:2*d])
}

// bound is the same in the free plane.
func (nd *priceNode) bound(y0, y1 float64) float64 {
	// Minima take half the instructions that maxima do.
	d0 := min(nd.high[0]-y0, y0-nd.low[0], 0)
	d1 := min(nd.high[1]-y1, y1-nd.low[1], 0)
	return nd.least + (float64(d0*d0) + float64(d1*d1))
}
