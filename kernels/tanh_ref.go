package kernels

import "math"

// tanh32 is tanh x. With |x| = n ln 2 / 2 + r and τ = tanh r from a
// polynomial, the addition theorem gives
//
//	tanh |x| = (u + v τ) / (v + u τ),  u = 1 - 2^-n, v = 1 + 2^-n.
//
// For n = 0 that is τ itself, right down to the smallest numbers. The
// denominator is computed as numerator + 2^(1-n) (1 - τ), so that the rounding
// of the numerator cancels where tanh x is close to 1. n is the integer
// nearest to (|x| - 0.0835) / (ln 2 / 2): with the shift, n = 0 reaches to
// tanh x = 1/4 and n = 1 to 1/2, for below these two results numerators
// that cancel would cost 2.3 ULP instead of 1.75. The polynomial is Sollya's
//
//	fpminimax(tanh(x), [|3,5,7|], [|SG...|], [1e-7;0.2555], floating, relative, x)
func tanh32(x float32) float32 {
	a := abs32(x)
	a = minOf(9.02, a) // tanh 9.02 rounds to 1; NaN passes
	t := fma32(a-0.0835, -2*math.Log2E, 0x1.8p23+128)
	n := t - (0x1.8p23 + 128)                            // -n, exact
	w := math.Float32frombits(math.Float32bits(t) << 23) // 2^(1-n): t's low bits are 128-n
	r := fma32(n, 0x1.62e43p-2, a)                       // exact; the rest of ln 2 does not count
	z := float32(r * r)
	p := fma32(-0x1.a469aap-5, z, 0x1.10dd14p-3)
	p = fma32(p, z, -0x1.55550ep-2)
	tau := fma32(float32(z*r), p, r)
	u := fma32(-0.5, w, 1)
	v := fma32(0.5, w, 1)
	num := fma32(v, tau, u)
	den := fma32(w, 1-tau, num)
	return withSign32(num/den, x)
}

// tanh64 is tanh x in the same way. The polynomial is Sollya's
//
//	fpminimax(tanh(x), [|3,5,...,15|], [|D...|], [1e-9;0.2569], floating, relative, x)
func tanh64(x float64) float64 {
	a := math.Abs(x)
	a = minOf(19.1, a)
	t := math.FMA(a-0.0835, -2*math.Log2E, 0x1.8p52+1024)
	n := t - (0x1.8p52 + 1024)
	w := math.Float64frombits(math.Float64bits(t) << 52)
	r := math.FMA(n, 0x1.62e42fefa39efp-2, a)
	z := float64(r * r)
	p := math.FMA(-0x1.57a38ec149195p-10, z, 0x1.d4db787f1d9cep-9)
	p = math.FMA(p, z, -0x1.22675c5edc5fcp-7)
	p = math.FMA(p, z, 0x1.664f2e3d3fb64p-6)
	p = math.FMA(p, z, -0x1.ba1ba184168f2p-5)
	p = math.FMA(p, z, 0x1.11111110f6b45p-3)
	p = math.FMA(p, z, -0x1.55555555554cap-2)
	tau := math.FMA(float64(z*r), p, r)
	u := math.FMA(-0.5, w, 1)
	v := math.FMA(0.5, w, 1)
	num := math.FMA(v, tau, u)
	den := math.FMA(w, 1-tau, num)
	return withSign64(num/den, x)
}

const (
	sign32 = 1 << 31
	sign64 = 1 << 63
)

func abs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ sign32) }

// withSign32 is y ≥ 0 with the sign of x.
func withSign32(y, x float32) float32 {
	return math.Float32frombits(math.Float32bits(y) | math.Float32bits(x)&sign32)
}

// withSign64 is y ≥ 0 with the sign of x.
func withSign64(y, x float64) float64 {
	return math.Float64frombits(math.Float64bits(y) | math.Float64bits(x)&sign64)
}
