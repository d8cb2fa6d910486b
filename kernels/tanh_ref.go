package kernels

import "math"

func tanh32(x float32) float32 {
	sign := math.Float32bits(x) & 0x80000000
	a := math.Float32frombits(math.Float32bits(x) &^ 0x80000000)
	a = minOf(9.02, a)
	t := fma32(a, 2*math.Log2E, 0x1.8p23)
	n := t - 0x1.8p23
	r := fma32(n, -math.Ln2/2, a)
	i := math.Float32frombits(0x3f800000 - math.Float32bits(t)<<23) // 2^-n
	w := fma32(2, r, 1-i)
	r2 := float32(r * r)
	q := fma32(0.0013814402423642766127*64, r, 0.0083687862016263829524*32)
	q = fma32(q, r, 0.041668395548633130757*16)
	q = fma32(q, r, 0.16666520045416526104*8)
	q = fma32(q, r, 0.49999993405910631537*4)
	num := fma32(q, r2, w)
	den := fma32(2, i, num)
	y := num / den
	return math.Float32frombits(math.Float32bits(y) | sign)
}

func tanh64(x float64) float64 {
	sign := math.Float64bits(x) & (1 << 63)
	a := math.Float64frombits(math.Float64bits(x) &^ (1 << 63))
	a = minOf(19.1, a)
	t := math.FMA(a, 2*math.Log2E, 0x1.8p52)
	n := t - 0x1.8p52
	r := math.FMA(n, -math.Ln2/2, a)
	i := math.Float64frombits(0x3ff0000000000000 - math.Float64bits(t)<<52) // 2^-n
	w := math.FMA(2, r, 1-i)
	r2 := float64(r * r)
	q := math.FMA(2.5000139881899338815e-8*2048, r, 2.7630392007944984101e-7*1024)
	q = math.FMA(q, r, 2.7557586851990175268e-6*512)
	q = math.FMA(q, r, 0.000024801492722415916498*256)
	q = math.FMA(q, r, 0.00019841269505217503094*128)
	q = math.FMA(q, r, 0.0013888888943964893291*64)
	q = math.FMA(q, r, 0.0083333333334954814118*32)
	q = math.FMA(q, r, 0.04166666666652901304*16)
	q = math.FMA(q, r, 0.1666666666666641029*8)
	q = math.FMA(q, r, 0.50000000000000107437*4)
	num := math.FMA(q, r2, w)
	den := math.FMA(2, i, num)
	y := num / den
	return math.Float64frombits(math.Float64bits(y) | sign)
}
