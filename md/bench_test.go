package md

import (
	"context"
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
