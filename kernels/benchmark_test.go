package kernels_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pushforward/internal/isatest"
	"pushforward/internal/peak"
	"pushforward/kernels"
)

// measure runs call on each instruction set and reports a rate or a time of its
// own beside ns/op: the work of one call comes in flops, bytes or elements. They
// come from the median call, and peaks are measured in between, so that other
// programs on the machine disturb them little. "%peak-p90" is what one call in ten
// reaches or exceeds: the kernel by itself, where a neighbour on the same core
// takes half of its time (a loop on registers hardly feels such a neighbour).
func measure(b *testing.B, name string, work float64, unit string, call func()) {
	b.Run(name, func(b *testing.B) {
		isatest.EachBenchmark(b, func(b *testing.B, isa kernels.ISA) {
			var times, peaks []float64
			start := time.Now()
			call()
			repeat := 1 + int(5*time.Microsecond/(time.Since(start)+1)) // the timer takes 50 ns itself
			for b.Loop() {
				start := time.Now()
				for range repeat {
					call()
				}
				times = append(times, float64(time.Since(start).Nanoseconds())/float64(repeat))
				if unit == "flop" && len(times)%32 == 1 {
					peaks = append(peaks, peakOf(name, isa))
				}
			}
			ns := median(times)
			b.ReportMetric(ns, "ns/op")
			switch unit {
			case "flop":
				b.ReportMetric(work/ns, "GFLOP/s")
				if p := median(peaks); p > 0 {
					b.ReportMetric(100*work/ns/p, "%peak")
					b.ReportMetric(100*work/times[len(times)/10]/p, "%peak-p90") // median has sorted them
				}
			case "byte":
				b.ReportMetric(work/ns, "GB/s")
			case "number":
				b.ReportMetric(ns/work, "ns/number")
			case "element":
				b.ReportMetric(16*ns/work, "ns/16")
				b.ReportMetric(16*ns/work*clock(), "cycles/16")
			}
		})
	})
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// peakOf is the rate of FMAs that the core reaches now, in the type that ends the
// benchmark's name: a kernel's speed means something beside it alone.
func peakOf(name string, isa kernels.ISA) float64 {
	if strings.HasSuffix(name, "float32") {
		return peak.Flops[float32](isa)
	}
	return peak.Flops[float64](isa)
}

var chain uint64 = 3

// clock is the core's frequency in GHz, now: by products that wait for each
// other, 3 cycles each on today's amd64 and arm64 cores.
func clock() float64 {
	best := time.Duration(1 << 62)
	x := chain
	for range 5 {
		start := time.Now()
		for range 10000 {
			x *= x
			x *= x
			x *= x
			x *= x
		}
		best = min(best, time.Since(start))
	}
	chain = x
	return 4 * 3 * 10000 / float64(best.Nanoseconds())
}

func numbers[T kernels.Float](n int) []T {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}

const (
	short = 4096 // elements that fit the first-level cache
	tile  = 64   // samples in a panel, as flows use it
)

func benchmarkElementwise[T kernels.Float](b *testing.B, name string, f func(dst, x []T)) {
	x, dst := numbers[T](short), make([]T, short)
	measure(b, name, short, "element", func() { f(dst, x) })
}

func BenchmarkExp(b *testing.B) {
	benchmarkElementwise(b, "float32", kernels.Exp[float32])
	benchmarkElementwise(b, "float64", kernels.Exp[float64])
}

func BenchmarkLog(b *testing.B) {
	benchmarkElementwise(b, "float32", func(dst, x []float32) { kernels.Log(dst, x) })
	benchmarkElementwise(b, "float64", func(dst, x []float64) { kernels.Log(dst, x) })
}

func BenchmarkTanh(b *testing.B) {
	benchmarkElementwise(b, "float32", kernels.Tanh[float32])
	benchmarkElementwise(b, "float64", kernels.Tanh[float64])
}

func BenchmarkSinCos(b *testing.B) {
	c32, c64 := make([]float32, short), make([]float64, short)
	benchmarkElementwise(b, "float32", func(dst, x []float32) { kernels.SinCos(dst, c32, x) })
	benchmarkElementwise(b, "float64", func(dst, x []float64) { kernels.SinCos(dst, c64, x) })
}

func BenchmarkActivate(b *testing.B) {
	for a := kernels.ReLU; a <= kernels.SiLU; a++ {
		benchmarkElementwise(b, a.String()+"/float32", func(dst, x []float32) { kernels.Activate(a, dst, x) })
		benchmarkElementwise(b, a.String()+"/float64", func(dst, x []float64) { kernels.Activate(a, dst, x) })
	}
}

func BenchmarkActivateBackward(b *testing.B) {
	for a := kernels.ReLU; a <= kernels.SiLU; a++ {
		benchmarkElementwise(b, a.String()+"/float32", func(dst, x []float32) { kernels.ActivateBackward(a, dst, x, x) })
		benchmarkElementwise(b, a.String()+"/float64", func(dst, x []float64) { kernels.ActivateBackward(a, dst, x, x) })
	}
}

func BenchmarkMulAdd(b *testing.B) {
	x, y := numbers[float32](short), numbers[float64](short)
	measure(b, "float32", 16*short, "byte", func() { kernels.MulAdd(x, x, x) })
	measure(b, "float64", 32*short, "byte", func() { kernels.MulAdd(y, y, y) })
}

func benchmarkRandom[T kernels.Float](b *testing.B, name string, f func(dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int)) {
	const n, d = 1024, 4
	dst := make([]T, n*d)
	measure(b, name, n*d, "number", func() { f(dst, n, 1, 2, 3, n, d) })
}

func BenchmarkUniforms(b *testing.B) {
	benchmarkRandom(b, "float32", kernels.Uniforms[float32])
	benchmarkRandom(b, "float64", kernels.Uniforms[float64])
}

func BenchmarkNormals(b *testing.B) {
	benchmarkRandom(b, "float32", kernels.Normals[float32])
	benchmarkRandom(b, "float64", kernels.Normals[float64])
}

func BenchmarkAdamW(b *testing.B) {
	benchmarkAdamW[float32](b, "float32", 28)
	benchmarkAdamW[float64](b, "float64", 56)
}

func benchmarkAdamW[T kernels.Float](b *testing.B, name string, bytes float64) {
	p, g, m, v := numbers[T](short), numbers[T](short), make([]T, short), make([]T, short)
	h := kernels.AdamWStep[T]{Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Correction1: 1, Correction2: 1, GradScale: 1}
	measure(b, name, bytes*short, "byte", func() { kernels.AdamW(p, g, m, v, h) })
}

func BenchmarkSumSquares(b *testing.B) {
	x, y := numbers[float32](short), numbers[float64](short)
	measure(b, "float32", 4*short, "byte", func() { kernels.SumSquares(x) })
	measure(b, "float64", 8*short, "byte", func() { kernels.SumSquares(y) })
}

func BenchmarkRowSums(b *testing.B) {
	x, y := numbers[float32](128*tile), numbers[float64](128*tile)
	d, e := make([]float32, 128), make([]float64, 128)
	measure(b, "128x64/float32", 4*128*tile, "byte", func() { kernels.RowSums(d, x, tile, 128, tile) })
	measure(b, "128x64/float64", 8*128*tile, "byte", func() { kernels.RowSums(e, y, tile, 128, tile) })
}

func BenchmarkSortColumns(b *testing.B) {
	for _, n := range []int{100, 1000, 1100, 10000} {
		benchmarkSortColumns[float32](b, "float32", n, 16)
		benchmarkSortColumns[float64](b, "float64", n, 8)
	}
}

func benchmarkSortColumns[T kernels.Float](b *testing.B, name string, n, cols int) {
	x, y := numbers[T](n*cols), make([]T, kernels.SortRows(n)*cols)
	measure(b, fmt.Sprintf("%dx%d/%s", n, cols, name), float64(n*cols), "element", func() {
		copy(y, x)
		kernels.SortColumns(y, cols, n, cols)
	})
}

func BenchmarkTranspose(b *testing.B) {
	for _, d := range []int{2, 66, 128} {
		benchmarkTranspose[float32](b, "float32", d, 8)
		benchmarkTranspose[float64](b, "float64", d, 16)
	}
}
