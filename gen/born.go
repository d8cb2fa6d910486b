package main

import (
	"math"

	"pushforward/gen/vm"
)

// born are the kernels of generalized Born, replicas in lanes: the four steps of
// kernels.Born for one vector of replicas. The first atom of a step comes with its
// record (kernels.bornScratch) and table, atoms counts it and those behind it, rows
// those that the step takes with the partners behind each.
var born = []Kernel{bornSums, bornRadii, bornEnergies, bornGradients}

// The layout of kernels.bornScratch and kernels.BornTable.
const (
	recordSum = iota
	recordRadius
	recordInverse
	recordOwn
	recordSlope
	recordChain
	recordExp
	recordDecay
	recordSize
)

const (
	atomRho = iota
	atomReach
	atomReachSquared
	atomAlpha
	atomBeta
	atomGamma
	atomBeta2
	atomGamma3
	atomInverseRho
	atomInverseR
	atomHalfR
	atomSelf
	atomSurface
	atomSize
)

const pairSize = 3

type bornBuilder struct{ *vm.Builder }

func (b bornBuilder) vector(p vm.I, i int) vm.Addr { return vm.At(p).Offset(i * b.Bytes()) }
func (b bornBuilder) number(p vm.I, i int) vm.V {
	return b.Broadcast(vm.At(p).Offset(i * b.T.Bytes()))
}

// bornRows runs f for so many atoms i, with the number of those behind.
func bornRows(b *vm.Builder, f func(partners vm.I)) {
	top, done := b.NewLabel("atom"), b.NewLabel("atoms")
	b.Label(top)
	b.Branch(b.Arg("rows"), vm.LE, 0, done)
	f(b.IntAddConst(b.Arg("atoms"), -1))
	b.SetArg("rows", b.IntAddConst(b.Arg("rows"), -1))
	b.SetArg("atoms", b.IntAddConst(b.Arg("atoms"), -1))
	b.Jump(top)
	b.Label(done)
}

// coordinates are three rows from p on, ld apart.
func coordinates(p, ld, twice vm.I) [3]vm.Addr {
	return [3]vm.Addr{vm.At(p), vm.At(p, ld), vm.At(p, twice)}
}

// bornSums adds half of H of each pair to both atoms' sums. First it takes the
// distances of one atom, whose roots keep the divider busy and little else, then
// what needs quotients and many products.
var bornSums = Kernel{
	Name: "BornSums", File: "born", Schedule: true,
	Doc: "adds up what Born radii are made of, and stores distances and derivatives; see kernels.Born.",
	Args: args(ptr("record", "pair", "work", "x"), count("ldx"), ptr("table"), []vm.Arg{{Name: "near", Kind: vm.Scalar}},
		count("atoms", "rows")),
	Build: func(vb *vm.Builder) {
		b := bornBuilder{vb}
		ld := b.Elements(b.Arg("ldx"))
		twice := b.IntAdd(ld, ld)
		step := b.IntAdd(twice, ld)
		pair, x := b.Arg("pair"), b.Arg("x")
		record, table := b.Arg("record"), b.Arg("table")
		near := b.Broadcast(b.ArgAddr("near"))
		bornRows(vb, func(partners vm.I) {
			b.distances(x, ld, twice, step, b.IntMove(pair), b.IntMove(partners))
			b.descreenings(record, table, pair, partners, b.Arg("work"), near)
			b.Advance(x, step)
			b.AdvanceConst(record, int64(recordSize*b.Bytes()))
			b.AdvanceConst(table, int64(atomSize*b.T.Bytes()))
		})
	},
}

