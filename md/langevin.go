package md

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"pushforward/kernels"
)

// Scheme is a way to advance overdamped Langevin dynamics by one time step h.
// With ξ standard normal and σ = sqrt(2h/β):
type Scheme uint8

const (
	// EulerMaruyama: x' = x - h∇U(x) + σξ_k. Its invariant law differs from
	// the Boltzmann distribution in first order of h.
	EulerMaruyama Scheme = iota
	// LeimkuhlerMatthews: x' = x - h∇U(x) + σ(ξ_k + ξ_{k+1})/2. At the same
	// cost its invariant law is accurate to second order, and exact for
	// quadratic U. (Leimkuhler, Matthews, Rational construction of stochastic
	// numerical methods for molecular sampling, AMRX 2013.)
	LeimkuhlerMatthews
)

// String returns the scheme's name, as [ParseScheme] reads it.
func (s Scheme) String() string {
	switch s {
	case EulerMaruyama:
		return "euler-maruyama"
	case LeimkuhlerMatthews:
		return "leimkuhler-matthews"
	}
	return fmt.Sprintf("Scheme(%d)", uint8(s))
}

// ParseScheme returns the scheme with the given name.
func ParseScheme(name string) (Scheme, error) {
	for _, s := range []Scheme{EulerMaruyama, LeimkuhlerMatthews} {
		if name == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("md: unknown scheme %q, want %q or %q", name, EulerMaruyama, LeimkuhlerMatthews)
}

// Options say how a [Simulation] runs.
type Options struct {
	Dt      float64 // time step, > 0
	Beta    float64 // inverse temperature, > 0
	Scheme  Scheme
	Seed    uint64 // names the noise
	Threads int    // goroutines; 0: GOMAXPROCS. Results do not depend on it.
}

// Simulation is overdamped Langevin dynamics of n independent replicas.
//
// With d coordinates, the noise of coordinate c of replica r at step k is the
// normal number (k mod 4)·d + c of sample r + 2³²·⌊k/4⌋ in the kernels' stream
// [NoiseStream] under the seed.
//
// A Simulation is used by one goroutine at a time.
type Simulation[T kernels.Float] struct {
	potential Potential[T]
	options   Options
	n, d      int
	step      uint64
	x         []T    // blocks of panels [d][blockStride]
	dead      []bool // replicas that left the finite numbers
	failures  []Failure
	workers   []worker[T]
}

// NewSimulation returns a simulation that starts at step 0 from the positions
// x0, row-major [n][d], which it copies.
func NewSimulation[T kernels.Float](p Potential[T], x0 []T, o Options) (*Simulation[T], error) {
	d := p.Dim()
	switch {
	case d < 1:
		return nil, fmt.Errorf("md: potential has dimension %d, want 1 or more", d)
	case len(x0) == 0 || len(x0)%d != 0:
		return nil, fmt.Errorf("md: %d starting coordinates, want a positive multiple of the dimension %d", len(x0), d)
	case uint64(len(x0)/d) >= 1<<32:
		return nil, fmt.Errorf("md: %d replicas, want fewer than 2^32", len(x0)/d)
	case !(o.Dt > 0) || math.IsInf(o.Dt, 0):
		return nil, fmt.Errorf("md: time step %v, want a positive number", o.Dt)
	case !(o.Beta > 0) || math.IsInf(o.Beta, 0):
		return nil, fmt.Errorf("md: inverse temperature β = %v, want a positive number", o.Beta)
	case o.Scheme > LeimkuhlerMatthews:
		return nil, fmt.Errorf("md: unknown scheme %v", o.Scheme)
	case o.Threads < 0:
		return nil, fmt.Errorf("md: %d threads, want 0 or more", o.Threads)
	}
	for i, v := range x0 {
		if v-v != 0 {
			return nil, fmt.Errorf("md: starting coordinate %d of replica %d is %v, want a finite number", i%d, i/d, v)
		}
	}
	n := len(x0) / d
	s := &Simulation[T]{potential: p, options: o, n: n, d: d, dead: make([]bool, n)}
	s.x = make([]T, s.blocks()*d*blockStride)
	for r := range n {
		for c := range d {
			s.x[s.at(r, c)] = x0[r*d+c]
		}
	}
	return s, nil
}

// N returns the number of replicas.
func (s *Simulation[T]) N() int { return s.n }

// Step returns the number of steps made so far.
func (s *Simulation[T]) Step() uint64 { return s.step }

// SetStep makes k the number of the next step's noise: a simulation that
// starts from the positions of another after k steps then continues it to the
// same bits.
func (s *Simulation[T]) SetStep(k uint64) { s.step = k }

// Positions writes the positions, row-major [n][d], to dst and returns it; a
// nil dst is allocated.
func (s *Simulation[T]) Positions(dst []T) []T {
	if dst == nil {
		dst = make([]T, s.n*s.d)
	}
	if len(dst) != s.n*s.d {
		panic(fmt.Sprintf("md: Positions: len(dst) = %d, want n*d = %d", len(dst), s.n*s.d))
	}
	for b := range s.blocks() {
		s.copyBlock(dst, b)
	}
	return dst
}

// Failures returns the replicas whose positions left the finite numbers.
func (s *Simulation[T]) Failures() []Failure { return slices.Clone(s.failures) }

// Record says what to keep of a run. The zero value keeps nothing.
type Record[T kernels.Float] struct {
	// Every is the interval of frames: one is taken after each Every-th step
	// of the run. 0: none.
	Every int
	// Frames receives the frames, row-major [frame][n][d]. Those of a new run
	// are appended.
	Frames []T
	// Transitions, where not nil, counts transitions from the positions at
	// the start of the run on.
	Transitions *Transitions
	// Progress, where not nil, is called now and then from the calling
	// goroutine.
	Progress func(done, steps int)
}

// segmentSteps is how many steps run between two looks at the context. All
// replicas make a segment's steps before the next one starts, so that a
// cancelled run leaves every replica at the same step.
const segmentSteps = 256

// Run makes the given number of steps. Cancelling ctx stops between two steps
// of all replicas: Step tells which, and the error is the context's. Replicas
// that leave the finite numbers hold NaN from then on, are reported by an
// [UnstableError] at the end of the run, and do not disturb the others. The
// record may be nil.
func (s *Simulation[T]) Run(ctx context.Context, steps int, rec *Record[T]) error {
	if steps < 0 {
		return fmt.Errorf("md: %d steps, want 0 or more", steps)
	}
	if rec == nil {
		rec = &Record[T]{}
	}
	if rec.Every < 0 {
		return fmt.Errorf("md: a frame each %d steps, want 0 or more", rec.Every)
	}
	if t := rec.Transitions; t != nil {
		if len(t.sign) != s.n {
			return fmt.Errorf("md: transition counters for %d replicas, want %d", len(t.sign), s.n)
		}
		if t.Coordinate < 0 || t.Coordinate >= s.d {
			return fmt.Errorf("md: transitions of coordinate %d, want 0 to %d", t.Coordinate, s.d-1)
		}
	}
	had := len(s.failures)
	for done := 0; done < steps; {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := min(segmentSteps, steps-done)
		if err := s.segment(m, done, rec); err != nil {
			return err
		}
		done += m
		if rec.Progress != nil {
			rec.Progress(done, steps)
		}
	}
	if len(s.failures) > had {
		slices.SortFunc(s.failures, func(a, b Failure) int { return a.Replica - b.Replica })
		return &UnstableError{Failures: s.Failures(), Replicas: s.n, Dt: s.options.Dt}
	}
	return nil
}

// Failure tells which replica left the finite numbers, and at which step,
// counted from 1.
type Failure struct {
	Replica int
	Step    uint64
}

// UnstableError reports replicas that left the finite numbers, as happens to
// explicit schemes when the time step is too large for the potential.
type UnstableError struct {
	Failures []Failure // by replica
	Replicas int       // how many there are in all
	Dt       float64   // the time step
}

// Error names the first few of the failed replicas with their steps.
func (e *UnstableError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "md: %d of %d replicas left the finite numbers with time step %g:", len(e.Failures), e.Replicas, e.Dt)
	for i, f := range e.Failures {
		if i == 4 {
			b.WriteString(" …")
			break
		}
		fmt.Fprintf(&b, " replica %d at step %d;", f.Replica, f.Step)
	}
	b.WriteString(" try a smaller time step")
	return b.String()
}
