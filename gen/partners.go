package main

import (
	"math"

	"pushforward/gen/vm"
)

// partners are the kernels of one large system, partner atoms in lanes. Particles
// lie in groups that fill 64 bytes a row; see kernels/partners_ref.go for the layout
// and for the order of the sums, which is the same on every machine: a particle's
// own lanes are added up over its partner groups in turn and folded as a tree at
// the end, its partners' gradients are kept in memory. sums has two rows that
// energies are added to, lane by lane, and room for three, with a cutoff for eight.
var partners = []Kernel{
	{
		Name: "GroupPairs", File: "partners", FoldLoads: true,
		Doc: "adds the Lennard-Jones and Coulomb terms of rows particles of group own, from lane on, with count groups from group from on;\n" +
			"where self is not 0, with the later particles of their own group before.",
		Args: args(ptr("sums", "p", "grad"), count("own", "lane", "rows", "self", "from", "count")),
		Build: func(b *vm.Builder) {
			groupPairs(b, nil, func() partnerGroups {
				from := b.Arg("from")
				p := b.IntAdd(b.Arg("p"), b.IntMul(from, b.Int(particleRows*groupBytes)))
				here := group{b.IntMove(p), b.IntAdd(b.Arg("grad"), b.IntMul(from, b.Int(3*groupBytes)))}
				return partnerGroups{
					count: b.Arg("count"),
					ahead: func(use func(p vm.I)) {
						use(p)
						b.AdvanceConst(p, particleRows*groupBytes)
					},
					here: func(use func(g group)) {
						use(here)
						b.AdvanceConst(here.p, particleRows*groupBytes)
						b.AdvanceConst(here.gradient, 3*groupBytes)
					},
				}
			})
		},
	},
	{
		Name: "GroupPairsWithin", File: "partners", FoldLoads: true,
		Doc: "is GroupPairs within a cutoff: the groups of row r are partner[first[r]:first[r+1]].\n" +
			"range2 is the cutoff's square, inverse2 that one's inverse; reaction and shift are those of the reaction field.",
		Args: args(ptr("sums", "p", "grad"), count("own", "lane", "rows", "self"),
			[]vm.Arg{{Name: "first", Kind: vm.PtrInt}, {Name: "partner", Kind: vm.PtrInt}},
			scalars("range2", "inverse2", "reaction", "shift", "pull")),
		Build: func(b *vm.Builder) {
			scalar := splats(b, "range2", "inverse2", "reaction", "shift", "pull")
			groupPairs(b, scalar, func() partnerGroups {
				first := b.Arg("first")
				begin := b.IntLoad(vm.At(first))
				count := b.IntSub(b.IntLoad(vm.At(first).Offset(8)), begin)
				p, gradient := b.Arg("p"), b.Arg("grad")
				ahead := b.IntAdd(b.Arg("partner"), b.IntShl(begin, 3))
				here := b.IntMove(ahead)
				read := func(list vm.I) (at, twice vm.I) {
					// A group takes 6·64 bytes in p, 3·64 in grad.
					j := b.IntLoad(vm.At(list))
					b.AdvanceConst(list, 8)
					j = b.IntShl(b.IntAdd(b.IntAdd(j, j), j), 6)
					return j, b.IntAdd(j, j)
				}
				return partnerGroups{
					count: count,
					ahead: func(use func(p vm.I)) {
						_, j := read(ahead)
						use(b.IntAdd(p, j))
					},
					here: func(use func(g group)) {
						i, j := read(here)
						use(group{b.IntAdd(p, j), b.IntAdd(gradient, i)})
					},
				}
			})
		},
	},
}

const (
	groupBytes   = 64 // of a row of a group
	sumRows      = 5  // energies of Lennard-Jones and Coulomb, force
	particleRows = 6  // x, y, z, charge, half of σ, root of 24ε
)

func scalars(names ...string) (args []vm.Arg) {
	for _, n := range names {
		args = append(args, vm.Arg{Name: n, Kind: vm.Scalar})
	}
	return
}

// splats stores scalar arguments after the sums, a vector of each, for instructions
// to read them from there; AVX2 has no operands in memory that are one element.
func splats(b *vm.Builder, names ...string) func(name string) vm.V {
	sums, place := b.Arg("sums"), map[string]int{}
	for i, name := range names {
		place[name] = (sumRows + i) * groupBytes
		b.Store(vm.At(sums).Offset(place[name]), b.Broadcast(b.ArgAddr(name)))
	}
	return func(name string) vm.V { return b.Load(vm.At(sums).Offset(place[name])) }
}

