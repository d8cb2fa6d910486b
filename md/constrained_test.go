package md

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// Three beads in a chain with fixed distances and no potential at all: the angle
// between the two bonds has the density √(det Z) in its cosine c, with
// det Z = (1/m1+1/m2)(1/m2+1/m3) - c²/m2² (Fixman, PNAS 71, 3050, 1974). Uniform
// it would be without constraints' forces done right.
func TestAChainOfRigidBondsHasFixmansLaw(t *testing.T) {
	n, frictions := 2048, []float64{1, 4}
	if testing.Short() {
		n, frictions = 1024, frictions[:1]
	}
	masses := []float64{3, 0.25, 3}
	density := func(c float64) float64 {
		return math.Sqrt((1/masses[0]+1/masses[1])*(1/masses[1]+1/masses[2]) - c*c/(masses[1]*masses[1]))
	}
	var norm, second float64
	for k := range 2000 {
		c := (float64(k)+0.5)/1000 - 1
		norm += density(c)
		second += c * c * density(c)
	}
	want := second / norm
	if want > 0.29 {
		t.Fatalf("E[c²] = %v is too near to 1/3 for a test", want)
	}
	x0 := make([]float64, 0, 9*n)
	for range n {
		x0 = append(x0, 0, 1, 0, 0, 0, 0, 1, 0, 0)
	}
	for _, friction := range frictions {
		s, err := NewSimulation(springs[float64]{atoms: 3}, x0, Options{
			Dt: 0.02, Beta: 1, Scheme: LangevinMiddle, Friction: friction, Masses: masses, Seed: 6,
			Constraints: []Constraint{{0, 1, 1}, {1, 2, 1}}, Tolerance: 1e-8,
		})
		if err != nil {
			t.Fatal(err)
		}
		run(t, s, 400, nil)
		var squares, temperature []float64
		rec := &Record[float64]{Observables: []Observable[float64]{s.KineticEnergy()}, ObserveEvery: 100}
		for range 8 {
			run(t, s, 100, rec)
			x := s.Positions(nil)
			for r := range n {
				p := x[9*r:][:9]
				c := 0.0
				for k := range 3 {
					c += (p[k] - p[3+k]) * (p[6+k] - p[3+k])
				}
				squares = append(squares, c*c)
			}
		}
		temperature = rec.Values[0]
		meanIs(t, "E[c²]", squares, want, 0.02)
		meanIs(t, "kinetic energy", temperature, 7./2, 0.01)
	}
}

// The constrained molecule at 300 K: all of it, its centre of mass and its inner
// motions have their share of the energy, at any friction and in both types.
func TestEnergyIsEquallyPartitioned(t *testing.T) {
	if testing.Short() {
		t.Skip("a law; bits are compared elsewhere")
	}
	t.Run("float32", func(t *testing.T) { testEquipartition[float32](t) })
	t.Run("float64", func(t *testing.T) { testEquipartition[float64](t) })
}

func testEquipartition[T kernels.Float](t *testing.T) {
	const n, kelvin = 640, 300.0
	o := Options{Dt: 1e-3, Beta: InverseTemperature(kelvin), Scheme: LangevinMiddle, Friction: 91, Seed: 8, Recentre: 50}
	calm := ethanes[T](t, n, o)
	run(t, calm, 250, nil) // in equilibrium, as friction is high
	for _, friction := range []float64{91, 1} {
		o.Friction, o.Seed = friction, o.Seed+1 // noise that calm has not seen
		s := ethanes[T](t, n, o)
		s.spread(s.x, calm.Positions(nil))
		s.spread(s.v, calm.Velocities(nil))
		rec := &Record[T]{Observables: []Observable[T]{s.Temperature()}, ObserveEvery: 250}
		var centre []float64
		masses, total := s.options.Masses, 0.0
		for _, m := range masses {
			total += m
		}
		for range 6 {
			run(t, s, 250, rec)
			v := s.Velocities(nil)
			for r := range n {
				sum := 0.0
				for c := range 3 {
					p := 0.0
					for a, m := range masses {
						p += m * float64(v[r*24+3*a+c])
					}
					sum += p * p / total
				}
				centre = append(centre, sum/(3*BoltzmannConstant))
			}
		}
		var all []float64
		for _, v := range rec.Values[0] {
			all = append(all, float64(v))
		}
		meanIs(t, "temperature", all, kelvin, 0.01)
		meanIs(t, "temperature of the centre of mass", centre, kelvin, 0.02)
		if worst := strain(s); worst > map[int]float64{4: 4.2e-6, 8: 1.01e-10}[sizeOf[T]()] {
			t.Errorf("constraints are off by %.2g", worst)
		}
	}
}

func sizeOf[T kernels.Float]() int {
	if T(1)+T(1e-9) == 1 {
		return 4
	}
	return 8
}

