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
		Args:  bondedArgs(ptr("length", "stiffness")),
		Build: func(b *vm.Builder) { bondedTerms(b, 2, []string{"length", "stiffness"}, bond) },
	},
	{
		Name: "Angles", File: "bonded",
		Doc:   "adds angles' energies to u and gradients to grad; see kernels.Angles.",
		Args:  bondedArgs(ptr("theta", "stiffness")),
		Build: func(b *vm.Builder) { bondedTerms(b, 3, []string{"theta", "stiffness"}, angle) },
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
)

// bondedTerms adds the energies of a table's terms, of so many atoms each. term
// takes the places of its parameters, and moves those that are not of one number.
func bondedTerms(b *vm.Builder, size int, parameters []string, term func(b *replicas, e vm.V, p, q vm.I)) {
	eachReplica(b, []string{"u", "grad", "x"}, func(b *replicas) {
		e := b.Zero()
		p, q := b.Arg(parameters[0]), b.Arg(parameters[1])
		b.While(b.Arg("terms"), 1, func() {
			term(b, e, p, q)
			b.AdvanceConst(b.atoms, int64(8*size))
		})
		u := vm.At(b.Arg("u"))
		b.store(u, b.Add(b.load(u), e))
	})
}

// harmonic adds ½k·x² to e for an x away from its minimum at p, and is k·x.
func (b *replicas) harmonic(e, x vm.V, p, k vm.I) vm.V {
	d := b.Sub(x, b.Broadcast(vm.At(p)))
	w := b.Mul(b.Broadcast(vm.At(k)), d)
	b.FMATo(e, b.Mul(b.Const(0.5), w), d)
	b.AdvanceConst(p, int64(b.T.Bytes()))
	b.AdvanceConst(k, int64(b.T.Bytes()))
	return w
}

func bond(b *replicas, e vm.V, length, stiffness vm.I) {
	d := b.between(0, 1)
	r := b.Sqrt(b.atLeast(collision, collision, b.dot(d, d)))
	f := b.times(b.Div(b.harmonic(e, r, length, stiffness), r), d)
	ldg := rowsApart(b.Builder, "ldg")
	b.gradient(ldg, 0, b.Add, f)
	b.gradient(ldg, 1, b.Sub, f)
}

func angle(b *replicas, e vm.V, theta, stiffness vm.I) {
	middle := b.position(1)
	x, y := b.minus(b.position(0), middle), b.minus(b.position(2), middle)
	c := b.cross(x, y)
	s := b.Sqrt(b.atLeast(straight32, straight64, b.dot(c, c)))
	cos := b.dot(x, y)
	w := b.harmonic(e, halfPlane(b.Builder, s, magnitude(b.Builder, cos), cos), theta, stiffness)
	fx := b.Div(w, b.Mul(b.atLeast(collision, collision, b.dot(x, x)), s))
	fy := b.Div(w, b.Mul(b.atLeast(collision, collision, b.dot(y, y)), s))
	if b.few() {
		c = b.cross(x, y)
	}
	gx := b.times(fx, b.cross(x, c))
	gy := b.times(fy, b.cross(c, y))
	ldg := rowsApart(b.Builder, "ldg")
	b.gradient(ldg, 0, b.Add, gx)
	b.gradient(ldg, 1, b.Sub, b.plus(gx, gy))
	b.gradient(ldg, 2, b.Add, gy)
}

func torsion(b *replicas, e vm.V, harmonics, series vm.I) {
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
