package kernels

import "math"

func sincos32(x float32) (s, c float32) {
	sign := math.Float32bits(x) & 0x80000000
	a := math.Float32frombits(math.Float32bits(x) &^ 0x80000000)
	if !(a <= 0x1p17) {
		ss, cc := math.Sincos(float64(x))
		return float32(ss), float32(cc)
	}
	t := fma32(a, 2/math.Pi, 0x1.8p23)
	n := t - 0x1.8p23
	r := fma32(n, -1.57079637, a)
	r = fma32(n, 4.37113883e-8, r)
	r = fma32(n, 1.71512449e-15, r)
	q := math.Float32bits(t)
	s, c = quadrant32(r, q<<30)
	return math.Float32frombits(math.Float32bits(s) ^ sign), c
}

// quadrant32 is sine and cosine of r + v·π/2^31 for |r| ≤ π/4, v's two upper bits.
func quadrant32(r float32, v uint32) (s, c float32) {
	z := float32(r * r)
	p := fma32(-1.9515295891e-4, z, 8.3321608736e-3)
	p = fma32(p, z, -1.6666654611e-1)
	s = fma32(float32(z*r), p, r)
	p = fma32(2.443315711809948e-5, z, -1.388731625493765e-3)
	p = fma32(p, z, 4.166664568298827e-2)
	p = fma32(p, z, -0.5)
	c = fma32(p, z, 1)
	if v&0x40000000 != 0 {
		s, c = c, s
	}
	s = math.Float32frombits(math.Float32bits(s) ^ v&0x80000000)
	c = math.Float32frombits(math.Float32bits(c) ^ (v+0x40000000)&0x80000000)
	return s, c
}

func sincos64(x float64) (s, c float64) {
	sign := math.Float64bits(x) & (1 << 63)
	a := math.Float64frombits(math.Float64bits(x) &^ (1 << 63))
	if !(a <= 0x1p30) {
		return math.Sincos(x)
	}
	t := math.FMA(a, 2/math.Pi, 0x1.8p52)
	n := t - 0x1.8p52
	r := math.FMA(n, -1.5707963267948966, a)
	r = math.FMA(n, -6.123233995736766e-17, r)
	r = math.FMA(n, 1.4973849048591833e-33, r)
	s, c = quadrant64(r, math.Float64bits(t)<<62)
	return math.Float64frombits(math.Float64bits(s) ^ sign), c
}

func quadrant64(r float64, v uint64) (s, c float64) {
	z := float64(r * r)
	p := math.FMA(1.58962301576546568060e-10, z, -2.50507477628578072866e-8)
	p = math.FMA(p, z, 2.75573136213857245213e-6)
	p = math.FMA(p, z, -1.98412698295895385996e-4)
	p = math.FMA(p, z, 8.33333333332211858878e-3)
	p = math.FMA(p, z, -1.66666666666666307295e-1)
	s = math.FMA(float64(z*r), p, r)
	p = math.FMA(-1.13585365213876817300e-11, z, 2.08757008419747316778e-9)
	p = math.FMA(p, z, -2.75573141792967388112e-7)
	p = math.FMA(p, z, 2.48015872888517045348e-5)
	p = math.FMA(p, z, -1.38888888888730564116e-3)
	p = math.FMA(p, z, 4.16666666666665929218e-2)
	p = math.FMA(p, z, -0.5)
	c = math.FMA(p, z, 1)
	if v&(1<<62) != 0 {
		s, c = c, s
	}
	s = math.Float64frombits(math.Float64bits(s) ^ v&(1<<63))
	c = math.Float64frombits(math.Float64bits(c) ^ (v+1<<62)&(1<<63))
	return s, c
}
