package md_test

import (
	"math"
	"testing"

	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// bornParameters are those of a molecule's solvent.
func bornParameters(s *md.System) *kernels.BornParameters {
	v := s.Solvent
	p := &kernels.BornParameters{
		Offset: v.Offset, Alpha: v.Alpha, Beta: v.Beta, Gamma: v.Gamma,
		Strength:       md.CoulombConstant * (1/v.SoluteDielectric - 1/v.SolventDielectric),
		SurfaceTension: v.SurfaceTension, ProbeRadius: v.ProbeRadius,
	}
	for _, a := range s.Atoms {
		p.Radius = append(p.Radius, a.BornRadius)
		p.Scale = append(p.Scale, a.BornScale)
		p.Charge = append(p.Charge, a.Charge)
	}
	return p
}

func TestGeneralizedBornIsThatOfOpenMM(t *testing.T) {
	s, _ := molecules.AlanineDipeptide()
	for _, c := range []struct {
		name   string
		change func(p *kernels.BornParameters)
	}{
		{"gb", func(p *kernels.BornParameters) { p.SurfaceTension = 0 }},
		{"sa", func(p *kernels.BornParameters) { p.Strength = 0 }},
		{"gb sa", func(p *kernels.BornParameters) {}},
	} {
		p := bornParameters(s)
		c.change(p)
		testTerm(t, bornTerm[float64](c.name, p), bornTerm[float32](c.name, p))
	}
}

func bornTerm[T kernels.Float](name string, p *kernels.BornParameters) bondedTerm[T] {
	var table kernels.BornTable[T]
	table.Set(p)
	return bondedTerm[T]{name, func(u, g, x []T, n int) {
		kernels.Born(u, g, n, x, n, n, &table, make([]T, table.Scratch()))
	}}
}

func TestBornRadiiAreThoseOfOpenMM(t *testing.T) {
	s, _ := molecules.AlanineDipeptide()
	c := openConfigurations(t)
	want := c.array(t, "born_radii").Data
	x, n := lanes[float64](c)
	atoms := len(s.Atoms)
	var table kernels.BornTable[float64]
	table.Set(bornParameters(s))
	b := make([]float64, atoms*n)
	kernels.BornRadii(b, n, x, n, n, &table, make([]float64, table.Scratch()))
	off := 0.0
	for i := range n {
		for a := range atoms {
			off = max(off, math.Abs(b[a*n+i]/want[i*atoms+a]-1))
		}
	}
	t.Logf("Born radii deviate by %.1e", off)
	if !(off <= 1e-11) {
		t.Errorf("Born radii deviate by %g", off)
	}
}