// groupPairs runs over the rows, and for each over the vectors that a group's
// lanes fill; scalar reads an argument, and is nil where there is no cutoff.
// partners gives the partner groups of the next row.
func groupPairs(b *vm.Builder, scalar func(string) vm.V, partners func() partnerGroups) {
	parts := groupBytes / b.Bytes()
	place := func(name string, bytes int64) vm.I { // of the particle's own group
		return b.IntAdd(b.Arg(name), b.IntMul(b.Arg("own"), b.Int(bytes)))
	}
	ownGroup := func() group { return group{place("p", particleRows*groupBytes), place("grad", 3*groupBytes)} }
	at := func() vm.I { return b.Elements(b.Arg("lane")) }
	top, done := b.NewLabel("row"), b.NewLabel("rows")
	b.Label(top)
	rows := b.Arg("rows")
	b.Branch(rows, vm.LT, 1, done)
	b.SetArg("rows", b.IntAddConst(rows, -1))
	for part := range parts {
		offset := part * b.Bytes()
		r := &groupRow{b: b, scalar: scalar, offset: offset}
		me := b.IntAdd(ownGroup().p, at())
		for k := range particleRows {
			r.me[k] = func() vm.V { return b.Broadcast(vm.At(me).Offset(k * groupBytes)) }
			if r.roomy() || scalar == nil && k < 3 { // the places, which two turns read
				v := r.me[k]()
				r.me[k] = func() vm.V { return v }
			}
		}
		for k := range r.sum {
			r.sum[k] = b.Zero()
		}
		for _, v := range []*vm.V{&r.next2, &r.nextR2, &r.inverse2, &r.inverse, &r.r2} {
			*v = b.NewVector()
		}
		b.If(b.Arg("self"), vm.NE, 0, func() {
			number := b.Iota(1)
			if part > 0 {
				number = b.IAdd(number, b.Bits(uint64(part*b.Lanes)))
			}
			g := ownGroup()
			r.start(g.p)
			r.follow()
			r.add(g, b.ICmpGT(number, b.Splat(b.Arg("lane"))))
		})
		r.run(partners())
		sums := b.Arg("sums")
		for k := range 2 {
			place := vm.At(sums).Offset(k*groupBytes + offset)
			b.Store(place, b.Add(b.Load(place), r.sum[k]))
		}
		for k := 2; k < 5; k++ {
			b.Store(vm.At(sums).Offset(k*groupBytes+offset), r.sum[k])
		}
	}
	if scalar != nil {
		b.SetArg("first", b.IntAddConst(b.Arg("first"), 8))
	}
	me, sums := b.IntAdd(ownGroup().gradient, at()), b.Arg("sums")
	for k := range 3 {
		folded := make([]vm.V, parts)
		for part := range parts {
			folded[part] = b.Load(vm.At(sums).Offset((k+2)*groupBytes + part*b.Bytes()))
		}
		place := vm.At(me).Offset(k * groupBytes)
		b.StoreLane0(place, b.Sub(b.Broadcast(place), foldLanes(b, folded)))
	}
	b.SetArg("lane", b.IntAddConst(b.Arg("lane"), 1))
	b.Jump(top)
	b.Label(done)
}

// group is where a group's rows and its gradient are.
type group struct{ p, gradient vm.I }

// partnerGroups is a row's list, read at two places at once.
type partnerGroups struct {
	count vm.I
	ahead func(use func(p vm.I))
	here  func(use func(g group))
}

// groupRow is one particle with one vector of the lanes of its partners, and its
// sums: energies of Lennard-Jones and Coulomb, force.
//
// A pair takes three turns, in each of which others have theirs too: its squared
// distance and the division; the root; all the rest. Together it is some 70 cycles
// from the first to the last, too many for a core to look ahead by itself.
type groupRow struct {
	b      *vm.Builder
	scalar func(string) vm.V
	offset int
	me     [particleRows]func() vm.V
	sum    [5]vm.V
	// 1/r² of the first turn, with r² where a cutoff needs it; 1/r², 1/r and r² of
	// the second.
	next2, nextR2         vm.V
	inverse2, inverse, r2 vm.V
}

