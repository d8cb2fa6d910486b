package ot

import (
	"context"
	"fmt"
	"math"
	"slices"

	"pushforward/kernels"
)

// sinkhorn is the state of Sinkhorn's algorithm. For squared distances both
// clouds are centred: that adds to c a function of x and one of y, which the
// potentials take up (offset), and keeps far clouds from losing digits.
type sinkhorn struct {
	n, m       int
	epsilon    float64
	tolerance  float64
	limit      int
	threads    int
	ctx        context.Context
	warm       bool
	x, y       Points    // in the frame
	shift      []float64 // centre of x less that of y; nil when not centred
	a, b       []float64
	logA, logB []float64
	f, g       []float64
	rows, cols *costRows // of x against y, and the other way round
	bound      float64   // no cost is greater
	iterations int
	miss       float64   // marginal error of the last iteration
	old        []float64 // space for potentials, for ratios of marginals,
	ratio      []float64 // and for what a half-step adds to the costs
	weights    []float64
}

func newSinkhorn(x, y Points, a, b []float64, cost Cost, epsilon float64, set *settings) (*sinkhorn, error) {
	if !(epsilon > 0) || math.IsInf(epsilon, 0) {
		return nil, fmt.Errorf("ot: epsilon is %v, want a finite positive number in the unit of the cost", epsilon)
	}
	if err := checkPair(x, y); err != nil {
		return nil, err
	}
	period, err := cost.forDim(x.Dim)
	if err != nil {
		return nil, err
	}
	mass, err := integerMasses(x.Len(), y.Len(), a, b)
	if err != nil {
		return nil, err
	}
	s := &sinkhorn{n: x.Len(), m: y.Len(), epsilon: epsilon, ctx: set.ctx, x: x, y: y,
		tolerance: set.tolerance, limit: set.limit, threads: set.threads, warm: set.warm}
	if err := set.checkWarmStart(s.n, s.m); err != nil {
		return nil, err
	}
	if s.tolerance == 0 {
		s.tolerance = defaultTolerance
	}
	if !(s.tolerance > 0) {
		return nil, fmt.Errorf("ot: the tolerance is %v, want a positive number", s.tolerance)
	}
	if s.limit <= 0 {
		s.limit = defaultIterations
	}
	s.a, s.logA = shares(mass.a, mass.total)
	s.b, s.logB = shares(mass.b, mass.total)
	if cost.kind == squaredEuclidean {
		s.centre(mass, period)
	}
	met := &metric{kind: cost.kind, dim: x.Dim, period: period}
	if period != nil {
		s.x, s.y = wrapped(s.x, period), wrapped(s.y, period)
	}
	s.rows, s.cols = newCostRows(met, s.x, s.y), newCostRows(met, s.y, s.x)
	s.bound = greatestCost(met, s.x, s.y)
	if _, err := finiteCost(s.bound); err != nil {
		return nil, err
	}
	s.f, s.g = make([]float64, s.n), make([]float64, s.m)
	if set.warm {
		for i, v := range set.f {
			s.f[i] = v - s.offset(s.x, i, 1)
		}
		for j, v := range set.g {
			s.g[j] = v - s.offset(s.y, j, -1)
		}
	}
	s.weights, s.ratio = make([]float64, max(s.n, s.m)), make([]float64, max(s.n, s.m))
	return s, nil
}

// shares are masses as parts of one, and their logarithms.
func shares(mass []int64, total int64) (share, log []float64) {
	share, log = make([]float64, len(mass)), make([]float64, len(mass))
	for i, v := range mass {
		share[i] = float64(v) / float64(total)
	}
	kernels.Log(log, share)
	return share, log
}

// centre moves the free coordinates of both clouds to their means.
func (s *sinkhorn) centre(mass masses, period []float64) {
	d := s.x.Dim
	s.shift = make([]float64, d)
	cx, cy := append([]float64(nil), s.x.X...), append([]float64(nil), s.y.X...)
	for k := range d {
		if period != nil && period[k] > 0 {
			continue
		}
		mx, my := centre(cx, d, k, mass.a), centre(cy, d, k, mass.b)
		for i := k; i < len(cx); i += d {
			cx[i] -= mx
		}
		for j := k; j < len(cy); j += d {
			cy[j] -= my
		}
		s.shift[k] = mx - my
	}
	s.x, s.y = NewPoints(cx, d), NewPoints(cy, d)
}

