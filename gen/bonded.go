package main

import "pushforward/gen/vm"

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
	inLine                 = 0x1p-16
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
		b.terms(size, func() { term(b, e, p) })
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
	x, y := b.between(0, 1), b.between(2, 1)
	high, low := b.dotParts(x, y)
	minus := b.Sub(b.Const(coarse), high)
	c := b.cross(x, y)
	square := b.dot(c, c)
	where := b.CmpLT(square, b.Const(inLine))
	b.rarely(where, func() {
		b.crossParts(c, where, b.edge(0, 1), b.edge(2, 1))
		b.Set(square, b.dot(c, c))
	})
	s := b.Sqrt(b.atLeast(straight32, straight64, square))
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
	if b.few() {
		x, y = b.between(0, 1), b.between(2, 1)
	}
	fx := b.Div(w, b.Mul(b.atLeast(collision, collision, b.dot(x, x)), s))
	fy := b.Div(w, b.Mul(b.atLeast(collision, collision, b.dot(y, y)), s))
	cx, cy := b.cross(x, c), b.cross(c, y)
	ldg := rowsApart(b.Builder, "ldg")
	b.gradientTimes(ldg, 0, b.FMA, fx, cx)
	b.gradient(ldg, 1, b.Sub, b.plusTimes(b.times(fy, cy), fx, cx))
	b.gradientTimes(ldg, 2, b.FMA, fy, cy)
}

// bend is the angle in [-π, π] of the point (cos, sin). All angles of a vector being
// small, as they mostly are, they need no more than arctan's polynomial.
func (b *replicas) bend(sin, cos vm.V) vm.V {
	size := magnitude(b.Builder, sin)
	bend := arctan(b.Builder, b.Div(sin, cos))
	b.rarely(b.CmpLE(b.Mul(b.Const(arctanEdge), cos), size), func() {
		b.Set(bend, b.Or(halfPlane(b.Builder, size, magnitude(b.Builder, cos), cos), signOf(b.Builder, sin)))
	})
	return bend
}
