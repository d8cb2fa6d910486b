package ot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// result completes a solution with its certificate, in the given units.
func (f *frame) result(s *solution) (*Result, error) {
	f.closePotentials(s)
	r := &Result{Method: s.method.String(), Pivots: s.pivots, Rounds: s.rounds, n: len(f.mass.a), m: len(f.mass.b)}
	if f.given == nil {
		r.power = f.cost.Power()
	}
	if f.met.period != nil {
		r.x = f.rawX
		r.period = scaled(f.met.period, -f.exponent)
	}
	if s.stopped != nil {
		r.Status = Stopped
	}
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
		share := float64(e.flow) / total
		r.Plan[k] = Move{I: int(e.i), J: int(e.j), Mass: share}
		// Term by term, the gap is free of the cancellation in primal − dual.
		slack := f.between(e.i, e.j) - s.f[e.i] - s.g[e.j]
		gap.add(float64(slack * float64(e.flow)))
		primal.add(float64(f.uncentred(e.i, e.j) * float64(e.flow)))
	}
	unit := f.unit()
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
		if f.given != nil {
			return nil, fmt.Errorf("ot: the cost overflows float64: costs up to 2^%d are too large", f.exponent)
		}
		return nil, fmt.Errorf("ot: the cost overflows float64: coordinates up to 2^%d are too large", f.exponent)
	}
	return r, nil
}

// uncentred is the cost between points i and j before centring.
func (f *frame) uncentred(i, j int32) float64 {
	if f.shift == nil {
		return f.between(i, j)
	}
	d := f.met.dim
	x, y := f.x[int(i)*d:][:d], f.y[int(j)*d:][:d]
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
	out := make([]float64, len(pot))
	for i, v := range pot {
		out[i] = math.Ldexp(v+f.tilt(x, i, sign), f.unit())
	}
	return out
}

// enframe is the inverse of unframe, for potentials to start from.
func (f *frame) enframe(pot, x []float64, sign float64) []float64 {
	out := make([]float64, len(pot))
	for i, v := range pot {
		out[i] = math.Ldexp(v, -f.unit()) - f.tilt(x, i, sign)
	}
	return out
}

// tilt is what centring takes from the potential of point i.
func (f *frame) tilt(x []float64, i int, sign float64) float64 {
	d := f.met.dim
	var v float64
	for k, s := range f.shift {
		v += float64(2 * sign * float64(x[i*d+k]*s))
		if sign > 0 {
			v += float64(s * s)
		}
	}
	return v
}
