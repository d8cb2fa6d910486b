package kernelcheck

import "pushforward/kernels"

var born = table(
	entry("Born", generalizedBorn[float32], generalizedBorn[float64]),
	entry("BornRadii", bornRadii[float32], bornRadii[float64]),
)

func generalizedBorn[T kernels.Float](in *Input) func() {
	t, atoms, n := solvent[T](in)
	x, ldx := molecules[T](in, atoms, n)
	g, ldg := panel[T](in, "g", 3*atoms, n)
	u := vector[T](in, "u", n)
	work := scratch[T](in, t.Scratch())
	return func() { kernels.Born(u, g, ldg, x, ldx, n, t, work) }
}

func bornRadii[T kernels.Float](in *Input) func() {
	t, atoms, n := solvent[T](in)
	x, ldx := molecules[T](in, atoms, n)
	b, ldb := panel[T](in, "b", atoms, n)
	work := scratch[T](in, t.Scratch())
	return func() { kernels.BornRadii(b, ldb, x, ldx, n, t, work) }
}

// solvent draws a molecule with radii as in force fields.
func solvent[T kernels.Float](in *Input) (t *kernels.BornTable[T], atoms, n int) {
	atoms, n = in.features(14), in.short()
	p := &kernels.BornParameters{Offset: 0.009, Alpha: 1, Beta: 0.8, Gamma: 4.85, Strength: 137, SurfaceTension: 2.26, ProbeRadius: 0.14}
	for range atoms {
		p.Radius = append(p.Radius, in.between(0.1, 0.2))
		p.Scale = append(p.Scale, in.between(0.7, 0.9))
		p.Charge = append(p.Charge, in.between(-1, 1))
	}
	t = new(kernels.BornTable[T])
	t.Set(p)
	return t, atoms, n
}
