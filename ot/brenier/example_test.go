package brenier_test

import (
	"fmt"
	"math"

	"pushforward/ot/brenier"
)

func ExampleBackAndForth() {
	// A normal law and one that is moved and half as wide, in the unit square.
	g := brenier.Box(128, 128, 1, 1)
	law := func(cx, cy, s float64) []float64 {
		v := make([]float64, g.Len())
		var sum float64
		for k := range v {
			x, y := g.X.Center(k/g.Y.Cells)-cx, g.Y.Center(k%g.Y.Cells)-cy
			v[k] = math.Exp(-(x*x + y*y) / (2 * s * s))
			sum += v[k]
		}
		for k := range v {
			v[k] /= sum
		}
		return v
	}
	r, err := brenier.BackAndForth(g, law(0.4, 0.5, 0.08), law(0.6, 0.5, 0.04))
	if err != nil {
		panic(err)
	}
	fmt.Printf("W2² = %.4f, %v\n", r.W2Squared, r.Status)
	x, y := r.Map.At(0.5, 0.5)
	fmt.Printf("T(0.5, 0.5) = (%.3f, %.3f)\n", x, y)
	var mean float64
	for k, m := range r.Interpolate(0.5) {
		mean += m * g.X.Center(k/g.Y.Cells)
	}
	fmt.Printf("half way the mean is at %.3f\n", mean)
	// Output:
	// W2² = 0.0432, converged
	// T(0.5, 0.5) = (0.650, 0.500)
	// half way the mean is at 0.500
}