// offset is the part of the cost that centring took from point i of x (sign 1)
// or y (−1): |x + Δ − y|² = |x − y|² + (2x·Δ + |Δ|²) − 2y·Δ.
func (s *sinkhorn) offset(p Points, i int, sign float64) float64 {
	var v float64
	for k, d := range s.shift {
		v += float64(2 * sign * float64(p.X[i*p.Dim+k]*d))
		if sign > 0 {
			v += float64(d * d)
		}
	}
	return v
}

// scale goes down the levels of ε to the last but one, on each until step
// returns a marginal error that will do there.
func (s *sinkhorn) scale(step func(epsilon float64) float64) {
	for level := s.firstLevel(); level > s.epsilon; level /= 4 {
		for range 20 {
			if s.done() {
				return
			}
			if step(level) <= 0.1 {
				break
			}
		}
	}
}

// run goes down the levels of ε, and stays on the last until the marginals fit.
func (s *sinkhorn) run() (*Entropic, error) {
	s.scale(func(level float64) float64 { return s.iterate(level, 1) })
	pace := newPace()
	for !s.done() {
		if s.iterate(s.epsilon, pace.omega) <= s.tolerance {
			if pace.omega == 1 {
				return s.entropic(Converged)
			}
			pace.omega = 1 // to the end without overrelaxation
			continue
		}
		pace.observe(s.miss)
	}
	// Wherever that was: with one more step, and no overrelaxation, rows are exact.
	s.softMin(s.f, s.rows, s.g, s.logB, s.epsilon)
	return s.entropic(NotConverged)
}

// firstLevel is the greatest ε of the scaling; a warm start has no need of it.
func (s *sinkhorn) firstLevel() float64 {
	if s.warm {
		return s.epsilon
	}
	return s.bound
}

func (s *sinkhorn) done() bool { return s.iterations >= s.limit || s.ctx.Err() != nil }

// iterate updates g and then f, both by omega times their steps, and returns
// the error of the rows' marginals between the two. When omega is 1, those of
// the columns are then exact.
func (s *sinkhorn) iterate(epsilon, omega float64) float64 {
	s.iterations++
	s.old = append(s.old[:0], s.g...)
	s.softMin(s.g, s.cols, s.f, s.logA, epsilon)
	relax(s.g, s.old, omega)
	s.old = append(s.old[:0], s.f...)
	s.softMin(s.f, s.rows, s.g, s.logB, epsilon)
	s.miss = missing(s.marginal(s.a, s.old, s.f, epsilon), s.a)
	relax(s.f, s.old, omega)
	return s.miss
}

// marginal is that of a plan whose potential is old where the soft minimum,
// with which it would be a, is next: a exp((old − next)/ε).
func (s *sinkhorn) marginal(a, old, next []float64, epsilon float64) []float64 {
	r := s.ratio[:len(a)]
	for i, v := range next {
		r[i] = (old[i] - v) / epsilon
	}
	kernels.Exp(r, r)
	for i, v := range a {
		r[i] = float64(r[i] * v)
	}
	return r
}

// missing is the sum of the differences between a marginal and what it should be.
func missing(r, a []float64) float64 {
	var miss accumulator
	for i, v := range r {
		miss.add(math.Abs(v - a[i]))
	}
	return miss.value()
}

// columnMarginal is the sums of the plan's columns.
func (s *sinkhorn) columnMarginal() []float64 {
	next := make([]float64, s.m)
	s.softMin(next, s.cols, s.f, s.logA, s.epsilon)
	return slices.Clone(s.marginal(s.b, s.g, next, s.epsilon))
}

// softMin computes dst_i = −ε log Σ_j exp((g_j − c_ij)/ε + log b_j).
func (s *sinkhorn) softMin(dst []float64, c *costRows, g, logB []float64, epsilon float64) {
	h := s.weights[:len(g)]
	for j, v := range g {
		h[j] = v/epsilon + logB[j]
	}
	s.parallel(len(dst), c.step, c.step, func(buffer []float64, i, n int) {
		kernels.RowLogSumExpAffine(dst[i:i+n], c.block(i, n, buffer), c.m, h, -1/epsilon, n, c.m)
		for k, v := range dst[i : i+n] {
			dst[i+k] = -float64(v * epsilon)
		}
	})
}

// parallel calls f for blocks of step rows out of n, with a buffer of so many rows.
func (s *sinkhorn) parallel(n, step, rows int, f func(buffer []float64, i, n int)) {
	m := s.n + s.m - n
	workers := threads(s.threads)
	if n*m < 1<<14 {
		workers = 1
	}
	inBlocks(workers, n, step, func() func(lo, hi int) {
		buffer := make([]float64, rows*m)
		return func(lo, hi int) {
			for ; lo < hi; lo += step {
				f(buffer, lo, min(step, hi-lo))
			}
		}
	})
}
