package main

import "pushforward/gen/vm"

// lanePairs are the kernels of Lennard-Jones and Coulomb pairs, replicas in lanes.
var lanePairs = []Kernel{pairs}

// pairs takes lists of pairs, those of one atom with its partners; each lane of a
// vector is a replica:
//
//	for i := range n {
//		for each group of two partners, of all lists {
//			inverse: 1/r² of each
//		}
//		for each list {
//			for each of its groups {
//				add -f d to the gradient of the atom, f d to that of the partner
//			}
//		}
//		u[i] += energy of all pairs
//	}
//
// The tables are those of kernels.PairTable. inverse has room for two vectors of
// each group.
//
// A pair has 18.5 products and FMAs, 9.25 cycles of a core that starts two each, and
// half a quotient and a root: 6.75 cycles of a Zen 3's AVX2 in float32 and 11.5 in
// float64, 13.5 and 23 of AVX-512 where dividers are no wider. But from a position
// to the gradient take 75 cycles, and a core looks ahead no more than two groups:
// in one loop a pair took 24.5 cycles, in AVX2 and float32, in one that made the
// next group's quotient while it made one's forces 20.4, and 19.3 in the two loops of
// above, where llvm-mca sees 15.6 without the change of lists. What the sum of Coulomb
// energies carries along costs nothing there: sums have units of their own.
var pairs = Kernel{
	Name: "Pairs", File: "lanepairs",
	Doc: "adds energies and gradients of lists of pairs; see kernels.Pairs.",
	Args: args(ptr("u", "grad"), count("ldg"), ptr("x"), count("ldx"),
		[]vm.Arg{{Name: "list", Kind: vm.PtrInt}, {Name: "group", Kind: vm.PtrInt}}, ptr("terms", "inverse"), count("lists", "groups", "n")),
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
	p.x = newRows(b, "x", "ldx")
	p.group, p.inverse = b.Arg("group"), b.Arg("inverse")
	b.While(b.Arg("groups"), 1, p.quotients)
	p.g = newRows(b, "grad", "ldg")
	p.group, p.inverse, p.terms = b.Arg("group"), b.Arg("inverse"), b.Arg("terms")
	p.lj, p.coulomb = b.Zero(), newLowSum(b)
	list := b.Arg("list")
	b.While(b.Arg("lists"), 1, func() {
		p.list(b.IntLoad(vm.At(list)), b.IntLoad(vm.At(list).Offset(8)))
		b.AdvanceConst(list, 16)
	})
	u := vm.At(b.Arg("u"))
	p.store(u, b.Add(p.load(u), p.coulomb.totalWith(p.lj, 1./6)))
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
	load                  func(vm.Addr) vm.V
	store                 func(vm.Addr, vm.V)
	x, g                  rows
	group, inverse, terms vm.I
	xi, gi                [3]vm.V
	lj                    vm.V
	coulomb               lowSum
}

// atom is where the coordinates of a group's owner start, or of a partner.
func (b pairBuilder) atom(i int) vm.I { return b.IntLoad(vm.At(b.group).Offset(8 * i)) }

// quotients stores 1/r² of a group's pairs.
func (b pairBuilder) quotients() {
	for c, a := range b.x.at(b.atom(0)) {
		b.xi[c] = b.load(a)
	}
	r := squareOf(b.Builder, b.difference(b.atom(1)))
	s := squareOf(b.Builder, b.difference(b.atom(2)))
	y := b.Div(b.Const(1), b.Mul(r, s))
	b.Store(vm.At(b.inverse), b.Mul(s, y))
	b.Store(vm.At(b.inverse).Offset(b.Bytes()), b.Mul(r, y))
	b.AdvanceConst(b.inverse, int64(2*b.Bytes()))
	b.AdvanceConst(b.group, 3*8)
}

// difference is that of an atom's position and a partner's.
func (b pairBuilder) difference(partner vm.I) (d [3]vm.V) {
	for c, a := range b.x.at(partner) {
		d[c] = b.Sub(b.xi[c], b.load(a))
	}
	return d
}

// squareOf is |d|², but not less than 2^-40.
func squareOf(b *vm.Builder, d [3]vm.V) vm.V {
	return b.Max(b.Const(0x1p-40), b.FMA(d[0], d[0], b.FMA(d[1], d[1], b.Mul(d[2], d[2]))))
}

// list takes the pairs of the atom whose coordinates start with a row.
func (b pairBuilder) list(row, count vm.I) {
	for c, a := range b.x.at(row) {
		b.xi[c] = b.load(a)
	}
	for c, a := range b.g.at(row) {
		b.gi[c] = b.Move(b.load(a))
	}
	b.While(count, 1, func() {
		for k := range 2 {
			b.force(k)
		}
		b.AdvanceConst(b.inverse, int64(2*b.Bytes()))
		b.AdvanceConst(b.group, 3*8)
		b.AdvanceConst(b.terms, int64(6*b.T.Bytes()))
	})
	row = b.IntLoad(vm.At(b.group).Offset(-3 * 8)) // once more: integer registers are few
	for c, a := range b.g.at(row) {
		b.store(a, b.gi[c])
	}
}

// force adds partner k's share to energies and gradients.
func (b pairBuilder) force(k int) {
	term := func(i int) vm.V { return b.Broadcast(vm.At(b.terms).Offset((3*k + i) * b.T.Bytes())) }
	inverse := b.Load(vm.At(b.inverse).Offset(k * b.Bytes()))
	i6 := b.Mul(b.Mul(inverse, inverse), inverse)
	c := b.Mul(term(2), b.Sqrt(inverse))
	a6 := b.Mul(term(0), i6)
	e6 := b.Sub(a6, term(1))
	b.FMATo(b.lj, i6, e6)
	b.coulomb.add(c)
	f := b.Mul(b.FMA(i6, b.Add(a6, e6), c), inverse)
	partner := b.atom(1 + k)
	d := b.difference(partner)
	for c, a := range b.g.at(partner) {
		b.Set(b.gi[c], b.FNMA(f, d[c], b.gi[c]))
		b.store(a, b.FMA(f, d[c], b.load(a)))
	}
}
