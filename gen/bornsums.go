package main

import "pushforward/gen/vm"

// bornSums adds half of H of each pair to both atoms' sums, stores squares of
// distances, and H's derivatives: the sums of atom i, the quotients of i+1 and the
// distances of i+2 in one loop or, where registers are few, in three.
//
// In AVX2 and float32 on a Zen 3, cycles for each pair of a vector's replicas: 56
// with all of a pair in one loop; 50 in three; 52 to 55 in one that does three
// things at a time, for there constants come from memory; 49 in three with the
// quotients of both directions side by side. 43 products, FMAs and maxima, of which
// a core starts two each, allow 22, three quotients and a root 16 beside them.
// Wider ones would wait 31 for dividers that are no wider.
var bornSums = Kernel{
	Name: "BornSums", File: "born",
	Doc: "adds up what Born radii are made of, and stores distances and derivatives; see kernels.Born.",
	Args: args(ptr("record", "pair", "work", "x"), count("ldx"), ptr("table"), []vm.Arg{{Name: "near", Kind: vm.Scalar}},
		count("atoms", "rows")),
	Build: func(vb *vm.Builder) {
		b := &sumsBuilder{bornBuilder: bornBuilder{vb}, panel: newRows(vb, "x", "ldx")}
		b.near = b.Broadcast(b.ArgAddr("near"))
		b.first()
		bornRows(vb, b.row)
	},
}

type sumsBuilder struct {
	bornBuilder
	panel rows
	near  vm.V
	// Of the partner: coordinates, record, table, and its place in the work area.
	x, record, table, work vm.I
	// Where r² of atom i+2 goes and the derivatives of atom i.
	squares, pair vm.I
	sum           vm.V
}

// What waits in the work area for each partner.
const (
	workDistance = iota // of i+2, then of i+1
	workR               // r of i+1, then of i
	workHalf            // ½/r
	workTerms           // four numbers of either direction
	workSize     = workTerms + 2*4
)

// step is from an atom's coordinates to the next one's.
func (b *sumsBuilder) step() vm.I { return b.IntAdd(b.panel.ld, b.panel.twice) }

// partner begins with the last atom.
func (b *sumsBuilder) partner(left vm.I) {
	last := b.IntAddConst(left, -1)
	b.x = b.IntAdd(b.Arg("x"), b.IntMul(last, b.step()))
	b.record = b.ahead("record", last, b.recordBytes())
	b.table = b.ahead("table", last, b.tableBytes())
	b.work = b.Arg("work")
}

// first prepares the first atom and the next one, as rows do the ones after that.
func (b *sumsBuilder) first() {
	left := b.Arg("atoms")
	xi := b.Arg("x")
	b.squares, b.pair = b.Arg("pair"), b.Arg("pair")
	b.overPartners(left, 1, func() { b.distance(xi) })
	own := b.Arg("table")
	b.overPartners(left, 1, func() { b.quotients(own, 0) })
	b.SetInt(b.squares, b.ahead("pair", b.IntAddConst(left, -1), b.pairBytes()))
	b.Advance(xi, b.step())
	b.overPartners(left, 2, func() { b.distance(xi) })
}

// overPartners runs f for the last atom and those before, for so many less than
// there are left.
func (b *sumsBuilder) overPartners(left vm.I, less int64, f func()) {
	b.partner(left)
	b.While(b.IntAddConst(left, -less), 1, func() {
		f()
		b.AdvanceConst(b.table, int64(-b.tableBytes()))
		b.AdvanceConst(b.work, int64(workSize*b.Bytes()))
	})
}

// overClose tells f whether atom i and the partner are so close that H may have
// another than its general form.
func (b *sumsBuilder) overClose(left vm.I, less int64, f func(r vm.V, close bool)) {
	closer, next, end := b.NewLabel("close"), b.NewLabel("next"), b.NewLabel("end")
	var r vm.V
	b.overPartners(left, less, func() {
		r = b.Load(b.inWork(workR))
		b.BranchAny(b.CmpLT(r, b.near), closer)
		f(r, false)
		b.Label(next)
	})
	b.Jump(end)
	b.Label(closer)
	f(r, true)
	b.Jump(next)
	b.Label(end)
}

// row takes atom i.
func (b *sumsBuilder) row(left vm.I) {
	behind := b.IntAddConst(left, -1)
	b.pair = b.Arg("pair")
	b.squares = b.ahead("pair", b.IntAddConst(b.IntAdd(behind, behind), -1), b.pairBytes())
	b.sum = b.Move(b.Load(b.vector(b.Arg("record"), recordSum)))
	own := b.Arg("table")
	xi := b.IntAdd(b.Arg("x"), b.IntShl(b.step(), 1))
	if b.P.Machine.Vectors > 16 {
		b.overClose(left, 2, func(r vm.V, close bool) {
			b.sums(r, own, close)
			b.quotients(own, atomSize)
			b.distance(xi)
		})
		// The partner i+1: atom i+1 has no more.
		b.If(b.IntAddConst(b.Arg("atoms"), -1), vm.GT, 0, func() { b.sums(b.Load(b.inWork(workR)), own, true) })
		b.SetArg("pair", b.pair)
	} else {
		b.overClose(left, 1, func(r vm.V, close bool) { b.sums(r, own, close) })
		b.SetArg("pair", b.pair)
		b.overPartners(left, 2, func() { b.quotients(own, atomSize) })
		b.SetInt(b.squares, b.ahead("pair", b.IntAddConst(left, -2), b.pairBytes()))
		b.overPartners(left, 3, func() { b.distance(xi) })
	}
	b.Store(b.vector(b.Arg("record"), recordSum), b.sum)
	b.SetArg("x", b.IntAdd(b.Arg("x"), b.step()))
	b.move("record", b.recordBytes())
	b.move("table", b.tableBytes())
}

