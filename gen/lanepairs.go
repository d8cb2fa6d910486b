package main

import "pushforward/gen/vm"

// lanePairs are the kernels of Lennard-Jones and Coulomb pairs, replicas in lanes.
var lanePairs = []Kernel{pairs}

// pairs takes lists of pairs, those of one atom with its partners; each lane of a
// vector is a replica:
//
//	for i := range n {
//		for each list {
//			for each group of two partners {
//				add -f d to the gradient of the atom, f d to that of the partner
//			}
//			u[i] += energy of the list's pairs
//		}
//	}
//
// The tables are those of kernels.PairTable.
//
// A pair has 18.5 products and FMAs, 9.25 cycles of a core that starts two each, and
// half a quotient and a root: 6.75 cycles of a Zen 3's AVX2 in float32 and 11.5 in
// float64, 13.5 and 23 of AVX-512 where dividers are no wider. But from a position
// to the gradient take 75 cycles, and a core looks ahead no more than two groups:
// with one group after the other a pair took 24.5 cycles, in AVX2 and float32. So
// the next group's quotient is made while this one's forces are, and one group's
// differences are made twice where registers are few.
var pairs = Kernel{
	Name: "Pairs", File: "lanepairs",
	Doc: "adds energies and gradients of lists of pairs; see kernels.Pairs.",
	Args: args(ptr("u", "grad"), count("ldg"), ptr("x"), count("ldx"),
		[]vm.Arg{{Name: "rows", Kind: vm.PtrInt}, {Name: "groups", Kind: vm.PtrInt}}, ptr("terms"), count("lists", "n")),
	Build: func(b *vm.Builder) {
		again, rest, done := b.NewLabel("lanes"), b.NewLabel("rest"), b.NewLabel("done")
		b.Label(again)
		n := b.Arg("n")
		b.Branch(n, vm.LT, int64(b.Lanes), rest)
		b.SetArg("n", b.IntAddConst(n, int64(-b.Lanes)))
		pairLanes(b, nil)
		for _, name := range []string{"u", "grad", "x"} {
			b.SetArg(name, b.IntAddConst(b.Arg(name), int64(b.Bytes())))
		}
		b.Jump(again)
		b.Label(rest)
		n = b.Arg("n")
		b.Branch(n, vm.LE, 0, done)
		pairLanes(b, &n)
		b.Label(done)
	},
}

// pairLanes takes a vector of replicas, or the last count.
func pairLanes(b *vm.Builder, count *vm.I) {
	p := pairBuilder{Builder: b, load: b.Load, store: b.Store}
	if count != nil {
		tail := b.Tail(*count)
		p.load = func(a vm.Addr) vm.V { return b.LoadTail(a, tail) }
		p.store = func(a vm.Addr, v vm.V) { b.StoreTail(a, v, tail) }
	}
	p.x, p.g = newRows(b, "x", "ldx"), newRows(b, "grad", "ldg")
	p.groups, p.terms = b.Arg("groups"), b.Arg("terms")
	p.next = p.prepare(0)
	for _, v := range p.next.values() {
		*v = b.Move(*v)
	}
	list := b.Arg("rows")
	end := b.IntAdd(list, b.IntShl(b.Arg("lists"), 4))
	top, done := b.NewLabel("list"), b.NewLabel("lists")
	b.Label(top)
	b.BranchInt(list, vm.GE, end, done)
	p.list(b.IntLoad(vm.At(list)), b.IntLoad(vm.At(list).Offset(8)))
	b.AdvanceConst(list, 16)
	b.Jump(top)
	b.Label(done)
}

// rows are those of a panel of vectors with three coordinates.
type rows struct {
	*vm.Builder
	panel     string
	ld, twice vm.I
}

func newRows(b *vm.Builder, panel, ld string) rows {
	step := b.Elements(b.Arg(ld))
	return rows{b, panel, step, b.IntAdd(step, step)}
}

// at is where the coordinates from a row on are.
func (r rows) at(row vm.I) [3]vm.Addr {
	return r.from(r.IntAdd(r.IntMul(row, r.ld), r.Arg(r.panel)))
}

// from is where they are from p on.
func (r rows) from(p vm.I) [3]vm.Addr {
	return [3]vm.Addr{vm.At(p), vm.At(p, r.ld), vm.At(p, r.twice)}
}

