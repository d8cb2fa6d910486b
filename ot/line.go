package ot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// LineCost is the p-th power of the Wasserstein distance of order p ≥ 1 between
// two laws on the line, W_p^p = ∫_0^1 |F⁻¹(u) − G⁻¹(u)|^p du, found by sorting.
// The samples may differ in number; a and b are their weights, nil for uniform
// ones, divided by their sums. Errors name the element that is wrong.
func LineCost(x, y, a, b []float64, p float64) (float64, error) {
	l, err := newLine(x, y, a, b, p)
	if err != nil {
		return math.NaN(), err
	}
	var s accumulator
	i, j := 0, 0
	restA, restB := l.a[0], l.b[0]
	for {
		w := min(restA, restB)
		s.add(float64(l.power(l.x[i]-l.y[j]) * float64(w)))
		restA -= w
		restB -= w
		if restA == 0 {
			if i++; i == len(l.x) {
				return s.value() / float64(l.total), nil
			}
			restA = l.a[i]
		}
		if restB == 0 {
			j++
			restB = l.b[j]
		}
	}
}

// LineW2Squared is the square of the Wasserstein distance of order 2 between
// two uniform samples on the line, of equal or different sizes.
func LineW2Squared(x, y []float64) (float64, error) { return LineCost(x, y, nil, nil, 2) }

// LineW2 is the Wasserstein distance of order 2, the root of LineW2Squared.
func LineW2(x, y []float64) (float64, error) {
	c, err := LineW2Squared(x, y)
	return math.Sqrt(c), err
}

// line is a pair of sorted samples with integer masses.
type line struct {
	x, y  []float64
	a, b  []int64
	total int64
	p     float64
}

func newLine(x, y, a, b []float64, p float64) (*line, error) {
	if !(p >= 1) || math.IsInf(p, 0) {
		return nil, fmt.Errorf("ot: order p is %v, want a finite number ≥ 1", p)
	}
	if err := (Points{X: x, Dim: 1}).check("x"); err != nil {
		return nil, err
	}
	if err := (Points{X: y, Dim: 1}).check("y"); err != nil {
		return nil, err
	}
	m, err := integerMasses(len(x), len(y), a, b)
	if err != nil {
		return nil, err
	}
	l := &line{total: m.total, p: p}
	l.x, l.a = sortedSample(x, m.a, a == nil)
	l.y, l.b = sortedSample(y, m.b, b == nil)
	return l, nil
}

// sortedSample sorts a sample with its masses, those without mass left out.
func sortedSample(x []float64, mass []int64, uniform bool) ([]float64, []int64) {
	if uniform && slices.Min(mass) == slices.Max(mass) {
		s := slices.Clone(x)
		slices.Sort(s)
		return s, mass
	}
	o := withMass(mass)
	slices.SortFunc(o, func(p, q int32) int { return cmp.Compare(x[p], x[q]) })
	s, w := make([]float64, len(o)), make([]int64, len(o))
	for k, i := range o {
		s[k], w[k] = x[i], mass[i]
	}
	return s, w
}

// power is |d|^p. The orders 1, 2, 3 give the same bits on every machine.
func (l *line) power(d float64) float64 {
	d = math.Abs(d)
	switch l.p {
	case 1:
		return d
	case 2:
		return float64(d * d)
	case 3:
		return float64(d * d * d)
	}
	return math.Pow(d, l.p)
}
