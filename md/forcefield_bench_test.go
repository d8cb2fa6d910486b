package md_test

import (
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// benchmarkReplicas fill all lanes of every instruction set, several times.
const benchmarkReplicas = 256

// Energies and forces of independent configurations, on one thread.
func BenchmarkEnergiesAndForces(b *testing.B) {
	for name, solvent := range map[string]bool{"OBC": true, "vacuum": false} {
		b.Run("float32/"+name, func(b *testing.B) { benchmarkEnergies[float32](b, solvent) })
		b.Run("float64/"+name, func(b *testing.B) { benchmarkEnergies[float64](b, solvent) })
	}
}

func benchmarkEnergies[T kernels.Float](b *testing.B, solvent bool) {
	s, x := molecules.AlanineDipeptide()
	if !solvent {
		s = vacuum(s)
	}
	f := field[T](b, s)
	const n = benchmarkReplicas // a power of two, as users have it
	const ld = n
	panel := perturbed[T](x, ld, 0.003, 1)
	u, g := make([]T, n), make([]T, 66*ld)
	isatest.EachBenchmark(b, func(b *testing.B, _ kernels.ISA) {
		for b.Loop() {
			f.EnergiesAndGradients(u, g, ld, panel, ld, n)
		}
		perSecond := float64(n*b.N) / b.Elapsed().Seconds()
		b.ReportMetric(perSecond/1e6, "M/s")
		b.ReportMetric(1e9/perSecond, "ns/configuration")
	})
}

// Langevin dynamics at 2 fs with bonds to hydrogen constrained, on one thread.
func BenchmarkDynamics(b *testing.B) {
	b.Run("float32", benchmarkDynamics[float32])
	b.Run("float64", benchmarkDynamics[float64])
}

func benchmarkDynamics[T kernels.Float](b *testing.B) {
	s, minimum := molecules.AlanineDipeptide()
	s.ConstrainHydrogens()
	const n, steps, dt = benchmarkReplicas, 20, 0.002
	var x []T
	for range n {
		x = append(x, converted[T](minimum)...)
	}
	isatest.EachBenchmark(b, func(b *testing.B, _ kernels.ISA) {
		sim, err := md.NewSimulation(field[T](b, s), x, md.Options{
			Dt: dt, Beta: md.InverseTemperature(300), Scheme: md.LangevinMiddle, Friction: 1,
			Masses: s.Masses(), Constraints: s.Constraints, Recentre: 500, Threads: 1,
		})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := sim.Run(b.Context(), steps, nil); err != nil {
				b.Fatal(err)
			}
		}
		seconds := b.Elapsed().Seconds()
		b.ReportMetric(1e-3*dt*steps*n*float64(b.N)/seconds*86400, "ns/day")
		b.ReportMetric(1e9*seconds/float64(steps*n*b.N), "ns/step")
	})
}
