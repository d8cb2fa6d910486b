package kernels

import "math"

// exp32 is e^x: x = n ln 2 + r with |r| ≤ ln 2 / 2, a polynomial for e^r, and
// a product with 2^n that rounds once, also into the subnormal numbers.
func exp32(x float32) float32 {
	x = minOf(89, x) // e^89 overflows; NaN passes
	x = maxOf(-104.5, x)
	t := fma32(x, 1.44269504, 0x1.8p23) // n = x / ln 2 to the nearest integer, in t's low bits
	n := t - 0x1.8p23
	r := fma32(n, -0x1.62e4p-1, x)
	r = fma32(n, -0x1.7f7d1cp-20, r)
	p := fma32(0.0013814402423642766127, r, 0.0083687862016263829524)
	p = fma32(p, r, 0.041668395548633130757)
	p = fma32(p, r, 0.16666520045416526104)
	p = fma32(p, r, 0.49999993405910631537)
	p = fma32(p, r, 1)
	p = fma32(p, r, 1)
	return scale32(p, n)
}

// scale32 is p·2^n rounded once, for p in [0.5, 2) and an integral n in
// [-152, 130]. AVX-512 has an instruction for it. The first of the products
// below is exact.
func scale32(p, n float32) float32 {
	k := int32(n)
	h := k >> 1
	p = p * math.Float32frombits(uint32(h+127)<<23)
	return p * math.Float32frombits(uint32(k-h+127)<<23)
}

func exp64(x float64) float64 {
	x = minOf(710, x)
	x = maxOf(-746, x)
	t := math.FMA(x, math.Log2E, 0x1.8p52)
	n := t - 0x1.8p52
	r := math.FMA(n, -0x1.62e42feep-1, x)
	r = math.FMA(n, -1.90821492927058770002e-10, r)
	p := math.FMA(2.5000139881899338815e-8, r, 2.7630392007944984101e-7)
	p = math.FMA(p, r, 2.7557586851990175268e-6)
	p = math.FMA(p, r, 0.000024801492722415916498)
	p = math.FMA(p, r, 0.00019841269505217503094)
	p = math.FMA(p, r, 0.0013888888943964893291)
	p = math.FMA(p, r, 0.0083333333334954814118)
	p = math.FMA(p, r, 0.04166666666652901304)
	p = math.FMA(p, r, 0.1666666666666641029)
	p = math.FMA(p, r, 0.50000000000000107437)
	p = math.FMA(p, r, 1)
	p = math.FMA(p, r, 1)
	return scale64(p, n)
}

func scale64(p, n float64) float64 {
	k := int64(n)
	h := k >> 1
	p = p * math.Float64frombits(uint64(h+1023)<<52)
	return p * math.Float64frombits(uint64(k-h+1023)<<52)
}
