package main

import (
	"math"

	"pushforward/gen/vm"
)

// bornEnergies adds the energies of atoms and pairs, and makes their derivatives
// by the distance and by the radii. One loop makes the exponentials of atom i+1 and
// the rest of atom i: 18 cycles a pair in AVX2 and float32 on a Zen 3, where two
// loops took 20. 20 products and FMAs allowed 10, a quotient and a root 8.5; what
// rounding takes from the energies are five more, and 0.7 cycles.
var bornEnergies = Kernel{
	Name: "BornEnergies", File: "born",
	Doc:  "adds the energies of atoms and pairs and stores their derivatives; see kernels.Born.",
	Args: args(ptr("u", "record", "pair", "work", "charges"), count("atoms", "rows")),
	Build: func(vb *vm.Builder) {
		b := &energiesBuilder{bornBuilder: bornBuilder{vb}}
		b.first()
		b.energy = newLowSum(vb)
		bornRows(vb, b.row)
		u := vm.At(b.Arg("u"))
		b.Store(u, b.Add(b.Load(u), b.energy.total()))
	},
}

type energiesBuilder struct {
	bornBuilder
	// Of the partner: record, and its place in the work area.
	record, work vm.I
	// Pairs of atom i+1 and of atom i.
	squares, pair, charges vm.I
	energy                 lowSum
	slope, radius          vm.V // of atom i
	nextRadius, factor     vm.V // of atom i+1
}

// What waits in the work area for each partner.
const (
	workF2    = iota // f²
	workExp          // e^-x, x = r²/(4 B_i B_j)
	workDecay        // 1 + x
)

// partner begins with the last atom.
func (b *energiesBuilder) partner(left vm.I) {
	b.record = b.ahead("record", b.IntAddConst(left, -1), b.recordBytes())
	b.work = b.Arg("work")
}

// before goes on to the atom before.
func (b *energiesBuilder) before() {
	b.AdvanceConst(b.record, int64(-b.recordBytes()))
	b.AdvanceConst(b.work, int64(workSize*b.Bytes()))
}

func (b *energiesBuilder) first() {
	left := b.Arg("atoms")
	b.squares = b.Arg("pair")
	b.partner(left)
	b.prepare(b.Arg("record"))
	b.While(b.IntAddConst(left, -1), 1, func() {
		b.exponential()
		b.before()
	})
}

// row takes atom i.
func (b *energiesBuilder) row(left vm.I) {
	behind := b.IntAddConst(left, -1)
	b.partner(left)
	own := b.Arg("record")
	next := b.IntAddConst(own, int64(b.recordBytes()))
	b.pair, b.charges = b.Arg("pair"), b.Arg("charges")
	b.squares = b.ahead("pair", behind, b.pairBytes())
	b.energy.add(b.Load(b.vector(own, recordOwn)))
	b.slope = b.Move(b.Load(b.vector(own, recordSlope)))
	b.radius = b.Load(b.vector(own, recordRadius))
	b.prepare(next)
	b.While(b.IntAddConst(left, -2), 1, func() {
		b.rest()
		b.exponential()
		b.before()
	})
	b.If(behind, vm.GT, 0, b.rest)
	b.Store(b.vector(own, recordChain), b.Mul(b.Load(b.vector(own, recordChain)), b.slope))
	b.SetArg("pair", b.pair)
	b.SetArg("charges", b.charges)
	b.SetArg("record", next)
}

func (b *energiesBuilder) inWork(i int) vm.Addr    { return b.vector(b.work, i) }
func (b *energiesBuilder) inPair(i int) vm.Addr    { return b.vector(b.pair, i) }
func (b *energiesBuilder) inSquares(i int) vm.Addr { return b.vector(b.squares, i) }
func (b *energiesBuilder) inRecord(i int) vm.Addr  { return b.vector(b.record, i) }

// prepare reads what exponential needs of an atom.
func (b *energiesBuilder) prepare(record vm.I) {
	b.nextRadius = b.Load(b.vector(record, recordRadius))
	b.factor = b.Mul(b.Const(-0.25*math.Log2E), b.Load(b.vector(record, recordInverse)))
}

// exponential begins with a pair of the partner.
func (b *energiesBuilder) exponential() {
	bottom := -60.0
	if b.T == vm.F64 {
		bottom = -200
	}
	square := b.Load(b.inSquares(0))
	x := b.Mul(b.Mul(b.factor, b.Load(b.inRecord(recordInverse))), square)
	x = b.Max(b.Const(bottom), x)
	e := exp2(b.Builder, x)
	b.Store(b.inWork(workExp), e)
	b.Store(b.inWork(workDecay), b.FMA(b.Const(-math.Ln2), x, b.Const(1)))
	radii := b.Mul(b.nextRadius, b.Load(b.inRecord(recordRadius)))
	b.Store(b.inWork(workF2), b.FMA(radii, e, square))
	b.AdvanceConst(b.squares, int64(b.pairBytes()))
}

// rest stores -U'/r in the place of r².
func (b *energiesBuilder) rest() {
	f2, charges := b.Load(b.inWork(workF2)), b.number(b.charges, 0)
	y := b.Div(b.Const(1), f2)
	root := b.Sqrt(y)
	v := b.Mul(charges, root)
	b.energy.add(v)
	lack := b.FMA(f2, b.Mul(root, root), b.Const(-1))
	b.energy.less(b.FMA(b.Mul(b.Const(0.5), v), lack, b.FNMA(charges, root, v)))
	over := b.Mul(v, y)
	e := b.Load(b.inWork(workExp))
	b.Store(b.inPair(0), b.Mul(over, b.FMA(b.Const(0.25), e, b.Const(-1))))
	d := b.Mul(b.Mul(over, e), b.Load(b.inWork(workDecay)))
	b.FMATo(b.slope, d, b.Load(b.inRecord(recordRadius)))
	slope := b.inRecord(recordSlope)
	b.Store(slope, b.FMA(d, b.radius, b.Load(slope)))
	b.AdvanceConst(b.pair, int64(b.pairBytes()))
	b.AdvanceConst(b.charges, int64(b.T.Bytes()))
}

// exp2 is 2^x for an x ≤ 0 with a normal result; see kernels.
func exp2(b *vm.Builder, x vm.V) vm.V {
	mantissa := 23
	p := []float64{0x1.5bfb8ep-10, 0x1.3ceb14p-7, 0x1.c6b69ep-5, 0x1.ebf9bap-3, 0x1.62e42ap-1, 1}
	if b.T == vm.F64 {
		mantissa = 52
		p = []float64{0x1.e972f12c4fed4p-32, 0x1.e61d57b36be8ap-28, 0x1.b52522db2536dp-24, 0x1.62bfc64f78edcp-20,
			0x1.ffcbfc667752fp-17, 0x1.4309130f6fc36p-13, 0x1.5d87fe789e99p-10, 0x1.3b2ab6fb9fd9dp-7,
			0x1.c6b08d704a12cp-5, 0x1.ebfbdff82c5a6p-3, 0x1.62e42fefa39efp-1, 1}
	}
	t := b.Add(x, b.Const(magic(b)))
	r := b.Sub(x, b.Sub(t, b.Const(magic(b))))
	return b.IAdd(horner(b, r, p...), b.Shl(t, mantissa))
}
