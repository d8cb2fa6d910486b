package kernels

import (
	"math"
	"math/bits"
)

// twoOverPi is 2/π in binary, after 64 zeros: 1,280 bits.
var twoOverPi = [...]uint64{
	0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
	0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e,
	0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
	0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
	0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
	0xf0cfbc209af4361d,
}

// reduceHuge is r and n mod 4 with x = r + n π/2, |r| ≤ π/4, for x ≥ 2^19; NaN
// for +Inf. It is the reduction of Payne and Hanek (Radian reduction for
// trigonometric functions, SIGNUM Newsletter 18, 1983), in integers: with
// x = m·2^e, bits of 2/π worth 4/2^e or more make whole turns of x·2/π; the 192
// bits after them leave an error of 2^-137 of a quadrant, and no float64 is
// nearer to a multiple of π/2 than 2^-62.
func reduceHuge(x float64) (r float64, n uint64) {
	if !(x <= math.MaxFloat64) {
		return math.NaN(), 0
	}
	u := math.Float64bits(x)
	m := u&(1<<52-1) | 1<<52
	e := int(u>>52) - 1075

	at := e - 2 + 64
	word, shift := at/64, uint(at%64)
	take := func(i int) uint64 {
		return twoOverPi[word+i]<<shift | twoOverPi[word+i+1]>>(64-shift)
	}

	// f2 f1 f0 is m times the 192 bits, modulo 2^192: n in the two upper
	// bits, then the fraction.
	h0, f0 := bits.Mul64(m, take(2))
	h1, f1 := bits.Mul64(m, take(1))
	f2 := m * take(0)
	f1, carry := bits.Add64(f1, h0, 0)
	f2, _ = bits.Add64(f2, h1, carry)

	n = f2 >> 62
	f2, f1, f0 = f2<<2|f1>>62, f1<<2|f0>>62, f0<<2

	// A fraction over one half belongs to the next quadrant, and is negative.
	negative := f2>>63 != 0
	if negative {
		n++
		var borrow uint64
		f0, borrow = bits.Sub64(0, f0, 0)
		f1, borrow = bits.Sub64(0, f1, borrow)
		f2, _ = bits.Sub64(0, f2, borrow)
	}

	// The 64 leading bits of the fraction times those of π/2.
	zeros := 0
	for f2 == 0 {
		f2, f1, f0 = f1, f0, 0
		zeros += 64
	}
	lead := bits.LeadingZeros64(f2)
	zeros += lead
	f2 = f2<<lead | f1>>(64-lead)
	p, _ := bits.Mul64(f2, 0xc90fdaa22168c235) // π/2·2^63
	r = float64(int64(p>>1)) * math.Float64frombits(uint64(1023-62-zeros)<<52)
	if negative {
		r = -r
	}
	return r, n & 3
}
