package main

import (
	"math"

	"pushforward/gen/vm"
)

// philox is the generator Philox4x32-10 in 64-bit lanes, of which the low 32
// bits count: a multiplication needs and gives them there. c and the result are
// four words, k the two of the key. See kernels/philox_ref.go.
func philox(d *vm.Builder, c [4]vm.V, k [2]vm.V) [4]vm.V {
	m0, m1 := d.Bits(0xd2511f53), d.Bits(0xcd9e8d57)
	for round := range 10 {
		if round > 0 {
			k[0] = d.IAdd(k[0], d.Bits(0x9e3779b9))
			k[1] = d.IAdd(k[1], d.Bits(0xbb67ae85))
		}
		p0, p1 := d.MulU32(c[0], m0), d.MulU32(c[2], m1)
		c = [4]vm.V{
			d.Xor3(d.Shr(p1, 32), c[1], k[0]), p1,
			d.Xor3(d.Shr(p0, 32), c[3], k[1]), p0,
		}
	}
	return c
}

// random fills a panel: f makes a block's numbers, for as many samples as a
// vector has lanes, of its words.
//
//	for i := range n {
//		for block := 0; block*len(f(…)) < d; block++ {
//			write f(philox({i low, i high, block, stream}, seed)) to rows block*len(f(…)) … < d
//		}
//	}
//
// with i counted from first. In float32, 64-bit lanes hold half of the
// samples: those with even numbers run in one set of vectors, the odd ones in
// another, and the words are then put together without a shuffle.
func random(name, doc string, f func(b *vm.Builder, words [4]vm.V) []vm.V) Kernel {
	return Kernel{
		Name: name, File: "random", Doc: doc,
		Args: args(ptr("dst"), count("ld"), []vm.Arg{{Name: "seed", Kind: vm.Word}}, count("stream"),
			[]vm.Arg{{Name: "first", Kind: vm.Word}}, count("n", "d")),
		Build: func(b *vm.Builder) {
			turn := func(t *vm.Tail) {
				randomRows(b, t, f)
				b.SetArg("first", b.IntAddConst(b.Arg("first"), int64(b.Lanes)))
				b.SetArg("dst", b.IntAddConst(b.Arg("dst"), int64(b.Bytes())))
			}
			n := b.Arg("n")
			b.While(n, int64(b.Lanes), func() { turn(nil) })
			b.If(n, vm.GT, 0, func() {
				t := b.Tail(n)
				turn(&t)
			})
		},
	}
}

// randomRows writes all rows of one vector of samples.
func randomRows(b *vm.Builder, tail *vm.Tail, f func(b *vm.Builder, words [4]vm.V) []vm.V) {
	d := b.As(vm.F64)
	first := d.Splat(b.Arg("first"))
	dst, ld, rows, block := b.Arg("dst"), b.Elements(b.Arg("ld")), b.Arg("d"), b.Int(0)

	again, done := b.NewLabel("block"), b.NewLabel("rows")
	b.Label(again)
	b.Branch(rows, vm.LE, 0, done)
	draw := func(index vm.V) [4]vm.V {
		seed := d.Splat(b.Arg("seed"))
		return philox(d, [4]vm.V{index, d.Shr(index, 32), d.Splat(block), d.Splat(b.Arg("stream"))},
			[2]vm.V{seed, d.Shr(seed, 32)})
	}
	low := d.Bits(0xffffffff)
	var words [4]vm.V
	if b.T == vm.F32 {
		even := draw(d.IAdd(first, d.Iota(2)))
		for i := range even {
			even[i] = d.And(even[i], low)
		}
		odd := draw(d.IAdd(d.IAdd(first, d.Iota(2)), d.Bits(1)))
		for i := range words {
			words[i] = d.Or(even[i], d.Shl(odd[i], 32))
		}
	} else {
		w := draw(d.IAdd(first, d.Iota(1)))
		for i := range 2 {
			words[i] = d.Or(d.And(w[2*i], low), d.Shl(w[2*i+1], 32))
		}
	}
	numbers := f(b, words)
	for i, v := range numbers {
		if i > 0 {
			b.Branch(rows, vm.LE, int64(i), done)
		}
		if tail != nil {
			b.StoreTail(vm.At(dst), v, *tail)
		} else {
			b.Store(vm.At(dst), v)
		}
		b.Advance(dst, ld)
	}
	b.AdvanceConst(rows, int64(-len(numbers)))
	b.AdvanceConst(block, 1)
	b.Jump(again)
	b.Label(done)
}

