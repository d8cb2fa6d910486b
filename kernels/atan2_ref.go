package kernels

import "math"

// atan232 is the angle of the point (x, y) in [-π, π], with IEEE 754's choice at
// zeros and infinities.
func atan232(y, x float32) float32 {
	ax, ay := abs32(x), abs32(y)
	scale := float32(1)
	largest := maxOf(ax, ay)
	if largest < 0x1p-60 {
		scale = 0x1p64 // subnormal numbers become normal
	}
	if 0x1p126 < largest {
		scale = 0.25 // ax + ay stays finite
	}
	ax, ay = float32(ax*scale), float32(ay*scale)
	ax = maxOf(0x1p-126, ax) // of two zeros, y counts; NaN passes
	if ax == ay {
		ax, ay = 1, 1 // both may be infinite
	}
	return withSign32(halfPlane32(ay, ax, x), y)
}

// halfPlane32 is the angle in [0, π] of the point (±ax, y) with the sign of x, for
// ax and y ≥ 0 that are not both 0 and so moderate that ax + y is right. With q = y/ax,
// (y-ax)/(y+ax) or -ax/y it is arctan q plus n = 0, 1 or 2 eighths of a turn; for
// x < 0 it is π minus that. |q| ≤ 9/16, not √2 - 1: then y - ax is exact, and angles
// to which the rounding of y + ax adds are above 1/2. Sollya's
//
//	fpminimax((atan(sqrt(x))/sqrt(x)-1)/x, 5, [|SG...|], [1e-8;0.3166], floating, absolute)
func halfPlane32(y, ax, x float32) float32 {
	num, den, n := y-ax, y+ax, float32(1)
	if y < float32(0.5625*ax) {
		num, den, n = y, ax, 0
	}
	if ax < float32(0.5625*y) {
		num, den, n = -ax, y, 2
	}
	q := num / den
	z := float32(q * q)
	p := fma32(0x1.2c3808p-5, z, -0x1.42a486p-4)
	p = fma32(p, z, 0x1.bf90c6p-4)
	p = fma32(p, z, -0x1.244d08p-3)
	p = fma32(p, z, 0x1.9997b2p-3)
	p = fma32(p, z, -0x1.555554p-2)
	r := fma32(float32(q*z), p, q)
	r = math.Float32frombits(math.Float32bits(r) ^ math.Float32bits(x)&sign32)
	if math.Float32bits(x)&sign32 != 0 {
		n = 4 - n
	}
	return fma32(n, 0x1.921fb6p-1, fma32(n, -0x1.777a5cp-26, r)) // π/4 in two parts
}

// atan264 is the angle of the point (x, y) in the same way.
func atan264(y, x float64) float64 {
	ax, ay := math.Abs(x), math.Abs(y)
	scale := 1.0
	largest := maxOf(ax, ay)
	if largest < 0x1p-500 {
		scale = 0x1p512
	}
	if 0x1p1022 < largest {
		scale = 0.25
	}
	ax, ay = float64(ax*scale), float64(ay*scale)
	ax = maxOf(0x1p-1022, ax)
	if ax == ay {
		ax, ay = 1, 1
	}
	return withSign64(halfPlane64(ay, ax, x), y)
}

// halfPlane64 is the angle in [0, π] of the point (±ax, y) in the same way. The
// polynomial is Sollya's
//
//	fpminimax((atan(sqrt(x))/sqrt(x)-1)/x, 13, [|D...|], [1e-8;0.3166], floating, absolute)
func halfPlane64(y, ax, x float64) float64 {
	num, den, n := y-ax, y+ax, 1.0
	if y < float64(0.5625*ax) {
		num, den, n = y, ax, 0
	}
	if ax < float64(0.5625*y) {
		num, den, n = -ax, y, 2
	}
	q := num / den
	z := float64(q * q)
	p := math.FMA(0x1.584984ab09f17p-8, z, -0x1.1d68451e7ffcdp-6)
	p = math.FMA(p, z, 0x1.f5c33596a6d3dp-6)
	p = math.FMA(p, z, -0x1.49fccd70bc0f9p-5)
	p = math.FMA(p, z, 0x1.7fab92543659p-5)
	p = math.FMA(p, z, -0x1.ae04e9a111a07p-5)
	p = math.FMA(p, z, 0x1.e1bcb75b650c9p-5)
	p = math.FMA(p, z, -0x1.110f62a82e5a6p-4)
	p = math.FMA(p, z, 0x1.3b13964b35768p-4)
	p = math.FMA(p, z, -0x1.745d16277c9ep-4)
	p = math.FMA(p, z, 0x1.c71c71bfbb4a7p-4)
	p = math.FMA(p, z, -0x1.2492492484c0ep-3)
	p = math.FMA(p, z, 0x1.9999999999831p-3)
	p = math.FMA(p, z, -0x1.5555555555555p-2)
	r := math.FMA(float64(q*z), p, q)
	r = math.Float64frombits(math.Float64bits(r) ^ math.Float64bits(x)&sign64)
	if math.Float64bits(x)&sign64 != 0 {
		n = 4 - n
	}
	return math.FMA(n, 0x1.921fb54442d18p-1, math.FMA(n, 0x1.1a62633145c07p-55, r))
}

// bendOf is the angle in [-π, π] of the point (x, y), not both 0 and moderate.
func bendOf[T Float](y, x T) T {
	if is32[T]() {
		y, x := float32(y), float32(x)
		return T(withSign32(halfPlane32(abs32(y), abs32(x), x), y))
	}
	v, h := float64(y), float64(x)
	return T(withSign64(halfPlane64(math.Abs(v), math.Abs(h), h), v))
}
