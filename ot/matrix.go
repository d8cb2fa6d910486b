package ot

import (
	"fmt"
	"math"
)

// matrix holds given costs, c[i*m+j] for row i and column j.
type matrix struct {
	c    []float64
	n, m int
}

func (t *matrix) at(i, j int) float64 { return t.c[i*t.m+j] }

// SolveMatrix is Solve for costs of any origin: c[i*m+j] is the cost from row i
// of n to column j of m, row-major as in a NumPy array of shape [n][m]; any
// finite numbers, negative ones too. c is read, not changed.
//
// Errors name the element that is wrong: NaN or Inf by row and column.
func SolveMatrix(c []float64, n, m int, a, b []float64, options ...Option) (*Result, error) {
	set := newSettings(options)
	f, err := newMatrixFrame(c, n, m, a, b)
	if err != nil {
		return nil, err
	}
	return f.run(&set)
}

// newMatrixFrame checks a problem of given costs. They stay as they are, but
// for a power of two where they come near the ends of float64's range.
func newMatrixFrame(c []float64, n, m int, a, b []float64) (*frame, error) {
	switch {
	case n < 1 || m < 1:
		return nil, fmt.Errorf("ot: a matrix of %d × %d costs, want at least one row and one column", n, m)
	case n > maxPoints || m > maxPoints:
		return nil, fmt.Errorf("ot: a matrix of %d × %d costs, want at most %d rows and columns", n, m, maxPoints)
	case len(c) != n*m:
		return nil, fmt.Errorf("ot: %d costs for %d rows and %d columns, want %d", len(c), n, m, n*m)
	}
	largest := greatestSize(c)
	if math.IsNaN(largest) || math.IsInf(largest, 0) {
		return nil, wrongCost(c, m)
	}
	mass, err := integerMasses(n, m, a, b)
	if err != nil {
		return nil, err
	}
	f := &frame{mass: mass, costBound: largest, given: &matrix{c, n, m}, usedX: withMass(mass.a), usedY: withMass(mass.b)}
	if _, e := math.Frexp(largest); largest > 0 && (e > 500 || e < -500) {
		f.exponent = e
		f.given.c = scaled(c, e)
		f.costBound = math.Ldexp(largest, -e)
	}
	return f, nil
}

// greatestSize is the greatest |c|, or what is no finite number: as integers, the
// bits of that are the greatest of all.
func greatestSize(c []float64) float64 {
	var p, q, r, s uint64 // side by side
	k := 0
	for ; k+4 <= len(c); k += 4 {
		b := c[k : k+4 : k+4]
		p = max(p, math.Float64bits(b[0])<<1)
		q = max(q, math.Float64bits(b[1])<<1)
		r = max(r, math.Float64bits(b[2])<<1)
		s = max(s, math.Float64bits(b[3])<<1)
	}
	for _, v := range c[k:] {
		p = max(p, math.Float64bits(v)<<1)
	}
	return math.Float64frombits(max(p, q, r, s) >> 1)
}

// wrongCost names the first cost that is no finite number.
func wrongCost(c []float64, m int) error {
	for k, v := range c {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("ot: the cost of row %d, column %d is %v, want a finite number", k/m, k%m, v)
		}
	}
	panic("ot: no cost is wrong")
}