// distances stores r² and r of an atom and those behind it.
func (b bornBuilder) distances(x, ld, twice, step, pair, count vm.I) {
	var xi [3]vm.V
	for c, a := range coordinates(x, ld, twice) {
		xi[c] = b.Load(a)
	}
	xj := b.IntMove(x)
	b.While(count, 1, func() {
		b.Advance(xj, step)
		var d []vm.V
		for c, a := range coordinates(xj, ld, twice) {
			d = append(d, b.Sub(xi[c], b.Load(a)))
		}
		square := b.Min(b.Const(0x1p40), squareOf(b.Builder, d))
		b.Store(b.vector(pair, 0), square)
		b.Store(b.vector(pair, 1), b.Sqrt(square))
		b.AdvanceConst(pair, int64(pairSize*b.Bytes()))
	})
}

// descreenings goes over the pairs of an atom, twice: from a distance to the sum
// take 65 cycles, more than a core looks ahead, so the quotients are all made
// before what follows. pair moves on to the next atom's.
func (b bornBuilder) descreenings(record, table, pair, count, work vm.I, near vm.V) {
	b.quotients(table, b.IntMove(pair), b.IntMove(count), b.IntMove(work))
	other, otherTable := b.IntMove(record), b.IntMove(table)
	sum := b.Move(b.Load(b.vector(record, recordSum)))
	one := func(r vm.V, close bool) {
		half := b.Load(b.vector(pair, 2))
		h, c := b.descreening(r, half, table, otherTable, work, close)
		b.AddTo(sum, h)
		b.Store(b.vector(pair, 1), c)
		h, c = b.descreening(r, half, otherTable, table, b.IntAddConst(work, int64(workSize*b.Bytes())), close)
		b.Store(b.vector(other, recordSum), b.Add(b.Load(b.vector(other, recordSum)), h))
		b.Store(b.vector(pair, 2), c)
	}
	closer, next := b.NewLabel("close"), b.NewLabel("next")
	var r vm.V
	b.While(count, 1, func() {
		b.AdvanceConst(other, int64(recordSize*b.Bytes()))
		b.AdvanceConst(otherTable, int64(atomSize*b.T.Bytes()))
		r = b.Load(b.vector(pair, 1))
		b.BranchAny(b.CmpLT(r, near), closer)
		one(r, false)
		b.Label(next)
		b.AdvanceConst(pair, int64(pairSize*b.Bytes()))
		b.AdvanceConst(work, int64(2*workSize*b.Bytes()))
	})
	end := b.NewLabel("end")
	b.Jump(end)
	b.Label(closer)
	one(r, true)
	b.Jump(next)
	b.Label(end)
	b.Store(b.vector(record, recordSum), sum)
}

const (
	workDiff = iota
	workSquares
	workRatio
	workPower
	workSize
)

func (b bornBuilder) quotients(table, pair, count, work vm.I) {
	other := b.IntMove(table)
	b.While(count, 1, func() {
		b.AdvanceConst(other, int64(atomSize*b.T.Bytes()))
		r := b.Load(b.vector(pair, 1))
		b.Store(b.vector(pair, 2), b.Div(b.Const(0.5), r))
		for k, t := range [2][2]vm.I{{table, other}, {other, table}} {
			at := func(i int) vm.Addr { return b.vector(work, k*workSize+i) }
			rho, reach := b.number(t[0], atomRho), b.number(t[1], atomReach)
			upper, d := b.Add(r, reach), b.Sub(r, reach)
			lower := b.Max(rho, b.AndNot(b.Bits(1<<(b.T.Bits()-1)), d))
			near, power := nearPower(b.Builder, lower, upper)
			w := b.Add(near, upper)
			p := b.Mul(upper, lower)
			q := b.Div(b.Const(0.5), b.Mul(p, w))
			b.Store(at(workPower), power)
			y := b.Mul(w, q)
			diff := b.Mul(b.Sub(upper, lower), y)
			b.Store(at(workDiff), diff)
			b.Store(at(workSquares), b.Mul(diff, b.Mul(b.Add(upper, lower), y)))
			b.Store(at(workRatio), b.Mul(b.Sub(near, upper), b.Mul(p, q)))
		}
		b.AdvanceConst(pair, int64(pairSize*b.Bytes()))
		b.AdvanceConst(work, int64(2*workSize*b.Bytes()))
	})
}

