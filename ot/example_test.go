package ot_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"pushforward/ot"
)

func ExampleSolve() {
	x := ot.NewPoints([]float64{0, 0, 1, 0}, 2)
	y := ot.NewPoints([]float64{0, 1, 1, 1, 2, 1}, 2)
	r, err := ot.Solve(x, y, nil, nil, ot.SquaredEuclidean)
	if err != nil {
		panic(err)
	}
	fmt.Printf("W2² = %.4f, W2 = %.4f\n", r.W2Squared(), r.W2())
	for _, m := range r.Plan {
		fmt.Printf("%d → %d: %.4f\n", m.I, m.J, m.Mass)
	}
	fmt.Println("proved:", r.Certified())
	// Output:
	// W2² = 1.5000, W2 = 1.2247
	// 0 → 0: 0.3333
	// 0 → 1: 0.1667
	// 1 → 1: 0.1667
	// 1 → 2: 0.3333
	// proved: true
}

func ExampleCost_OnTorus() {
	// Two angles on either side of the seam are 20 degrees apart.
	x := ot.NewPoints([]float64{170, 0}, 2)
	y := ot.NewPoints([]float64{-170, 0}, 2)
	r, err := ot.Solve(x, y, nil, nil, ot.SquaredEuclidean.OnTorus(360, 360))
	if err != nil {
		panic(err)
	}
	fmt.Printf("W2 = %.0f degrees\n", r.W2())
	// Output: W2 = 20 degrees
}

func ExampleLineW2() {
	w, err := ot.LineW2([]float64{3, 1, 2}, []float64{4, 2, 3})
	if err != nil {
		panic(err)
	}
	fmt.Println(w)
	// Output: 1
}

func ExampleDensity() {
	// The double well's first coordinate at β = 1, and a sample of two points.
	law, err := ot.NewDensity(func(x float64) float64 {
		return math.Exp(-(x*x - 1) * (x*x - 1) / 4)
	}, -8, 8)
	if err != nil {
		panic(err)
	}
	w, err := law.W2([]float64{-1, 1})
	if err != nil {
		panic(err)
	}
	fmt.Printf("W2 = %.4f\n", w)
	// Output: W2 = 0.5192
}

func ExampleNoiseFloor() {
	draw := func(n int, seed uint64) (ot.Points, error) {
		r := rand.New(rand.NewPCG(seed, 0))
		x := make([]float64, 2*n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		return ot.NewPoints(x, 2), nil
	}
	floor, err := ot.NoiseFloor(200, 200, 20, 1, draw, ot.W2)
	if err != nil {
		panic(err)
	}
	fmt.Printf("W2 between draws of 200: %.2f ± %.2f; 0.8 has p = %.2f\n", floor.Mean, floor.Std, floor.PValue(0.8))
	// Output: W2 between draws of 200: 0.38 ± 0.03; 0.8 has p = 0.05
}
