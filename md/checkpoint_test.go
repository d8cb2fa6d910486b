package md

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushforward/kernels"
)

func sameBits[T kernels.Float](a, b []T) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool {
		return math.Float64bits(float64(x)) == math.Float64bits(float64(y)) || x != x && y != y
	})
}

// A run that is interrupted, written to a file and resumed ends at the bits of
// one that is not; with lost replicas, and for every scheme.
func TestResumedRunsEndAtTheSameBits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.npz")
	for _, scheme := range []Scheme{LangevinMiddle, VelocityVerlet} {
		p, x, masses, constraints := ethane[float32]()
		var x0 []float32
		for range 70 {
			for _, v := range x {
				x0 = append(x0, float32(v))
			}
		}
		o := Options{Dt: 2e-3, Beta: 0.4, Scheme: scheme, Masses: masses, Constraints: constraints, Seed: 1 << 63, Recentre: 11}
		if scheme == LangevinMiddle {
			o.Friction = 3
		}
		whole, err := NewSimulation(p, x0, o)
		if err != nil {
			t.Fatal(err)
		}
		v := whole.Velocities(nil)
		v[66*24+4] = 1e6 // lost in the first step
		if err := whole.SetVelocities(v); err != nil {
			t.Fatal(err)
		}
		if err := whole.Run(t.Context(), 33, nil); err == nil {
			t.Fatal("no replica was lost")
		}
		if err := whole.WriteCheckpoint(path); err != nil {
			t.Fatal(err)
		}
		run(t, whole, 40, nil)
		o.Threads = 3
		resumed, err := ResumeSimulation(p, path, o)
		if err != nil {
			t.Fatal(err)
		}
		if resumed.Step() != 33 || !slices.Equal(resumed.Failures(), whole.Failures()) {
			t.Errorf("%v: resumed at step %d with failures %v", scheme, resumed.Step(), resumed.Failures())
		}
		run(t, resumed, 40, nil)
		if !sameBits(resumed.Positions(nil), whole.Positions(nil)) || !sameBits(resumed.Velocities(nil), whole.Velocities(nil)) {
			t.Errorf("%v: a resumed run goes another way", scheme)
		}
	}
	o := Options{Dt: 0.05, Beta: math.Inf(1), Scheme: LeimkuhlerMatthews, Seed: 3}
	whole := simulate(t, draws[float64](t, 300, 1), o, 50, nil)
	if err := whole.WriteCheckpoint(path); err != nil {
		t.Fatal(err)
	}
	run(t, whole, 50, nil)
	resumed, err := ResumeSimulation(DoubleWell[float64]{}, path, o)
	if err != nil {
		t.Fatal(err)
	}
	run(t, resumed, 50, nil)
	if !sameBits(resumed.Positions(nil), whole.Positions(nil)) {
		t.Error("overdamped: a resumed run goes another way")
	}
}

func TestCheckpointsOfOtherSimulationsAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.npz")
	good := Options{Dt: 1e-3, Beta: 0.4, Scheme: LangevinMiddle, Friction: 3}
	s := ethanes[float64](t, 3, good)
	run(t, s, 5, nil)
	if err := s.WriteCheckpoint(path); err != nil {
		t.Fatal(err)
	}
	p, _, masses, constraints := ethane[float64]()
	good.Masses, good.Constraints = masses, constraints
	if _, err := ResumeSimulation(p, path, good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(p *springs[float64], o *Options)
		want   string
	}{
		"time step":   {func(_ *springs[float64], o *Options) { o.Dt = 2e-3 }, "time step 0.001, but that of the simulation is 0.002"},
		"seed":        {func(_ *springs[float64], o *Options) { o.Seed = 5 }, "but that of the simulation is 5"},
		"scheme":      {func(_ *springs[float64], o *Options) { o.Scheme, o.Friction = VelocityVerlet, 0 }, "scheme langevin-middle, but that of the simulation is velocity-verlet"},
		"mass":        {func(_ *springs[float64], o *Options) { o.Masses = append([]float64{13}, masses[1:]...) }, "inverse_masses: number 0"},
		"constraints": {func(_ *springs[float64], o *Options) { o.Constraints = constraints[1:] }, "constrained_"},
		"distance": {func(_ *springs[float64], o *Options) {
			o.Constraints = slices.Clone(constraints)
			o.Constraints[2].Distance++
		}, "constrained_distances: number 2"},
		"potential": {func(p *springs[float64], _ *Options) { p.pairs = p.pairs[1:] }, "energies: replica 0"},
		"molecule":  {func(p *springs[float64], o *Options) { p.atoms = 9; o.Masses = nil }, "positions: shape [3 24], want [-1 27]"},
	} {
		p, o := p, good
		c.change(&p, &o)
		if _, err := ResumeSimulation(p, path, o); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "run.npz") {
			t.Errorf("another %s: error %v, want one with the file's name and %q", name, err, c.want)
		}
	}
	if _, err := ResumeSimulation(springs[float32]{atoms: 8}, path, good); err == nil || !strings.Contains(err.Error(), "float") {
		t.Errorf("another type: error %v", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{0, 10, len(data) / 2, len(data) - 1} {
		if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ResumeSimulation(p, path, good); err == nil {
			t.Errorf("a file cut after %d of %d bytes was accepted", cut, len(data))
		}
	}
}
