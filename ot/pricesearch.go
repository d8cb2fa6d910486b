package ot

import (
	"math"

	"pushforward/kernels"
)

// choice is the best and the second best point for someone, by cost + price.
type choice struct {
	at, at2       int32 // −1: none
	first, second float64
	leaves        int // of the tree that the search has gone through
}

var noChoice = choice{at: -1, at2: -1, first: math.Inf(1), second: math.Inf(1)}

// offer lets point j of value v into the choice.
func (c *choice) offer(j int32, v float64) {
	switch {
	case !(v < c.second):
	case j == c.at:
		c.first = min(c.first, v) // on a torus, another way round
	case v < c.first:
		c.at, c.first, c.at2, c.second = j, v, c.at, c.first
	default:
		c.at2, c.second = j, v
	}
}

// best is the choice of someone at y. The search climbs from the leaf of point
// near, so a good guess costs one bound for each level of the tree.
func (t *priceTree) best(y []float64, near int32) choice {
	c := noChoice
	v := t.leaf[near]
	if t.plane {
		t.climbPlane(v, y[0], y[1], &c)
		if !t.free {
			t.around(y, &c)
		}
		return c
	}
	t.below(v, y, &c)
	for t.nodes[v].parent >= 0 {
		sibling := t.sibling(v)
		t.below(sibling, y, &c)
		v = t.nodes[v].parent
	}
	return c
}

// climbPlane looks at all points, from those under v on, in the plane without
// going around a torus.
func (t *priceTree) climbPlane(v int32, y0, y1 float64, c *choice) {
	t.descendPlane(v, y0, y1, c)
	for t.nodes[v].parent >= 0 {
		sibling := t.sibling(v)
		if t.nodes[sibling].bound(y0, y1) < c.second {
			t.descendPlane(sibling, y0, y1, c)
		}
		v = t.nodes[v].parent
	}
}

// sibling is the other child of v's parent.
func (t *priceTree) sibling(v int32) int32 {
	parent := t.nodes[v].parent
	if parent+1 == v {
		return t.nodes[parent].right
	}
	return parent + 1
}

// below looks through the points under node v.
func (t *priceTree) below(v int32, y []float64, c *choice) {
	if t.bound(v, y) < c.second {
		t.descend(v, y, c)
	}
}

// around looks at all points from the images of y on the other sides of a torus.
func (t *priceTree) around(y []float64, c *choice) {
	p, q := t.met.period[0], t.met.period[1]
	for _, u := range [3]float64{0, p, -p} {
		for _, v := range [3]float64{0, q, -q} {
			if (u == 0 && v == 0) || (p == 0 && u != 0) || (q == 0 && v != 0) {
				continue
			}
			if t.nodes[0].bound(y[0]+u, y[1]+v) < c.second {
				t.descendPlane(0, y[0]+u, y[1]+v, c)
			}
		}
	}
}

// descend looks through the points under node v.
func (t *priceTree) descend(v int32, y []float64, c *choice) {
	right := t.nodes[v].right
	if right == 0 {
		t.scan(v, y, c)
		return
	}
	left := v + 1
	bl, br := t.bound(left, y), t.bound(right, y)
	if br < bl {
		left, right, bl, br = right, left, br, bl
	}
	if bl < c.second {
		t.descend(left, y, c)
		if br < c.second {
			t.descend(right, y, c)
		}
	}
}

// scan looks at the points of leaf v.
func (t *priceTree) scan(v int32, y []float64, c *choice) {
	lo, hi := t.nodes[v].lo, t.nodes[v].hi
	c.leaves++
	price := t.price[lo:hi]
	d := t.met.dim
	for i, p := range price {
		c.offer(lo+int32(i), t.met.between(t.x[(int(lo)+i)*d:][:d], y)+p)
	}
}

