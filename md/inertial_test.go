package md

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pushforward/kernels"
)

func TestOneMiddleStepIsTheScheme(t *testing.T) {
	const n, seed, h, beta, friction = 5, 11, 0.1, 2.0, 3.0
	p := springs[float64]{atoms: 1, wells: []float64{1, 2, 3}}
	masses := []float64{1, 4, 0.5}
	x0 := make([]float64, 3*n)
	for i := range x0 {
		x0[i] = math.Sin(float64(i))
	}
	s, err := NewSimulation(p, x0, Options{Dt: h, Beta: beta, Scheme: LangevinMiddle, Friction: friction, Masses: masses, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	v0 := s.Velocities(nil)
	run(t, s, 3, nil)
	x, v := s.Positions(nil), s.Velocities(nil)
	xi, drawn := make([]float64, 12*n), make([]float64, 3*n)
	kernels.Normals(xi, n, seed, NoiseStream, 0, n, 12) // d = 3: four steps use whole blocks
	kernels.Normals(drawn, n, seed, VelocityStream, 0, n, 3)
	decay := math.Exp(-friction * h)
	for r := range n {
		for c, m := range masses {
			u := math.Sqrt(1/(beta*m)) * drawn[c*n+r]
			if math.Abs(u-v0[3*r+c]) > 1e-14 {
				t.Errorf("replica %d starts with velocity %v, want %v", r, v0[3*r+c], u)
			}
			q := x0[3*r+c]
			for k := range 3 {
				u -= h * p.wells[c] * q / m
				q += h / 2 * u
				u = decay*u + math.Sqrt((1-decay*decay)/(beta*m))*xi[(3*k+c)*n+r]
				q += h / 2 * u
			}
			if math.Abs(q-x[3*r+c]) > 1e-14 || math.Abs(u-v[3*r+c]) > 1e-13 {
				t.Errorf("replica %d, coordinate %d: (%v, %v), want (%v, %v)", r, c, x[3*r+c], v[3*r+c], q, u)
			}
		}
	}
}

// In a harmonic well the law of positions and that of velocities are exact for
// any time step below the limit of stability, here at half of it: what is off is
// their correlation, as the velocities are half a step late.
func TestLangevinMiddleIsExactForTheHarmonicOscillator(t *testing.T) {
	const n, h, beta = 4096, 1.0, 0.5
	for _, friction := range []float64{0.2, 1, 5} {
		p := springs[float64]{atoms: 1, wells: []float64{1, 0.5, 3}}
		masses := []float64{1, 2, 4}
		s, err := NewSimulation(p, make([]float64, 3*n), Options{
			Dt: h, Beta: beta, Scheme: LangevinMiddle, Friction: friction, Masses: masses, Seed: 7,
		})
		if err != nil {
			t.Fatal(err)
		}
		run(t, s, 60, nil)
		xx, vv, xv := make([][]float64, 3), make([][]float64, 3), make([][]float64, 3)
		for range 16 { // samples are averaged over replicas only: these are independent
			run(t, s, 40, nil)
			x, v := s.Positions(nil), s.Velocities(nil)
			for i := range x {
				c := i % 3
				xx[c], vv[c], xv[c] = append(xx[c], x[i]*x[i]), append(vv[c], v[i]*v[i]), append(xv[c], x[i]*v[i])
			}
		}
		for c, m := range masses {
			meanIs(t, "<x²>", xx[c], 1/(beta*p.wells[c]), 0.01)
			meanIs(t, "<v²>", vv[c], 1/(beta*m), 0.01)
			meanIs(t, "<xv>", xv[c], h/(2*beta*m), 0.02)
		}
	}
}

func TestLangevinMiddleHasTheLawOfTheDoubleWell(t *testing.T) {
	if testing.Short() {
		t.Skip("a law; bits are compared elsewhere")
	}
	const n, beta = 8192, 1.0
	law := newLaw(t, beta)
	for _, c := range []struct{ friction, h float64 }{{1, 0.1}, {20, 0.1}} {
		x0 := draws[float32](t, n, beta)
		s, err := NewSimulation(DoubleWell[float32]{}, x0, Options{Dt: c.h, Beta: beta, Scheme: LangevinMiddle, Friction: c.friction, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		var x1, x2, x3, vv []float64
		for range 10 {
			run(t, s, int(4*max(1, c.friction)/c.h), nil)
			x, v := s.Positions(nil), s.Velocities(nil)
			for i := 0; i < len(x); i += 2 {
				a, b := float64(x[i]), float64(x[i+1])
				x1, x2, x3 = append(x1, a*a), append(x2, b*b), append(x3, a*a*a*a)
				vv = append(vv, float64(v[i])*float64(v[i]))
			}
		}
		meanIs(t, "E[x1²]", x1, law.Moment(2, 0), 0.005)
		meanIs(t, "E[x1⁴]", x3, law.Moment(4, 0), 0.01)
		meanIs(t, "E[x2²]", x2, law.Moment(0, 2), 0.01)
		meanIs(t, "E[v1²]", vv, 1/beta, 0.01)
	}
}

// energyError is the largest error of the total energy on the way, over replicas.
func energyError(t *testing.T, h float64, constrained bool) float64 {
	t.Helper()
	o := Options{Dt: h, Beta: InverseTemperature(300), Scheme: VelocityVerlet, Seed: 4}
	if !constrained {
		o.Constraints = []Constraint{}
	}
	s := ethanes[float64](t, 8, o)
	start := totalEnergies(t, s)
	steps := int(math.Round(0.016 / h))
	worst := 0.0
	for range 16 {
		run(t, s, steps, nil)
		for r, e := range totalEnergies(t, s) {
			worst = max(worst, math.Abs(e-start[r]))
		}
	}
	return worst
}

func TestVelocityVerletConservesEnergyToSecondOrder(t *testing.T) {
	for _, constrained := range []bool{true, false} {
		var errors []float64
		for _, h := range []float64{1e-3, 0.5e-3, 0.25e-3} {
			errors = append(errors, energyError(t, h, constrained))
		}
		for i := range 2 {
			if ratio := errors[i] / errors[i+1]; ratio < 3.4 || ratio > 4.8 {
				t.Errorf("constrained %v: errors of the energy %.3g at halved time steps, want each a fourth of the one before", constrained, errors)
			}
		}
		if errors[2] > 0.5 {
			t.Errorf("constrained %v: the energy is off by %.3g kJ/mol", constrained, errors[2])
		}
	}
}

// The error of the energy oscillates, and does not grow: the mean over the second
// half of a long run is that over the first.
func TestVelocityVerletDoesNotDrift(t *testing.T) {
	s := ethanes[float64](t, 16, Options{Dt: 5e-4, Beta: InverseTemperature(300), Scheme: VelocityVerlet, Seed: 4})
	var early, late []float64
	for i := range 200 {
		run(t, s, 20, nil)
		sum := 0.0
		for _, e := range totalEnergies(t, s) {
			sum += e / float64(s.n)
		}
		if i < 100 {
			early = append(early, sum)
		} else {
			late = append(late, sum)
		}
	}
	a, _ := moments(early)
	b, _ := moments(late)
	if math.Abs(a-b) > 2e-3*math.Abs(a) {
		t.Errorf("mean energy %.6g kJ/mol in the first 2 ps, %.6g in the next", a, b)
	}
}

func TestVelocityVerletIsReversible(t *testing.T) {
	for _, constrained := range []bool{true, false} {
		o := Options{Dt: 1e-3, Beta: InverseTemperature(300), Scheme: VelocityVerlet, Seed: 9, Tolerance: 1e-13}
		if !constrained {
			o.Constraints = []Constraint{}
		}
		s := ethanes[float64](t, 4, o)
		start := s.Positions(nil)
		run(t, s, 300, nil)
		far := slices.Clone(s.Positions(nil))
		v := s.Velocities(nil)
		for i := range v {
			v[i] = -v[i]
		}
		if err := s.SetVelocities(v); err != nil {
			t.Fatal(err)
		}
		run(t, s, 300, nil)
		worst, way := 0.0, 0.0
		for i, x := range s.Positions(nil) {
			worst, way = max(worst, math.Abs(x-start[i])), max(way, math.Abs(far[i]-start[i]))
		}
		if worst > 1e-9 || way < 0.05 {
			t.Errorf("constrained %v: back at %.2g nm from the start, after %.2g nm", constrained, worst, way)
		}
	}
}

func TestCoordinatesWithoutMassStay(t *testing.T) {
	p, x, masses, constraints := ethane[float64]()
	masses[0] = 0
	for _, scheme := range []Scheme{LangevinMiddle, VelocityVerlet} {
		o := Options{Dt: 1e-3, Beta: 0.4, Scheme: scheme, Masses: masses, Constraints: constraints}
		if scheme == LangevinMiddle {
			o.Friction = 10
		}
		s, err := NewSimulation(p, x, o)
		if err != nil {
			t.Fatal(err)
		}
		start := s.Positions(nil)
		run(t, s, 200, nil)
		end, v := s.Positions(nil), s.Velocities(nil)
		for c := range 3 {
			if end[c] != start[c] || v[c] != 0 {
				t.Errorf("%v: coordinate %d went from %v to %v", scheme, c, start[c], end[c])
			}
		}
		if end[3] == start[3] || strain(s) > 1e-9 {
			t.Errorf("%v: its neighbour stays, or leaves it", scheme)
		}
		if s.DegreesOfFreedom() != 21-6 {
			t.Errorf("%d degrees of freedom, want 15", s.DegreesOfFreedom())
		}
		v[0] = 1
		if s.SetVelocities(v) == nil {
			t.Error("a velocity was accepted where there is no mass")
		}
	}
}

func TestBadOptionsOfSchemesWithVelocitiesAreRefused(t *testing.T) {
	good := Options{Dt: 1e-3, Beta: 0.4, Scheme: LangevinMiddle, Friction: 1}
	for name, c := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"no friction":                    {func(o *Options) { o.Friction = 0 }, "friction"},
		"friction without any":           {func(o *Options) { o.Scheme = VelocityVerlet }, "friction"},
		"masses of an overdamped scheme": {func(o *Options) { o.Scheme = EulerMaruyama }, "velocities"},
		"two masses":                     {func(o *Options) { o.Masses = []float64{1, 1} }, "masses"},
		"a negative mass":                {func(o *Options) { o.Masses = []float64{1, -1, 1} }, "coordinate 3 has mass"},
		"no mass at all":                 {func(o *Options) { o.Masses = []float64{0, 0, 0} }, "all masses"},
		"a missing atom":                 {func(o *Options) { o.Constraints = []Constraint{{0, 3, 1}} }, "0 to 2"},
		"an atom with itself":            {func(o *Options) { o.Constraints = []Constraint{{1, 1, 1}} }, "constraint 0"},
		"no distance":                    {func(o *Options) { o.Constraints = []Constraint{{0, 1, 0}} }, "distance"},
		"two atoms that cannot move": {func(o *Options) {
			o.Masses, o.Constraints = []float64{0, 0, 1}, []Constraint{{0, 1, 1}}
		}, "can move"},
		"masses by direction": {func(o *Options) {
			o.Masses, o.Constraints = []float64{1, 2, 1, 1, 1, 1, 1, 1, 1}, []Constraint{{0, 1, 1}}
		}, "different masses"},
		"a distance that cannot be": {func(o *Options) {
			o.Constraints = []Constraint{{0, 1, 1}, {1, 2, 1}, {0, 2, 5}}
		}, "replica 0"},
		"recentring what is fixed": {func(o *Options) { o.Recentre, o.Masses = 5, []float64{0, 1, 1} }, "recentring"},
		"negative recentring":      {func(o *Options) { o.Recentre = -1 }, "recentring"},
		"a coarse tolerance":       {func(o *Options) { o.Tolerance = 1 }, "tolerance"},
	} {
		o := good
		c.change(&o)
		_, err := NewSimulation(springs[float64]{atoms: 3}, []float64{0, 0, 0, 1, 0, 0, 0, 1, 0}, o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %q", name, err, c.want)
		}
	}
}

// explosive is a potential that is NaN beyond a distance from the origin.
type explosive struct{ springs[float64] }

func (p explosive) Gradients(g []float64, ldg int, x []float64, ld, n int) {
	p.springs.Gradients(g, ldg, x, ld, n)
	for i := range n {
		if x[i] > 50 {
			g[i] = math.NaN()
		}
	}
}

func TestReplicasThatAreLostAreReportedAndDisturbNobody(t *testing.T) {
	for _, scheme := range []Scheme{LangevinMiddle, VelocityVerlet} {
		const n = 100
		lost := []Failure{{Replica: 70, Step: 3, Cause: Unconstrained}, {Replica: 90, Step: 9, Cause: NotFinite}}
		p, x, masses, constraints := ethane[float64]()
		var x0 []float64
		for range n {
			x0 = append(x0, x...)
		}
		o := Options{Dt: 1e-3, Beta: 0.4, Scheme: scheme, Masses: masses, Constraints: constraints, Seed: 2, Threads: 2}
		if scheme == LangevinMiddle {
			o.Friction = 1
		}
		simulation := func(disturb bool) *Simulation[float64] {
			s, err := NewSimulation(explosive{p}, x0, o)
			if err != nil {
				t.Fatal(err)
			}
			run(t, s, 2, nil)
			if !disturb {
				return s
			}
			v := s.Velocities(nil)
			// A hydrogen that leaves a carbon at this speed cannot be held; a
			// molecule that moves as a whole is at x > 50 after some steps.
			v[70*24+5] += 1e5
			for a := range 8 {
				v[90*24+3*a] += 9900
			}
			if err := s.SetVelocities(v); err != nil {
				t.Fatal(err)
			}
			return s
		}
		calm := simulation(false)
		run(t, calm, 20, nil)
		s := simulation(true)
		err := s.Run(t.Context(), 20, nil)
		var unstable *UnstableError
		if !errors.As(err, &unstable) || !slices.Equal(unstable.Failures, lost) {
			t.Fatalf("%v: error %v, want %v", scheme, err, lost)
		}
		if !strings.Contains(err.Error(), "replica 70 at step 3, where constraints could not be met") {
			t.Errorf("the error is %q", err)
		}
		want, got := calm.Positions(nil), s.Positions(nil)
		for r := range n {
			is := got[24*r : 24*r+24]
			if r == 70 || r == 90 {
				if slices.ContainsFunc(is, func(v float64) bool { return v == v }) {
					t.Errorf("%v: the lost replica %d holds numbers", scheme, r)
				}
			} else if !slices.Equal(is, want[24*r:24*r+24]) {
				t.Errorf("%v: replica %d was disturbed", scheme, r)
			}
		}
	}
}
