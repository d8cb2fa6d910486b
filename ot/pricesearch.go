package ot

import "math"

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

// better improves a choice of someone at y to the best of all points. It
// climbs from the leaf of the best point so far, so a good choice costs one
// bound for each level of the tree.
func (t *priceTree) better(y []float64, c *choice) {
	v := int32(0)
	if c.at >= 0 {
		v = t.leaf[c.at]
	}
	t.below(v, y, c)
	for t.nodes[v].parent >= 0 {
		parent := t.nodes[v].parent
		sibling := parent + 1
		if sibling == v {
			sibling = t.nodes[parent].right
		}
		t.below(sibling, y, c)
		v = parent
	}
	if t.plane && !t.free {
		t.around(y, c)
	}
}

// below looks through the points under node v, on a torus in the plane without
// going around it.
func (t *priceTree) below(v int32, y []float64, c *choice) {
	if t.plane {
		if t.nodes[v].bound(y[0], y[1]) < c.second {
			t.descendPlane(v, y[0], y[1], c)
		}
	} else if t.bound(v, y) < c.second {
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

// scanPlane is the same in the plane.
func (t *priceTree) scanPlane(lo, hi int32, y0, y1 float64, c *choice) {
	c.leaves++
	price := t.price[lo:hi]
	x := t.x[2*lo:][:2*len(price)]
	second := c.second
	for i, p := range price {
		d0, d1 := x[2*i]-y0, x[2*i+1]-y1
		if v := float64(d0*d0) + float64(d1*d1) + p; v < second {
			c.offer(lo+int32(i), v)
			second = c.second
		}
	}
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