// distance stores r² and r of the partner and the atom at xi.
func (b *sumsBuilder) distance(xi vm.I) {
	var d [3]vm.V
	from := b.panel.from(xi)
	for c, a := range b.panel.from(b.x) {
		x := b.Load(from[c])
		d[c] = b.Sub(x, b.Load(a))
	}
	square := b.Min(b.Const(0x1p40), squareOf(b.Builder, d))
	b.Store(b.inSquares(0), square)
	b.Store(b.inWork(workDistance), b.Sqrt(square))
	for _, ld := range []vm.I{b.panel.ld, b.panel.twice} {
		b.SetInt(b.x, b.IntSub(b.x, ld))
	}
	b.AdvanceConst(b.squares, int64(b.pairBytes()))
}

func (b *sumsBuilder) inWork(i int) vm.Addr    { return b.vector(b.work, i) }
func (b *sumsBuilder) inPair(i int) vm.Addr    { return b.vector(b.pair, i) }
func (b *sumsBuilder) inSquares(i int) vm.Addr { return b.vector(b.squares, i) }
func (b *sumsBuilder) inRecord(i int) vm.Addr  { return b.vector(b.record, i) }

func (b *sumsBuilder) term(k, i int) vm.Addr { return b.inWork(workTerms + 4*k + i) }

// A descreening is that of an atom by its partner, or the reverse: first gives
// numbers of the descreened atom's table, second of the other one's.
type descreening struct{ first, second func(i int) vm.V }

// directions are those of the atom whose table is so many numbers behind own.
func (b *sumsBuilder) directions(own vm.I, behind int) [2]descreening {
	atom := func(i int) vm.V { return b.number(own, behind+i) }
	partner := func(i int) vm.V { return b.number(b.table, i) }
	return [2]descreening{{atom, partner}, {partner, atom}}
}

// lengths are U = r + s and L = max(ρ, |r - s|), and r - s.
func (b *sumsBuilder) lengths(r vm.V, of descreening) (upper, lower, d vm.V) {
	reach := of.second(atomReach)
	d = b.Sub(r, reach)
	return b.Add(r, reach), b.Max(of.first(atomRho), b.AndNot(b.Bits(1<<(b.T.Bits()-1)), d)), d
}

// quotients stores what both directions need, and of either ½(1/L − 1/U),
// ¼(1/L² − 1/U²) and what the logarithm is of.
func (b *sumsBuilder) quotients(own vm.I, behind int) {
	r := b.Load(b.inWork(workDistance))
	b.Store(b.inWork(workR), r)
	b.Store(b.inWork(workHalf), b.Div(b.Const(0.5), r))
	var upper, lower, near, w, p, q [2]vm.V
	for k, of := range b.directions(own, behind) {
		var power vm.V
		upper[k], lower[k], _ = b.lengths(r, of)
		near[k], power = nearPower(b.Builder, lower[k], upper[k])
		b.Store(b.term(k, 3), power)
	}
	for k := range q {
		w[k], p[k] = b.Add(near[k], upper[k]), b.Mul(upper[k], lower[k])
		q[k] = b.Div(b.Const(0.5), b.Mul(p[k], w[k]))
	}
	for k := range q {
		y := b.Mul(w[k], q[k])
		diff := b.Mul(b.Sub(upper[k], lower[k]), y)
		b.Store(b.term(k, 0), diff)
		b.Store(b.term(k, 1), b.Mul(diff, b.Mul(b.Add(upper[k], lower[k]), y)))
		b.Store(b.term(k, 2), b.Mul(b.Sub(near[k], upper[k]), b.Mul(p[k], q[k])))
	}
}

// sums adds ½H to the sums of both atoms and stores -½H'/r.
func (b *sumsBuilder) sums(r vm.V, own vm.I, close bool) {
	half := b.Load(b.inWork(workHalf))
	inverse := b.Add(half, half)
	inverse2 := b.Mul(inverse, inverse)
	halfR := b.Mul(b.Const(0.5), r)
	for k, of := range b.directions(own, 0) {
		squares := b.Load(b.term(k, 1))
		z := halfLog(b.Builder, b.Load(b.term(k, 2)), b.Load(b.term(k, 3)))
		z = b.FMA(of.second(atomReachSquared), squares, z)
		h := b.FMA(half, z, b.FNMA(halfR, squares, b.Load(b.term(k, 0))))
		c := b.Mul(half, b.FMA(inverse2, z, squares))
		if close {
			h, c = b.special(r, of, h, c)
		}
		b.Store(b.inPair(1+k), c)
		if k == 0 {
			b.AddTo(b.sum, h)
		} else {
			b.Store(b.inRecord(recordSum), b.Add(b.Load(b.inRecord(recordSum)), h))
		}
	}
	b.AdvanceConst(b.record, int64(-b.recordBytes()))
	b.AdvanceConst(b.pair, int64(b.pairBytes()))
}

// special corrects ½H and -½H'/r where an atom is inside the other one.
func (b *sumsBuilder) special(r vm.V, of descreening, h, c vm.V) (vm.V, vm.V) {
	upper, lower, d := b.lengths(r, of)
	rho := of.first(atomRho)
	more := b.Add(h, b.Sub(of.first(atomInverseRho), b.Div(b.Const(1), lower)))
	h = b.Select(b.CmpLT(d, b.Sub(b.Bits(0), rho)), more, h)
	inside := b.CmpLE(upper, rho)
	return b.Select(inside, b.Bits(0), h), b.Select(inside, b.Bits(0), c)
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
