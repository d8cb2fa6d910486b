package brenier

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Option is a setting of BackAndForth.
type Option func(*settings)

type settings struct {
	ctx        context.Context
	iterations int
	tolerance  float64
	threads    int
	progress   func(Progress)
}

// WithContext makes BackAndForth stop soon after the context is done.
func WithContext(ctx context.Context) Option {
	return func(s *settings) { s.ctx = ctx }
}

// WithIterations bounds the number of iterations on each grid of the hierarchy;
// 50 unless told.
func WithIterations(n int) Option {
	return func(s *settings) { s.iterations = n }
}

// WithTolerance sets when a grid is done: when an iteration raises W2² by less
// than this part of it, and does not bring T#μ nearer to ν by a tenth. 1e-6
// unless told.
func WithTolerance(relative float64) Option {
	return func(s *settings) { s.tolerance = relative }
}

// WithThreads sets the number of goroutines; GOMAXPROCS unless told. Results
// do not depend on it.
func WithThreads(n int) Option {
	return func(s *settings) { s.threads = n }
}

// WithProgress calls f after every iteration.
func WithProgress(f func(Progress)) Option {
	return func(s *settings) { s.progress = f }
}

// Progress tells how far a computation is.
type Progress struct {
	Grid      Grid    // the grid worked on; the last one is the given one
	Iteration int     // on this grid, from 1
	W2Squared float64 // so far: a lower bound on this grid
	Residual  float64 // the share of the mass by which T#μ misses ν
}

// Status says how a computation ended.
type Status uint8

const (
	// Converged means that an iteration changes nothing any more that matters.
	Converged Status = iota
	// Unresolved means the same, but T#μ misses a quarter of ν or more: the
	// grid is too coarse for the map, as where a point becomes an area. W2² is
	// still a lower bound; the map is not to be trusted. What to do: see
	// BackAndForth.
	Unresolved
	// Stopped means that the context or the bound on iterations ended it.
	Stopped
)

func (s Status) String() string {
	return [...]string{"converged", "unresolved", "stopped"}[s]
}

// ErrIterations is what a Result comes with when the bound on iterations was
// reached before convergence.
var ErrIterations = errors.New("brenier: not converged within the bound on iterations")

// BackAndForth finds the Brenier map T = ∇(convex) that carries the density mu
// to nu on a grid, for the cost |x − y|² (on periodic axes along the shorter
// way), and with it W2 and the displacement interpolation. mu and nu are values
// at the cells, constant in each, known up to one common factor; their sums
// must agree to 1e-9. They may vanish.
//
// The method is the back-and-forth method of Jacobs and Léger (Numer. Math.
// 146, 513–544, 2020): ascents of Kantorovich's dual in turns for the two
// potentials, linked by c-transforms in linear time. Two things are new here:
// steps are taken in an H¹ norm weighted with the density, so that tails of
// tiny density converge as fast as the bulk, and coarser grids come first.
//
// A map cannot split a cell. Where few cells hold much of the mass of mu or nu,
// as point masses do, the result has Status Unresolved and no error: W2Squared
// is a lower bound still, but Map and Interpolate are not what they should be,
// and more cells don't help. Spread such points over a Gaussian with a standard
// deviation of two or three steps (from one point to a broad density, 64 to 256
// cells wide, Residual then is 0.11 to 0.004), or take Solve of package ot,
// whose plan may split a point.
//
// Errors name the cell that is wrong. A computation that was stopped gives
// the Result so far, with Status Stopped, and an error that wraps the context's
// or ErrIterations.
func BackAndForth(g Grid, mu, nu []float64, options ...Option) (*Result, error) {
	set := settings{ctx: context.Background(), iterations: 50, tolerance: 1e-6}
	for _, o := range options {
		o(&set)
	}
	if set.iterations < 1 {
		return nil, fmt.Errorf("brenier: a bound of %d iterations, want at least 1", set.iterations)
	}
	if !(set.tolerance >= 0) {
		return nil, fmt.Errorf("brenier: tolerance is %v, want a number ≥ 0", set.tolerance)
	}
	a, b, total, err := g.problem(mu, nu)
	if err != nil {
		return nil, err
	}
	t := newTeam(set.threads)
	s, count, err := set.run(g, a, b, t)
	r := s.result(total)
	r.Iterations = count
	if err != nil {
		r.Status = Stopped
		return r, fmt.Errorf("brenier: stopped on %d × %d cells after %d iterations: %w", g.X.Cells, g.Y.Cells, count, err)
	}
	if r.Residual >= 0.25 {
		r.Status = Unresolved
	}
	return r, nil
}

// run solves on coarser grids first, then here. It gives the iterations made here.
func (set *settings) run(g Grid, mu, nu []float64, t team) (*solver, int, error) {
	phi, damping := make([]float64, g.Len()), startDamping
	if c, ok := g.coarser(); ok {
		s, _, err := set.run(c, restrict(c, g, mu), restrict(c, g, nu), t)
		phi = prolong(g, c, s.phi)
		damping = min(damping, 16*s.damping)
		if err != nil && !errors.Is(err, ErrIterations) {
			s := newSolver(g, mu, nu, t)
			s.start(phi)
			return s, 0, err
		}
	}
	s := newSolver(g, mu, nu, t)
	s.start(phi)
	s.damping = damping
	missing := math.Inf(1)
	for count := 1; count <= set.iterations; count++ {
		if err := set.ctx.Err(); err != nil {
			return s, count - 1, err
		}
		before := s.dual
		s.iterate()
		if set.progress != nil {
			set.progress(Progress{Grid: g, Iteration: count, W2Squared: 2 * s.dual, Residual: s.missing})
		}
		if s.dual-before <= set.tolerance*math.Abs(s.dual) && s.missing > 0.9*missing {
			return s, count, nil
		}
		missing = min(missing, s.missing)
	}
	return s, set.iterations, ErrIterations
}
