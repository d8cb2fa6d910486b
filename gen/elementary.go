package main

import (
	"math"

	"pushforward/gen/vm"
)

// The elementary functions, operation by operation as kernels defines them
// (exp_ref.go and so on): a change there is a change here.

var elementary = []Kernel{
	function("Exp", "e^x[i]", exp),
	function("Log", "ln x[i]", log),
	function("Tanh", "tanh x[i]", tanh),
}

// function applies f to every element.
func function(name, formula string, f func(b *vm.Builder, x vm.V) vm.V) Kernel {
	return Kernel{
		Name: name, File: "elementary",
		Doc:  "computes dst[i] = " + formula + " for n elements.",
		Args: args(ptr("dst", "x"), count("n")),
		Build: func(b *vm.Builder) {
			elementwise(b, []string{"dst"}, []string{"x"}, func(x []vm.V) []vm.V {
				return []vm.V{f(b, x[0])}
			})
		},
	}
}

// horner is the polynomial with these coefficients, the leading one first.
func horner(b *vm.Builder, x vm.V, coefficients ...float64) vm.V {
	p := b.Const(coefficients[0])
	for _, c := range coefficients[1:] {
		p = b.FMA(p, x, b.Const(c))
	}
	return p
}

// magic rounds to an integer when added: the integer is in the sum's low bits.
func magic(b *vm.Builder) float64 {
	if b.T == vm.F32 {
		return 0x1.8p23
	}
	return 0x1.8p52
}

// exp is e^x = 2^n e^r.
func exp(b *vm.Builder, x vm.V) vm.V {
	top, bottom := 89.0, -104.5
	if b.T == vm.F64 {
		top, bottom = 710, -746
	}
	x = b.Min(b.Const(top), x)
	x = b.Max(b.Const(bottom), x)
	p, n, t := expParts(b, x)
	return b.Scale(p, n, t)
}

// expBelow is e^x for x ≤ 0, that of the least x with a normal result for
// those below: where one more multiplication finishes it.
func expBelow(b *vm.Builder, x vm.V) vm.V {
	bottom, bias, mantissa := -87.0, uint64(127), 23
	if b.T == vm.F64 {
		bottom, bias, mantissa = -708, 1023, 52
	}
	p, _, t := expParts(b, b.Max(b.Const(bottom), x))
	return b.Mul(p, b.Shl(b.IAdd(t, b.Bits(bias)), mantissa))
}

// expParts is e^x = 2^n p, with n in the low bits of t too.
func expParts(b *vm.Builder, x vm.V) (p, n, t vm.V) {
	ln2 := []float64{-0x1.62e43p-1, 0x1.05c61p-29}
	e := []float64{0x1.6a5c5ep-10, 0x1.123ae4p-7, 0x1.5558a4p-5, 0x1.55549p-3, 0x1.fffffcp-2, 1, 1}
	if b.T == vm.F64 {
		ln2 = []float64{-0x1.62e42fefa39efp-1, -0x1.abc9e3b39803fp-56}
		e = []float64{0x1.ad92e88f87de4p-26, 0x1.28adfccab85d4p-22, 0x1.71df18ef7a9d3p-19, 0x1.a019995efb56cp-16,
			0x1.a01a012fee98bp-13, 0x1.6c16c18477082p-10, 0x1.1111111126b36p-7, 0x1.55555555506bcp-5,
			0x1.55555555554fep-3, 0x1.000000000000ap-1, 1, 1}
	}
	t = b.FMA(x, b.Const(math.Log2E), b.Const(magic(b)))
	n = b.Sub(t, b.Const(magic(b)))
	r := b.FMA(n, b.Const(ln2[0]), x)
	r = b.FMA(n, b.Const(ln2[1]), r)
	return horner(b, r, e...), n, t
}

// log is ln x for every x: subnormal numbers are scaled first. Where a machine
// takes numbers apart, infinite exponents and NaN mantissas make the special
// results by themselves, to the same bits.
func log(b *vm.Builder, x vm.V) vm.V {
	least, scale, bias := 0x1p-126, 0x1p23, 23.0
	nan := uint64(0x7fc00000)
	if b.T == vm.F64 {
		least, scale, bias = 0x1p-1022, 0x1p52, 52
		nan = 0x7ff8000000000000
	}
	small := b.CmpLT(x, b.Const(least))
	scaled := b.Select(small, b.Mul(x, b.Const(scale)), x)
	if b.P.Machine.Decomposes {
		// Exponents of subnormal numbers are right without scaling. So should
		// mantissas be, but Bochs 2.7, which the tests run on, gives twice them.
		m, e := centred(b, b.Mantissa(scaled), b.Exponent(x))
		return logProduct(b, m, e)
	}
	zero, inf := b.Bits(0), b.Bits(infinity(b.T))
	m, e := split(b, scaled)
	y := logProduct(b, m, b.Sub(e, b.AndMask(small, b.Const(bias))))
	y = b.Select(b.CmpLT(x, inf), y, x) // +Inf and NaN
	y = b.Select(b.CmpLT(x, zero), b.Bits(nan), y)
	return b.Select(b.CmpEQ(x, zero), b.Const(math.Inf(-1)), y)
}