type pairBuilder struct {
	*vm.Builder
	load          func(vm.Addr) vm.V
	store         func(vm.Addr, vm.V)
	x, g          rows
	groups, terms vm.I
	next          *pairGroup
	xi            [3]vm.Addr
	gi            [3]vm.V
	lj, coulomb   vm.V
}

// pairGroup is what is known of two pairs before their forces: 1/r² of each, and
// the differences of positions where there are registers for them.
type pairGroup struct {
	inverse    [2]vm.V
	difference [2][]vm.V
}

func (p *pairGroup) values() []*vm.V {
	list := []*vm.V{&p.inverse[0], &p.inverse[1]}
	for _, d := range p.difference {
		for c := range d {
			list = append(list, &d[c])
		}
	}
	return list
}

// prepare begins with the group that is so many after this one.
func (b pairBuilder) prepare(ahead int) *pairGroup {
	row := func(k int) [3]vm.Addr { return b.x.at(b.IntLoad(vm.At(b.groups).Offset(8 * (3*ahead + k)))) }
	var xi [3]vm.V
	for c, a := range row(0) {
		xi[c] = b.load(a)
	}
	var p pairGroup
	var square [2]vm.V
	for k := range square {
		d := b.difference(xi, row(1+k))
		square[k] = squareOf(b.Builder, d)
		if b.P.Machine.Vectors > 16 {
			p.difference[k] = d
		}
	}
	y := b.Div(b.Const(1), b.Mul(square[0], square[1]))
	p.inverse = [2]vm.V{b.Mul(square[1], y), b.Mul(square[0], y)}
	return &p
}

func (b pairBuilder) difference(x [3]vm.V, y [3]vm.Addr) (d []vm.V) {
	for c, a := range y {
		d = append(d, b.Sub(x[c], b.load(a)))
	}
	return d
}

// squareOf is |d|², but not less than 2^-40.
func squareOf(b *vm.Builder, d []vm.V) vm.V {
	return b.Max(b.Const(0x1p-40), b.FMA(d[0], d[0], b.FMA(d[1], d[1], b.Mul(d[2], d[2]))))
}

// list takes the pairs of the atom whose coordinates start with a row.
func (b pairBuilder) list(row, count vm.I) {
	b.xi = b.x.at(row)
	for c, a := range b.g.at(row) {
		b.gi[c] = b.Move(b.load(a))
	}
	b.lj, b.coulomb = b.Zero(), b.Zero()
	b.While(count, 1, func() {
		next := b.prepare(1)
		for k := range 2 {
			b.force(k)
		}
		for i, v := range b.next.values() {
			b.Set(*v, *next.values()[i])
		}
		b.AdvanceConst(b.groups, 3*8)
		b.AdvanceConst(b.terms, int64(6*b.T.Bytes()))
	})
	row = b.IntLoad(vm.At(b.groups).Offset(-3 * 8)) // once more: integer registers are few
	for c, a := range b.g.at(row) {
		b.store(a, b.gi[c])
	}
	u := vm.At(b.Arg("u"))
	b.store(u, b.Add(b.load(u), b.FMA(b.lj, b.Const(1./6), b.coulomb)))
}

// force adds partner k's share to energies and gradients.
func (b pairBuilder) force(k int) {
	term := func(i int) vm.V { return b.Broadcast(vm.At(b.terms).Offset((3*k + i) * b.T.Bytes())) }
	inverse, d := b.next.inverse[k], b.next.difference[k]
	i6 := b.Mul(b.Mul(inverse, inverse), inverse)
	c := b.Mul(term(2), b.Sqrt(inverse))
	a6 := b.Mul(term(0), i6)
	e6 := b.Sub(a6, term(1))
	b.FMATo(b.lj, i6, e6)
	b.AddTo(b.coulomb, c)
	f := b.Mul(b.FMA(i6, b.Add(a6, e6), c), inverse)
	partner := b.IntLoad(vm.At(b.groups).Offset(8 * (1 + k)))
	if d == nil {
		var xi [3]vm.V
		for c, a := range b.xi {
			xi[c] = b.load(a)
		}
		d = b.difference(xi, b.x.at(partner))
	}
	for c, a := range b.g.at(partner) {
		b.Set(b.gi[c], b.FNMA(f, d[c], b.gi[c]))
		b.store(a, b.FMA(f, d[c], b.load(a)))
	}
}
