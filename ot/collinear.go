package ot

import "math"

// axis is the unit vector along which all points lie, each cloud on a line of
// that direction; nil where there is none to within rounding. The costs then are
// convex in the difference along it, and sorting solves the problem: squared
// ones on parallel lines too, distances on the same line. Such problems are all
// ties and chains to the simplex.
func (f *frame) axis() []float64 {
	d := f.met.dim
	switch {
	case f.given != nil || f.met.period != nil:
		return nil
	case d == 1:
		return []float64{1}
	case f.cost.kind == cityBlock:
		return nil
	}
	// From a point of x: to the farthest of x, or of y where x is one point only.
	e := make([]float64, d)
	length := 0.0
	for _, s := range [][]float64{f.x, f.y} {
		for i := d; i < len(s); i += d {
			var q float64
			for k := range d {
				q += float64((s[i+k] - s[k]) * (s[i+k] - s[k]))
			}
			if q > length {
				length = q
				for k := range d {
					e[k] = s[i+k] - s[k]
				}
			}
		}
	}
	if length == 0 {
		return nil
	}
	length = math.Sqrt(length)
	for k := range e {
		e[k] /= length
	}
	for _, s := range [][]float64{f.x, f.y} {
		from := s
		if f.shift == nil {
			from = f.x // one line for both
		}
		for i := 0; i < len(s); i += d {
			if f.offAxis(e, from[:d], s[i:i+d]) > 4*epsilon {
				return nil
			}
		}
	}
	return e
}

// offAxis is the distance of y from the line through x along e.
func (f *frame) offAxis(e, x, y []float64) float64 {
	var along, off float64
	for k, v := range e {
		along += float64(v * (y[k] - x[k]))
	}
	for k, v := range e {
		off = max(off, math.Abs(y[k]-x[k]-float64(along*v)))
	}
	return off
}

// along is where the points are on an axis.
func along(e, x []float64) []float64 {
	d := len(e)
	out := make([]float64, len(x)/d)
	for i := range out {
		for k, v := range e {
			out[i] += float64(v * x[i*d+k])
		}
	}
	return out
}
