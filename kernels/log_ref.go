package kernels

import "math"

// log32 is ln x. Zeros give -Inf, negative numbers NaN.
func log32(x float32) float32 {
	bias := float32(0)
	v := x
	if x < 0x1p-126 {
		v, bias = x*0x1p23, 23 // subnormal numbers become normal
	}
	m, e := split32(v)
	y := logProduct32(m, e-bias)
	if !(x < inf32) {
		y = x // +Inf and NaN
	}
	if x < 0 {
		y = nan32
	}
	if x == 0 {
		y = -inf32
	}
	return y
}

// log64 is ln x. Zeros give -Inf, negative numbers NaN.
func log64(x float64) float64 {
	bias := 0.0
	v := x
	if x < 0x1p-1022 {
		v, bias = x*0x1p52, 52
	}
	m, e := split64(v)
	y := logProduct64(m, e-bias)
	if !(x < math.Inf(1)) {
		y = x
	}
	if x < 0 {
		y = math.NaN()
	}
	if x == 0 {
		y = math.Inf(-1)
	}
	return y
}

var (
	inf32 = float32(math.Inf(1))
	nan32 = float32(math.NaN())
)

// split32 is m in [0.75, 1.5) and an integral e such that x = m·2^e, for a
// positive, normal x.
func split32(x float32) (m, e float32) {
	u := math.Float32bits(x)
	k := int32(u-0x3f400000) >> 23 // 0.75's bits go: what is left counts from 0.75·2^k
	return math.Float32frombits(u - uint32(k)<<23), float32(k)
}

// split64 is m in [√½, √2) and an integral e such that x = m·2^e, for a
// positive, normal x. With [0.75, 1.5), logProduct64 were up to 1.28 ULP off.
func split64(x float64) (m, e float64) {
	const sqrtHalf = 0x3fe6a09e667f3bcd
	u := math.Float64bits(x) + (0x3ff0000000000000 - sqrtHalf)
	m = math.Float64frombits(u&0x000fffffffffffff + sqrtHalf)
	e = math.Float64frombits(u>>52|0x4330000000000000) - (0x1p52 + 1023) // exact
	return m, e
}

// logProduct32 is ln(m·2^e) for m in [0.75, 1.5): with f = m-1,
// e ln 2 + f - f²/2 + f³ times Sollya's
//
//	fpminimax(log(1+x), [|3,...,10|], [|SG...|], [-0.25;0.5], floating, relative, x-x^2/2)
func logProduct32(m, e float32) float32 {
	f := m - 1 // exact
	p := fma32(-0x1.713e36p-5, f, 0x1.aca08ep-4)
	p = fma32(p, f, -0x1.0d93f4p-3)
	p = fma32(p, f, 0x1.2886b8p-3)
	p = fma32(p, f, -0x1.54ef16p-3)
	p = fma32(p, f, 0x1.996966p-3)
	p = fma32(p, f, -0x1.000042p-2)
	p = fma32(p, f, 0x1.5555a4p-2)
	p = fma32(p, f, -0.5)
	f2 := float32(f * f)
	lo := fma32(f2, p, float32(e*0x1.7f7d1cp-20)) // the small terms first; ln 2 = 0x1.62e4p-1 + 0x1.7f7d1cp-20
	return fma32(e, 0x1.62e4p-1, f+lo)
}

// logProduct64 is ln(m·2^e) for m in [√½, √2): with f = m-1, s = f/(m+1), z = s²,
// ln m = 2 artanh s = f - s(f - z p(z)), where p is Sollya's
//
//	fpminimax((2*atanh(sqrt(x))/sqrt(x)-2)/x, 6, [|D...|], [1e-7;0.02945], floating, absolute)
func logProduct64(m, e float64) float64 {
	f := m - 1 // exact
	s := f / (m + 1)
	z := float64(s * s)
	p := math.FMA(0x1.2b5f5b2ed0b06p-3, z, 0x1.39fdcbbcfdc67p-3)
	p = math.FMA(p, z, 0x1.7462b925f9b94p-3)
	p = math.FMA(p, z, 0x1.c71c62d649d94p-3)
	p = math.FMA(p, z, 0x1.2492492dfb9b8p-2)
	p = math.FMA(p, z, 0x1.99999999952b9p-2)
	p = math.FMA(p, z, 0x1.5555555555558p-1)
	q := math.FMA(-z, p, f)
	lo := math.FMA(-s, q, float64(e*0x1.a39ef35793c76p-33)) // ln 2 = 0x1.62e42feep-1 + 0x1.a39ef35793c76p-33
	return math.FMA(e, 0x1.62e42feep-1, f+lo)
}
