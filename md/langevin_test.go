package md

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pushforward/kernels"
)

func simulate[T kernels.Float](t testing.TB, x0 []T, o Options, steps int, rec *Record[T]) *Simulation[T] {
	t.Helper()
	s, err := NewSimulation(DoubleWell[T]{}, x0, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), steps, rec); err != nil {
		t.Fatal(err)
	}
	return s
}

func draws[T kernels.Float](t testing.TB, n int, beta float64) []T {
	t.Helper()
	x := make([]T, 2*n)
	Draw(newLaw(t, beta), x, 99, 0)
	return x
}

func TestOneStepIsTheScheme(t *testing.T) {
	const n, seed, dt, beta = 5, 11, 0.1, 2.0
	x0 := draws[float64](t, n, beta)
	xi := make([]float64, 8*n)
	kernels.Normals(xi, n, seed, NoiseStream, 0, n, 8)
	sigma := math.Sqrt(2 * dt / beta)
	for _, scheme := range []Scheme{EulerMaruyama, LeimkuhlerMatthews} {
		s := simulate(t, x0, Options{Dt: dt, Beta: beta, Scheme: scheme, Seed: seed}, 2, nil)
		got := s.Positions(nil)
		for r := range n {
			a, b := x0[2*r], x0[2*r+1]
			for k := range 2 {
				z1, z2 := xi[2*k*n+r], xi[(2*k+1)*n+r]
				if scheme == LeimkuhlerMatthews {
					z1 = (z1 + xi[(2*k+2)*n+r]) / 2
					z2 = (z2 + xi[(2*k+3)*n+r]) / 2
				}
				a, b = a-dt*(a*a-1)*a+sigma*z1, b-dt*b+sigma*z2
			}
			if math.Abs(got[2*r]-a) > 1e-14 || math.Abs(got[2*r+1]-b) > 1e-14 {
				t.Errorf("%v: replica %d at (%v, %v), want (%v, %v)", scheme, r, got[2*r], got[2*r+1], a, b)
			}
		}
	}
}

