package ot

import (
	"fmt"
	"math"
)

// massScale is the total to which given weights are rounded as integers: a
// unit is 2^-60 of the whole, far below the rounding of the weights themselves.
const massScale = 1 << 60

// masses are the two marginals as integers of equal total, so that flows add
// up exactly and the simplex never meets a rounded mass.
type masses struct {
	a, b  []int64
	total int64
}

// integerMasses turns weights into integers; nil stands for uniform weights.
// Two uniform sides give the smallest integers, n×m in all at most: exact.
func integerMasses(n, m int, a, b []float64) (masses, error) {
	if a == nil && b == nil {
		g := gcd(int64(n), int64(m))
		return masses{a: repeat(int64(m)/g, n), b: repeat(int64(n)/g, m), total: int64(n) * (int64(m) / g)}, nil
	}
	ta, err := checkWeights("a", a, n)
	if err != nil {
		return masses{}, err
	}
	tb, err := checkWeights("b", b, m)
	if err != nil {
		return masses{}, err
	}
	if a != nil && b != nil && math.Abs(ta-tb) > 1e-9*math.Max(ta, tb) {
		return masses{}, fmt.Errorf("ot: the weights a sum to %v and b to %v, want equal totals (within 1e-9 relative)", ta, tb)
	}
	return masses{a: quantize(a, n, ta), b: quantize(b, m, tb), total: massScale}, nil
}

// checkWeights returns the sum of w, or what is wrong with it; nil is fine.
func checkWeights(name string, w []float64, n int) (float64, error) {
	if w == nil {
		return float64(n), nil
	}
	if len(w) != n {
		return 0, fmt.Errorf("ot: %d weights %s for %d points", len(w), name, n)
	}
	var sum accumulator
	for i, v := range w {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			return 0, fmt.Errorf("ot: weight %s[%d] is %v, want a finite number ≥ 0", name, i, v)
		}
		sum.add(v)
	}
	t := sum.value()
	if !(t > 0) || math.IsInf(t, 0) {
		return 0, fmt.Errorf("ot: the weights %s sum to %v, want a finite positive total", name, t)
	}
	return t, nil
}

// quantize rounds w/total to multiples of 1/massScale whose sum is exactly
// massScale; what rounding leaves over goes to the largest weight.
func quantize(w []float64, n int, total float64) []int64 {
	q := make([]int64, n)
	largest, rest := 0, int64(massScale)
	for i := range q {
		v := 1.0
		if w != nil {
			v = w[i]
		}
		q[i] = int64(math.RoundToEven(v / total * massScale))
		rest -= q[i]
		if q[i] > q[largest] {
			largest = i
		}
	}
	q[largest] += rest
	return q
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func repeat[T int64 | float64](v T, n int) []T {
	s := make([]T, n)
	for i := range s {
		s[i] = v
	}
	return s
}
