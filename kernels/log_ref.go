package kernels

import "math"

func log32(x float32) float32 {
	switch {
	case x == 0:
		return float32(math.Inf(-1))
	case !(x > 0):
		return float32(math.NaN())
	case x > math.MaxFloat32:
		return x
	}
	var bias float32
	if x < 0x1p-126 {
		x *= 0x1p23
		bias = 23
	}
	u := math.Float32bits(x)
	k := int32(u-0x3f400000) >> 23
	m := math.Float32frombits(u - uint32(k)<<23)
	return logPolynomial32(m, float32(k)-bias)
}

// logPolynomial32 is log(m·2^e) for m in [0.75, 1.5).
func logPolynomial32(m, e float32) float32 {
	f := m - 1
	p := fma32(-0.045123420102017938251, f, 0.10470354321783867298)
	p = fma32(p, f, -0.13164463311123062631)
	p = fma32(p, f, 0.14478333406281505757)
	p = fma32(p, f, -0.16646953601762056742)
	p = fma32(p, f, 0.19990810757915088345)
	p = fma32(p, f, -0.25000104647750566664)
	p = fma32(p, f, 0.3333345076060397722)
	p = fma32(p, f, -0.5)
	lo := fma32(e, 0x1.7f7d1cp-20, float32(float32(f*f)*p))
	return fma32(e, 0x1.62e4p-1, f+lo)
}

func log64(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case !(x > 0):
		return math.NaN()
	case x > math.MaxFloat64:
		return x
	}
	var bias float64
	if x < 0x1p-1022 {
		x *= 0x1p52
		bias = 52
	}
	u := math.Float64bits(x) + (0x3ff0000000000000 - 0x3fe8000000000000)
	e := math.Float64frombits(u>>52|0x4330000000000000) - (0x1p52 + 1023) - bias
	m := math.Float64frombits(u&0x000fffffffffffff + 0x3fe8000000000000)
	return logPolynomial64(m, e)
}

func logPolynomial64(m, e float64) float64 {
	f := m - 1
	s := f / (m + 1)
	z := float64(s * s)
	p := math.FMA(0.15367312181485151761, z, 0.15250309678544864959)
	p = math.FMA(p, z, 0.18186349551555583222)
	p = math.FMA(p, z, 0.22222138673848640096)
	p = math.FMA(p, z, 0.28571429392993404294)
	p = math.FMA(p, z, 0.39999999996175682403)
	p = math.FMA(p, z, 0.66666666666672682668)
	lo := math.FMA(-s, math.FMA(-z, p, f), float64(e*1.90821492927058770002e-10))
	return math.FMA(e, 6.93147180369123816490e-01, f+lo)
}
