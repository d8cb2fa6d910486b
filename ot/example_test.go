package ot_test

import (
	"errors"
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

func ExampleSolveMatrix() {
	// Three jobs and three machines, with what each pair gains: the best assignment.
	gain := []float64{
		7, 4, 3,
		6, 8, 5,
		9, 4, 4,
	}
	cost := make([]float64, len(gain))
	for k, v := range gain {
		cost[k] = -v
	}
	r, err := ot.SolveMatrix(cost, 3, 3, nil, nil)
	if err != nil {
		panic(err)
	}
	for _, m := range r.Plan {
		fmt.Printf("job %d: machine %d\n", m.I, m.J)
	}
	fmt.Printf("gain %.0f\n", -3*r.Cost)
	// Output:
	// job 0: machine 2
	// job 1: machine 1
	// job 2: machine 0
	// gain 20
}

func ExampleResult_Interpolate() {
	x := ot.NewPoints([]float64{0, 0, 2, 0}, 2)
	y := ot.NewPoints([]float64{0, 4, 2, 8}, 2)
	r, err := ot.Solve(x, y, nil, nil, ot.SquaredEuclidean)
	if err != nil {
		panic(err)
	}
	halfway, weight := r.Interpolate(x, y, 0.5)
	for k := range weight {
		fmt.Println(halfway.At(k), weight[k])
	}
	fmt.Println("the map takes", x.At(1), "to", r.Barycentric(y).At(1))
	// Output:
	// [0 2] 0.5
	// [2 4] 0.5
	// the map takes [2 0] to [2 8]
}

func ExampleWithLimit() {
	// Whatever time there is: a plan, and what it may be short of the optimum.
	r := rand.New(rand.NewPCG(1, 0))
	cloud := func(n int) ot.Points {
		x := make([]float64, 2*n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		return ot.NewPoints(x, 2)
	}
	x, y := cloud(600), cloud(900)
	result, err := ot.Solve(x, y, nil, nil, ot.SquaredEuclidean, ot.WithLimit(2000))
	fmt.Println(errors.Is(err, ot.ErrLimit), result.Status, result.Gap > 0, result.Dual() < result.Cost)
	// From where it stopped to the end.
	result, err = ot.Solve(x, y, nil, nil, ot.SquaredEuclidean, ot.WithWarmStart(result.F, result.G))
	fmt.Println(err, result.Status, result.Certified())
	// Output:
	// true stopped true true
	// <nil> optimal true
}
