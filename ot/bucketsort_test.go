package ot

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sortInputs are n numbers of very different laws.
func sortInputs(n int) map[string][]float64 {
	r := rand.New(rand.NewPCG(uint64(n), 9))
	fill := func(f func(i int) float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = f(i)
		}
		return x
	}
	in := map[string][]float64{
		"normal":             fill(func(int) float64 { return r.NormFloat64() }),
		"a few values":       fill(func(int) float64 { return math.Floor(4 * r.Float64()) }),
		"one value":          fill(func(int) float64 { return 7 }),
		"rising":             fill(func(i int) float64 { return float64(i) }),
		"falling":            fill(func(i int) float64 { return -float64(i) }),
		"far from 0":         fill(func(int) float64 { return 1e15 + r.Float64() }),
		"tails over decades": fill(func(int) float64 { return math.Exp(40*r.NormFloat64()) * float64(1-2*r.IntN(2)) }),
		"bits":               fill(func(int) float64 { return math.Float64frombits(r.Uint64()) }),
		"subnormal":          fill(func(int) float64 { return math.Float64frombits(uint64(r.IntN(500))) }),
		"zeros of both signs": fill(func(i int) float64 {
			return math.Copysign(float64(r.IntN(2)), float64(r.IntN(2))-0.5)
		}),
		"one outlier": fill(func(i int) float64 {
			if i == n/2 {
				return math.MaxFloat64
			}
			return r.Float64()
		}),
	}
	for name, x := range in {
		for i, v := range x {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				x[i] = float64(i)
			}
		}
		in[name] = x
	}
	return in
}

func TestBucketSortSortsStablyWithItsPayload(t *testing.T) {
	var s bucketSort
	for _, n := range []int{0, 1, 2, 24, 25, 100, 3000, oneDealSize + 1, 60000} {
		for name, in := range sortInputs(n) {
			order := make([]int64, n)
			for i := range order {
				order[i] = int64(i)
			}
			want := slices.Clone(order)
			slices.SortStableFunc(want, func(p, q int64) int { return cmp.Compare(in[p], in[q]) })
			x, plain := slices.Clone(in), slices.Clone(in)
			if n%2 == 0 { // in place, or from one slice to another
				s.sort(x, x, order, order)
				s.sort(plain, in, nil, nil)
			} else {
				s.sort(x, in, order, slices.Clone(order))
				s.sort(plain, plain, nil, nil)
			}
			if !slices.Equal(order, want) {
				t.Fatalf("%d numbers, %s: wrong order", n, name)
			}
			for i, k := range want {
				if x[i] != in[k] || plain[i] != in[k] {
					t.Fatalf("%d numbers, %s: place %d has %v and %v, want %v", n, name, i, x[i], plain[i], in[k])
				}
			}
		}
	}
}

func BenchmarkBucketSort(b *testing.B) {
	for _, n := range []int{1000, 1000000} {
		for name, in := range sortInputs(n) {
			b.Run(name+"/"+map[int]string{1000: "1e3", 1000000: "1e6"}[n], func(b *testing.B) {
				var s bucketSort
				x := make([]float64, n)
				for b.Loop() {
					s.sort(x, in, nil, nil)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
			})
		}
	}
}
