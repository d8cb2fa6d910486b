package ot

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Option is a setting of Solve, SolveMatrix or Sinkhorn.
type Option func(*settings)

type settings struct {
	ctx      context.Context
	method   Method
	limit    int
	warm     bool
	f, g     []float64 // with warm
	progress func(Progress)
	every    time.Duration // between reports, at least
	threads  int

	tolerance float64 // of Sinkhorn
}

func newSettings(options []Option) settings {
	s := settings{ctx: context.Background(), every: 100 * time.Millisecond}
	for _, o := range options {
		o(&s)
	}
	return s
}

// WithContext makes a solve stop soon after the context is done. It then
// returns the best that it has, see Stopped, and an error that wraps the context's.
func WithContext(ctx context.Context) Option {
	return func(s *settings) { s.ctx = ctx }
}

// WithMethod names the method instead of leaving the choice to the solver. A
// method that does not apply to the problem is an error that says why.
func WithMethod(m Method) Option {
	return func(s *settings) { s.method = m }
}

// WithLimit makes a solve stop after so many steps: pivots of the simplex or
// bids of the auction, on all levels together. It then returns the best that it
// has, see Stopped, and ErrLimit. A limit of 0 or less is none.
func WithLimit(steps int) Option {
	return func(s *settings) { s.limit = steps }
}

// WithWarmStart starts from potentials that an earlier Result gave, F for the
// rows and G for the columns, of the same problem or of one close to it with
// the same sizes, in the unit of the cost. Any finite numbers lead to the same
// optimum; good ones lead there sooner.
func WithWarmStart(f, g []float64) Option {
	return func(s *settings) { s.warm, s.f, s.g = true, f, g }
}

// WithProgress has report called now and then, at most about ten times a
// second, from the goroutine that called the solver. The result does not depend on it.
func WithProgress(report func(Progress)) Option {
	return func(s *settings) { s.progress = report }
}

// WithThreads limits the goroutines of a solve; 0 stands for GOMAXPROCS. The
// result does not depend on it.
func WithThreads(n int) Option {
	return func(s *settings) { s.threads = n }
}

// checkWarmStart says what makes the warm start unfit for n × m points.
func (s *settings) checkWarmStart(n, m int) error {
	if !s.warm {
		return nil
	}
	for _, p := range []struct {
		name string
		pot  []float64
		want int
	}{{"f", s.f, n}, {"g", s.g, m}} {
		if len(p.pot) != p.want {
			return fmt.Errorf("ot: the warm start has %d potentials %s for %d points", len(p.pot), p.name, p.want)
		}
		for i, v := range p.pot {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("ot: the warm start's %s[%d] is %v, want a finite number", p.name, i, v)
			}
		}
	}
	return nil
}
