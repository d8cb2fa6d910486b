package ot

import (
	"fmt"
	"math"
)

// Result is an optimal transport plan with the proof that it is one.
type Result struct {
	// Cost is Σ P_ij c(x_i, y_j) of the plan, in the unit of the cost: for
	// SquaredEuclidean the square of W2 (W2Squared and W2 say it by name).
	Cost float64
	// Plan lists where mass goes, at most n + m − 1 entries, sorted by I, then J.
	// The masses sum to one.
	Plan []Move
	// F and G are the dual potentials of x and y: F_i + G_j ≤ c(x_i, y_j) for
	// all pairs, up to rounding, found by a sweep over all of them.
	F, G []float64
	// Gap is the duality gap, Cost − (Σ a_i F_i + Σ b_j G_j), in the unit of the
	// cost. No plan can be cheaper than Cost − Gap.
	Gap float64
	// Status says whether the solver came to its end. Where it was stopped, all
	// the rest holds as it stands: the plan has the right marginals, the potentials
	// are feasible, and Gap is what lies between them.
	Status Status
	// Scale bounds every single cost: what rounding errors are to be measured by.
	Scale float64
	// Method names the solver, as Method.String; Pivots (or bids) and Rounds count
	// its steps at the finest level.
	Method         string
	Pivots, Rounds int

	power  int       // the cost is a distance to that power; 0: a given matrix
	x      Points    // the rows' points, where the torus needs them
	period []float64 // nil: free space
	n, m   int
}

// Status says how a solve ended.
type Status uint8

const (
	// Optimal is a solve that came to its end.
	Optimal Status = iota
	// Stopped is a solve that its context or limit ended early.
	Stopped
)

func (s Status) String() string {
	if s == Stopped {
		return "stopped"
	}
	return "optimal"
}

// Move is a share of the mass that goes from point I of x to point J of y.
type Move struct {
	I, J int
	Mass float64
}

// W2Squared is the square of the Wasserstein distance of order 2. It panics
// when the cost was not a squared distance.
func (r *Result) W2Squared() float64 {
	if r.power != 2 {
		panic("ot: W2Squared of a transport whose cost is not a squared distance")
	}
	return r.Cost
}

// W2 is the Wasserstein distance of order 2, the root of W2Squared. It panics
// when the cost was not a squared distance.
func (r *Result) W2() float64 { return math.Sqrt(r.W2Squared()) }

// W is Cost^(1/p), the Wasserstein distance of order p if the cost was the p-th
// power of a distance: W(2) for SquaredEuclidean, W(1) for Euclidean and
// CityBlock, any p that the costs of a matrix were made with. It panics when
// the cost is known and of another order, or p is below 1.
func (r *Result) W(p float64) float64 {
	if r.power != 0 && p != float64(r.power) {
		panic(fmt.Sprintf("ot: W(%v) of a transport whose cost is a distance to the power %d", p, r.power))
	}
	order, err := newPower(p)
	if err != nil {
		panic(err.Error())
	}
	return order.root(r.Cost)
}

// Dual is the value of the potentials, a lower bound of every plan's cost.
func (r *Result) Dual() float64 { return r.Cost - r.Gap }

// RelativeGap is Gap / |Cost|, and 0 when both are 0.
func (r *Result) RelativeGap() float64 {
	if r.Gap == 0 {
		return 0
	}
	return r.Gap / math.Abs(r.Cost)
}

// Certified says whether the gap is at most 1e-10 of the cost, or below what
// rounding does to costs of this scale (1e-15 of it; this matters where the
// clouds nearly coincide, and Cost is 0 or next to it).
func (r *Result) Certified() bool {
	return math.Abs(r.Gap) <= 1e-10*math.Abs(r.Cost) || math.Abs(r.Gap) <= 1e-15*r.Scale
}