// roomy tells whether there are registers to keep a particle's parameters in.
func (r *groupRow) roomy() bool { return r.b.P.Machine.Vectors > 16 }

// run adds a row's groups.
func (r *groupRow) run(list partnerGroups) {
	b, count := r.b, list.count
	start := func() { list.ahead(r.start) }
	add := func() { list.here(func(g group) { r.add(g, vm.M{}) }) }
	b.If(count, vm.GT, 0, func() {
		start()
		r.follow()
		b.If(count, vm.GT, 1, start)
		b.AdvanceConst(count, -2)
		b.While(count, 1, func() {
			add()
			r.follow()
			start()
		})
		b.AdvanceConst(count, 2)
		b.While(count, 1, func() {
			add()
			r.follow()
		})
	})
}

func (r *groupRow) you(p vm.I, k int) vm.V {
	return r.b.Load(vm.At(p).Offset(k*groupBytes + r.offset))
}

func (r *groupRow) difference(p vm.I, k int) vm.V { return r.b.Sub(r.me[k](), r.you(p, k)) }

// start is a pair's first turn.
func (r *groupRow) start(p vm.I) {
	b := r.b
	z := r.difference(p, 2)
	r2 := b.Mul(z, z)
	for _, k := range []int{1, 0} {
		d := r.difference(p, k)
		b.FMATo(r2, d, d)
	}
	r2 = b.Max(b.Const(0x1p-40), r2)
	if r.scalar != nil {
		b.Set(r.nextR2, r2)
	}
	b.Set(r.next2, b.Div(b.Const(1), r2))
}

// follow is the second.
func (r *groupRow) follow() {
	b := r.b
	b.Set(r.inverse2, r.next2)
	b.Set(r.inverse, b.Sqrt(r.next2))
	if r.scalar != nil {
		b.Set(r.r2, r.nextR2)
	}
}

// add is the third; mask, where it is valid, says which particles count.
func (r *groupRow) add(g group, mask vm.M) {
	b := r.b
	if r.scalar != nil {
		near := b.CmpLT(r.r2, r.scalar("range2"))
		if mask.Valid() {
			near = b.MaskAnd(mask, near)
		}
		mask = near
	}
	product := func(k int) vm.V {
		v := b.Mul(r.me[k](), r.you(g.p, k))
		if mask.Valid() {
			v = b.AndMask(mask, v)
		}
		return v
	}
	charge := product(3)
	coulomb := b.Mul(charge, r.inverse)
	var pull vm.V
	if r.scalar == nil {
		b.AddTo(r.sum[1], coulomb)
	} else {
		field := b.FMA(r.scalar("reaction"), r.r2, r.scalar("shift"))
		b.FMATo(r.sum[1], charge, b.Add(r.inverse, field))
		pull = b.Mul(charge, r.scalar("pull"))
	}
	epsilon := product(5)
	sigma := b.Add(r.me[4](), r.you(g.p, 4))
	sigma = b.Mul(sigma, sigma)
	power6 := func(inverse2 vm.V) vm.V {
		s := b.Mul(sigma, inverse2)
		return b.Mul(b.Mul(s, s), s)
	}
	s6 := power6(r.inverse2)
	below := b.Sub(s6, b.Const(1))
	var f vm.V
	if r.scalar == nil {
		repulsion := b.Mul(epsilon, s6)
		b.FMATo(r.sum[0], repulsion, below)
		f = b.Mul(b.FMA(repulsion, b.Add(s6, below), coulomb), r.inverse2)
	} else {
		c6 := power6(r.scalar("inverse2"))
		b.FMATo(r.sum[0], b.Mul(epsilon, b.Sub(s6, c6)), b.Add(below, c6))
		repulsion := b.Mul(epsilon, s6)
		f = b.FMA(b.FMA(repulsion, b.Add(s6, below), coulomb), r.inverse2, pull)
	}
	if b.T == vm.F32 {
		f = b.Min(b.Const(math.Ldexp(1, 127)), f)
	}
	for k := range 3 {
		t := b.Mul(r.difference(g.p, k), f)
		b.AddTo(r.sum[2+k], t)
		place := vm.At(g.gradient).Offset(k*groupBytes + r.offset)
		b.Store(place, b.Add(b.Load(place), t))
	}
}
