package main

import (
	"math"

	"pushforward/gen/vm"
)

// philox is the generator Philox4x32-10 in 64-bit lanes, of which the low 32
// bits count: a multiplication needs and gives them there. c holds the four
// words of some counters, k the two of the key. See kernels/philox_ref.go.
//
// A round waits 7 cycles for the one before, so several counters go through it
// side by side.
func philox(d *vm.Builder, c [][4]vm.V, k [2]vm.V) {
	m0, m1 := d.Bits(0xd2511f53), d.Bits(0xcd9e8d57)
	for round := range 10 {
		if round > 0 {
			k[0] = d.IAdd(k[0], d.Bits(0x9e3779b9))
			k[1] = d.IAdd(k[1], d.Bits(0xbb67ae85))
		}
		for i, w := range c {
			p0, p1 := d.MulU32(w[0], m0), d.MulU32(w[2], m1)
			c[i] = [4]vm.V{
				d.Xor3(d.Shr(p1, 32), w[1], k[0]), p1,
				d.Xor3(d.Shr(p0, 32), w[3], k[1]), p0,
			}
		}
	}
}

// stage makes some of a block's numbers, for as many samples as a vector has
// lanes, of the block's words. Stages whose numbers are not wanted are left out.
type stage func(b *vm.Builder, words [4]vm.V) []vm.V

// random fills a panel:
//
//	for i := range n {
//		for block := 0; rows are left; block++ {
//			words := philox({i low, i high, block, stream}, seed)
//			write the numbers that the stages make of words to the next rows
//		}
//	}
//
// with i counted from first. In float32, 64-bit lanes hold half of the
// samples: those with even numbers run in one set of vectors, the odd ones in
// another, and the words are then put together without a shuffle.
func random(name, doc string, stages func(e vm.Elem) []stage) Kernel {
	return Kernel{
		Name: name, File: "random", Doc: doc, Schedule: true,
		Args: args(ptr("dst"), count("ld"), []vm.Arg{{Name: "seed", Kind: vm.Word}}, count("stream"),
			[]vm.Arg{{Name: "first", Kind: vm.Word}}, count("n", "d")),
		Build: func(b *vm.Builder) {
			turn := func(vectors int, tail *vm.Tail) {
				randomRows(b, vectors, tail, stages(b.T))
				b.SetArg("first", b.IntAddConst(b.Arg("first"), int64(vectors*b.Lanes)))
				b.SetArg("dst", b.IntAddConst(b.Arg("dst"), int64(vectors*b.Bytes())))
			}
			n := b.Arg("n")
			// Two vectors of samples run side by side, where their counters,
			// four words each, leave registers to work in.
			if counters := 2 * 8 / b.T.Bytes(); 4*counters < b.P.Machine.Vectors {
				b.While(n, int64(2*b.Lanes), func() { turn(2, nil) })
			}
			b.While(n, int64(b.Lanes), func() { turn(1, nil) })
			b.If(n, vm.GT, 0, func() {
				t := b.Tail(n)
				turn(1, &t)
			})
		},
	}
}

// randomRows writes all rows of some vectors of samples.
func randomRows(b *vm.Builder, vectors int, tail *vm.Tail, stages []stage) {
	d := b.As(vm.F64)
	first := d.Splat(b.Arg("first"))
	dst, ld, rows, block := b.Arg("dst"), b.Elements(b.Arg("ld")), b.Arg("d"), b.Int(0)

	again, done := b.NewLabel("block"), b.NewLabel("rows")
	b.Label(again)
	b.Branch(rows, vm.LE, 0, done)
	seed := d.Splat(b.Arg("seed"))
	high, stream := d.Splat(block), d.Splat(b.Arg("stream"))
	step := 8 / b.T.Bytes() // samples in a 64-bit lane
	var counters [][4]vm.V
	for v := range vectors {
		for i := range step {
			index := d.IAdd(first, d.Iota(uint64(step)))
			if offset := v*b.Lanes + i; offset > 0 {
				index = d.IAdd(index, d.Bits(uint64(offset)))
			}
			counters = append(counters, [4]vm.V{index, d.Shr(index, 32), high, stream})
		}
	}
	philox(d, counters, [2]vm.V{seed, d.Shr(seed, 32)})
	low := d.Bits(0xffffffff)
	join := func(x, y vm.V) vm.V { return d.Or(d.And(x, low), d.Shl(y, 32)) }
	words := make([][4]vm.V, vectors)
	for v := range words {
		if b.T == vm.F64 {
			w := counters[v]
			words[v] = [4]vm.V{join(w[0], w[1]), join(w[2], w[3])}
			continue
		}
		even, odd := counters[2*v], counters[2*v+1]
		for i := range 4 {
			words[v][i] = join(even[i], odd[i])
		}
	}
	made := 0
	for _, make := range stages {
		if made > 0 {
			b.Branch(rows, vm.LE, int64(made), done)
		}
		var numbers [][]vm.V
		for v := range vectors {
			numbers = append(numbers, make(b, words[v]))
		}
		for i := range numbers[0] {
			if i > 0 {
				b.Branch(rows, vm.LE, int64(made), done)
			}
			for v := range vectors {
				if tail != nil {
					b.StoreTail(vm.At(dst), numbers[v][i], *tail)
				} else {
					b.Store(vm.At(dst).Offset(v*b.Bytes()), numbers[v][i])
				}
			}
			b.Advance(dst, ld)
			made++
		}
	}
	b.AdvanceConst(rows, int64(-made))
	b.AdvanceConst(block, 1)
	b.Jump(again)
	b.Label(done)
}

// perBlock is how many numbers the four words of a block make.
func perBlock(e vm.Elem) int { return 16 / e.Bytes() }

var randomNumbers = []Kernel{
	random("Uniforms", "fills a panel [d][n] with uniform numbers in (0, 1] of the samples first, first+1, …", func(e vm.Elem) (all []stage) {
		for i := range perBlock(e) {
			all = append(all, func(b *vm.Builder, w [4]vm.V) []vm.V { return []vm.V{uniform(b, w[i])} })
		}
		return all
	}),
	random("Normals", "fills a panel [d][n] with standard normal numbers of the samples first, first+1, …", func(e vm.Elem) (all []stage) {
		for i := 0; i < perBlock(e); i += 2 {
			all = append(all, func(b *vm.Builder, w [4]vm.V) []vm.V {
				x, y := normalPair(b, w[i], w[i+1])
				return []vm.V{x, y}
			})
		}
		return all
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
	m, e := split(b, uniform(b, w0)) // the logarithm's argument is positive and normal
	r := b.Sqrt(b.Mul(b.Const(-2), logProduct(b, m, e)))
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
