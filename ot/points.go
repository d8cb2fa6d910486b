package ot

import (
	"fmt"
	"math"
)

// Points is a cloud of points: Dim coordinates each, row-major as in a NumPy
// array of shape [n][d], so point i is X[i*Dim : (i+1)*Dim].
type Points struct {
	X   []float64
	Dim int
}

// NewPoints makes a cloud of points of dimension dim from row-major
// coordinates, which it keeps without copying. It panics when dim < 1 or when
// dim does not divide len(x).
func NewPoints(x []float64, dim int) Points {
	if dim < 1 || len(x)%dim != 0 {
		panic(fmt.Sprintf("ot: %d coordinates do not make points of dimension %d", len(x), dim))
	}
	return Points{X: x, Dim: dim}
}

// Len is the number of points.
func (p Points) Len() int {
	if p.Dim < 1 {
		return 0
	}
	return len(p.X) / p.Dim
}

// At is point i, a slice into X.
func (p Points) At(i int) []float64 { return p.X[i*p.Dim : (i+1)*p.Dim : (i+1)*p.Dim] }

// check reports what makes p unfit for transport; name is how the error calls it.
func (p Points) check(name string) error {
	if p.Dim < 1 {
		return fmt.Errorf("ot: %s has dimension %d, want at least 1", name, p.Dim)
	}
	if len(p.X)%p.Dim != 0 {
		return fmt.Errorf("ot: %s has %d coordinates, which dimension %d does not divide", name, len(p.X), p.Dim)
	}
	if len(p.X) == 0 {
		return fmt.Errorf("ot: %s is empty, want at least one point", name)
	}
	if p.Len() > maxPoints {
		return fmt.Errorf("ot: %s has %d points, want at most %d", name, p.Len(), maxPoints)
	}
	if allFinite(p.X) {
		return nil
	}
	for k, v := range p.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("ot: %s[%d][%d] is %v, want a finite number", name, k/p.Dim, k%p.Dim, v)
		}
	}
	return nil
}

// allFinite tells whether there is no NaN and no infinity: zero times those is NaN.
func allFinite(x []float64) bool {
	s0, s1, s2, s3 := 0.0, 0.0, 0.0, 0.0
	n := len(x) &^ 3
	for i := 0; i < n; i += 4 {
		a := (*[4]float64)(x[i:])
		s0 += float64(0 * a[0])
		s1 += float64(0 * a[1])
		s2 += float64(0 * a[2])
		s3 += float64(0 * a[3])
	}
	for _, v := range x[n:] {
		s0 += float64(0 * v)
	}
	return (s0+s1)+(s2+s3) == 0
}

// maxPoints keeps n·m of uniform masses, and node numbers, well inside their integers.
const maxPoints = 1 << 29