// descreening is ½H and -½H'/r of the first atom, which the second descreens; only
// where they are close can H have another than its general form.
func (b bornBuilder) descreening(r, half vm.V, first, second, work vm.I, close bool) (h, c vm.V) {
	diff, d2 := b.Load(b.vector(work, workDiff)), b.Load(b.vector(work, workSquares))
	log := halfLog(b.Builder, b.Load(b.vector(work, workRatio)), b.Load(b.vector(work, workPower)))
	z := b.FMA(b.number(second, atomReachSquared), d2, log)
	inverse := b.Add(half, half)
	h = b.FMA(half, z, b.FNMA(b.Mul(b.Const(0.5), r), d2, diff))
	c = b.Mul(half, b.FMA(b.Mul(inverse, inverse), z, d2))
	if close {
		rho, reach := b.number(first, atomRho), b.number(second, atomReach)
		upper, d := b.Add(r, reach), b.Sub(r, reach)
		minus := b.Xor(b.Bits(1<<(b.T.Bits()-1)), rho)
		engulfed := b.CmpLT(d, minus)
		lower := b.Max(rho, b.AndNot(b.Bits(1<<(b.T.Bits()-1)), d))
		near, _ := nearPower(b.Builder, lower, upper)
		w := b.Add(near, upper)
		y := b.Mul(w, b.Div(b.Const(0.5), b.Mul(b.Mul(upper, lower), w)))
		more := b.Add(h, b.Sub(b.number(first, atomInverseRho), b.Mul(b.Add(upper, upper), y)))
		h = b.Select(engulfed, more, h)
		inside := b.CmpLE(upper, rho)
		h, c = b.Select(inside, b.Bits(0), h), b.Select(inside, b.Bits(0), c)
	}
	return h, c
}

// nearPower is x·2^k within a factor of 1.5 of y; see kernels.
func nearPower(b *vm.Builder, x, y vm.V) (z, k vm.V) {
	mantissa, exponent := 23, uint64(0x1ff)
	if b.T == vm.F64 {
		mantissa, exponent = 52, 0xfff
	}
	p := b.And(b.IAdd(b.ISub(y, x), b.Bits(1<<(mantissa-1))), b.Bits(exponent<<mantissa))
	z = b.IAdd(x, p)
	if b.T == vm.F32 {
		return z, b.IntToFloat(p)
	}
	return z, b.Sub(b.Or(b.Shr(p, 52), b.Bits(0x4330000000000000)), b.Const(0x1p52))
}

// halfLog is ½ ln(x/y) for s = ½(z−y)/(z+y), with z and k of nearPower.
func halfLog(b *vm.Builder, s, k vm.V) vm.V {
	p := []float64{0x1.32e08cp4, 0x1.99615p2, 0x1.555566p1, 2}
	ln2 := -0x1.62e43p-25
	if b.T == vm.F64 {
		p = []float64{0x1.35be9ebcfd49ap11, 0x1.38ff1ef8d349dp9, 0x1.746be1c6f5b8bp7, 0x1.c71c3c0c51c8dp5,
			0x1.24924952f558dp4, 0x1.999999997b8dap2, 0x1.555555555556fp1, 2}
		ln2 = -0x1.62e42fefa39efp-2
	}
	return b.FMA(k, b.Const(ln2), b.Mul(s, horner(b, b.Mul(s, s), p...)))
}

