package kernels

import "math"

// exp32 is e^x: with n the integer nearest to x / ln 2 and x = n ln 2 + r, it
// is 2^n e^r, where a polynomial gives e^r on |r| ≤ ln 2 / 2. Sollya's
//
//	fpminimax(exp(x), [|2,...,6|], [|SG...|], [-0.3472;0.3472], floating, relative, 1+x)
func exp32(x float32) float32 {
	x = minOf(89, x)     // e^89 overflows; NaN passes
	x = maxOf(-104.5, x) // e^-104.5 rounds to 0
	return scale32(expParts32(x))
}

// expBelow32 is e^x for x ≤ 0, but e^-87 where that is greater: both factors are
// normal numbers.
func expBelow32(x float32) float32 {
	p, n := expParts32(maxOf(-87, x))
	return float32(p * math.Float32frombits(uint32(int32(n)+127)<<23))
}

// expParts32 is e^x = 2^n p.
func expParts32(x float32) (p, n float32) {
	t := fma32(x, math.Log2E, 0x1.8p23) // n, in t's low bits
	n = t - 0x1.8p23                    // n, exact
	r := fma32(n, -0x1.62e43p-1, x)     // 24 bits of ln 2: exact
	r = fma32(n, 0x1.05c61p-29, r)      // and the next 24
	p = fma32(0x1.6a5c5ep-10, r, 0x1.123ae4p-7)
	p = fma32(p, r, 0x1.5558a4p-5)
	p = fma32(p, r, 0x1.55549p-3)
	p = fma32(p, r, 0x1.fffffcp-2)
	p = fma32(p, r, 1)
	p = fma32(p, r, 1) // e^r
	return p, n
}

// exp64 is e^x in the same way. The polynomial is Sollya's
//
//	fpminimax(exp(x), [|2,...,11|], [|D...|], [-0.3466;0.3466], floating, relative, 1+x)
func exp64(x float64) float64 {
	x = minOf(710, x)
	x = maxOf(-746, x)
	return scale64(expParts64(x))
}

// expBelow64 is e^x for x ≤ 0, but e^-708 where that is greater.
func expBelow64(x float64) float64 {
	p, n := expParts64(maxOf(-708, x))
	return float64(p * math.Float64frombits(uint64(int64(n)+1023)<<52))
}

// expParts64 is e^x = 2^n p.
func expParts64(x float64) (p, n float64) {
	t := math.FMA(x, math.Log2E, 0x1.8p52)
	n = t - 0x1.8p52
	r := math.FMA(n, -0x1.62e42fefa39efp-1, x) // exact
	r = math.FMA(n, -0x1.abc9e3b39803fp-56, r)
	p = math.FMA(0x1.ad92e88f87de4p-26, r, 0x1.28adfccab85d4p-22)
	p = math.FMA(p, r, 0x1.71df18ef7a9d3p-19)
	p = math.FMA(p, r, 0x1.a019995efb56cp-16)
	p = math.FMA(p, r, 0x1.a01a012fee98bp-13)
	p = math.FMA(p, r, 0x1.6c16c18477082p-10)
	p = math.FMA(p, r, 0x1.1111111126b36p-7)
	p = math.FMA(p, r, 0x1.55555555506bcp-5)
	p = math.FMA(p, r, 0x1.55555555554fep-3)
	p = math.FMA(p, r, 0x1.000000000000ap-1)
	p = math.FMA(p, r, 1)
	p = math.FMA(p, r, 1)
	return p, n
}

// scale32 is p·2^n rounded once, for p in [0.5, 2) and an integral n in
// [-152, 129]. Of the two products below the first is exact, so the second
// rounds p·2^n itself, also where that is subnormal or overflows.
func scale32(p, n float32) float32 {
	k := int32(n)
	h := k >> 1
	p = float32(p * math.Float32frombits(uint32(h+127)<<23))
	return float32(p * math.Float32frombits(uint32(k-h+127)<<23))
}

// scale64 is p·2^n rounded once, for p in [0.5, 2) and an integral n in
// [-1078, 1025].
func scale64(p, n float64) float64 {
	k := int64(n)
	h := k >> 1
	p = float64(p * math.Float64frombits(uint64(h+1023)<<52))
	return float64(p * math.Float64frombits(uint64(k-h+1023)<<52))
}
