package ot

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestAListOfOffersMissesNothingBelowItsHorizon(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	for _, c := range []struct {
		name string
		cost func() float64
	}{
		{"any numbers", r.Float64},
		{"of both signs", r.NormFloat64},
		{"few different ones", func() float64 { return float64(r.IntN(5)) - 2 }},
		{"all the same", func() float64 { return 3 }},
		{"sums of zero", func() float64 { return 0 }},
		{"tiny ones", func() float64 { return 1e-300 * r.Float64() }},
		{"of all sizes", func() float64 { return math.Exp(200 * r.NormFloat64()) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{2, 3, 47, 48, 100, 777, 1024} {
				costs, price := make([]float64, n), make([]float64, n)
				for j := range costs {
					costs[j] = c.cost()
					if c.name == "any numbers" {
						price[j] = -r.Float64()
					}
				}
				a := &pricedRows{&costTable{costs, n}, price}
				var list [rowsOffers]offer
				count, horizon := a.list(0, list[:])
				listed := make([]bool, n)
				good := 0
				least := float32(math.Inf(-1))
				for _, o := range list[:count] {
					if listed[o.col] || o.cost != costs[o.col] {
						t.Fatalf("n = %d: column %d of cost %v is listed twice, or at %v", n, o.col, costs[o.col], o.cost)
					}
					listed[o.col] = true
					sum := o.cost + price[o.col]
					if sum <= horizon {
						good++
					}
					if float64(o.least) > sum || float64(o.least) < min(sum, math.MaxFloat32)-1e-6*math.Abs(sum)-1e-44 {
						t.Errorf("n = %d: column %d is said to cost %v at least, of %v", n, o.col, o.least, sum)
					}
					if o.least < least {
						t.Errorf("n = %d: %v stands behind %v", n, o.least, least)
					}
					least = o.least
				}
				if good < 2 {
					t.Errorf("n = %d: %d columns of %d up to the horizon, want the best two at least", n, good, count)
				}
				for j, v := range costs {
					if !listed[j] && v+price[j] < horizon {
						t.Errorf("n = %d: column %d is missing, of cost %v below the horizon %v", n, j, v+price[j], horizon)
					}
				}
			}
		})
	}
}
