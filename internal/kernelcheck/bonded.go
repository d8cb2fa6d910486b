package kernelcheck

import (
	"math"

	"pushforward/kernels"
)

var bonded = table(
	entry("Atan2", atan2[float32], atan2[float64]),
	entry("Acos", acos[float32], acos[float64]),
	entry("Bonds", bonds[float32], bonds[float64]),
	entry("Angles", angles[float32], angles[float64]),
	entry("Torsions", torsions[float32], torsions[float64]),
	entry("TorsionAngles", torsionAngles[float32], torsionAngles[float64]),
)

func atan2[T kernels.Float](in *Input) func() {
	n := in.samples()
	x, y := vector[T](in, "x", n), vector[T](in, "y", n)
	if in.chance(4) { // angles next to multiples of π/4
		for i := range y {
			y[i] = x[i] * (1 + drawn[T](in, -60, -1))
		}
		in.keep()
	}
	dst, _ := like(in, "dst", x, n, 1, n)
	if in.chance(4) {
		dst = y
	}
	return func() { kernels.Atan2(dst, y, x) }
}

func acos[T kernels.Float](in *Input) func() {
	n := in.samples()
	x := vector[T](in, "x", n)
	if !in.chance(4) {
		for i := range x {
			x[i] = drawn[T](in, -1-in.below(30), -1)
			if in.chance(2) {
				x[i] = 1 - x[i]
			}
		}
		in.keep()
	}
	dst, _ := like(in, "dst", x, n, 1, n)
	return func() { kernels.Acos(dst, x) }
}

// chain draws replicas of a chain of atoms, bonds of about 0.1 nm; in one call of
// four some replicas have coinciding atoms, straight angles or wild coordinates.
func chain[T kernels.Float](in *Input, atoms, n int) (x []T, ldx int) {
	x, ldx = panel[T](in, "x", 3*atoms, n)
	wild := in.chance(4)
	base := make([]T, 3*atoms)
	for k := range base {
		if k >= 3 {
			base[k] = base[k-3]
		}
		base[k] += uniform[T](in, -0.1, 0.1)
	}
	for i := range n {
		for k, v := range base {
			x[k*ldx+i] = v + uniform[T](in, -0.01, 0.01)
		}
		if wild && atoms > 0 && in.chance(4) {
			spoil(in, x[i:], ldx, atoms)
		}
	}
	in.keep()
	return x, ldx
}

// spoil changes one replica.
func spoil[T kernels.Float](in *Input, x []T, ldx, atoms int) {
	a, b, c := in.below(atoms), in.below(atoms), in.below(atoms)
	switch in.below(5) {
	case 0:
		for k := range 3 {
			x[(3*b+k)*ldx] = x[(3*a+k)*ldx]
		}
	case 1: // all on a line
		for k := range 3 * atoms {
			x[k*ldx] = T(k/3) * 0.125
		}
	case 2: // three of them
		for k := range 3 {
			x[(3*b+k)*ldx] = 2*x[(3*a+k)*ldx] - x[(3*c+k)*ldx]
		}
	case 3: // one far away or very near
		for k := range 3 {
			x[(3*b+k)*ldx] = x[(3*a+k)*ldx] + drawn[T](in, -40, 60)
		}
	default:
		x[(3*a+in.below(3))*ldx] = special[T](in)
	}
}

func uniform[T kernels.Float](in *Input, low, high float64) T {
	return T(low + (high-low)*float64(in.word()>>11)*0x1p-53)
}

// tuples draws the atoms of so many terms: mostly different ones.
func tuples(in *Input, terms, size, atoms int) []int {
	list := grid[int](in, "atoms", 1, terms*size, terms*size)
	for k := range list {
		list[k] = in.below(atoms)
		if k%size > 0 && !in.chance(16) {
			list[k] = (list[k-1] + 1 + in.below(min(2, atoms))) % atoms
		}
	}
	in.keep()
	return list
}

// parameters draws a table's numbers between low and high.
func parameters[T kernels.Float](in *Input, name string, n int, low, high float64) []T {
	p := grid[T](in, name, 1, n, n)
	for i := range p {
		p[i] = uniform[T](in, low, high)
	}
	in.keep()
	return p
}

// bondedTerms draws the number of terms: seldom more than are summed at once.
func bondedTerms(in *Input) int {
	if in.chance(16) {
		return 60 + in.below(80)
	}
	return in.below(9)
}

// bondedSize draws the number of atoms, terms and replicas.
func bondedSize(in *Input) (atoms, terms, n int) {
	atoms, terms, n = 1+in.below(12), bondedTerms(in), in.short()
	if terms > 20 {
		n = min(n, 40)
	}
	return
}

func bonds[T kernels.Float](in *Input) func() {
	atoms, terms, n := bondedSize(in)
	list := make([]kernels.Bond, terms)
	at := tuples(in, terms, 2, atoms)
	for k := range list {
		list[k] = kernels.Bond{I: at[2*k], J: at[2*k+1], Length: uniform[float64](in, 0.1, 0.16), Stiffness: uniform[float64](in, 1e5, 4e5)}
	}
	in.keep()
	t := &kernels.BondTable[T]{}
	t.Set(list)
	x, ldx := chain[T](in, atoms, n)
	g, ldg := panel[T](in, "g", 3*atoms, n)
	u := vector[T](in, "u", n)
	return func() { kernels.Bonds(u, g, ldg, x, ldx, n, t) }
}

func angles[T kernels.Float](in *Input) func() {
	atoms, terms, n := bondedSize(in)
	list := make([]kernels.Angle, terms)
	at := tuples(in, terms, 3, atoms)
	for k := range list {
		theta := min(uniform[float64](in, 1.8, 3.2), math.Pi)
		list[k] = kernels.Angle{I: at[3*k], J: at[3*k+1], K: at[3*k+2], Theta: theta, Stiffness: uniform[float64](in, 200, 700)}
	}
	in.keep()
	t := &kernels.AngleTable[T]{}
	t.Set(list)
	x, ldx := chain[T](in, atoms, n)
	g, ldg := panel[T](in, "g", 3*atoms, n)
	u := vector[T](in, "u", n)
	return func() { kernels.Angles(u, g, ldg, x, ldx, n, t) }
}

func torsions[T kernels.Float](in *Input) func() {
	atoms, count, n := bondedSize(in)
	terms := grid[int](in, "terms", 1, count, count)
	size := 0
	for k := range terms {
		terms[k] = in.below(5)
		size += 1 + 2*terms[k]
	}
	in.keep()
	t := &kernels.TorsionTable[T]{
		Atoms:  tuples(in, count, 4, atoms),
		Terms:  terms,
		Series: parameters[T](in, "series", size, -10, 10),
	}
	x, ldx := chain[T](in, atoms, n)
	g, ldg := panel[T](in, "g", 3*atoms, n)
	u := vector[T](in, "u", n)
	return func() { kernels.Torsions(u, g, ldg, x, ldx, n, t) }
}

func torsionAngles[T kernels.Float](in *Input) func() {
	atoms, terms, n := bondedSize(in)
	list := tuples(in, terms, 4, atoms)
	x, ldx := chain[T](in, atoms, n)
	phi, ldp := panel[T](in, "phi", terms, n)
	return func() { kernels.TorsionAngles(phi, ldp, x, ldx, n, list) }
}
