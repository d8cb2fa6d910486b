package kernelcheck

import (
	"math"

	"pushforward/kernels"
)

var constraints = table(
	entry("Constrain", constrain[float32], constrain[float64]),
	entry("ConstrainVelocities", constrainVelocities[float32], constrainVelocities[float64]),
	entry("AddScaledRows", addScaledRows[float32], addScaledRows[float64]),
	entry("AddScaledDifferences", addScaledDifferences[float32], addScaledDifferences[float64]),
	entry("ThermalDrift", thermalDrift[float32], thermalDrift[float64]),
	entry("FiniteColumns", finiteColumns[float32], finiteColumns[float64]),
)

// constrained draws a molecule of some atoms in a chain with branches, or in
// rings; a table of its bonds; and positions z of its replicas where the bonds
// have their lengths or nearly so, wild ones now and then.
func constrained[T kernels.Float](in *Input, nameY, nameZ string, n int) (y, z []T, ld int, t *kernels.ConstraintTable[T]) {
	atoms := 1 + in.features(11)
	bonds := atoms - 1
	if in.chance(3) {
		bonds += in.below(3) // rings, which may be impossible
	}
	if atoms == 1 || in.chance(8) {
		bonds = 0
	}
	var drawn kernels.ConstraintTable[T]
	for k := range bonds {
		i := k%(atoms-1) + 1
		j := in.below(i)
		weight := []float64{1, 1. / 12, 1. / 16, 0.25, 0}
		w := weight[in.below(5)]
		drawn.Add(i, j, 0.09+float64(0.01*float64(in.below(7))), w, weight[in.below(4)])
	}
	// The arrays that the kernel reads, between their guards.
	t = &kernels.ConstraintTable[T]{Atoms: integers(in, "atoms", 2*bonds), Params: vector[T](in, "params", 3*bonds)}
	copy(t.Atoms, drawn.Atoms)
	copy(t.Params, drawn.Params)
	y, ld = panel[T](in, nameY, 3*atoms, n)
	z = second[T](in, nameZ, 3*atoms, n, ld)
	if n == 0 || in.chance(6) {
		return y, z, ld, t // any numbers
	}
	wild := in.chance(4)
	for lane := range n {
		for a := range atoms {
			var u [3]float64
			length := 0.0
			for c := range 3 {
				u[c] = in.uniform() - 0.5
				length += float64(u[c] * u[c]) // as on every machine
			}
			from, d := 0, 0.5
			for k := range bonds {
				if t.Atoms[2*k] == a && t.Atoms[2*k+1] < a {
					from, d = t.Atoms[2*k+1], math.Sqrt(float64(t.Params[3*k]))
					break
				}
			}
			for c := range 3 {
				at := T(d * u[c] / math.Sqrt(length+1e-9))
				if a > 0 {
					at += z[(3*from+c)*ld+lane]
				}
				z[(3*a+c)*ld+lane] = at
				if wild && in.word()%64 == 0 {
					z[(3*a+c)*ld+lane] = special[T](in)
				}
			}
		}
	}
	return y, z, ld, t
}

// uniform draws a number in [0, 1).
func (in *Input) uniform() float64 { return float64(in.word()>>11) * 0x1p-53 }

func constrain[T kernels.Float](in *Input) func() {
	n := in.short()
	x, before, ld, t := constrained[T](in, "x", "before", n)
	sweeps := vector[T](in, "sweeps", n)
	limit, tolerance := in.below(70), constraintTolerance[T](in)
	if !in.chance(6) {
		far := math.Ldexp(1, -in.below(30))
		for i := range x {
			if ld > 0 && i%ld < n {
				x[i] = before[i] + T(far*(in.uniform()-0.5))
			}
		}
	}
	return func() { kernels.Constrain(x, before, ld, n, t, tolerance, limit, sweeps) }
}

func constrainVelocities[T kernels.Float](in *Input) func() {
	n := in.short()
	v, x, ld, t := constrained[T](in, "v", "x", n)
	sweeps := vector[T](in, "sweeps", n)
	limit, tolerance := in.below(70), 1000*constraintTolerance[T](in)
	return func() { kernels.ConstrainVelocities(v, x, ld, n, t, tolerance, limit, sweeps) }
}

func constraintTolerance[T kernels.Float](in *Input) T {
	t := []T{4e-6, 1e-4, 0, 1e-10}
	if size[T]() == 8 {
		t[0] = 2e-10
	}
	return t[min(in.below(8), 3)*in.below(2)]
}

func addScaledRows[T kernels.Float](in *Input) func() {
	rows, n := in.features(12), in.samples()
	s := vector[T](in, "s", rows)
	y, ldy := panel[T](in, "y", rows, n)
	x, ldx := like(in, "x", y, ldy, rows, n)
	return func() { kernels.AddScaledRows(y, ldy, x, ldx, s, n) }
}

func addScaledDifferences[T kernels.Float](in *Input) func() {
	rows, n := in.features(12), in.samples()
	s := vector[T](in, "s", 1)
	v, ld := panel[T](in, "v", rows, n)
	x, y := second[T](in, "x", rows, n, ld), second[T](in, "y", rows, n, ld)
	return func() { kernels.AddScaledDifferences(v, x, y, ld, s[0], rows, n) }
}

func thermalDrift[T kernels.Float](in *Input) func() {
	rows, n := in.features(12), in.samples()
	noise, factors := vector[T](in, "noise", rows), vector[T](in, "factors", 2)
	x, ld := panel[T](in, "x", rows, n)
	v, xi, y := second[T](in, "v", rows, n, ld), second[T](in, "xi", rows, n, ld), x
	if !in.chance(3) {
		y = second[T](in, "y", rows, n, ld)
	}
	return func() { kernels.ThermalDrift(y, x, v, xi, ld, factors[0], factors[1], noise, n) }
}

func finiteColumns[T kernels.Float](in *Input) func() {
	rows, n := in.features(12), in.samples()
	x, ld := panel[T](in, "x", rows, n)
	dst := vector[T](in, "dst", n)
	return func() { kernels.FiniteColumns(dst, x, ld, rows) }
}
