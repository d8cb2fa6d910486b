package ot

import (
	"fmt"
	"math"
	"slices"
)

// QuantileW2Squared is the square of the Wasserstein distance of order 2
// between the uniform law on a sample and the law with the given quantile
// function (inverse distribution function on (0, 1)):
//
//	Σ_i ∫_{i/n}^{(i+1)/n} (x_(i) − Q(u))² du,
//
// without a sampling error on Q's side. Each cell is integrated by ten
// Gauss–Legendre points; the first and the last are halved towards 0 and 1 time
// and again, since Q may go to infinity there, to within 1e-15 of 0 and 1.
// For laws of exponential tails or lighter, the result is good to about 1e-13
// of Q's variance. Q has to be increasing; if it is not smooth, cells in which
// it has a kink lose accuracy. Errors name a sample or a value of Q that is NaN or Inf.
func QuantileW2Squared(x []float64, quantile func(u float64) float64) (float64, error) {
	if err := (Points{X: x, Dim: 1}).check("x"); err != nil {
		return math.NaN(), err
	}
	s := slices.Clone(x)
	slices.Sort(s)
	n := len(s)
	var bad error
	var sum accumulator
	for i, xi := range s {
		f := func(u float64) float64 {
			q := quantile(u)
			if (math.IsNaN(q) || math.IsInf(q, 0)) && bad == nil {
				bad = fmt.Errorf("ot: the quantile function is %v at %v, want a finite number", q, u)
			}
			return float64((xi - q) * (xi - q))
		}
		a, b := float64(i)/float64(n), float64(i+1)/float64(n)
		if i == 0 && i == n-1 {
			lowerTail(f, 0.5, &sum)
			upperTail(f, 0.5, &sum)
		} else if i == 0 {
			lowerTail(f, b, &sum)
		} else if i == n-1 {
			upperTail(f, 1/float64(n), &sum)
		} else {
			sum.add(gaussLegendre(f, a, b))
		}
		if bad != nil {
			return math.NaN(), bad
		}
	}
	return sum.value(), nil
}

// QuantileW2 is the Wasserstein distance of order 2, the root of QuantileW2Squared.
func QuantileW2(x []float64, quantile func(u float64) float64) (float64, error) {
	c, err := QuantileW2Squared(x, quantile)
	return math.Sqrt(c), err
}

// tailEnd is where tails are cut; beyond, f is taken as constant.
const tailEnd = 0x1p-50

// lowerTail integrates f over [0, b].
func lowerTail(f func(float64) float64, b float64, sum *accumulator) {
	for ; b > tailEnd; b /= 2 {
		sum.add(gaussLegendre(f, b/2, b))
	}
	sum.add(float64(f(b) * b))
}

// upperTail integrates f over [1 − w, 1].
func upperTail(f func(float64) float64, w float64, sum *accumulator) {
	for ; w > tailEnd; w /= 2 {
		sum.add(gaussLegendre(f, 1-w, 1-w/2))
	}
	sum.add(float64(f(1-w) * w))
}