func TestVelocitiesAreDrawnFromMaxwellAndBoltzmann(t *testing.T) {
	const n = 20000
	s := ethanes[float64](t, n, Options{Dt: 1e-3, Beta: InverseTemperature(250), Scheme: VelocityVerlet, Seed: 1})
	e := []float64(nil)
	for b := range s.blocks() {
		_, m := s.span(b)
		y := make([]float64, m)
		s.Temperature().Observe(y, m, s.panel(s.x, b), s.panel(s.v, b), s.stride, m)
		e = append(e, y...)
	}
	meanIs(t, "temperature", e, 250, 0.01)
	// Its variance is that of a χ² with 18 degrees of freedom.
	var squares []float64
	for _, v := range e {
		squares = append(squares, (v-250)*(v-250))
	}
	meanIs(t, "its variance", squares, 2*250*250/18., 0.05)
}

func TestPathsOfMoleculesDoNotDependOnThreadsNorOnHowARunIsCut(t *testing.T) {
	const n, steps = 150, 90
	for _, scheme := range []Scheme{LangevinMiddle, VelocityVerlet} {
		o := Options{Dt: 2e-3, Beta: InverseTemperature(300), Scheme: scheme, Seed: 5, Threads: 1, Recentre: 7}
		if scheme == LangevinMiddle {
			o.Friction = 5
		}
		of := func(n, threads int, cuts ...int) []float32 {
			o.Threads = threads
			s := ethanes[float32](t, n, o)
			for _, m := range cuts {
				run(t, s, m, nil)
			}
			return append(s.Positions(nil), s.Velocities(nil)...)
		}
		want := of(n, 1, steps)
		for name, got := range map[string][]float32{
			"seven threads":  of(n, 7, steps),
			"a run in parts": of(n, 3, 1, 0, 2, 61, steps-64),
		} {
			if !slices.Equal(got, want) {
				t.Errorf("%v: %s change the path", scheme, name)
			}
		}
		few := of(10, 1, steps)
		if !slices.Equal(few[:240], want[:240]) {
			t.Errorf("%v: ten replicas alone go other ways than among many", scheme)
		}

		// A simulation that starts from the positions and velocities of another.
		o.Threads = 0
		half := ethanes[float32](t, n, o)
		run(t, half, 42, nil)
		again := ethanes[float32](t, n, o)
		again.spread(again.x, half.Positions(nil))
		if err := again.SetVelocities(half.Velocities(nil)); err != nil {
			t.Fatal(err)
		}
		again.SetStep(42)
		run(t, again, steps-42, nil)
		if !slices.Equal(append(again.Positions(nil), again.Velocities(nil)...), want) {
			t.Errorf("%v: a simulation continued from its positions and velocities changes them", scheme)
		}
	}
}

// Recentring changes no distance and no path but for rounding.
func TestRecentringKeepsDistancesAndMotion(t *testing.T) {
	o := Options{Dt: 2e-3, Beta: InverseTemperature(300), Scheme: LangevinMiddle, Friction: 1, Seed: 5}
	free := ethanes[float64](t, 20, o)
	o.Recentre = 10
	held := ethanes[float64](t, 20, o)
	run(t, free, 400, nil)
	run(t, held, 400, nil)
	x, y := free.Positions(nil), held.Positions(nil)
	moved := 0.0
	for r := range 20 {
		for c := range 3 {
			shift, sum := x[24*r+c]-y[24*r+c], 0.0
			moved = max(moved, math.Abs(shift))
			if off := shift/grain - math.RoundToEven(shift/grain); math.Abs(off) > 1e-6 {
				t.Fatalf("replica %d is moved by %v, which is no multiple of 1/256 nm", r, shift)
			}
			for a := range 8 {
				k := 24*r + 3*a + c
				if d := x[k] - y[k] - shift; math.Abs(d) > 1e-9 {
					t.Fatalf("atom %d of replica %d is %v nm from its place", a, r, d)
				}
				sum += y[k]
			}
			if math.Abs(sum/8) > grain/2+1e-12 {
				t.Errorf("the centroid of replica %d is %v nm off the origin", r, sum/8)
			}
		}
	}
	if moved < 0.1 {
		t.Errorf("molecules diffuse by %v nm only: nothing was tested", moved)
	}
}

func TestPathsOfMoleculesHaveTheSameBitsOnEveryMachine(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		for _, c := range []struct {
			name string
			got  string
			want string
		}{
			{"float32 by Langevin middle", moleculeDigest[float32](t, LangevinMiddle), "63a57677044c2639"},
			{"float64 by Langevin middle", moleculeDigest[float64](t, LangevinMiddle), "436cf960ffc423d4"},
			{"float32 by velocity Verlet", moleculeDigest[float32](t, VelocityVerlet), "d797c8eafd92d7e5"},
			{"float64 by velocity Verlet", moleculeDigest[float64](t, VelocityVerlet), "3937c01af2b93207"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
			}
		}
	})
}

func moleculeDigest[T kernels.Float](t *testing.T, scheme Scheme) string {
	o := Options{Dt: 2e-3, Beta: InverseTemperature(300), Scheme: scheme, Seed: 1 << 50, Recentre: 30}
	if scheme == LangevinMiddle {
		o.Friction = 91
	}
	s := ethanes[T](t, 75, o)
	run(t, s, 100, nil)
	return digest(append(s.Positions(nil), s.Velocities(nil)...))
}
