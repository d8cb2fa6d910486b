package main

import "pushforward/gen/vm"

// The inverse trigonometric functions, operation by operation as kernels' atan2_ref.go
// and acos_ref.go define them.

var arcs = []Kernel{
	{
		Name: "Atan2", File: "elementary",
		Doc:  "computes dst[i] = the angle of the point (x[i], y[i]) for n elements.",
		Args: args(ptr("dst", "y", "x"), count("n")),
		Build: func(b *vm.Builder) {
			elementwise(b, []string{"dst"}, []string{"y", "x"}, func(v []vm.V) []vm.V {
				return []vm.V{atan2(b, v[0], v[1])}
			})
		},
	},
	function("Acos", "arccos x[i]", acos),
}

// signOf is the sign's bit of x.
func signOf(b *vm.Builder, x vm.V) vm.V { return b.And(x, b.Bits(1<<(b.T.Bits()-1))) }

// magnitude is |x|.
func magnitude(b *vm.Builder, x vm.V) vm.V { return b.AndNot(b.Bits(1<<(b.T.Bits()-1)), x) }

// atan2 is the angle of the point (x, y) in [-π, π].
func atan2(b *vm.Builder, y, x vm.V) vm.V {
	small, up, great, least := 0x1p-60, 0x1p64, 0x1p126, 0x1p-126
	if b.T == vm.F64 {
		small, up, great, least = 0x1p-500, 0x1p512, 0x1p1022, 0x1p-1022
	}
	one := b.Const(1)
	ax, ay := magnitude(b, x), magnitude(b, y)
	largest := b.Max(ax, ay)
	scale := b.Select(b.CmpLT(largest, b.Const(small)), b.Const(up), one)
	scale = b.Select(b.CmpLT(b.Const(great), largest), b.Const(0.25), scale)
	ax, ay = b.Max(b.Const(least), b.Mul(ax, scale)), b.Mul(ay, scale)
	same := b.CmpEQ(ax, ay)
	ax, ay = b.Select(same, one, ax), b.Select(same, one, ay)
	return b.Or(halfPlane(b, ay, ax, x), signOf(b, y))
}

// arctanEdge is the greatest |q| for which arctan is right.
const arctanEdge = 0.5625

// arctan is arctan q.
func arctan(b *vm.Builder, q vm.V) vm.V {
	atan := []float64{0x1.2c3808p-5, -0x1.42a486p-4, 0x1.bf90c6p-4, -0x1.244d08p-3, 0x1.9997b2p-3, -0x1.555554p-2}
	if b.T == vm.F64 {
		atan = []float64{0x1.584984ab09f17p-8, -0x1.1d68451e7ffcdp-6, 0x1.f5c33596a6d3dp-6, -0x1.49fccd70bc0f9p-5, 0x1.7fab92543659p-5,
			-0x1.ae04e9a111a07p-5, 0x1.e1bcb75b650c9p-5, -0x1.110f62a82e5a6p-4, 0x1.3b13964b35768p-4, -0x1.745d16277c9ep-4,
			0x1.c71c71bfbb4a7p-4, -0x1.2492492484c0ep-3, 0x1.9999999999831p-3, -0x1.5555555555555p-2}
	}
	z := b.Mul(q, q)
	return b.FMA(b.Mul(q, z), horner(b, z, atan...), q)
}

// halfPlane is the angle in [0, π] of the point (±ax, y) with the sign of x.
func halfPlane(b *vm.Builder, y, ax, x vm.V) vm.V {
	high, low := 0x1.921fb6p-1, -0x1.777a5cp-26
	if b.T == vm.F64 {
		high, low = 0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55
	}
	edge, one, two := b.Const(arctanEdge), b.Const(1), b.Const(2)
	flat := b.CmpLT(y, b.Mul(edge, ax))
	steep := b.CmpLT(ax, b.Mul(edge, y))
	num := b.Select(steep, negate(b, ax), b.Select(flat, y, b.Sub(y, ax)))
	den := b.Select(steep, y, b.Select(flat, ax, b.Add(y, ax)))
	n := b.Select(steep, two, b.Select(flat, b.Const(0), one))
	r := b.Xor(arctan(b, b.Div(num, den)), signOf(b, x))
	n = b.Select(b.ICmpGT(b.Bits(0), x), b.Sub(b.Const(4), n), n)
	return b.FMA(n, b.Const(high), b.FMA(n, b.Const(low), r))
}

// acos is arccos x.
func acos(b *vm.Builder, x vm.V) vm.V {
	high, low := 0x1.921fb6p+0, -0x1.777a5cp-25
	asin := []float64{0x1.1acb92p-5, 0x1.0fe1b2p-6, 0x1.ffbf34p-6, 0x1.6d3e6ap-5, 0x1.3334cep-4, 0x1.555554p-3}
	if b.T == vm.F64 {
		high, low = 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54
		asin = []float64{0x1.dc69051561babp-6, -0x1.f6744b4894595p-7, 0x1.224dcb105ba1fp-6, 0x1.5dc12cfa8d6c7p-8,
			0x1.5336524888f52p-7, 0x1.77ff42ac25099p-7, 0x1.c9d336dfa1ffcp-7, 0x1.1c4d0fc1b6ffp-6, 0x1.6e8bb383c0ebap-6,
			0x1.f1c71c1187eddp-6, 0x1.6db6db6e48dffp-5, 0x1.3333333332d9ep-4, 0x1.5555555555556p-3}
	}
	half := b.Const(0.5)
	a, sign := magnitude(b, x), signOf(b, x)
	outer := b.CmpLT(half, a)
	z := b.Select(outer, b.FNMA(half, a, half), b.Mul(a, a))
	s := b.Select(outer, b.Sqrt(z), a)
	p := b.FMA(b.Mul(s, z), horner(b, z, asin...), s)
	p = b.Select(outer, b.Add(p, p), p)
	p = b.Xor(p, b.Select(outer, sign, b.Xor(sign, b.Bits(1<<(b.T.Bits()-1)))))
	n := b.Select(outer, b.AndMask(b.ICmpGT(b.Bits(0), x), b.Const(2)), b.Const(1))
	return b.FMA(n, b.Const(high), b.FMA(n, b.Const(low), p))
}
