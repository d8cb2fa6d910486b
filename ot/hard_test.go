package ot

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// hardClouds are pairs of clouds that solvers trip over: ties, chains, scales.
func hardClouds(n int, r *rand.Rand) map[string][2]Points {
	make2 := func(f func(i int) (float64, float64)) Points {
		x := make([]float64, 0, 2*n)
		for i := range n {
			u, v := f(i)
			x = append(x, u, v)
		}
		return NewPoints(x, 2)
	}
	side := int(math.Ceil(math.Sqrt(float64(n))))
	normal := func() Points {
		return make2(func(int) (float64, float64) { return r.NormFloat64(), r.NormFloat64() })
	}
	lattice := func(dx float64) Points {
		return make2(func(i int) (float64, float64) { return float64(i/side) + dx, float64(i % side) })
	}
	same := normal()
	twoClusters := func() Points {
		return make2(func(i int) (float64, float64) { return 1e4*float64(i%2) + r.NormFloat64(), r.NormFloat64() })
	}
	return map[string][2]Points{
		"lattice, half a step":      {lattice(0), lattice(0.5)},
		"lattice, a whole step":     {lattice(0), lattice(1)},
		"random whole numbers":      {make2(func(int) (float64, float64) { return float64(r.IntN(10)), float64(r.IntN(10)) }), make2(func(int) (float64, float64) { return float64(r.IntN(10)), float64(r.IntN(10)) })},
		"a line across the plane":   {make2(func(i int) (float64, float64) { u := r.NormFloat64(); return u, 2 * u }), make2(func(i int) (float64, float64) { u := r.NormFloat64(); return u, 2 * u })},
		"the same cloud":            {same, same},
		"all points at one place":   {make2(func(int) (float64, float64) { return 1, 2 }), make2(func(int) (float64, float64) { return 1, 2 })},
		"one place against a cloud": {make2(func(int) (float64, float64) { return 1, 2 }), normal()},
		"every point twice":         {make2(func(i int) (float64, float64) { return same.X[i/2], same.X[i/2+1] }), normal()},
		"heavy tails":               {make2(func(int) (float64, float64) { return math.Tan(3 * (r.Float64() - 0.5)), 1 / r.Float64() }), make2(func(int) (float64, float64) { return math.Tan(3 * (r.Float64() - 0.5)), 1 / r.Float64() })},
		"two clusters far apart":    {twoClusters(), twoClusters()},
		"two crossing segments":     {make2(func(i int) (float64, float64) { return float64(i), 0 }), make2(func(i int) (float64, float64) { return float64(n) / 2, float64(i) - float64(n)/2 })},
		"two circles": {make2(func(i int) (float64, float64) {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			return s, c
		}), make2(func(i int) (float64, float64) {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			return 2 * s, 2 * c
		})},
		"twelve decades of size":       {make2(func(int) (float64, float64) { return math.Pow(10, 12*r.Float64()-12), r.Float64() * 1e-6 }), make2(func(int) (float64, float64) { return math.Pow(10, 12*r.Float64()-12), r.Float64() * 1e-6 })},
		"a moved copy":                 {same, make2(func(i int) (float64, float64) { return same.X[2*i] + 3, same.X[2*i+1] - 4 })},
		"an outlier at the same place": {make2(func(i int) (float64, float64) { return outlier(i, r), 0 }), make2(func(i int) (float64, float64) { return outlier(i, r), 0 })},
	}
}

func outlier(i int, r *rand.Rand) float64 {
	if i == 0 {
		return 1e6
	}
	return r.NormFloat64()
}

func TestHardClouds(t *testing.T) {
	sizes := []int{1, 2, 30, 300}
	if !testing.Short() {
		sizes = append(sizes, 1000)
	}
	for _, n := range sizes {
		for name, c := range hardClouds(n, rand.New(rand.NewPCG(uint64(n), 3))) {
			for _, cost := range []Cost{SquaredEuclidean, SquaredEuclidean.OnTorus(7), Euclidean} {
				start := time.Now()
				r, err := Solve(c[0], c[1], nil, nil, cost)
				if err != nil {
					t.Fatalf("%s, n = %d, %v: %v", name, n, cost, err)
				}
				if took := time.Since(start); took > 200*time.Millisecond {
					t.Logf("%s, n = %d, %v: %v, %d pivots, %d rounds", name, n, cost, took, r.Pivots, r.Rounds)
				}
				t.Run(name, func(t *testing.T) { checkResult(t, r, c[0], c[1], nil, nil, cost) })
			}
		}
	}
}
