package main

import "pushforward/gen/vm"

// vector3 is a vector in space in every lane.
type vector3 [3]vm.V

// replicas works on a vector of lanes, one replica each.
type replicas struct {
	*vm.Builder
	whole bool // or only the lanes that are left
	ldx   [2]vm.I
	atoms vm.I   // the indices of a term's atoms
	x     []vm.I // where the atoms are
	rare  []func()
}

// eachReplica calls body for every vector of the n lanes of panels, whose
// arguments are advanced.
func eachReplica(b *vm.Builder, panels []string, body func(r *replicas)) {
	again, rest, done := b.NewLabel("lanes"), b.NewLabel("rest"), b.NewLabel("done")
	b.Label(again)
	n := b.Arg("n")
	b.Branch(n, vm.LT, int64(b.Lanes), rest)
	b.SetArg("n", b.IntAddConst(n, int64(-b.Lanes)))
	r := &replicas{Builder: b, whole: true, ldx: rowsApart(b, "ldx"), atoms: b.Arg("atoms")}
	body(r)
	for _, name := range panels {
		b.SetArg(name, b.IntAddConst(b.Arg(name), int64(b.Bytes())))
	}
	b.Jump(again)
	r.emitRare()
	b.Label(rest)
	b.Branch(b.Arg("n"), vm.LE, 0, done)
	r = &replicas{Builder: b, ldx: rowsApart(b, "ldx"), atoms: b.Arg("atoms")}
	body(r)
	b.Jump(done)
	r.emitRare()
	b.Label(done)
}

// rarely does something where a mask says so for any lane. It is out of the way of
// what is done for all.
func (b *replicas) rarely(any vm.M, do func()) {
	rare, back := b.NewLabel("rare"), b.NewLabel("back")
	b.BranchAny(any, rare)
	b.Label(back)
	b.rare = append(b.rare, func() {
		b.Label(rare)
		do()
		b.Jump(back)
	})
}

func (b *replicas) emitRare() {
	for _, emit := range b.rare {
		emit()
	}
}

// rowsApart is one row and two rows in bytes.
func rowsApart(b *vm.Builder, name string) [2]vm.I {
	ld := b.Elements(b.Arg(name))
	return [2]vm.I{ld, b.IntAdd(ld, ld)}
}

func (b *replicas) load(a vm.Addr) vm.V {
	if b.whole {
		return b.Load(a)
	}
	return b.LoadTail(a, b.Tail(b.Arg("n")))
}

func (b *replicas) store(a vm.Addr, v vm.V) {
	if b.whole {
		b.Store(a, v)
	} else {
		b.StoreTail(a, v, b.Tail(b.Arg("n")))
	}
}

// terms does something for each term of so many atoms.
func (b *replicas) terms(size int, do func()) {
	b.While(b.Arg("terms"), 1, func() {
		b.x = make([]vm.I, size)
		for k := range b.x {
			b.x[k] = b.atom("x", b.ldx, k)
		}
		do()
		b.AdvanceConst(b.atoms, int64(8*size))
	})
}

// atom is the place of a term's atom k in a panel.
func (b *replicas) atom(panel string, ld [2]vm.I, k int) vm.I {
	row := b.IntMul(b.IntLoad(vm.At(b.atoms).Offset(8*k)), b.IntAdd(ld[0], ld[1]))
	return b.IntAdd(row, b.Arg(panel))
}

// atomRows are the places of an atom's coordinates.
func atomRows(atom vm.I, ld [2]vm.I) [3]vm.Addr {
	return [3]vm.Addr{vm.At(atom), vm.At(atom, ld[0]), vm.At(atom, ld[1])}
}

// between leads from a term's atom j to atom i.
func (b *replicas) between(i, j int) vector3 {
	e := b.edge(i, j)
	return b.each(func(c int) vm.V { return b.along(e, c) })
}

// gradient changes the gradient of a term's atom k by f.
func (b *replicas) gradient(ldg [2]vm.I, k int, change func(g, f vm.V) vm.V, f vector3) {
	for c, a := range atomRows(b.atom("grad", ldg, k), ldg) {
		b.store(a, change(b.load(a), f[c]))
	}
}

// gradientTimes changes it by s·f, or -s·f, without rounding the product.
func (b *replicas) gradientTimes(ldg [2]vm.I, k int, change func(s, f, g vm.V) vm.V, s vm.V, f vector3) {
	for c, a := range atomRows(b.atom("grad", ldg, k), ldg) {
		b.store(a, change(s, f[c], b.load(a)))
	}
}

func (b *replicas) each(f func(c int) vm.V) vector3 { return vector3{f(0), f(1), f(2)} }
func (b *replicas) plus(x, y vector3) vector3 {
	return b.each(func(c int) vm.V { return b.Add(x[c], y[c]) })
}
func (b *replicas) times(s vm.V, x vector3) vector3 {
	return b.each(func(c int) vm.V { return b.Mul(s, x[c]) })
}
func (b *replicas) dot(x, y vector3) vm.V { return dot(b.Builder, x, y) }
func (b *replicas) plusTimes(y vector3, s vm.V, x vector3) vector3 {
	return b.each(func(c int) vm.V { return b.FMA(s, x[c], y[c]) })
}

// cross is x × y, the first product of each difference rounded.
func (b *replicas) cross(x, y vector3) vector3 {
	return b.each(func(c int) vm.V {
		d, e := (c+1)%3, (c+2)%3
		return b.FNMA(x[e], y[d], b.Mul(x[d], y[e]))
	})
}

// few: a term's vectors do not all fit in registers.
func (b *replicas) few() bool { return b.P.Machine.Vectors <= 16 }
