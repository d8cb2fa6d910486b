package kernels

import "math"

// The functions of this file are parts of exp and log for the arguments that Born
// has, without special cases.

// nearPower is x·2^k with the integer k for which that is within a factor 1.5 of y,
// for normal numbers 0 < x ≤ y. The integer nearest to the difference of their
// bits, which is about that of their logarithms, gives k.
func nearPower[T Float](x, y T) (z, k T) {
	if is32[T]() {
		ux := math.Float32bits(float32(x))
		p := (math.Float32bits(float32(y)) - ux + 1<<22) & (0x1ff << 23)
		return T(math.Float32frombits(ux + p)), T(float32(int32(p)))
	}
	ux := math.Float64bits(float64(x))
	p := (math.Float64bits(float64(y)) - ux + 1<<51) & (0xfff << 52)
	return T(math.Float64frombits(ux + p)), T(math.Float64frombits(p>>52|0x4330000000000000) - 0x1p52)
}

// halfLog is ½ ln(x/y) = artanh 2s − ½k ln 2 for s = ½(z−y)/(z+y), z = x·2^k; in
// float32 k comes times 2^23. |s| ≤ 0.1. With f = (artanh 2√x)/√x the polynomials
// are Sollya's
//
//	fpminimax((f-2)/x, 2, [|SG...|], [1e-9;0.01004], floating, absolute)
//	fpminimax((f-2)/x, 6, [|D...|], [1e-12;0.01004], floating, absolute)
func halfLog[T Float](s, k T) T {
	z := T(s * s)
	if is32[T]() {
		p := fma(0x1.32e08cp4, z, 0x1.99615p2)
		p = fma(p, z, 0x1.555566p1)
		p = fma(p, z, 2)
		return fma(k, -0x1.62e43p-25, T(s*p))
	}
	p := fma(0x1.35be9ebcfd49ap11, z, 0x1.38ff1ef8d349dp9)
	p = fma(p, z, 0x1.746be1c6f5b8bp7)
	p = fma(p, z, 0x1.c71c3c0c51c8dp5)
	p = fma(p, z, 0x1.24924952f558dp4)
	p = fma(p, z, 0x1.999999997b8dap2)
	p = fma(p, z, 0x1.555555555556fp1)
	p = fma(p, z, 2)
	return fma(k, -0x1.62e42fefa39efp-2, T(s*p))
}

// exp2 is 2^x for -1000 < x ≤ 0, in float32 for -120 < x ≤ 0. The polynomials are
// Sollya's
//
//	fpminimax(2^x, [|1,...,5|], [|SG...|], [-0.5002;0.5002], floating, relative, 1)
//	fpminimax(2^x, [|1,...,11|], [|D...|], [-0.5001;0.5001], floating, relative, 1)
func exp2[T Float](x T) T {
	if is32[T]() {
		t := float32(x) + 0x1.8p23
		r := float32(x) - (t - 0x1.8p23) // exact
		p := fma32(0x1.5bfb8ep-10, r, 0x1.3ceb14p-7)
		p = fma32(p, r, 0x1.c6b69ep-5)
		p = fma32(p, r, 0x1.ebf9bap-3)
		p = fma32(p, r, 0x1.62e42ap-1)
		p = fma32(p, r, 1)
		return T(math.Float32frombits(math.Float32bits(p) + math.Float32bits(t)<<23))
	}
	t := float64(x) + 0x1.8p52
	r := float64(x) - (t - 0x1.8p52)
	p := math.FMA(0x1.e972f12c4fed4p-32, r, 0x1.e61d57b36be8ap-28)
	p = math.FMA(p, r, 0x1.b52522db2536dp-24)
	p = math.FMA(p, r, 0x1.62bfc64f78edcp-20)
	p = math.FMA(p, r, 0x1.ffcbfc667752fp-17)
	p = math.FMA(p, r, 0x1.4309130f6fc36p-13)
	p = math.FMA(p, r, 0x1.5d87fe789e99p-10)
	p = math.FMA(p, r, 0x1.3b2ab6fb9fd9dp-7)
	p = math.FMA(p, r, 0x1.c6b08d704a12cp-5)
	p = math.FMA(p, r, 0x1.ebfbdff82c5a6p-3)
	p = math.FMA(p, r, 0x1.62e42fefa39efp-1)
	p = math.FMA(p, r, 1)
	return T(math.Float64frombits(math.Float64bits(p) + math.Float64bits(t)<<52))
}
