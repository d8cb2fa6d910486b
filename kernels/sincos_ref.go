package kernels

import "math"

// Up to these magnitudes, products of the quadrant's number with three parts of
// π/2 reduce an argument. Beyond, reduceHuge does: assembly leaves such
// elements to the definition.
const (
	sincosNear32 = 0x1p19
	sincosNear64 = 0x1p30
)

// sincos32 is sin x and cos x, NaN for an infinite x.
func sincos32(x float32) (s, c float32) {
	a := abs32(x)
	var r float32 // a = r + n π/2, |r| ≤ π/4
	var v uint32  // n mod 4 in the two upper bits
	if a <= sincosNear32 {
		t := fma32(a, 2/math.Pi, 0x1.8p23) // n, in t's low bits
		n := t - 0x1.8p23                  // exact
		r = fma32(n, -0x1.921fb6p+0, a)    // exact
		r = fma32(n, 0x1.777a5cp-25, r)
		r = fma32(n, 0x1.ee59dap-50, r)
		v = math.Float32bits(t) << 30
	} else {
		huge, n := reduceHuge(float64(a))
		r, v = float32(huge), uint32(n)<<30
	}
	s, c = quadrant32(r, v)
	return math.Float32frombits(math.Float32bits(s) ^ math.Float32bits(x)&sign32), c
}

// sincos64 is sin x and cos x, NaN for an infinite x.
func sincos64(x float64) (s, c float64) {
	a := math.Abs(x)
	var r float64
	var v uint64
	if a <= sincosNear64 {
		t := math.FMA(a, 2/math.Pi, 0x1.8p52)
		n := t - 0x1.8p52
		r = math.FMA(n, -0x1.921fb54442d18p+0, a)
		r = math.FMA(n, -0x1.1a62633145c07p-54, r)
		r = math.FMA(n, 0x1.f1976b7ed8fbcp-110, r)
		v = math.Float64bits(t) << 62
	} else {
		huge, n := reduceHuge(a)
		r, v = huge, n<<62
	}
	s, c = quadrant64(r, v)
	return math.Float64frombits(math.Float64bits(s) ^ math.Float64bits(x)&sign64), c
}

// quadrant32 is sine and cosine of r + q π/2, |r| ≤ π/4, q the two upper bits of
// v. The polynomials are Sollya's, with R = pi/4*(1+2^(-7)),
//
//	fpminimax(sin(x), [|3,5,7|], [|SG...|], [1e-9;R], floating, relative, x)
//	fpminimax(cos(x), [|4,6,8|], [|SG...|], [1e-3;R], floating, absolute, 1-x^2/2)
func quadrant32(r float32, v uint32) (s, c float32) {
	z := float32(r * r)
	p := fma32(-0x1.99213ep-13, z, 0x1.1106dp-7)
	p = fma32(p, z, -0x1.555544p-3)
	s = fma32(float32(z*r), p, r)
	p = fma32(0x1.99e3d4p-16, z, -0x1.6c0c2p-10)
	p = fma32(p, z, 0x1.55554ap-5)
	p = fma32(p, z, -0.5)
	c = fma32(p, z, 1)
	if v&(1<<30) != 0 {
		s, c = c, s
	}
	s = math.Float32frombits(math.Float32bits(s) ^ v&sign32)
	c = math.Float32frombits(math.Float32bits(c) ^ (v+1<<30)&sign32) // negative in quadrants 1 and 2
	return s, c
}

// quadrant64 is sine and cosine of r + q π/2, |r| ≤ π/4, q the two upper bits of
// v. The polynomials are Sollya's, with R = pi/4*(1+2^(-20)),
//
//	fpminimax(sin(x), [|3,5,...,13|], [|D...|], [1e-9;R], floating, relative, x)
//	fpminimax(cos(x), [|4,6,...,14|], [|D...|], [1e-4;R], floating, absolute, 1-x^2/2)
func quadrant64(r float64, v uint64) (s, c float64) {
	z := float64(r * r)
	p := math.FMA(0x1.5d8e625bc8fd2p-33, z, -0x1.ae5e55005a3c8p-26)
	p = math.FMA(p, z, 0x1.71de355fa4e3dp-19)
	p = math.FMA(p, z, -0x1.a01a019bf2b7ep-13)
	p = math.FMA(p, z, 0x1.111111110f76p-7)
	p = math.FMA(p, z, -0x1.5555555555548p-3)
	s = math.FMA(float64(z*r), p, r)
	p = math.FMA(-0x1.8fb16372ea42dp-37, z, 0x1.1ee9f1b0884d8p-29)
	p = math.FMA(p, z, -0x1.27e4f81336701p-22)
	p = math.FMA(p, z, 0x1.a01a019cbff91p-16)
	p = math.FMA(p, z, -0x1.6c16c16c15223p-10)
	p = math.FMA(p, z, 0x1.555555555554cp-5)
	p = math.FMA(p, z, -0.5)
	c = math.FMA(p, z, 1)
	if v&(1<<62) != 0 {
		s, c = c, s
	}
	s = math.Float64frombits(math.Float64bits(s) ^ v&sign64)
	c = math.Float64frombits(math.Float64bits(c) ^ (v+1<<62)&sign64)
	return s, c
}
