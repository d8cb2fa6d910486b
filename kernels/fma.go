package kernels

import "math"

// fma32 returns a*b + c rounded once to float32: IEEE 754's
// fusedMultiplyAdd, subnormal numbers, infinities and NaN included.
//
// The product of two float32 numbers is exact in float64. The sum is rounded
// to odd there: where it is inexact and its last bit is even, it moves one
// float64 towards the exact sum. With 53 ≥ 24 + 2 bits the second rounding, to
// float32, then sees on which side of a midpoint the exact sum lies (Boldo and
// Melquiond, Emulation of FMA and correctly rounded sums, 2008).
func fma32(a, b, c float32) float32 {
	p := float64(float64(a) * float64(b)) // exact
	z := float64(c)
	s := p + z
	v := s - p
	e := (p - (s - v)) + (z - v) // s + e = p + z exactly; NaN where s is Inf or NaN
	if e > 0 || e < 0 {
		if u := math.Float64bits(s); u&1 == 0 {
			if (e > 0) == (s > 0) {
				u++
			} else {
				u--
			}
			s = math.Float64frombits(u)
		}
	}
	return float32(s)
}

// fma returns a*b + c rounded once.
func fma[T Float](a, b, c T) T {
	if is32[T]() {
		return T(fma32(float32(a), float32(b), float32(c)))
	}
	return T(math.FMA(float64(a), float64(b), float64(c)))
}

// round returns x. A compiler must not fuse a product inside it with a sum
// outside: round(a*b) + c rounds twice on every machine.
func round[T Float](x T) T { return T(x) }

// maxOf returns a > b ? a : b, and so b where one of them is NaN or both are
// zero: the maximum that every instruction set can compute.
func maxOf[T Float](a, b T) T {
	if a > b {
		return a
	}
	return b
}

// minOf returns a < b ? a : b, and so b where one of them is NaN or both are
// zero: the minimum that every instruction set can compute.
func minOf[T Float](a, b T) T {
	if a < b {
		return a
	}
	return b
}
