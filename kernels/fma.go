package kernels

import "math"

// fma32 returns a*b + c rounded once to float32: IEEE 754's
// fusedMultiplyAdd, subnormal numbers, infinities and NaN included.
//
// The product of two float32 numbers is exact in float64, so the sum of p and c
// is rounded twice, to float64 and to float32. That goes wrong only where the
// first rounding ends on the midpoint of two float32 numbers.
func fma32(a, b, c float32) float32 {
	p := float64(float64(a) * float64(b)) // exact
	s := p + float64(c)
	const midpoint, tail = 1 << 28, 1<<29 - 1 // of the bits that a normal float32 lacks
	const exponent, least = 0x7ff << 52, (1023 - 126) << 52
	if u := math.Float64bits(s); u&tail == midpoint || u&exponent < least {
		return roundSum32(p, float64(c), s)
	}
	return float32(s)
}

// roundSum32 is p + c rounded once to float32; s is the sum in float64. That one
// is first rounded to odd: where it is inexact and its last bit even, it moves
// by one float64 towards the exact sum. With 53 ≥ 24 + 2 bits the rounding to
// float32 then sees on which side of a midpoint the exact sum lies (Boldo and
// Melquiond, Emulation of FMA and correctly rounded sums, IEEE TC 57, 2008).
func roundSum32(p, c, s float64) float32 {
	v := s - p
	e := (p - (s - v)) + (c - v) // s + e = p + c exactly; NaN where s is
	if u := math.Float64bits(s); u&1 == 0 && (e > 0 || e < 0) {
		if (e > 0) == (s > 0) {
			u++
		} else {
			u--
		}
		s = math.Float64frombits(u)
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
