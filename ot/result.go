package ot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
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
	// Scale bounds every single cost: what rounding errors are to be measured by.
	Scale float64
	// Method names the solver; Pivots and Rounds count its steps at the finest level.
	Method         string
	Pivots, Rounds int

	power int
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

// W is the Wasserstein distance of the order that belongs to the cost: the
// root of Cost for squared distances, Cost itself for distances.
func (r *Result) W() float64 {
	if r.power == 2 {
		return math.Sqrt(r.Cost)
	}
	return r.Cost
}

// Dual is the value of the potentials, a lower bound of every plan's cost.
func (r *Result) Dual() float64 { return r.Cost - r.Gap }

// RelativeGap is Gap / Cost, and 0 when both are 0.
func (r *Result) RelativeGap() float64 {
	if r.Gap == 0 {
		return 0
	}
	return r.Gap / r.Cost
}

// Certified says whether the gap is at most 1e-10 of the cost, or below what
// rounding does to costs of this scale (1e-15 of it; this matters where the
// clouds nearly coincide, and Cost is 0 or next to it).
func (r *Result) Certified() bool {
	return math.Abs(r.Gap) <= 1e-10*r.Cost || math.Abs(r.Gap) <= 1e-15*r.Scale
}

// result completes a solution with its certificate, in the given units.
func (f *frame) result(s *solution) (*Result, error) {
	f.closePotentials(s)
	d := f.met.dim
	r := &Result{Method: s.method, Pivots: s.pivots, Rounds: s.rounds, power: f.cost.Power()}
	total := float64(f.mass.total)
	slices.SortFunc(s.plan, func(p, q entry) int {
		if p.i != q.i {
			return cmp.Compare(p.i, q.i)
		}
		return cmp.Compare(p.j, q.j)
	})
	var primal, gap accumulator
	r.Plan = make([]Move, len(s.plan))
	for k, e := range s.plan {
		i, j := int(e.i), int(e.j)
		share := float64(e.flow) / total
		r.Plan[k] = Move{I: i, J: j, Mass: share}
		x, y := f.x[i*d:][:d], f.y[j*d:][:d]
		// Term by term, the gap is free of the cancellation in primal − dual.
		slack := f.met.between(x, y) - s.f[i] - s.g[j]
		gap.add(float64(slack * float64(e.flow)))
		primal.add(float64(f.costOf(x, y) * float64(e.flow)))
	}
	unit := f.cost.Power() * f.exponent
	r.Cost = math.Ldexp(primal.value()/total, unit)
	r.Gap = math.Ldexp(gap.value()/total, unit)
	r.F, r.G = f.unframe(s.f, f.x, 1), f.unframe(s.g, f.y, -1)
	scale := f.costBound
	var s2 float64
	for _, v := range f.shift {
		s2 += float64(v * v)
	}
	r.Scale = math.Ldexp(scale+s2, unit)
	if math.IsInf(r.Cost, 0) || math.IsInf(r.Scale, 0) {
		return nil, fmt.Errorf("ot: the cost overflows float64: coordinates up to 2^%d are too large", f.exponent)
	}
	return r, nil
}

// costOf is the cost between two points of the frame before centring.
func (f *frame) costOf(x, y []float64) float64 {
	if f.shift == nil {
		return f.met.between(x, y)
	}
	var s float64
	for k, v := range x {
		u := v - y[k]
		if f.met.period != nil && f.met.period[k] > 0 {
			u = wrap(u, f.met.period[k])
		} else {
			u += f.shift[k]
		}
		s += float64(u * u)
	}
	return s
}

// unframe takes potentials back to the given coordinates: with x = x' + mx,
// y = y' + my and Δ = mx − my, |x−y|² = |x'−y'|² + 2(x'−y')·Δ + |Δ|².
func (f *frame) unframe(pot, x []float64, sign float64) []float64 {
	d := f.met.dim
	out := make([]float64, len(pot))
	for i, v := range pot {
		for k, s := range f.shift {
			v += float64(2 * sign * float64(x[i*d+k]*s))
			if sign > 0 {
				v += float64(s * s)
			}
		}
		out[i] = math.Ldexp(v, f.cost.Power()*f.exponent)
	}
	return out
}