// scanPlane is the same in the plane. What the kernel finds is a little off, which
// bids can bear. Where the tree is to be exact, the third of what it finds tells
// whether the first two are the leaf's two least.
func (t *priceTree) scanPlane(lo, hi int32, y0, y1 float64, c *choice) {
	c.leaves++
	few := t.leastOfLeaf(lo, hi, y0, y1)
	if t.exact {
		t.offerSurely(lo, hi, y0, y1, &few, c)
		return
	}
	for _, v := range few[:2] {
		if !(v < c.second) {
			return
		}
		j := lo + int32(math.Float64bits(v)&kernels.NearestFewPlace)
		c.offer(j, t.sumPlane(j, y0, y1))
	}
}

// offerSurely offers the two least of a leaf, of which the kernel found few, or
// all of it where they are as close as its error.
func (t *priceTree) offerSurely(lo, hi int32, y0, y1 float64, few *[3]float64, c *choice) {
	for _, v := range few[:2] {
		if !(surely(v) < c.second) {
			return
		}
		j := lo + int32(math.Float64bits(v)&kernels.NearestFewPlace)
		c.offer(j, t.sumPlane(j, y0, y1))
	}
	if !(surely(few[2]) < c.second) {
		return
	}
	for j := lo; j < hi; j++ {
		c.offer(j, t.sumPlane(j, y0, y1))
	}
}

// surely is what a sum found by the kernel is not below, but for rounding.
func surely(v float64) float64 { return v - float64(math.Abs(v)*0x1p-45) }

// leastOfLeaf are nearly the three least sums of a leaf in the plane.
func (t *priceTree) leastOfLeaf(lo, hi int32, y0, y1 float64) (few [3]float64) {
	y := [2]float64{y0, y1}
	kernels.PlaneNearestFew(&few, &y, t.axes[lo:], len(t.price), t.price[lo:hi])
	return few
}

// sumPlane is cost + price of point j from y in the plane.
func (t *priceTree) sumPlane(j int32, y0, y1 float64) float64 {
	d0, d1 := t.x[2*j]-y0, t.x[2*j+1]-y1
	return float64(d0*d0) + float64(d1*d1) + t.price[j]
}

// descendPlane is descend in the plane, without going around a torus.
func (t *priceTree) descendPlane(v int32, y0, y1 float64, c *choice) {
	nd := &t.nodes[v]
	right := nd.right
	if right == 0 {
		t.scanPlane(nd.lo, nd.hi, y0, y1, c)
		return
	}
	left := v + 1
	bl, br := t.nodes[left].bound(y0, y1), t.nodes[right].bound(y0, y1)
	if br < bl {
		left, right, bl, br = right, left, br, bl
	}
	if bl < c.second {
		t.descendPlane(left, y0, y1, c)
		if br < c.second {
			t.descendPlane(right, y0, y1, c)
		}
	}
}

// few fills f with the len(f) points of least cost + price below limit from y,
// in increasing order, and returns how many there are.
func (t *priceTree) few(y []float64, limit float64, f []found) int {
	count := 0
	var stack [64]boxVisit
	stack[0] = boxVisit{t.bound(0, y), 0}
	for depth := 1; depth > 0; {
		depth--
		v, b := stack[depth].node, stack[depth].bound
		for b < limit {
			nd := &t.nodes[v]
			if nd.right != 0 {
				left, right := v+1, nd.right
				bl, br := t.bound(left, y), t.bound(right, y)
				if br < bl {
					left, right, bl, br = right, left, br, bl
				}
				if br < limit {
					stack[depth] = boxVisit{br, right}
					depth++
				}
				v, b = left, bl
				continue
			}
			if t.free && !(surely(t.leastOfLeaf(nd.lo, nd.hi, y[0], y[1])[0]) < limit) {
				break
			}
			for j := nd.lo; j < nd.hi; j++ {
				u := t.cost(y, j) + t.price[j]
				if !(u < limit) {
					continue
				}
				count, limit = insert(f, count, found{u, j}, limit)
			}
			break
		}
	}
	return count
}