func TestPositionsDoNotDependOnThreadsNorOnHowARunIsCut(t *testing.T) {
	const n, steps = 3*blockReplicas + 17, 300
	x0 := draws[float32](t, n, 1)
	for _, scheme := range []Scheme{EulerMaruyama, LeimkuhlerMatthews} {
		o := Options{Dt: 0.05, Beta: 1, Scheme: scheme, Seed: 5, Threads: 1}
		want := simulate(t, x0, o, steps, nil).Positions(nil)

		o.Threads = 7
		if got := simulate(t, x0, o, steps, nil).Positions(nil); !slices.Equal(got, want) {
			t.Errorf("%v: seven threads change the positions", scheme)
		}

		cut := simulate(t, x0, o, 1, nil)
		for _, m := range []int{0, 2, 255, 42} {
			if err := cut.Run(context.Background(), m, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got := cut.Positions(nil); cut.Step() != steps || !slices.Equal(got, want) {
			t.Errorf("%v: a run in pieces changes the positions", scheme)
		}

		half := simulate(t, x0, o, 130, nil)
		again, err := NewSimulation(DoubleWell[float32]{}, half.Positions(nil), o)
		if err != nil {
			t.Fatal(err)
		}
		again.SetStep(half.Step())
		if err := again.Run(context.Background(), steps-130, nil); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.Positions(nil), want) {
			t.Errorf("%v: a simulation continued from its positions changes them", scheme)
		}

		// A replica's path does not depend on how many others there are.
		few := simulate(t, x0[:2*10], o, steps, nil).Positions(nil)
		if !slices.Equal(few, want[:2*10]) {
			t.Errorf("%v: ten replicas alone go other ways than among many", scheme)
		}
	}
}

func TestFramesAreThePositionsAtTheirSteps(t *testing.T) {
	const n = blockReplicas + 3
	x0 := draws[float64](t, n, 1)
	o := Options{Dt: 0.05, Beta: 1, Seed: 5}
	rec := &Record[float64]{Every: 130}
	simulate(t, x0, o, 600, rec)
	if len(rec.Frames) != 4*2*n {
		t.Fatalf("%d numbers in frames, want 4 frames of %d", len(rec.Frames), 2*n)
	}
	for f := range 4 {
		want := simulate(t, x0, o, 130*(f+1), nil).Positions(nil)
		if !slices.Equal(rec.Frames[f*2*n:(f+1)*2*n], want) {
			t.Errorf("frame %d is not the positions after %d steps", f, 130*(f+1))
		}
	}
}

func TestACancelledRunLeavesAllReplicasAtOneStep(t *testing.T) {
	const n = 3 * blockReplicas
	x0 := draws[float32](t, n, 1)
	o := Options{Dt: 0.05, Beta: 1, Seed: 5}
	ctx, cancel := context.WithCancel(context.Background())
	rec := &Record[float32]{Progress: func(done, steps int) {
		if done >= 2*segmentSteps {
			cancel()
		}
	}}
	s, err := NewSimulation(DoubleWell[float32]{}, x0, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(ctx, 10*segmentSteps, rec); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want that of the context", err)
	}
	want := simulate(t, x0, o, int(s.Step()), nil).Positions(nil)
	if s.Step() != 2*segmentSteps || !slices.Equal(s.Positions(nil), want) {
		t.Errorf("positions after cancellation are not those of step %d", s.Step())
	}
}

func TestAReplicaThatBlowsUpIsReportedAndDisturbsNobody(t *testing.T) {
	const n, bad = blockReplicas + 9, blockReplicas + 4
	for _, scheme := range []Scheme{EulerMaruyama, LeimkuhlerMatthews} {
		o := Options{Dt: 0.05, Beta: 1, Scheme: scheme, Seed: 5}
		x0 := draws[float64](t, n, 1)
		want := simulate(t, x0, o, 50, nil).Positions(nil)
		x0[2*bad] = 1e4 // far beyond sqrt(1 + 2/dt), where the map diverges
		s, err := NewSimulation(DoubleWell[float64]{}, x0, o)
		if err != nil {
			t.Fatal(err)
		}
		counts := NewTransitions(n, 0, 0.5)
		err = s.Run(context.Background(), 50, &Record[float64]{Transitions: counts})
		var unstable *UnstableError
		if !errors.As(err, &unstable) {
			t.Fatalf("error %v, want an UnstableError", err)
		}
		// 1e4 → 5e10 → 6e30 → 1e91 → 1e272 → overflow in the fifth step.
		if len(unstable.Failures) != 1 || unstable.Failures[0] != (Failure{Replica: bad, Step: 5}) {
			t.Fatalf("failures %v, want replica %d at step 5", unstable.Failures, bad)
		}
		if msg := err.Error(); !strings.Contains(msg, "replica 260 at step 5") {
			t.Errorf("error %q does not name the replica and the step", msg)
		}
		got := s.Positions(nil)
		for r := range n {
			if r == bad {
				if got[2*r] == got[2*r] || got[2*r+1] == got[2*r+1] {
					t.Errorf("the lost replica is at (%v, %v), want NaN", got[2*r], got[2*r+1])
				}
			} else if got[2*r] != want[2*r] || got[2*r+1] != want[2*r+1] {
				t.Errorf("%v: replica %d was disturbed", scheme, r)
			}
		}
		if err := s.Run(context.Background(), 5, nil); err != nil {
			t.Errorf("a failure is reported twice: %v", err)
		}
	}
}

func TestBadArgumentsAreRefused(t *testing.T) {
	good := Options{Dt: 0.1, Beta: 1}
	for name, c := range map[string]struct {
		x0   []float64
		o    Options
		want string
	}{
		"no replicas":            {nil, good, "positive multiple"},
		"half a configuration":   {make([]float64, 3), good, "positive multiple"},
		"a NaN":                  {[]float64{0, 0, 1, math.NaN()}, good, "coordinate 1 of replica 1"},
		"a negative time step":   {make([]float64, 2), Options{Dt: -1, Beta: 1}, "time step"},
		"no temperature":         {make([]float64, 2), Options{Dt: 1}, "β"},
		"an unknown scheme":      {make([]float64, 2), Options{Dt: 1, Beta: 1, Scheme: 9}, "scheme"},
		"minus one thread":       {make([]float64, 2), Options{Dt: 1, Beta: 1, Threads: -1}, "threads"},
		"an infinite time step":  {make([]float64, 2), Options{Dt: math.Inf(1), Beta: 1}, "time step"},
		"a time step that's NaN": {make([]float64, 2), Options{Dt: math.NaN(), Beta: 1}, "time step"},
	} {
		_, err := NewSimulation(DoubleWell[float64]{}, c.x0, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %q", name, err, c.want)
		}
	}
	s := simulate(t, make([]float64, 4), good, 0, nil)
	for name, rec := range map[string]*Record[float64]{
		"negative interval":    {Every: -1},
		"counters for others":  {Transitions: NewTransitions(5, 0, 0.5)},
		"a missing coordinate": {Transitions: NewTransitions(2, 2, 0.5)},
	} {
		if err := s.Run(context.Background(), 1, rec); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestSchemesHaveNames(t *testing.T) {
	for _, s := range []Scheme{EulerMaruyama, LeimkuhlerMatthews} {
		if got, err := ParseScheme(s.String()); err != nil || got != s {
			t.Errorf("ParseScheme(%q) = %v, %v", s.String(), got, err)
		}
	}
	if _, err := ParseScheme("heun"); err == nil {
		t.Error("an unknown name was accepted")
	}
}
