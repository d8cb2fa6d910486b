package flow

import (
	"fmt"
	"runtime"
	"testing"

	"pushforward/kernels"
)

// The flows whose speed is a goal.
var (
	doubleWell = RealNVP(2, 6, Masked, 128)      // 7,704 parameters
	dihedral   = RealNVP(2, 6, Split, 64)        // 2,316
	molecule   = RealNVP(66, 6, Split, 128, 128) // 33 → 128 → 128 → 33
	benchFlows = []struct {
		name string
		arch Architecture
	}{{"7704", doubleWell}, {"2316", dihedral}, {"66d", molecule}}
)

// reportRates reports samples a second, and GFLOP/s of the nets' multiply-adds.
func reportRates(b *testing.B, a Architecture, n int, passes float64) {
	perSample := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(n)
	b.ReportMetric(1e3/perSample, "Msamples/s")
	b.ReportMetric(passes*flops(a)/perSample, "GFLOP/s")
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(perSample, "ns/sample")
}

// flops counts the floating-point operations of the nets' products for one sample.
func flops(a Architecture) float64 {
	total := 0
	for _, mask := range a.Masks {
		in, db := mask.count()
		for _, width := range append(a.Hidden, db) {
			total += 4 * in * width
			in = width
		}
	}
	return float64(total)
}

func eachThreads(b *testing.B, run func(b *testing.B, threads int)) {
	for t := 1; t <= min(2, runtime.GOMAXPROCS(0)); t++ {
		b.Run(fmt.Sprintf("threads=%d", t), func(b *testing.B) { run(b, t) })
	}
}

func BenchmarkForwardWithLogDet(b *testing.B) {
	for _, c := range benchFlows {
		for _, n := range []int{512, 10000} {
			b.Run(fmt.Sprintf("%s/n=%d", c.name, n), func(b *testing.B) {
				eachThreads(b, func(b *testing.B, threads int) {
					f := testFlow[float32](b, c.arch, 1, 0.5)
					f.SetThreads(threads)
					z := normals[float32](n, c.arch.Dim, 1)
					x, logDet := make([]float32, len(z)), make([]float64, n)
					b.ReportAllocs()
					for b.Loop() {
						f.Forward(x, logDet, z)
					}
					reportRates(b, c.arch, n, 1)
				})
			})
		}
	}
}

func BenchmarkForwardWithLogDet64(b *testing.B) {
	f := testFlow[float64](b, doubleWell, 1, 0.5)
	f.SetThreads(1)
	const n = 10000
	z := normals[float64](n, 2, 1)
	x, logDet := make([]float64, len(z)), make([]float64, n)
	for b.Loop() {
		f.Forward(x, logDet, z)
	}
	reportRates(b, doubleWell, n, 1)
}

func BenchmarkSample(b *testing.B) {
	const n = 10000
	for _, c := range benchFlows {
		b.Run(c.name, func(b *testing.B) {
			eachThreads(b, func(b *testing.B, threads int) {
				f := testFlow[float32](b, c.arch, 1, 0.5)
				f.SetThreads(threads)
				x := make([]float32, n*c.arch.Dim)
				b.ReportAllocs()
				for b.Loop() {
					f.Sample(x, 1, 0)
				}
				reportRates(b, c.arch, n, 1)
			})
		})
	}
}

func BenchmarkLogProb(b *testing.B) {
	const n = 10000
	for _, c := range benchFlows {
		b.Run(c.name, func(b *testing.B) {
			f := testFlow[float32](b, c.arch, 1, 0.5)
			f.SetThreads(1)
			x, logProb := normals[float32](n, c.arch.Dim, 1), make([]float64, n)
			for b.Loop() {
				f.LogProb(logProb, x)
			}
			reportRates(b, c.arch, n, 1)
		})
	}
}

func BenchmarkOneSampleAlone(b *testing.B) {
	for _, c := range benchFlows {
		b.Run(c.name, func(b *testing.B) {
			f := testFlow[float32](b, c.arch, 1, 0.5)
			z := normals[float32](1, c.arch.Dim, 1)
			x, logDet := make([]float32, len(z)), make([]float64, 1)
			b.ReportAllocs()
			for b.Loop() {
				f.Forward(x, logDet, z)
			}
		})
	}
}

func BenchmarkTrainingStep(b *testing.B) {
	for _, c := range benchFlows {
		for _, batch := range []int{256, 1024} {
			b.Run(fmt.Sprintf("%s/batch=%d", c.name, batch), func(b *testing.B) {
				eachThreads(b, func(b *testing.B, threads int) {
					benchTraining[float32](b, c.arch, batch, threads)
				})
			})
		}
	}
}

func BenchmarkTrainingStep64(b *testing.B) { benchTraining[float64](b, doubleWell, 1024, 1) }

func benchTraining[T kernels.Float](b *testing.B, a Architecture, batch, threads int) {
	f := testFlow[T](b, a, 1, 0.5)
	f.SetThreads(threads)
	t, err := NewTrainer(f, normals[T](1<<14, a.Dim, 1), TrainConfig{Steps: 1 << 30, Every: 1 << 30, Batch: batch, Optimizer: AdamW{Rate: 1e-6}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := t.Step(); err != nil {
			b.Fatal(err)
		}
	}
	perStep := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(3*flops(a)*float64(batch)/perStep, "GFLOP/s")
}
