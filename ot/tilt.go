package ot

import "math"

// tilt fits slopes to the weights, in each leaf by least squares (Gauss-Seidel,
// coordinate by coordinate), above them by averages, and bounds each box's
// residuals from below. Periodic coordinates have slope 0.
func (t *boxTree) tilt() {
	d := t.met.dim
	if t.grade == nil {
		t.grade = make([]float64, len(t.nodes)*d)
		t.steep = 1 // of a distance; of a squared one twice the greatest distance
		if t.met.kind == squaredEuclidean {
			t.steep = 0
			for k := range d {
				t.steep = max(t.steep, 8*(math.Abs(t.box[k])+t.box[d+k]))
			}
		}
	}
	t.slope = t.grade
	var fit [boxLeaf][]float64
	centred := make([]float64, boxLeaf*d)
	for i := range fit {
		fit[i] = centred[i*d : (i+1)*d]
	}
	for v := len(t.nodes) - 1; v >= 0; v-- {
		nd := t.nodes[v]
		g := t.slope[v*d:][:d]
		if nd.right == 0 {
			t.fit(nd, g, &fit)
			t.least[v] = t.residual(nd, g)
			continue
		}
		left, right := v+1, int(nd.right)
		gl, gr := t.slope[left*d:][:d], t.slope[right*d:][:d]
		for k := range g {
			g[k] = 0.5 * (gl[k] + gr[k])
		}
		t.least[v] = min(t.lowered(left, g), t.lowered(right, g))
	}
}

// fit finds a leaf's slope.
func (t *boxTree) fit(nd boxNode, g []float64, x *[boxLeaf][]float64) {
	d := t.met.dim
	n := int(nd.hi - nd.lo)
	clear(g)
	var w [boxLeaf]float64
	var mean float64
	for i := range n {
		mean += t.weight[int(nd.lo)+i]
	}
	mean /= float64(n)
	for i := range n {
		w[i] = t.weight[int(nd.lo)+i] - mean
	}
	for k := range d {
		var m float64
		for i := range n {
			m += t.x[(int(nd.lo)+i)*d+k]
		}
		m /= float64(n)
		for i := range n {
			x[i][k] = t.x[(int(nd.lo)+i)*d+k] - m
		}
	}
	for range 2 {
		for k := range d {
			if t.met.period != nil && t.met.period[k] > 0 {
				continue
			}
			var up, down float64
			for i := range n {
				up += float64(w[i] * x[i][k])
				down += float64(x[i][k] * x[i][k])
			}
			if !(down > 0) {
				continue
			}
			step := min(max(g[k]+up/down, -t.steep), t.steep) - g[k]
			g[k] += step
			for i := range n {
				w[i] -= float64(step * x[i][k])
			}
		}
	}
}

// residual is a lower bound of w_i − g·x_i in a leaf, rounding included.
func (t *boxTree) residual(nd boxNode, g []float64) float64 {
	d := t.met.dim
	least, size := math.Inf(1), 0.0
	for i := int(nd.lo); i < int(nd.hi); i++ {
		r := t.weight[i]
		a := math.Abs(r)
		for k, s := range g {
			p := float64(s * t.x[i*d+k])
			r -= p
			a += math.Abs(p)
		}
		least, size = min(least, r), max(size, a)
	}
	return least - float64(4*epsilon*size)
}

// lowered is a lower bound of w_i − g·x_i in node v, whose own slope is another.
func (t *boxTree) lowered(v int, g []float64) float64 {
	d := t.met.dim
	r := t.least[v]
	size := math.Abs(r)
	b := t.box[v*2*d:]
	for k, s := range t.slope[v*d:][:d] {
		s -= g[k]
		p, q := float64(s*b[k]), float64(math.Abs(s)*b[d+k])
		r += p - q
		size += math.Abs(p) + q
	}
	return r - float64(4*epsilon*size)
}

// tilted is bound with slopes. For squared distances
//
//	|x−y|² + g·x = |x−(y−g/2)|² + g·y − |g|²/4,
//
// so the box is as far from y−g/2; distances lie above their tangent at the
// box's centre c, |x−y| ≥ |c−y| + u·(x−c) with u = (c−y)/|c−y|. What rounding
// may have added is taken off.
func (t *boxTree) tilted(v int, y []float64) float64 {
	d := t.met.dim
	c, h, g := t.box[v*2*d:][:d], t.box[v*2*d+d:][:d], t.slope[v*d:][:d]
	if t.met.kind == euclidean {
		return t.tangent(v, y, c, h, g)
	}
	if d == 2 && t.met.period == nil {
		return t.tiltedPlane(v, y[0], y[1])
	}
	var s, a, size float64
	for k, yk := range y {
		gk := g[k]
		u := math.Abs(yk - float64(0.5*gk) - c[k])
		if t.met.period != nil {
			u = wrap(u, t.met.period[k])
		}
		if u -= h[k]; u > 0 {
			s += float64(u * u)
		}
		a += float64(gk * (yk - float64(0.25*gk)))
		z := math.Abs(yk) + math.Abs(gk)
		size += float64(z * z)
	}
	return s + a + t.least[v] - float64(8*epsilon*(s+size))
}

// tiltedPlane is tilted for two free coordinates.
func (t *boxTree) tiltedPlane(v int, y0, y1 float64) float64 {
	b, g := t.box[v*4:v*4+4:v*4+4], t.slope[v*2:v*2+2:v*2+2]
	g0, g1 := g[0], g[1]
	u0, u1 := math.Abs(y0-float64(0.5*g0)-b[0])-b[2], math.Abs(y1-float64(0.5*g1)-b[1])-b[3]
	var s float64
	if u0 > 0 {
		s = float64(u0 * u0)
	}
	if u1 > 0 {
		s += float64(u1 * u1)
	}
	z0, z1 := math.Abs(y0)+math.Abs(g0), math.Abs(y1)+math.Abs(g1)
	a := float64(g0*(y0-float64(0.25*g0))) + float64(g1*(y1-float64(0.25*g1)))
	return s + a + t.least[v] - float64(8*epsilon*(s+float64(z0*z0)+float64(z1*z1)))
}

// tangent is tilted for distances.
func (t *boxTree) tangent(v int, y, c, h, g []float64) float64 {
	var s float64
	for k, yk := range y {
		s += float64((c[k] - yk) * (c[k] - yk))
	}
	s = math.Sqrt(s)
	var plain, low, size float64
	for k, yk := range y {
		u := c[k] - yk
		if o := math.Abs(u) - h[k]; o > 0 {
			plain += float64(o * o)
		}
		if s > 0 {
			u /= s
		}
		low += float64(g[k]*c[k]) - float64(math.Abs(u+g[k])*h[k])
		size += float64((1+math.Abs(g[k]))*(math.Abs(c[k])+h[k])) + math.Abs(yk)
	}
	low += s
	// The nearest point of the box is as good where the slope is small.
	near := math.Sqrt(plain)
	for k := range g {
		near += float64(g[k]*c[k]) - float64(math.Abs(g[k])*h[k])
	}
	return max(low, near) + t.least[v] - float64(8*epsilon*size)
}