// bornRadii makes radii of the sums.
var bornRadii = Kernel{
	Name: "BornRadii", File: "born",
	Doc:  "makes Born radii of the sums of so many atoms; see kernels.Born.",
	Args: args(ptr("record", "table"), count("atoms")),
	Build: func(vb *vm.Builder) {
		b := bornBuilder{vb}
		record, table := b.Arg("record"), b.Arg("table")
		b.While(b.Arg("atoms"), 1, func() {
			number := func(i int) vm.V { return b.number(table, i) }
			sum := b.Load(b.vector(record, recordSum))
			poly := b.FMA(sum, b.FMA(sum, number(atomGamma), number(atomBeta)), number(atomAlpha))
			th := tanh(vb, b.Mul(sum, poly))
			slope := b.FMA(sum, b.FMA(sum, number(atomGamma3), number(atomBeta2)), number(atomAlpha))
			v := b.FNMA(th, number(atomInverseR), number(atomInverseRho))
			radius := b.Div(b.Const(1), v)
			b.Store(b.vector(record, recordInverse), v)
			b.Store(b.vector(record, recordRadius), radius)
			chain := b.Mul(slope, b.FNMA(th, th, b.Const(1)))
			b.Store(b.vector(record, recordChain), b.Mul(chain, b.Mul(b.Mul(radius, radius), number(atomHalfR))))
			v2 := b.Mul(v, v)
			own := b.Mul(number(atomSelf), v)
			surface := b.Mul(number(atomSurface), b.Mul(b.Mul(v2, v2), v2))
			b.Store(b.vector(record, recordOwn), b.Add(own, surface))
			b.Store(b.vector(record, recordSlope), b.Mul(b.Add(v, v), b.FMA(b.Const(6), surface, own)))
			b.AdvanceConst(record, int64(recordSize*b.Bytes()))
			b.AdvanceConst(table, int64(atomSize*b.T.Bytes()))
		})
	},
}

// bornEnergies adds the energies of atoms and pairs, and makes their derivatives
// by the distance and by the radii: first the exponentials of an atom's pairs, then
// the rest.
var bornEnergies = Kernel{
	Name: "BornEnergies", File: "born",
	Doc:  "adds the energies of atoms and pairs and stores their derivatives; see kernels.Born.",
	Args: args(ptr("u", "record", "pair", "charges"), count("atoms", "rows")),
	Build: func(vb *vm.Builder) {
		b := bornBuilder{vb}
		u, record, pair, charges := b.Arg("u"), b.Arg("record"), b.Arg("pair"), b.Arg("charges")
		bornRows(vb, func(partners vm.I) {
			b.exponentials(b.IntMove(record), b.IntMove(pair), b.IntMove(partners))
			b.energies(u, record, pair, charges, partners)
			b.AdvanceConst(record, int64(recordSize*b.Bytes()))
		})
	},
}

