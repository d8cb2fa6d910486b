package ot

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// FuzzLine holds LineCost and CircleCost, with weights and ties of many kinds,
// to what they must be on reflection, and to each other on a wide circle.
func FuzzLine(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(4), uint8(0))
	f.Add(uint64(2), uint8(30), uint8(30), uint8(3))
	f.Add(uint64(3), uint8(200), uint8(90), uint8(5))
	f.Fuzz(func(t *testing.T, seed uint64, n, m, mode uint8) {
		r := rand.New(rand.NewPCG(seed, 1))
		draw := func(n int) []float64 {
			x := make([]float64, n)
			for i := range x {
				switch mode % 4 {
				case 0:
					x[i] = r.NormFloat64()
				case 1:
					x[i] = float64(r.IntN(5))
				case 2:
					x[i] = math.Exp(5 * r.NormFloat64())
				case 3:
					x[i] = 1e6 + r.Float64()
				}
			}
			return x
		}
		x, y := draw(int(n)+1), draw(int(m)+1)
		var a, b []float64
		if mode%8 >= 4 {
			a, b = normalized(exponentials(len(x), r), len(x)), normalized(exponentials(len(y), r), len(y))
		}
		p := 1 + float64(mode/8%5)/2
		got, err := LineCost(x, y, a, b, p)
		if err != nil {
			t.Fatal(err)
		}
		minus := func(x []float64) []float64 {
			u := slices.Clone(x)
			for i := range u {
				u[i] = -u[i]
			}
			return u
		}
		for what, other := range map[string]float64{
			"other way round": first(LineCost(y, x, b, a, p)),
			"reflected":       first(LineCost(minus(x), minus(y), a, b, p)),
		} {
			near(t, what, other, got, 1e-13*got)
		}
		spread := max(slices.Max(x), slices.Max(y)) - min(slices.Min(x), slices.Min(y))
		circle, err := CircleCost(x, y, a, b, 8*spread+8e6, p)
		if err != nil {
			t.Fatal(err)
		}
		// Wrapping at a period of 1e6 and more costs digits of small differences.
		near(t, "on a wide circle", circle, got, 1e-9*(got+math.Pow(spread, p))+1e-7*math.Pow(spread+1e-9, p-1)*1e-2)
	})
}

// FuzzSinkhorn holds results at any ε, weights and costs to what they promise.
func FuzzSinkhorn(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(7), uint8(2), int8(0))
	f.Add(uint64(2), uint8(1), uint8(30), uint8(9), int8(-8))
	f.Add(uint64(3), uint8(40), uint8(2), uint8(20), int8(9))
	f.Fuzz(func(t *testing.T, seed uint64, n, m, mode uint8, level int8) {
		r := rand.New(rand.NewPCG(seed, 2))
		x, y := gauss(int(n)%50+1, int(mode)%3+1, 0, seed), gauss(int(m)%50+1, int(mode)%3+1, 1, seed+1)
		cost := []Cost{SquaredEuclidean, Euclidean, CityBlock, SquaredEuclidean.OnTorus(2)}[mode/3%4]
		var a, b []float64
		if mode >= 128 {
			a, b = normalized(exponentials(x.Len(), r), x.Len()), normalized(exponentials(y.Len(), r), y.Len())
		}
		epsilon := math.Ldexp(1, int(level)/6)
		e, err := Sinkhorn(x, y, a, b, cost, epsilon, WithLimit(40))
		if err != nil {
			t.Fatal(err)
		}
		exact, err := Solve(x, y, a, b, cost)
		if err != nil {
			t.Fatal(err)
		}
		scale := exact.Scale + epsilon
		if !(e.Dual <= exact.Cost+epsilon*math.Log(50*50)*2+1e-9*scale) || !(e.MarginalError >= 0 && e.MarginalError < 2.01) {
			t.Errorf("dual %v, exact %v, marginal error %v", e.Dual, exact.Cost, e.MarginalError)
		}
		if e.Status == Converged {
			near(t, "cost and dual", e.Cost, e.Dual, 1e-7*scale)
			if !(e.Transport >= exact.Cost-1e-7*scale) {
				t.Errorf("⟨P, C⟩ = %v is below the least cost %v", e.Transport, exact.Cost)
			}
		}
		own, err := SinkhornDivergence(x, y, a, b, cost, epsilon, WithLimit(5))
		if err != nil {
			t.Fatal(err)
		}
		if !(own.MarginalError() <= 4.01) {
			t.Errorf("marginal error %v of the divergence", own.MarginalError())
		}
		mass := 0.0
		for _, v := range e.Dense() {
			mass += v
		}
		near(t, "mass", mass, 1, e.MarginalError+1e-9+1e-14*scale/epsilon)
	})
}
