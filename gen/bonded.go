package main

import (
	"math"

	"pushforward/gen/vm"
)

// bonded are the kernels of bonds, angles and torsions, replicas in lanes: for
// each vector of lanes the terms of a table, one after the other. Registers hold
// a term's vectors and the sum of energies; AVX2's 16 are few, so some vectors are
// computed twice there.
var bonded = []Kernel{
	{
		Name: "Bonds", File: "bonded",
		Doc:   "adds bonds' energies to u and gradients to grad; see kernels.Bonds.",
		Args:  bondedArgs(ptr("parameters")),
		Build: func(b *vm.Builder) { bondedTerms(b, 2, []string{"parameters"}, bond) },
	},
	{
		Name: "Angles", File: "bonded",
		Doc:   "adds angles' energies to u and gradients to grad; see kernels.Angles.",
		Args:  bondedArgs(ptr("parameters")),
		Build: func(b *vm.Builder) { bondedTerms(b, 3, []string{"parameters"}, angle) },
	},
	{
		Name: "Torsions", File: "bonded",
		Doc: "adds torsions' energies to u and gradients to grad; see kernels.Torsions." +
			"\nharmonics holds the number of pairs that follow each constant of series.",
		Args:  bondedArgs([]vm.Arg{{Name: "harmonics", Kind: vm.PtrInt}}, ptr("series")),
		Build: func(b *vm.Builder) { bondedTerms(b, 4, []string{"harmonics", "series"}, torsion) },
	},
	{
		Name: "TorsionAngles", File: "bonded",
		Doc: "computes the dihedral angles of quadruples of atoms; see kernels.TorsionAngles.",
		Args: args(ptr("phi"), count("ldp"), ptr("x"), count("ldx", "n"),
			[]vm.Arg{{Name: "atoms", Kind: vm.PtrInt}}, count("terms")),
		Build: torsionAngles,
	},
}

func bondedArgs(parameters ...[]vm.Arg) []vm.Arg {
	return args(ptr("u", "grad"), count("ldg"), ptr("x"), count("ldx", "n"),
		[]vm.Arg{{Name: "atoms", Kind: vm.PtrInt}}, args(parameters...), count("terms"))
}

// vector3 is a vector in space in every lane.
type vector3 [3]vm.V

// replicas works on a vector of lanes, one replica each.
type replicas struct {
	*vm.Builder
	whole bool // or only the lanes that are left
	ldx   [2]vm.I
	atoms vm.I // the indices of a term's atoms
}