// exponentials stores f² in the place of r², and of e^-x, x = r²/(4 B_i B_j), itself
// and 1 + x.
func (b bornBuilder) exponentials(record, pair, count vm.I) {
	bottom := -60.0
	if b.T == vm.F64 {
		bottom = -200
	}
	radius := b.Load(b.vector(record, recordRadius))
	factor := b.Mul(b.Const(-0.25*math.Log2E), b.Load(b.vector(record, recordInverse)))
	b.While(count, 1, func() {
		b.AdvanceConst(record, int64(recordSize*b.Bytes()))
		square := b.Load(b.vector(pair, 0))
		x := b.Mul(b.Mul(factor, b.Load(b.vector(record, recordInverse))), square)
		x = b.Max(b.Const(bottom), x)
		e := exp2(b.Builder, x)
		b.Store(b.vector(pair, 0), b.FMA(b.Mul(radius, b.Load(b.vector(record, recordRadius))), e, square))
		b.Store(b.vector(record, recordExp), e)
		b.Store(b.vector(record, recordDecay), b.FMA(b.Const(-math.Ln2), x, b.Const(1)))
		b.AdvanceConst(pair, int64(pairSize*b.Bytes()))
	})
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

// energies stores -U'/r in the place of f².
func (b bornBuilder) energies(u, record, pair, charges, count vm.I) {
	other := b.IntMove(record)
	radius := b.Load(b.vector(record, recordRadius))
	energy := b.Move(b.Load(b.vector(record, recordOwn)))
	slope := b.Move(b.Load(b.vector(record, recordSlope)))
	b.While(count, 1, func() {
		b.AdvanceConst(other, int64(recordSize*b.Bytes()))
		y := b.Div(b.Const(1), b.Load(b.vector(pair, 0)))
		v := b.Mul(b.number(charges, 0), b.Sqrt(y))
		b.AddTo(energy, v)
		over := b.Mul(v, y)
		e := b.Load(b.vector(other, recordExp))
		b.Store(b.vector(pair, 0), b.Mul(over, b.FMA(b.Const(0.25), e, b.Const(-1))))
		d := b.Mul(b.Mul(over, e), b.Load(b.vector(other, recordDecay)))
		b.FMATo(slope, d, b.Load(b.vector(other, recordRadius)))
		b.Store(b.vector(other, recordSlope), b.FMA(d, radius, b.Load(b.vector(other, recordSlope))))
		b.AdvanceConst(pair, int64(pairSize*b.Bytes()))
		b.AdvanceConst(charges, int64(b.T.Bytes()))
	})
	b.Store(b.vector(record, recordChain), b.Mul(b.Load(b.vector(record, recordChain)), slope))
	b.Store(vm.At(u), b.Add(b.Load(vm.At(u)), energy))
}

// bornGradients adds the gradients of pairs.
var bornGradients = Kernel{
	Name: "BornGradients", File: "born",
	Doc:  "adds gradients, of derivatives by distances and by Born radii; see kernels.Born.",
	Args: args(ptr("grad"), count("ldg"), ptr("record", "pair", "x"), count("ldx", "atoms", "rows")),
	Build: func(vb *vm.Builder) {
		b := bornBuilder{vb}
		record, pair := b.Arg("record"), b.Arg("pair")
		ldx, ldg := b.Elements(b.Arg("ldx")), b.Elements(b.Arg("ldg"))
		twicex, twiceg := b.IntAdd(ldx, ldx), b.IntAdd(ldg, ldg)
		bornRows(vb, func(partners vm.I) {
			x, grad := b.Arg("x"), b.Arg("grad")
			other := b.IntMove(record)
			chain := b.Load(b.vector(record, recordChain))
			var xi, gi [3]vm.V
			for c, a := range coordinates(x, ldx, twicex) {
				xi[c] = b.Load(a)
			}
			for c, a := range coordinates(grad, ldg, twiceg) {
				gi[c] = b.Move(b.Load(a))
			}
			next := func() {
				b.Advance(x, ldx)
				b.Advance(x, twicex)
				b.Advance(grad, ldg)
				b.Advance(grad, twiceg)
			}
			b.While(partners, 1, func() {
				next()
				b.AdvanceConst(other, int64(recordSize*b.Bytes()))
				f := b.FMA(b.Load(b.vector(other, recordChain)), b.Load(b.vector(pair, 2)), b.Load(b.vector(pair, 0)))
				f = b.FMA(chain, b.Load(b.vector(pair, 1)), f)
				at := coordinates(grad, ldg, twiceg)
				for c, a := range coordinates(x, ldx, twicex) {
					d := b.Sub(xi[c], b.Load(a))
					b.FMATo(gi[c], f, d)
					b.Store(at[c], b.FNMA(f, d, b.Load(at[c])))
				}
				b.AdvanceConst(pair, int64(pairSize*b.Bytes()))
			})
			x, grad = b.Arg("x"), b.Arg("grad")
			for c, a := range coordinates(grad, ldg, twiceg) {
				b.Store(a, gi[c])
			}
			next()
			b.SetArg("x", x)
			b.SetArg("grad", grad)
			b.AdvanceConst(record, int64(recordSize*b.Bytes()))
		})
	},
}
