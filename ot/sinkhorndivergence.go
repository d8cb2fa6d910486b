package ot

import "pushforward/kernels"

// Divergence is the debiased Sinkhorn divergence between two laws
//
//	S_ε(μ, ν) = OT_ε(μ, ν) − ½ OT_ε(μ, μ) − ½ OT_ε(ν, ν)
//
// (Feydy, Séjourné, Vialard, Amari, Trouvé, Peyré 2019), with OT_ε as in
// Entropic. It is 0 if and only if the laws are equal, positive otherwise, and
// goes from the transport cost (ε → 0) to that between the means (ε → ∞, for
// squared distances).
type Divergence struct {
	// Value is S_ε in the unit of the cost: for SquaredEuclidean a square. It is
	// made of the three Duals, whose errors are of second order in the marginals'.
	Value float64
	// XY, XX and YY are the three solutions; F = G in the latter two.
	XY, XX, YY *Entropic
}

// Status is Converged where all three solutions are.
func (d *Divergence) Status() SinkhornStatus {
	return max(d.XY.Status, d.XX.Status, d.YY.Status)
}

// MarginalError is the greatest of the three solutions'.
func (d *Divergence) MarginalError() float64 {
	return max(d.XY.MarginalError, d.XX.MarginalError, d.YY.MarginalError)
}

// SinkhornDivergence is the debiased divergence between two clouds; arguments
// and options are those of Sinkhorn. The terms of a cloud with itself take the
// mean of a potential and its update, F ← ½ (F + T(F)), which settles within a few
// iterations. A warm start serves the term between the two.
func SinkhornDivergence(x, y Points, a, b []float64, cost Cost, epsilon float64, options ...Option) (*Divergence, error) {
	set := newSettings(options)
	s, err := newSinkhorn(x, y, a, b, cost, epsilon, &set)
	if err != nil {
		return nil, err
	}
	d := new(Divergence)
	if d.XY, err = s.run(); err != nil {
		return nil, err
	}
	set.warm = false
	for _, own := range []struct {
		p  Points
		w  []float64
		to **Entropic
	}{{x, a, &d.XX}, {y, b, &d.YY}} {
		s, err := newSinkhorn(own.p, own.p, own.w, own.w, cost, epsilon, &set)
		if err != nil {
			return nil, err
		}
		if *own.to, err = s.runSymmetric(); err != nil {
			return nil, err
		}
	}
	d.Value = d.XY.Dual - d.XX.Dual/2 - d.YY.Dual/2
	return d, nil
}

// runSymmetric is run for a cloud and itself.
func (s *sinkhorn) runSymmetric() (*Entropic, error) {
	s.scale(s.iterateSymmetric)
	status := NotConverged
	for !s.done() {
		// Rows and columns have the same marginals, and each misses as much.
		if 2*s.iterateSymmetric(s.epsilon) <= s.tolerance {
			status = Converged
			break
		}
	}
	if status == NotConverged {
		s.balance()
	}
	copy(s.g, s.f)
	return s.entropic(status)
}

// balance gives the plan between a cloud and itself the mass 1, which it has not
// before f settles, by adding a constant to f.
func (s *sinkhorn) balance() {
	next := make([]float64, s.n)
	s.softMin(next, s.rows, s.f, s.logA, s.epsilon)
	for i, v := range next {
		next[i] = s.logA[i] + (s.f[i]-v)/s.epsilon
	}
	var mass [1]float64
	kernels.RowLogSumExp(mass[:], next, s.n, 1, s.n)
	for i := range s.f {
		s.f[i] -= float64(s.epsilon * mass[0] / 2)
	}
}

// iterateSymmetric takes f to the mean of itself and its soft minimum, and
// returns the error of the marginals before.
func (s *sinkhorn) iterateSymmetric(epsilon float64) float64 {
	s.iterations++
	s.old = append(s.old[:0], s.f...)
	s.softMin(s.f, s.rows, s.old, s.logA, epsilon)
	s.miss = missing(s.marginal(s.a, s.old, s.f, epsilon), s.a)
	relax(s.f, s.old, 0.5)
	return s.miss
}
