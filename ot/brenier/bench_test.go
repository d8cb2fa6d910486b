package brenier

import (
	"fmt"
	"testing"
)

// densities are a problem of each kind on n × n cells.
func densities(kind string, n int) (g Grid, mu, nu []float64) {
	g = Box(n, n, 1, 1)
	switch kind {
	case "gaussians":
		return g, gaussian(g, 0.39, 0.46, 0.046, 0.046), gaussian(g, 0.41, 0.57, 0.05, 0.05)
	case "splitting":
		return g, gaussian(g, 0.5, 0.5, 0.1, 0.1), twoBumps(g)
	case "torus":
		g = Torus(n, n, 1, 1)
		return g, waves(g, 0), waves(g, 0.3)
	}
	panic(kind)
}

// prepared is a solver on n × n cells that starts where the coarser grids lead.
func prepared(tb testing.TB, kind string, n int) (s *solver, phi []float64) {
	g, mu, nu := densities(kind, n)
	c, _ := g.coarser()
	set := settings{ctx: tb.Context(), iterations: 50, tolerance: 1e-6}
	from, _, err := set.run(c, restrict(c, g, mu), restrict(c, g, nu), team{1})
	if err != nil {
		tb.Fatal(err)
	}
	return newSolver(g, mu, nu, team{1}), prolong(g, c, from.phi)
}

// BenchmarkIteration times the first iteration on the finest grid, both
// halves and the transform before them, on one thread.
func BenchmarkIteration(b *testing.B) {
	for _, kind := range []string{"gaussians", "splitting", "torus"} {
		b.Run(kind+"/512x512", func(b *testing.B) {
			s, phi := prepared(b, kind, 512)
			for b.Loop() {
				s.damping = startDamping
				s.start(phi)
				s.iterate()
			}
		})
	}
}

func BenchmarkBackAndForth(b *testing.B) {
	for _, kind := range []string{"gaussians", "splitting", "torus"} {
		for _, n := range []int{128, 512} {
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/%dx%d/threads=%d", kind, n, n, threads), func(b *testing.B) {
					g, mu, nu := densities(kind, n)
					for b.Loop() {
						r := run(b, g, mu, nu, WithThreads(threads))
						b.ReportMetric(float64(r.Iterations), "iterations")
					}
				})
			}
		}
	}
}

// BenchmarkParts times what an iteration is made of, on one thread.
func BenchmarkParts(b *testing.B) {
	s, phi := prepared(b, "splitting", 512)
	s.start(phi)
	s.iterate()
	b.Run("transform", func(b *testing.B) {
		for b.Loop() {
			s.c.apply(s.psi, s.phi)
		}
	})
	b.Run("push", func(b *testing.B) {
		for b.Loop() {
			s.push.apply(s.mu, s.psi, 1, func(k int, m float64) { s.residual[k] = s.nu[k] - m })
		}
	})
	b.Run("weigh", func(b *testing.B) {
		for b.Loop() {
			s.poisson.weigh(s.weight)
		}
	})
	b.Run("poisson", func(b *testing.B) {
		for b.Loop() {
			s.poisson.solve(s.step, s.residual)
		}
	})
}
