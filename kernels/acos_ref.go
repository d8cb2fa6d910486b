package kernels

import "math"

// acos32 is arccos x, NaN for |x| > 1. With s = |x| up to 1/2 it is π/2 ∓ arcsin s,
// beyond, with s = √((1-|x|)/2), 2 arcsin s or π - 2 arcsin s. Sollya's
//
//	fpminimax((asin(sqrt(x))/sqrt(x)-1)/x, 5, [|SG...|], [1e-8;0.2501], floating, absolute)
func acos32(x float32) float32 {
	a, sign := abs32(x), math.Float32bits(x)&sign32
	s, z, n, flip := a, float32(a*a), float32(1), sign^sign32
	if 0.5 < a {
		z = fma32(-0.5, a, 0.5) // exact
		s, n, flip = sqrt(z), 0, sign
		if sign != 0 {
			n = 2
		}
	}
	p := fma32(0x1.1acb92p-5, z, 0x1.0fe1b2p-6)
	p = fma32(p, z, 0x1.ffbf34p-6)
	p = fma32(p, z, 0x1.6d3e6ap-5)
	p = fma32(p, z, 0x1.3334cep-4)
	p = fma32(p, z, 0x1.555554p-3)
	p = fma32(float32(s*z), p, s)
	if 0.5 < a {
		p += p
	}
	p = math.Float32frombits(math.Float32bits(p) ^ flip)
	return fma32(n, 0x1.921fb6p+0, fma32(n, -0x1.777a5cp-25, p)) // π/2 in two parts
}

// acos64 is arccos x in the same way. The polynomial is Sollya's
//
//	fpminimax((asin(sqrt(x))/sqrt(x)-1)/x, 12, [|D...|], [1e-8;0.2501], floating, absolute)
func acos64(x float64) float64 {
	a, sign := math.Abs(x), math.Float64bits(x)&sign64
	s, z, n, flip := a, float64(a*a), 1.0, sign^sign64
	if 0.5 < a {
		z = math.FMA(-0.5, a, 0.5)
		s, n, flip = math.Sqrt(z), 0, sign
		if sign != 0 {
			n = 2
		}
	}
	p := math.FMA(0x1.dc69051561babp-6, z, -0x1.f6744b4894595p-7)
	p = math.FMA(p, z, 0x1.224dcb105ba1fp-6)
	p = math.FMA(p, z, 0x1.5dc12cfa8d6c7p-8)
	p = math.FMA(p, z, 0x1.5336524888f52p-7)
	p = math.FMA(p, z, 0x1.77ff42ac25099p-7)
	p = math.FMA(p, z, 0x1.c9d336dfa1ffcp-7)
	p = math.FMA(p, z, 0x1.1c4d0fc1b6ffp-6)
	p = math.FMA(p, z, 0x1.6e8bb383c0ebap-6)
	p = math.FMA(p, z, 0x1.f1c71c1187eddp-6)
	p = math.FMA(p, z, 0x1.6db6db6e48dffp-5)
	p = math.FMA(p, z, 0x1.3333333332d9ep-4)
	p = math.FMA(p, z, 0x1.5555555555556p-3)
	p = math.FMA(float64(s*z), p, s)
	if 0.5 < a {
		p += p
	}
	p = math.Float64frombits(math.Float64bits(p) ^ flip)
	return math.FMA(n, 0x1.921fb54442d18p+0, math.FMA(n, 0x1.1a62633145c07p-54, p))
}
