package md

import (
	"context"
	"math"
	"testing"

	"pushforward/kernels"
)

func benchmarkSteps[T kernels.Float](b *testing.B, scheme Scheme, replicas int) {
	const steps = 100
	s, err := NewSimulation(DoubleWell[T]{}, make([]T, 2*replicas), Options{Dt: 0.05, Beta: 1, Scheme: scheme, Threads: 1})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Run(context.Background(), steps, nil); err != nil {
			b.Fatal(err)
		}
	}
	perStep := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / steps / float64(replicas)
	b.ReportMetric(perStep, "ns/replica-step")
	b.ReportMetric(1e3/perStep, "Msteps/s")
}

func BenchmarkLangevin(b *testing.B) {
	b.Run("float32/euler-maruyama", func(b *testing.B) { benchmarkSteps[float32](b, EulerMaruyama, 1024) })
	b.Run("float64/euler-maruyama", func(b *testing.B) { benchmarkSteps[float64](b, EulerMaruyama, 1024) })
	b.Run("float32/leimkuhler-matthews", func(b *testing.B) { benchmarkSteps[float32](b, LeimkuhlerMatthews, 1024) })
	b.Run("float64/leimkuhler-matthews", func(b *testing.B) { benchmarkSteps[float64](b, LeimkuhlerMatthews, 1024) })
}

func BenchmarkDraw(b *testing.B) {
	law := newLaw(b, 1)
	x := make([]float32, 2*4096)
	for b.Loop() {
		Draw(law, x, 1, 0)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/sample")
}

func BenchmarkQuantile(b *testing.B) {
	law := newLaw(b, 1)
	p := 0.0
	for b.Loop() {
		p += 0.618033988749895
		if p >= 1 {
			p--
		}
		law.Quantile(0, p)
	}
}

// free is no potential at all: what is left of a step is the integrator.
type free[T kernels.Float] struct{ d int }

func (f free[T]) Dim() int                                { return f.d }
func (f free[T]) Energies(u, _ []T, _, n int)             { clear(u[:n]) }
func (f free[T]) Gradients(_ []T, _ int, _ []T, _, _ int) {}

// BenchmarkIntegrator has the atoms and constraints of alanine dipeptide.
func BenchmarkIntegrator(b *testing.B) {
	b.Run("float32", benchmarkIntegrator[float32])
	b.Run("float64", benchmarkIntegrator[float64])
}

func benchmarkIntegrator[T kernels.Float](b *testing.B) {
	const steps, replicas, atoms = 64, 256, 22
	o := Options{
		Dt: 2e-3, Beta: InverseTemperature(300), Scheme: LangevinMiddle, Friction: 91,
		Threads: 1, Tolerance: 1e-5, // nothing holds the atoms together
	}
	one := make([]T, 3*atoms)
	for a := range atoms {
		o.Masses = append(o.Masses, 12)
		one[3*a] = T(a) * 0.1
	}
	for k := range 12 { // three methyls and three single bonds
		carbon := 4 * min(k/3, 3)
		if k >= 9 {
			carbon = 12 + 2*(k-9)
		}
		h := carbon + 1 + k%3
		if k >= 9 {
			h = carbon + 1
		}
		o.Masses[h] = 1
		o.Constraints = append(o.Constraints, Constraint{carbon, h, 0.109})
		turn := 2 * math.Pi / 3 * float64(h%3)
		for c, u := range [3]float64{0.0363, 0.1028 * math.Cos(turn), 0.1028 * math.Sin(turn)} {
			one[3*h+c] = one[3*carbon+c] + T(u)
		}
	}
	var x0 []T
	for range replicas {
		x0 = append(x0, one...)
	}
	s, err := NewSimulation(free[T]{3 * atoms}, x0, o)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Run(context.Background(), steps, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steps/replicas, "ns/replica-step")
}
