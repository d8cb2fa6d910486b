package ot_test

import (
	"fmt"
	"math/rand/v2"

	"pushforward/ot"
)

// cloud draws n normal points in the plane around (shift, 0).
func cloud(n int, shift float64, seed uint64) ot.Points {
	r := rand.New(rand.NewPCG(seed, 0))
	x := make([]float64, 2*n)
	for i := range x {
		x[i] = r.NormFloat64()
		if i%2 == 0 {
			x[i] += shift
		}
	}
	return ot.NewPoints(x, 2)
}

func ExampleSlicedCost() {
	s, err := ot.SlicedCost(cloud(500, 0, 1), cloud(800, 1, 2), nil, nil, 2, ot.Directions(200, 2, 1))
	if err != nil {
		panic(err)
	}
	fmt.Printf("sliced W2 = %.2f ± %.2f\n", s.W(), s.WStdErr())
	// Output: sliced W2 = 0.73 ± 0.02
}

func ExampleSinkhorn() {
	x, y := cloud(100, 0, 1), cloud(150, 1, 2)
	e, err := ot.Sinkhorn(x, y, nil, nil, ot.SquaredEuclidean, 0.5)
	if err != nil {
		panic(err)
	}
	fmt.Printf("⟨P, C⟩ = %.3f, KL = %.3f, %v\n", e.Transport, e.KL, e.Status)
	// Non-convergence is a status, with the error that is left.
	e, err = ot.Sinkhorn(x, y, nil, nil, ot.SquaredEuclidean, 0.01, ot.WithLimit(50))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%v, marginals off by %.2f\n", e.Status, e.MarginalError)
	// Output:
	// ⟨P, C⟩ = 1.995, KL = 1.458, converged
	// not converged, marginals off by 0.07
}

func ExampleSinkhornDivergence() {
	x := cloud(100, 0, 1)
	d, err := ot.SinkhornDivergence(x, x, nil, nil, ot.SquaredEuclidean, 1)
	if err != nil {
		panic(err)
	}
	fmt.Printf("from a law to itself: %.6f\n", d.Value)
	// Output: from a law to itself: 0.000000
}

func ExampleGaussianMap() {
	p := ot.Gaussian{Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, 4}}
	q := ot.Gaussian{Mean: []float64{3, 0}, Cov: []float64{4, 0, 0, 1}}
	w, err := ot.GaussianW2Squared(p, q)
	if err != nil {
		panic(err)
	}
	m, err := ot.GaussianMap(p, q)
	if err != nil {
		panic(err)
	}
	fmt.Printf("W2² = %.0f, (1, 1) goes to %.1f\n", w, m.Apply(ot.NewPoints([]float64{1, 1}, 2)).X)
	// Output: W2² = 11, (1, 1) goes to [5.0 0.5]
}

func ExamplePermutationTest() {
	for _, shift := range []float64{0, 1} {
		p, err := ot.PermutationTest(cloud(60, 0, 1), cloud(80, shift, 2), 99, 1, ot.W2)
		if err != nil {
			panic(err)
		}
		fmt.Printf("shifted by %v: W2 = %.2f, by chance %.2f ± %.2f, p = %.2f\n", shift, p.Observed, p.Floor.Mean, p.Floor.Std, p.P)
	}
	// Output:
	// shifted by 0: W2 = 0.70, by chance 0.60 ± 0.07, p = 0.12
	// shifted by 1: W2 = 1.41, by chance 0.64 ± 0.08, p = 0.01
}

func ExampleFloorFromSample() {
	f, err := ot.FloorFromSample(cloud(5000, 0, 1), 200, 200, 20, 1, ot.W2)
	if err != nil {
		panic(err)
	}
	fmt.Printf("W2 between draws of 200: %.2f ± %.2f, 19 of 20 below %.2f\n", f.Mean, f.Std, f.Quantile(0.95))
	// Output: W2 between draws of 200: 0.37 ± 0.04, 19 of 20 below 0.43
}