// split is x = m·2^e for a positive, normal x.
func split(b *vm.Builder, x vm.V) (m, e vm.V) {
	if b.P.Machine.Decomposes {
		return centred(b, b.Mantissa(x), b.Exponent(x))
	}
	if b.T == vm.F32 {
		k := b.Sar(b.ISub(x, b.Bits(0x3f400000)), 23)
		return b.ISub(x, b.Shl(k, 23)), b.IntToFloat(k)
	}
	u := b.IAdd(x, b.Bits(0x3ff0000000000000-sqrtHalf))
	m = b.IAdd(b.And(u, b.Bits(0x000fffffffffffff)), b.Bits(sqrtHalf))
	return m, b.Sub(b.Or(b.Shr(u, 52), b.Bits(0x4330000000000000)), b.Const(0x1p52+1023))
}

// sqrtHalf is the bits of √½, where the float64 mantissas of logarithms start.
const sqrtHalf = 0x3fe6a09e667f3bcd

// centred takes the mantissa and exponent that instructions give to those of
// split.
func centred(b *vm.Builder, m, e vm.V) (vm.V, vm.V) {
	if b.T == vm.F32 {
		return m, b.Sub(e, b.Exponent(m)) // of m in [0.75, 1): -1
	}
	upper := b.CmpLE(b.Const(2*math.Float64frombits(sqrtHalf)), m)
	e = b.Move(e)
	b.AddWhere(e, upper, b.Const(1))
	return b.Select(upper, b.Mul(m, b.Const(0.5)), m), e
}

// logProduct is ln(m·2^e).
func logProduct(b *vm.Builder, m, e vm.V) vm.V {
	one := b.Const(1)
	f := b.Sub(m, one)
	if b.T == vm.F32 {
		p := horner(b, f, -0x1.713e36p-5, 0x1.aca08ep-4, -0x1.0d93f4p-3, 0x1.2886b8p-3, -0x1.54ef16p-3,
			0x1.996966p-3, -0x1.000042p-2, 0x1.5555a4p-2, -0.5)
		lo := b.FMA(b.Mul(f, f), p, b.Mul(e, b.Const(0x1.7f7d1cp-20)))
		return b.FMA(e, b.Const(0x1.62e4p-1), b.Add(f, lo))
	}
	s := b.Div(f, b.Add(m, one))
	z := b.Mul(s, s)
	p := horner(b, z, 0x1.2b5f5b2ed0b06p-3, 0x1.39fdcbbcfdc67p-3, 0x1.7462b925f9b94p-3, 0x1.c71c62d649d94p-3,
		0x1.2492492dfb9b8p-2, 0x1.99999999952b9p-2, 0x1.5555555555558p-1)
	lo := b.FNMA(s, b.FNMA(z, p, f), b.Mul(e, b.Const(0x1.a39ef35793c76p-33)))
	return b.FMA(e, b.Const(0x1.62e42feep-1), b.Add(f, lo))
}

// tanh is (u + vτ) / (v + uτ) with the sign of x.
func tanh(b *vm.Builder, x vm.V) vm.V {
	top, shift, mantissa, ln2 := 9.02, 128.0, 23, 0x1.62e43p-2
	p := []float64{-0x1.a469aap-5, 0x1.10dd14p-3, -0x1.55550ep-2}
	if b.T == vm.F64 {
		top, shift, mantissa, ln2 = 19.1, 1024, 52, 0x1.62e42fefa39efp-2
		p = []float64{-0x1.57a38ec149195p-10, 0x1.d4db787f1d9cep-9, -0x1.22675c5edc5fcp-7, 0x1.664f2e3d3fb64p-6,
			-0x1.ba1ba184168f2p-5, 0x1.11111110f6b45p-3, -0x1.55555555554cap-2}
	}
	one, sign := b.Const(1), b.Bits(1<<(b.T.Bits()-1))
	a := b.Min(b.Const(top), b.AndNot(sign, x))
	t := b.FMA(b.Sub(a, b.Const(0.0835)), b.Const(-2*math.Log2E), b.Const(magic(b)+shift))
	n := b.Sub(t, b.Const(magic(b)+shift))
	w := b.Shl(t, mantissa)
	r := b.FMA(n, b.Const(ln2), a)
	z := b.Mul(r, r)
	tau := b.FMA(b.Mul(z, r), horner(b, z, p...), r)
	half := b.Mul(b.Const(0.5), w) // exact, so 1 ± half is the definition's fma
	u, v := b.Sub(one, half), b.Add(one, half)
	num := b.FMA(v, tau, u)
	den := b.FMA(w, b.Sub(one, tau), num)
	return b.Or(b.Div(num, den), b.And(x, sign))
}
