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

func TestGeneralizedBornAgreesWithOpenMM(t *testing.T) {
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
		var double kernels.BornTable[float64]
		var single kernels.BornTable[float32]
		double.Set(p)
		single.Set(p)
		testTerm(t, c.name, func(u, g, x []float64, n int) {
			kernels.Born(u, g, n, x, n, n, &double, make([]float64, double.Scratch()))
		}, func(u, g, x []float32, n int) {
			kernels.Born(u, g, n, x, n, n, &single, make([]float32, single.Scratch()))
		})
	}
}

func TestBornRadiiAgreeWithOpenMM(t *testing.T) {
	const n, atoms = 100, 22
	s, _ := molecules.AlanineDipeptide()
	c := openConfigurations(t)
	positions, want := c.read("positions"), c.read("born_radii")
	var table kernels.BornTable[float64]
	table.Set(bornParameters(s))
	b := make([]float64, atoms*n)
	kernels.BornRadii(b, n, lanes[float64](positions, n), n, n, &table, make([]float64, table.Scratch()))
	off := 0.0
	for i := range n {
		for a := range atoms {
			off = worse(off, math.Abs(b[a*n+i]/want[i*atoms+a]-1))
		}
	}
	t.Logf("Born radii deviate by %.1e", off)
	if !(off <= 1e-11) {
		t.Errorf("Born radii deviate by %g", off)
	}
}
