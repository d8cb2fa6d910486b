package ot

import (
	"fmt"
	"math"
	"slices"
)

// Floor is the law of a two-sample test between independent draws of one and
// the same law: what the test gives when there is no difference. A distance
// within its spread says "no difference seen", not "none".
type Floor struct {
	Values    []float64 // one per repetition, in their order
	Mean, Std float64   // Std with divisor repetitions − 1; 0 for a single one
	sorted    []float64
}

// NoiseFloor repeats a test between two independent draws of one law, of n and
// m points. draw(n, seed) gives n points, distance is the test: for example W2,
// which nil stands for, or a distance of one coordinate. Repetition k uses two
// seeds that depend on seed and k alone, so the outcome does not depend on the
// number of threads; draw and distance are called concurrently.
//
// Name the unit with the floor: of W2 it is a distance, of W2Squared a square.
func NoiseFloor(n, m, repetitions int, seed uint64, draw func(n int, seed uint64) (Points, error), distance func(x, y Points) (float64, error)) (*Floor, error) {
	if n < 1 || m < 1 || repetitions < 1 {
		return nil, fmt.Errorf("ot: noise floor of %d against %d points in %d repetitions, want at least one of each", n, m, repetitions)
	}
	if distance == nil {
		distance = W2
	}
	return repeatTest("noise floor", repetitions, func(k int) (float64, error) {
		x, err := draw(n, mix(seed, 2*uint64(k)))
		if err != nil {
			return 0, err
		}
		y, err := draw(m, mix(seed, 2*uint64(k)+1))
		if err != nil {
			return 0, err
		}
		return distance(x, y)
	})
}

// repeatTest runs one for each repetition, on all threads, and summarizes what
// it gives; what is how errors call it.
func repeatTest(what string, repetitions int, one func(k int) (float64, error)) (*Floor, error) {
	values, errs := make([]float64, repetitions), make([]error, repetitions)
	inBlocks(threads(0), repetitions, 1, func() func(lo, hi int) {
		return func(lo, hi int) {
			for k := lo; k < hi; k++ {
				values[k], errs[k] = one(k)
			}
		}
	})
	for k, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("ot: %s, repetition %d: %w", what, k, err)
		}
	}
	return NewFloor(values), nil
}

// NewFloor summarizes values of a test that were found otherwise. It panics
// without any.
func NewFloor(values []float64) *Floor {
	if len(values) == 0 {
		panic("ot: a noise floor without values")
	}
	f := &Floor{Values: values, sorted: slices.Sorted(slices.Values(values))}
	var s accumulator
	for _, v := range values {
		s.add(v)
	}
	f.Mean = s.value() / float64(len(values))
	if len(values) > 1 {
		var q accumulator
		for _, v := range values {
			q.add(float64((v - f.Mean) * (v - f.Mean)))
		}
		f.Std = math.Sqrt(q.value() / float64(len(values)-1))
	}
	return f
}

// Quantile is the value below which the share p in [0, 1] of the repetitions
// lies, interpolated linearly between them.
func (f *Floor) Quantile(p float64) float64 {
	at := float64(min(max(p, 0), 1) * float64(len(f.sorted)-1))
	k := min(int(at), len(f.sorted)-1)
	if k+1 == len(f.sorted) {
		return f.sorted[k]
	}
	return f.sorted[k] + float64((at-float64(k))*(f.sorted[k+1]-f.sorted[k]))
}

// PValue is the chance, were there no difference, of a distance of at least d:
// (1 + how many repetitions reach d) / (1 + repetitions).
func (f *Floor) PValue(d float64) float64 {
	reach := 0
	for _, v := range f.sorted {
		if v >= d {
			reach++
		}
	}
	return float64(1+reach) / float64(1+len(f.sorted))
}

// Z is how many standard deviations d lies above the floor's mean.
func (f *Floor) Z(d float64) float64 { return (d - f.Mean) / f.Std }

// mix derives the kth seed from a seed (SplitMix64: Steele, Lea and Flood 2014).
func mix(seed, k uint64) uint64 {
	z := seed + (k+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
