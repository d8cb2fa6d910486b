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
	ln2 := []float64{-0x1.62e4p-1, -0x1.7f7d1cp-20}
	if b.T == vm.F64 {
		top, bottom = 710, -746
		ln2 = []float64{-0x1.62e42feep-1, -1.90821492927058770002e-10}
	}
	x = b.Min(b.Const(top), x)
	x = b.Max(b.Const(bottom), x)
	t := b.FMA(x, b.Const(math.Log2E), b.Const(magic(b)))
	n := b.Sub(t, b.Const(magic(b)))
	r := x
	for _, c := range ln2 {
		r = b.FMA(n, b.Const(c), r)
	}
	return b.Scale(expPolynomial(b, r), n, t)
}

func expPolynomial(b *vm.Builder, r vm.V) vm.V {
	if b.T == vm.F32 {
		return horner(b, r, 0.0013814402423642766127, 0.0083687862016263829524, 0.041668395548633130757,
			0.16666520045416526104, 0.49999993405910631537, 1, 1)
	}
	return horner(b, r, 2.5000139881899338815e-8, 2.7630392007944984101e-7, 2.7557586851990175268e-6,
		0.000024801492722415916498, 0.00019841269505217503094, 0.0013888888943964893291,
		0.0083333333334954814118, 0.04166666666652901304, 0.1666666666666641029, 0.50000000000000107437, 1, 1)
}

// log is ln x for every x: ln(m·2^e) with subnormal numbers scaled first.
func log(b *vm.Builder, x vm.V) vm.V {
	least, scale, bias := 0x1p-126, 0x1p23, 23.0
	nan := uint64(0x7fc00000)
	if b.T == vm.F64 {
		least, scale, bias = 0x1p-1022, 0x1p52, 52
		nan = 0x7ff8000000000000
	}
	zero, inf := b.Bits(0), b.Bits(infinity(b.T))
	small := b.CmpLT(x, b.Const(least))
	y := logNormal(b, b.Select(small, b.Mul(x, b.Const(scale)), x), b.AndMask(small, b.Const(bias)))
	y = b.Select(b.CmpLT(x, inf), y, x) // +Inf and NaN
	y = b.Select(b.CmpLT(x, zero), b.Bits(nan), y)
	return b.Select(b.CmpEQ(x, zero), b.Const(math.Inf(-1)), y)
}

// logNormal is ln(x) - bias·ln 2 for a normal, positive x: m in [0.75, 1.5).
func logNormal(b *vm.Builder, x, bias vm.V) vm.V {
	var m, e vm.V
	if b.T == vm.F32 {
		k := b.Sar(b.ISub(x, b.Bits(0x3f400000)), 23)
		m = b.ISub(x, b.Shl(k, 23))
		e = b.IntToFloat(k)
	} else {
		u := b.IAdd(x, b.Bits(0x3ff0000000000000-0x3fe8000000000000))
		m = b.IAdd(b.And(u, b.Bits(0x000fffffffffffff)), b.Bits(0x3fe8000000000000))
		e = b.Sub(b.Or(b.Shr(u, 52), b.Bits(0x4330000000000000)), b.Const(0x1p52+1023))
	}
	if bias.Valid() {
		e = b.Sub(e, bias)
	}
	return logPolynomial(b, m, e)
}

// logPolynomial is ln(m·2^e).
func logPolynomial(b *vm.Builder, m, e vm.V) vm.V {
	one := b.Const(1)
	f := b.Sub(m, one)
	if b.T == vm.F32 {
		p := horner(b, f, -0.045123420102017938251, 0.10470354321783867298, -0.13164463311123062631,
			0.14478333406281505757, -0.16646953601762056742, 0.19990810757915088345,
			-0.25000104647750566664, 0.3333345076060397722, -0.5)
		lo := b.FMA(e, b.Const(0x1.7f7d1cp-20), b.Mul(b.Mul(f, f), p))
		return b.FMA(e, b.Const(0x1.62e4p-1), b.Add(f, lo))
	}
	s := b.Div(f, b.Add(m, one))
	z := b.Mul(s, s)
	p := horner(b, z, 0.15367312181485151761, 0.15250309678544864959, 0.18186349551555583222,
		0.22222138673848640096, 0.28571429392993404294, 0.39999999996175682403, 0.66666666666672682668)
	lo := b.FNMA(s, b.FNMA(z, p, f), b.Mul(e, b.Const(1.90821492927058770002e-10)))
	return b.FMA(e, b.Const(6.93147180369123816490e-01), b.Add(f, lo))
}

// tanh is sign(x) (1 - e^-2a) / (1 + e^-2a), a = |x|.
func tanh(b *vm.Builder, x vm.V) vm.V {
	top, mantissa := 9.02, 23
	q := []float64{0.0013814402423642766127 * 64, 0.0083687862016263829524 * 32, 0.041668395548633130757 * 16,
		0.16666520045416526104 * 8, 0.49999993405910631537 * 4}
	if b.T == vm.F64 {
		top, mantissa = 19.1, 52
		q = []float64{2.5000139881899338815e-8 * 2048, 2.7630392007944984101e-7 * 1024, 2.7557586851990175268e-6 * 512,
			0.000024801492722415916498 * 256, 0.00019841269505217503094 * 128, 0.0013888888943964893291 * 64,
			0.0083333333334954814118 * 32, 0.04166666666652901304 * 16, 0.1666666666666641029 * 8, 0.50000000000000107437 * 4}
	}
	one, two, sign := b.Const(1), b.Const(2), b.Bits(1<<(b.T.Bits()-1))
	a := b.Min(b.Const(top), b.AndNot(sign, x))
	t := b.FMA(a, b.Const(2*math.Log2E), b.Const(magic(b)))
	n := b.Sub(t, b.Const(magic(b)))
	r := b.FMA(n, b.Const(-math.Ln2/2), a)
	i := b.ISub(one, b.Shl(t, mantissa)) // 2^-n
	w := b.FMA(two, r, b.Sub(one, i))
	num := b.FMA(horner(b, r, q...), b.Mul(r, r), w)
	y := b.Div(num, b.FMA(two, i, num))
	return b.Or(y, b.And(x, sign))
}
