package md

import (
	"context"
	"fmt"
	"math"
	"slices"

	"pushforward/kernels"
)

// Options say how a [Simulation] runs. Masses, friction and constraints are for
// the schemes that have velocities alone.
type Options struct {
	Dt   float64 // time step, > 0
	Beta float64 // inverse temperature, > 0; +Inf for none: see [InverseTemperature]
	// Scheme is what a step does.
	Scheme Scheme
	// Friction is the γ of LangevinMiddle, > 0: in 1/ps for a molecule.
	Friction float64
	// Masses has one number for each coordinate, or one for each three of
	// them, the atoms of a molecule. 0: it never moves. nil: all are 1.
	Masses []float64
	// Constraints are fixed distances of atoms, coordinates 3i … 3i+2 being
	// those of atom i. They are met one after the other, so that neighbours
	// in that order share no atom where that is possible.
	Constraints []Constraint
	// Tolerance is the largest relative error of a constrained distance. 0:
	// 1e-10 in float64; in float32 4e-6, which atoms within 2 nm of the
	// origin can always meet.
	Tolerance float64
	// Recentre is the number of steps after which each replica is moved so
	// that its centroid is less than 2⁻⁸ nm from the origin, in every
	// coordinate; 0: never. A free molecule drifts away otherwise, and float32
	// loses its digits. The move is by multiples of 2⁻⁸ nm, so that hardly a
	// distance changes by rounding. Not for potentials that depend on where
	// a molecule is.
	Recentre int
	Seed     uint64 // names the noise
	Threads  int    // goroutines; 0: GOMAXPROCS. Results do not depend on it.
}

// Simulation is the dynamics of n independent replicas.
//
// The noise of coordinate c of replica r at step k is the normal number
// (k mod G)·d + c of sample r + 2³²·⌊k/G⌋ in the kernels' stream [NoiseStream]
// under the seed, with d coordinates; G is 4 for overdamped dynamics, and
// 4/gcd(4, d) for LangevinMiddle, so that G steps use whole blocks of random
// words. Velocities are drawn from the stream [VelocityStream], where replica r
// is sample r.
//
// A Simulation is used by one goroutine at a time.
type Simulation[T kernels.Float] struct {
	potential     Potential[T]
	options       Options
	n, d          int
	block, stride int // replicas in a block, and the stride of its rows
	group         int // steps that one call for normals serves
	step          uint64
	x             []T         // blocks of panels [d][stride]
	v             []T         // the same of velocities; nil for overdamped dynamics
	inertia       *inertia[T] // of the schemes with velocities
	dead          []bool      // replicas that are lost
	failures      []Failure   // the same, by replica
	workers       []worker[T] // scratch memory
}

// NewSimulation returns a simulation that starts at step 0 from the positions
// x0, row-major [n][d], which it copies. Constraints move them where they must.
// Velocities are drawn from the Maxwell–Boltzmann distribution.
func NewSimulation[T kernels.Float](p Potential[T], x0 []T, o Options) (*Simulation[T], error) {
	d := p.Dim()
	if d >= 1 && (len(x0) == 0 || len(x0)%d != 0) {
		return nil, fmt.Errorf("md: %d starting coordinates, want a positive multiple of the dimension %d", len(x0), d)
	}
	s, err := newSimulation(p, len(x0)/max(d, 1), o)
	if err != nil {
		return nil, err
	}
	for i, v := range x0 {
		if v-v != 0 {
			return nil, fmt.Errorf("md: starting coordinate %d of replica %d is %v, want a finite number", i%d, i/d, v)
		}
	}
	s.spread(s.x, x0)
	if s.inertia != nil {
		if err := s.constrainStart(); err != nil {
			return nil, err
		}
		s.DrawVelocities()
		if len(s.failures) > 0 {
			return nil, &UnstableError{Failures: s.Failures(), Replicas: s.n, Dt: o.Dt}
		}
	}
	return s, nil
}

// newSimulation returns a simulation with all replicas at the origin.
func newSimulation[T kernels.Float](p Potential[T], n int, o Options) (*Simulation[T], error) {
	d := p.Dim()
	switch {
	case d < 1:
		return nil, fmt.Errorf("md: potential has dimension %d, want 1 or more", d)
	case uint64(n) >= 1<<32:
		return nil, fmt.Errorf("md: %d replicas, want fewer than 2^32", n)
	case !(o.Dt > 0) || math.IsInf(o.Dt, 0):
		return nil, fmt.Errorf("md: time step %v, want a positive number", o.Dt)
	case !(o.Beta > 0):
		return nil, fmt.Errorf("md: inverse temperature β = %v, want a positive number", o.Beta)
	case int(o.Scheme) >= len(schemeNames):
		return nil, fmt.Errorf("md: unknown scheme %v", o.Scheme)
	case o.Threads < 0:
		return nil, fmt.Errorf("md: %d threads, want 0 or more", o.Threads)
	case o.Recentre < 0:
		return nil, fmt.Errorf("md: recentring each %d steps, want 0 or more", o.Recentre)
	case o.Recentre > 0 && d%3 != 0:
		return nil, fmt.Errorf("md: recentring needs atoms, but %d coordinates are no multiple of 3", d)
	}
	s := &Simulation[T]{potential: p, options: o, n: n, d: d, dead: make([]bool, n), group: overdampedSteps}
	s.block = blockSize(n, d, workerCount(o.Threads))
	s.stride = s.block + blockPad
	s.x = make([]T, s.blocks()*d*s.stride)
	if !o.Scheme.inertial() {
		if o.Friction != 0 || o.Masses != nil || o.Constraints != nil {
			return nil, fmt.Errorf("md: friction, masses and constraints have no meaning for %v, which has no velocities", o.Scheme)
		}
		return s, nil
	}
	var err error
	if s.inertia, err = newInertia[T](d, o); err != nil {
		return nil, err
	}
	s.v = make([]T, len(s.x))
	s.group = wholeBlocks(d)
	return s, nil
}

// N returns the number of replicas.
func (s *Simulation[T]) N() int { return s.n }

// Step returns the number of steps made so far.
func (s *Simulation[T]) Step() uint64 { return s.step }

// SetStep makes k the number of the next step's noise: a simulation that
// starts from the positions and velocities of another after k steps then
// continues it to the same bits.
func (s *Simulation[T]) SetStep(k uint64) { s.step = k }

// Positions writes the positions, row-major [n][d], to dst and returns it; a
// nil dst is allocated.
func (s *Simulation[T]) Positions(dst []T) []T { return s.gather("Positions", dst, s.x) }

// Failures returns the replicas that are lost.
func (s *Simulation[T]) Failures() []Failure { return slices.Clone(s.failures) }

// Run makes the given number of steps. Cancelling ctx stops between two steps
// of all replicas: Step tells which, and the error is the context's. Replicas
// that leave the finite numbers, or whose constraints cannot be met, hold NaN
// from then on, are reported by an [UnstableError] at the end of the run, and do
// not disturb the others. The record may be nil.
func (s *Simulation[T]) Run(ctx context.Context, steps int, rec *Record[T]) error {
	if steps < 0 {
		return fmt.Errorf("md: %d steps, want 0 or more", steps)
	}
	if rec == nil {
		rec = &Record[T]{}
	}
	if err := rec.check(s.n, s.d); err != nil {
		return err
	}
	had := len(s.failures)
	for done := 0; done < steps; {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := min(s.segmentLength(rec, done), steps-done)
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