var randomNumbers = []Kernel{
	random("Uniforms", "fills a panel [d][n] with uniform numbers in (0, 1] of the samples first, first+1, …", func(b *vm.Builder, w [4]vm.V) []vm.V {
		if b.T == vm.F64 {
			return []vm.V{uniform(b, w[0]), uniform(b, w[1])}
		}
		return []vm.V{uniform(b, w[0]), uniform(b, w[1]), uniform(b, w[2]), uniform(b, w[3])}
	}),
	random("Normals", "fills a panel [d][n] with standard normal numbers of the samples first, first+1, …", func(b *vm.Builder, w [4]vm.V) []vm.V {
		x, y := normalPair(b, w[0], w[1])
		if b.T == vm.F64 {
			return []vm.V{x, y}
		}
		z, u := normalPair(b, w[2], w[3])
		return []vm.V{x, y, z, u}
	}),
}

// uniform is a random word as a number in (0, 1].
func uniform(b *vm.Builder, w vm.V) vm.V {
	if b.T == vm.F32 {
		return b.Mul(b.IntToFloat(b.Or(b.Shr(w, 1), b.Bits(1))), b.Const(0x1p-31))
	}
	return b.Sub(b.Const(2), b.Or(b.Shr(w, 12), b.Bits(0x3ff0000000000000)))
}

// normalPair is Box and Muller's pair: a radius and an angle.
func normalPair(b *vm.Builder, w0, w1 vm.V) (x, y vm.V) {
	r := b.Sqrt(b.Mul(b.Const(-2), logNormal(b, uniform(b, w0), vm.V{})))
	var v, t vm.V
	if b.T == vm.F32 {
		v = b.IAdd(w1, b.Bits(1<<29))
		t = b.Mul(b.IntToFloat(b.ISub(b.And(v, b.Bits(0x3fffffff)), b.Bits(1<<29))), b.Const(math.Pi/0x1p31))
	} else {
		v = b.IAdd(w1, b.Bits(1<<61))
		t = b.Sub(b.Or(b.Shr(b.Shl(v, 2), 12), b.Bits(0x4330000000000000)), b.Const(0x1.8p52))
		t = b.Mul(t, b.Const(math.Pi/0x1p53))
	}
	s, c := quadrant(b, t, v)
	return b.Mul(r, c), b.Mul(r, s)
}

// quadrant is sine and cosine of t plus as many right angles as the two upper
// bits of v say, |t| <= π/4.
func quadrant(b *vm.Builder, t, v vm.V) (s, c vm.V) {
	z := b.Mul(t, t)
	bits := b.T.Bits()
	if b.T == vm.F32 {
		s = b.FMA(b.Mul(z, t), horner(b, z, -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1), t)
		c = horner(b, z, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2, -0.5, 1)
	} else {
		s = b.FMA(b.Mul(z, t), horner(b, z, 1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6,
			-1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1), t)
		c = horner(b, z, -1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7,
			2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2, -0.5, 1)
	}
	half, sign := b.Bits(1<<(bits-2)), b.Bits(1<<(bits-1))
	odd := b.ICmpEQ(b.And(v, half), half)
	s, c = b.Select(odd, c, s), b.Select(odd, s, c)
	return b.Xor(s, b.And(v, sign)), b.Xor(c, b.And(b.IAdd(v, half), sign))
}
