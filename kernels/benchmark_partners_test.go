package kernels_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// liquid draws n particles with about the density of atoms in water, in groups.
func liquid[T kernels.Float](n int) (p, g []T, groups int) {
	lanes := groupLanes[T]()
	groups = (n + lanes - 1) / lanes
	p, g = make([]T, groups*kernels.ParticleRows*lanes), make([]T, groups*3*lanes)
	r := rand.New(rand.NewPCG(1, 2))
	side := int(math.Ceil(math.Cbrt(float64(n))))
	for i := range n {
		place := p[i/lanes*kernels.ParticleRows*lanes+i%lanes:]
		for k, at := range []int{i % side, i / side % side, i / side / side} {
			place[k*lanes] = T(0.215 * (float64(at) + 0.2*r.Float64()))
		}
		place[3*lanes] = T(0.4 * math.Sqrt(138.935) * r.NormFloat64())
		place[4*lanes] = T(0.08 + 0.05*r.Float64())
		place[5*lanes] = T(math.Sqrt(24 * (0.1 + 0.5*r.Float64())))
	}
	return p, g, groups
}

func BenchmarkGroupPairs(b *testing.B) {
	for _, n := range []int{1000, 4000} {
		benchmarkGroupPairs[float32](b, fmt.Sprintf("n=%d/float32", n), n)
		benchmarkGroupPairs[float64](b, fmt.Sprintf("n=%d/float64", n), n)
	}
}

func benchmarkGroupPairs[T kernels.Float](b *testing.B, name string, n int) {
	p, g, groups := liquid[T](n)
	lanes := len(g) / groups / 3
	measurePairs[T](b, name, n*(n-1)/2, (n*groups-lanes*groups*(groups-1)/2)*lanes, func() {
		for own := range groups {
			kernels.GroupPairs(g, p, own, min(lanes, n-own*lanes), own, groups)
		}
	})
}

// One group with as many others as it has near it in a liquid cut at 0.9 nm.
func BenchmarkGroupPairsWithin(b *testing.B) {
	benchmarkGroupPairsWithin[float32](b, "float32", 28)
	benchmarkGroupPairsWithin[float64](b, "float64", 44)
}

func benchmarkGroupPairsWithin[T kernels.Float](b *testing.B, name string, partners int) {
	const n = 4000
	p, g, groups := liquid[T](n)
	lanes := len(g) / groups / 3
	r := rand.New(rand.NewPCG(1, 2))
	first, partner := []int{0}, []int{}
	for range lanes {
		for range partners - 6 + r.IntN(12) {
			partner = append(partner, 1+r.IntN(groups-1))
		}
		first = append(first, len(partner))
	}
	var c kernels.Cutoff[T]
	c.Set(0.9, 78.3)
	computed := (len(partner) + lanes) * lanes
	measurePairs[T](b, name, computed, computed, func() { kernels.GroupPairsWithin(g, p, 0, first, partner, &c) })
}

// measurePairs reports the rate of pairs, of which as many are computed as said,
// some of them twice or not wanted, and the cycles that a vector of pairs takes.
func measurePairs[T kernels.Float](b *testing.B, name string, pairs, computed int, call func()) {
	b.Run(name, func(b *testing.B) {
		isatest.EachBenchmark(b, func(b *testing.B, isa kernels.ISA) {
			var times []float64
			for b.Loop() {
				times = append(times, nanoseconds(call))
			}
			ns := median(times)
			vectors := float64(computed) * float64(unsafe.Sizeof(T(0))) / float64(max(isa.VectorBytes(), int(unsafe.Sizeof(T(0)))))
			b.ReportMetric(float64(pairs)/ns*1e3, "Mpairs/s")
			b.ReportMetric(ns*clock()/vectors, "cycles/vector")
			b.ReportMetric(times[len(times)/10]*clock()/vectors, "cycles/vector-p10")
		})
	})
}

func nanoseconds(call func()) float64 {
	start := time.Now()
	call()
	return float64(time.Since(start).Nanoseconds())
}