// eachReplica calls body for every vector of the n lanes of panels, whose
// arguments are advanced.
func eachReplica(b *vm.Builder, panels []string, body func(r *replicas)) {
	again, rest, done := b.NewLabel("lanes"), b.NewLabel("rest"), b.NewLabel("done")
	b.Label(again)
	n := b.Arg("n")
	b.Branch(n, vm.LT, int64(b.Lanes), rest)
	b.SetArg("n", b.IntAddConst(n, int64(-b.Lanes)))
	body(&replicas{Builder: b, whole: true, ldx: rowsApart(b, "ldx"), atoms: b.Arg("atoms")})
	for _, name := range panels {
		b.SetArg(name, b.IntAddConst(b.Arg(name), int64(b.Bytes())))
	}
	b.Jump(again)
	b.Label(rest)
	b.Branch(b.Arg("n"), vm.LE, 0, done)
	body(&replicas{Builder: b, ldx: rowsApart(b, "ldx"), atoms: b.Arg("atoms")})
	b.Label(done)
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

// rows are the places of the coordinates of a term's atom k in a panel.
func (b *replicas) rows(panel string, ld [2]vm.I, k int) [3]vm.Addr {
	a := b.IntMul(b.IntLoad(vm.At(b.atoms).Offset(8*k)), b.IntAdd(ld[0], ld[1]))
	p := b.IntAdd(a, b.Arg(panel))
	return [3]vm.Addr{vm.At(p), vm.At(p, ld[0]), vm.At(p, ld[1])}
}

// position is that of a term's atom k.
func (b *replicas) position(k int) (r vector3) {
	for c, a := range b.rows("x", b.ldx, k) {
		r[c] = b.load(a)
	}
	return r
}

// between leads from a term's atom j to atom i.
func (b *replicas) between(i, j int) (r vector3) {
	to, from := b.rows("x", b.ldx, i), b.rows("x", b.ldx, j)
	for c := range r {
		r[c] = b.Sub(b.load(to[c]), b.load(from[c]))
	}
	return r
}

// gradient changes the gradient of a term's atom k by f.
func (b *replicas) gradient(ldg [2]vm.I, k int, change func(g, f vm.V) vm.V, f vector3) {
	for c, a := range b.rows("grad", ldg, k) {
		b.store(a, change(b.load(a), f[c]))
	}
}

// gradientTimes changes it by s·f, or -s·f, without rounding the product.
func (b *replicas) gradientTimes(ldg [2]vm.I, k int, change func(s, f, g vm.V) vm.V, s vm.V, f vector3) {
	for c, a := range b.rows("grad", ldg, k) {
		b.store(a, change(s, f[c], b.load(a)))
	}
}

func (b *replicas) each(f func(c int) vm.V) vector3 { return vector3{f(0), f(1), f(2)} }
func (b *replicas) plus(x, y vector3) vector3 {
	return b.each(func(c int) vm.V { return b.Add(x[c], y[c]) })
}
func (b *replicas) minus(x, y vector3) vector3 {
	return b.each(func(c int) vm.V { return b.Sub(x[c], y[c]) })
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

// atLeast is x, or the bound where that is greater.
func (b *replicas) atLeast(single, double float64, x vm.V) vm.V {
	if b.T == vm.F32 {
		double = single
	}
	return b.Max(b.Const(double), x)
}

const (
	collision              = 0x1p-40
	flat32, flat64         = 0x1p-60, 0x1p-200
	straight32, straight64 = 0x1p-100, 0x1p-200
	coarse                 = 0x1.8p-3
)

// bondedTerms adds the energies of a table's terms, of so many atoms each. term
// takes the places of its parameters, and moves them to the next term's.
func bondedTerms(b *vm.Builder, size int, parameters []string, term func(b *replicas, e vm.V, p []vm.I)) {
	eachReplica(b, []string{"u", "grad", "x"}, func(b *replicas) {
		e := b.Zero()
		var p []vm.I
		for _, name := range parameters {
			p = append(p, b.Arg(name))
		}
		b.While(b.Arg("terms"), 1, func() {
			term(b, e, p)
			b.AdvanceConst(b.atoms, int64(8*size))
		})
		u := vm.At(b.Arg("u"))
		b.store(u, b.Add(b.load(u), e))
	})
}

// parameters are a term's numbers; their place moves to the next term's.
func (b *replicas) parameters(at vm.I, count int) func(k int) vm.V {
	size := b.T.Bytes()
	b.AdvanceConst(at, int64(count*size))
	return func(k int) vm.V { return b.Broadcast(vm.At(at).Offset((k - count) * size)) }
}

// dotParts are high and low with high - coarse + low = x·y.
func (b *replicas) dotParts(x, y vector3) (high, low vm.V) {
	for c := range x {
		from := high
		if c == 0 {
			from = b.Const(coarse)
		}
		high = b.FMA(x[c], y[c], from)
		rest := b.FMA(x[c], y[c], b.Sub(from, high))
		if c == 0 {
			low = rest
		} else {
			low = b.Add(low, rest)
		}
	}
	return high, low
}

// halfInverse is about ½/x.
func (b *replicas) halfInverse(x vm.V) vm.V {
	if b.T == vm.F64 {
		return b.ISub(b.Bits(0x7fce6238502484ba), x)
	}
	return b.ISub(b.Bits(0x7e7311c7), x)
}

// betweenParts leads from a term's atom j to atom i, and has what rounding leaves.
func (b *replicas) betweenParts(i, j int) (d, rest vector3) {
	to, from := b.rows("x", b.ldx, i), b.rows("x", b.ldx, j)
	for c := range d {
		x, y := b.load(to[c]), b.load(from[c])
		d[c] = b.Sub(x, y)
		was := b.Add(d[c], y)
		rest[c] = b.Add(b.Sub(x, was), b.Sub(b.Sub(was, d[c]), y))
	}
	return d, rest
}

func bond(b *replicas, e vm.V, parameters []vm.I) {
	p := b.parameters(parameters[0], 5)
	d, rest := b.betweenParts(0, 1)
	more := b.dot(d, rest)
	high, low := b.dotParts(d, d)
	square := b.atLeast(collision, collision, b.Add(b.Sub(high, b.Const(coarse)), low))
	r := b.Sqrt(square)
	low = b.FMA(b.Const(2), more, b.Sub(low, p(2)))
	stretch := b.Div(b.Add(b.Sub(high, p(1)), low), b.FMA(r, p(0), square))
	f := b.Mul(p(3), stretch)
	stretch = b.Mul(stretch, r)
	b.FMATo(e, b.Mul(p(4), stretch), stretch)
	ldg := rowsApart(b.Builder, "ldg")
	b.gradientTimes(ldg, 0, b.FMA, f, d)
	b.gradientTimes(ldg, 1, b.FNMA, f, d)
}

func angle(b *replicas, e vm.V, parameters []vm.I) {
	p := b.parameters(parameters[0], 3)
	middle := b.position(1)
	x, y := b.minus(b.position(0), middle), b.minus(b.position(2), middle)
	high, low := b.dotParts(x, y)
	minus := b.Sub(b.Const(coarse), high)
	c := b.cross(x, y)
	s := b.Sqrt(b.atLeast(straight32, straight64, b.dot(c, c)))
	squareHigh, squareLow := b.dotParts(c, c)
	cot := p(0)
	scale := b.Mul(cot, b.halfInverse(s))
	rest := b.FMA(scale, squareLow, b.Sub(b.Mul(p(1), s), low))
	rest = b.FMA(scale, b.FNMA(s, s, b.Sub(squareHigh, b.Const(coarse))), rest)
	sin := b.Add(b.FMA(cot, s, minus), rest)
	cos := b.FMA(cot, b.Sub(low, minus), s)
	bend := b.bend(sin, cos)
	w := b.Mul(p(2), bend)
	b.FMATo(e, b.Mul(b.Const(0.5), w), bend)
	fx := b.Div(w, b.Mul(b.atLeast(collision, collision, b.dot(x, x)), s))
	fy := b.Div(w, b.Mul(b.atLeast(collision, collision, b.dot(y, y)), s))
	if b.few() {
		c = b.cross(x, y)
	}
	cx, cy := b.cross(x, c), b.cross(c, y)
	ldg := rowsApart(b.Builder, "ldg")
	b.gradientTimes(ldg, 0, b.FMA, fx, cx)
	b.gradient(ldg, 1, b.Sub, b.plusTimes(b.times(fy, cy), fx, cx))
	b.gradientTimes(ldg, 2, b.FMA, fy, cy)
}

// bend is the angle in [-π, π] of the point (cos, sin). All angles of a vector being
// small, as they mostly are, they need no more than arctan's polynomial.
func (b *replicas) bend(sin, cos vm.V) vm.V {
	wide, done := b.NewLabel("wide"), b.NewLabel("bent")
	size := magnitude(b.Builder, sin)
	bend := b.NewVector()
	b.BranchAny(b.CmpLE(b.Mul(b.Const(arctanEdge), cos), size), wide)
	b.Set(bend, arctan(b.Builder, b.Div(sin, cos)))
	b.Jump(done)
	b.Label(wide)
	b.Set(bend, b.Or(halfPlane(b.Builder, size, magnitude(b.Builder, cos), cos), signOf(b.Builder, sin)))
	b.Label(done)
	return bend
}

func torsion(b *replicas, e vm.V, parameters []vm.I) {
	harmonics, series := parameters[0], parameters[1]
	size := b.T.Bytes()
	b2, b3 := b.between(2, 1), b.between(3, 2)
	n := b.cross(b2, b3)
	b1 := b.between(1, 0)
	sin := b.dot(b1, n)
	m := b.cross(b1, b2)
	square := b.atLeast(collision, collision, b.dot(b2, b2))
	long := b.Sqrt(square)
	sin = b.Mul(long, sin)
	cos := b.dot(m, n)
	one := b.Const(1)
	inverse := b.Div(one, b.Sqrt(b.atLeast(flat32*flat32, flat64*flat64, b.FMA(cos, cos, b.Mul(sin, sin)))))
	cos, sin = b.Mul(cos, inverse), b.Mul(sin, inverse)
	m = b.times(b.Div(long, b.atLeast(flat32, flat64, b.dot(m, m))), m)
	n = b.times(b.Div(long, b.atLeast(flat32, flat64, b.dot(n, n))), n)

	b.AddTo(e, b.Broadcast(vm.At(series)))
	b.AdvanceConst(series, int64(size))
	slope, k := b.Zero(), b.Move(one)
	ck, sk := b.Move(cos), b.Move(sin)
	b.While(b.IntLoad(vm.At(harmonics)), 1, func() {
		bk := b.Broadcast(vm.At(series).Offset(size))
		b.FMATo(e, bk, sk)
		d := b.Mul(bk, ck)
		ak := b.Broadcast(vm.At(series))
		b.FMATo(e, ak, ck)
		b.FMATo(slope, k, b.FNMA(ak, sk, d))
		next := b.FNMA(sk, sin, b.Mul(ck, cos))
		b.Set(sk, b.FMA(sk, cos, b.Mul(ck, sin)))
		b.Set(ck, next)
		b.AddTo(k, one)
		b.AdvanceConst(series, int64(2*size))
	})
	b.AdvanceConst(harmonics, 8)

	m, n = b.times(slope, m), b.times(slope, n)
	if b.few() {
		b2 = b.between(2, 1)
		square = b.atLeast(collision, collision, b.dot(b2, b2))
		b1 = b.between(1, 0)
	}
	before := b.Div(b.dot(b1, b2), square)
	if b.few() {
		b3 = b.between(3, 2)
	}
	after := b.Div(b.dot(b3, b2), square)
	w := b.plusTimes(b.times(before, m), after, n)
	ldg := rowsApart(b.Builder, "ldg")
	b.gradient(ldg, 0, b.Sub, m)
	b.gradient(ldg, 1, b.Add, b.plus(m, w))
	b.gradient(ldg, 2, b.Sub, b.plus(n, w))
	b.gradient(ldg, 3, b.Add, n)
}

func torsionAngles(b *vm.Builder) {
	eachReplica(b, []string{"phi", "x"}, func(b *replicas) {
		phi, ldp := b.Arg("phi"), b.Elements(b.Arg("ldp"))
		b.While(b.Arg("terms"), 1, func() {
			b2, b3 := b.between(2, 1), b.between(3, 2)
			n := b.cross(b2, b3)
			b1 := b.between(1, 0)
			sin := b.dot(b1, n)
			m := b.cross(b1, b2)
			angle := atan2(b.Builder, b.Mul(b.Sqrt(b.dot(b2, b2)), sin), b.dot(m, n))
			angle = b.Select(b.CmpLE(angle, b.Const(-math.Pi)), b.Const(math.Pi), angle)
			b.store(vm.At(phi), angle)
			b.Advance(phi, ldp)
			b.AdvanceConst(b.atoms, 32)
		})
	})
}
