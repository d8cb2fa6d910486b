package ot

import (
	"fmt"
	"math"
)

// Solve finds the cheapest way to carry the law of x to the law of y,
//
//	min Σ_ij P_ij c(x_i, y_j)   over P ≥ 0 with  Σ_j P_ij = a_i,  Σ_i P_ij = b_j,
//
// exactly, with a certificate. The clouds may have different sizes. a and b are
// the weights of the points, nil for uniform ones; each side's are divided by
// their sum, and the sums must agree to 1e-9. The result is in the unit of the
// cost: for SquaredEuclidean that is the square of the distance W2.
//
// The method is chosen by the problem, or named by WithMethod.
//
// Errors name the element that is wrong: NaN or Inf, an empty side, unequal
// dimensions, a negative weight, unequal totals. A solve that its context or
// limit ended early returns both a Result (see Stopped) and an error that wraps
// the context's, or ErrLimit.
func Solve(x, y Points, a, b []float64, cost Cost, options ...Option) (*Result, error) {
	set := newSettings(options)
	if err := x.check("x"); err != nil {
		return nil, err
	}
	if err := y.check("y"); err != nil {
		return nil, err
	}
	if x.Dim != y.Dim {
		return nil, fmt.Errorf("ot: x has dimension %d and y %d, want the same", x.Dim, y.Dim)
	}
	period, err := cost.forDim(x.Dim)
	if err != nil {
		return nil, err
	}
	mass, err := integerMasses(x.Len(), y.Len(), a, b)
	if err != nil {
		return nil, err
	}
	return newFrame(x, y, mass, cost, period).run(&set)
}

// W2 is the Wasserstein distance of order 2 between the uniform laws on two
// clouds: the root of W2Squared, in the unit of the coordinates.
func W2(x, y Points) (float64, error) {
	c, err := W2Squared(x, y)
	return math.Sqrt(c), err
}

// W2Squared is the square of the Wasserstein distance of order 2 between the
// uniform laws on two clouds. A value that Result.Certified does not vouch for
// comes with an error.
func W2Squared(x, y Points) (float64, error) {
	r, err := Solve(x, y, nil, nil, SquaredEuclidean)
	if err != nil {
		return math.NaN(), err
	}
	if !r.Certified() {
		return r.W2Squared(), fmt.Errorf("ot: W2² is between %v and %v: rounding leaves a gap above 1e-10", r.Dual(), r.Cost)
	}
	return r.W2Squared(), nil
}
