package kernels_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func FuzzConstrain(f *testing.F)           { fuzzKernel(f, "Constrain") }
func FuzzConstrainVelocities(f *testing.F) { fuzzKernel(f, "ConstrainVelocities") }

// methyls is a chain of carbons, 0.15 nm apart but not by constraint, each with
// three hydrogens at 0.109 nm: 4 atoms and 3 constraints a group.
type methyls[T kernels.Float] struct {
	groups    int
	table     *kernels.ConstraintTable[T]
	mass      []float64 // of each atom
	positions []T       // panel
	ld, n     int
}

func newMethyls[T kernels.Float](groups, n int, shift float64) *methyls[T] {
	m := &methyls[T]{groups: groups, table: &kernels.ConstraintTable[T]{}, ld: n + 16, n: n}
	m.positions = make([]T, 12*groups*m.ld)
	r := rand.New(rand.NewPCG(5, 7))
	for h := 1; h <= 3; h++ {
		for k := range groups {
			m.table.Add(4*k, 4*k+h, 0.109, 1./12, 1)
		}
	}
	for k := range groups {
		m.mass = append(m.mass, 12, 1, 1, 1)
		for i := range n {
			turn := 2 * math.Pi * r.Float64()
			for c := range 3 {
				m.positions[(12*k+c)*m.ld+i] = T(shift + 0.15*float64(k)*float64(1-c%2))
			}
			for h := 1; h <= 3; h++ {
				phi := turn + 2*math.Pi/3*float64(h)
				u := [3]float64{0.109 / 3, 0.109 * math.Sqrt(8) / 3 * math.Cos(phi), 0.109 * math.Sqrt(8) / 3 * math.Sin(phi)}
				for c := range 3 {
					m.positions[(12*k+3*h+c)*m.ld+i] = m.positions[(12*k+c)*m.ld+i] + T(u[c])
				}
			}
		}
	}
	return m
}

// disturbed adds normal numbers times size/√m to a panel.
func (m *methyls[T]) disturbed(x []T, size float64) []T {
	y := slices.Clone(x)
	r := rand.New(rand.NewPCG(3, 4))
	for a, mass := range m.mass {
		for c := range 3 {
			for i := range m.n {
				y[(3*a+c)*m.ld+i] += T(size / math.Sqrt(mass) * r.NormFloat64())
			}
		}
	}
	return y
}

// strain is the largest relative error of a constrained distance.
func (m *methyls[T]) strain(x []T) (worst float64) {
	for k := range m.table.Len() {
		for i := range m.n {
			s := 0.0
			for c := range 3 {
				d := float64(x[(3*m.table.Atoms[2*k]+c)*m.ld+i]) - float64(x[(3*m.table.Atoms[2*k+1]+c)*m.ld+i])
				s += d * d
			}
			worst = max(worst, math.Abs(math.Sqrt(s)/0.109-1))
		}
	}
	return worst
}

func testConstrain[T kernels.Float](t *testing.T, tolerance, shift, bound float64) {
	t.Helper()
	m := newMethyls[T](4, 37, shift)
	x := m.disturbed(m.positions, 0.003)
	free, sweeps := slices.Clone(x), make([]T, m.n)
	kernels.Constrain(x, m.positions, m.ld, m.n, m.table, T(tolerance), 50, sweeps)
	if worst := m.strain(x); worst > bound {
		t.Errorf("distances are off by %.2g, want at most %.2g", worst, bound)
	}
	if most := slices.Max(sweeps); most < 2 || most > 8 {
		t.Errorf("%v sweeps, want some", most)
	}
	// Forces of constraints change neither momentum nor angular momentum, and
	// they lie along the distances before.
	for i := range m.n {
		var momentum, angular [3]float64
		for a, mass := range m.mass {
			var p, q [3]float64
			for c := range 3 {
				k := (3*a+c)*m.ld + i
				p[c], q[c] = mass*(float64(x[k])-float64(free[k])), float64(m.positions[k])
				momentum[c] += p[c]
			}
			for c := range 3 {
				angular[c] += q[(c+1)%3]*p[(c+2)%3] - q[(c+2)%3]*p[(c+1)%3]
			}
		}
		for c := range 3 {
			if math.Abs(momentum[c]) > 100*bound*0.1 || math.Abs(angular[c]) > 100*bound*0.1 {
				t.Errorf("replica %d: momentum changes by %v, angular momentum by %v, want 0", i, momentum, angular)
				return
			}
		}
	}
}

func TestConstrainMeetsDistances(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		t.Run("float64 to 1e-10", func(t *testing.T) { testConstrain[float64](t, 2e-10, 0.5, 1.1e-10) })
		t.Run("float32 to 4e-6 within 2 nm", func(t *testing.T) { testConstrain[float32](t, 8e-6, 1.3, 4.5e-6) })
		t.Run("float32 to 1e-6 near the origin", func(t *testing.T) { testConstrain[float32](t, 2e-6, -0.2, 1.5e-6) })
	})
}

// In float32 distances of atoms up to 2 nm off are met to 4e-6 whatever the
// positions; the sweeps needed are not many more than near the origin.
func TestTheToleranceOfSinglePrecisionIsReached(t *testing.T) {
	for _, c := range []struct{ shift, tolerance float64 }{{0.3, 1e-6}, {1.2, 4e-6}, {1.45, 4e-6}} {
		m := newMethyls[float32](4, 5000, c.shift)
		x, sweeps := m.disturbed(m.positions, 0.003), make([]float32, m.n)
		kernels.Constrain(x, m.positions, m.ld, m.n, m.table, float32(2*c.tolerance), 200, sweeps)
		mean := 0.0
		for _, s := range sweeps {
			mean += float64(s) / float64(m.n)
		}
		if most := slices.Max(sweeps); most > 12 {
			t.Errorf("at %v nm, tolerance %v: %v sweeps at most, %.2f on average", c.shift, c.tolerance, most, mean)
		}
	}
}

func TestConstrainVelocitiesProjectsInTheMetricOfTheMasses(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		const n = 21
		m := newMethyls[float64](3, n, 0)
		v := m.disturbed(make([]float64, len(m.positions)), 1.5)
		free, sweeps := slices.Clone(v), make([]float64, n)
		kernels.ConstrainVelocities(v, m.positions, m.ld, n, m.table, 1e-11, 50, sweeps)
		for i := range n {
			// v is orthogonal to what was taken away, and has no rate of change.
			product, removed := 0.0, 0.0
			for a, mass := range m.mass {
				for c := range 3 {
					k := (3*a+c)*m.ld + i
					product += mass * v[k] * (free[k] - v[k])
					removed += mass * (free[k] - v[k]) * (free[k] - v[k])
				}
			}
			if math.Abs(product) > 1e-9 || removed < 0.1 {
				t.Errorf("replica %d: product %v, want 0; removed %v", i, product, removed)
			}
			for k := range m.table.Len() {
				rate := 0.0
				for c := range 3 {
					p, q := (3*m.table.Atoms[2*k]+c)*m.ld+i, (3*m.table.Atoms[2*k+1]+c)*m.ld+i
					rate += (m.positions[p] - m.positions[q]) * (v[p] - v[q])
				}
				if math.Abs(rate) > 1.01e-11*0.109*0.109 {
					t.Errorf("replica %d: constraint %d changes at %v", i, k, rate)
				}
			}
		}
		again := slices.Clone(v)
		kernels.ConstrainVelocities(again, m.positions, m.ld, n, m.table, 1e-11, 50, sweeps)
		if !slices.Equal(v, again) || slices.Max(sweeps) != 0 {
			t.Error("what is projected already is changed")
		}
	})
}

// A replica's result is the same alone and beside others, even ones that never
// converge or hold NaN.
func TestConstraintsOfOneReplicaDoNotDependOnTheOthers(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		const n, limit = 24, 150
		m := newMethyls[float32](2, n, 0)
		x := m.disturbed(m.positions, 0.002)
		hopeless, lost := 3, 5
		for c := range 3 {
			x[c*m.ld+hopeless] += 7
			x[c*m.ld+lost] = float32(math.NaN())
		}
		start := slices.Clone(x)
		sweeps := make([]float32, n)
		kernels.Constrain(x, m.positions, m.ld, n, m.table, 8e-6, limit, sweeps)
		for i := range n {
			one, before, s := make([]float32, 24), make([]float32, 24), make([]float32, 1)
			for k := range one {
				one[k], before[k] = start[k*m.ld+i], m.positions[k*m.ld+i]
			}
			kernels.Constrain(one, before, 1, 1, m.table, 8e-6, limit, s)
			for k := range one {
				a, b := one[k], x[k*m.ld+i]
				if math.Float32bits(a) != math.Float32bits(b) && !(a != a && b != b) {
					t.Fatalf("replica %d: coordinate %d is %v alone and %v among others", i, k, a, b)
				}
			}
			if s[0] != sweeps[i] {
				t.Errorf("replica %d: %v sweeps alone, %v among others", i, s[0], sweeps[i])
			}
			if i != hopeless && sweeps[i] > 10 {
				t.Errorf("replica %d: %v sweeps", i, sweeps[i])
			}
		}
		// Atoms of the lost replica that have no NaN move like any others.
		if y := x[12*m.ld+lost]; y != y {
			t.Error("NaN spreads between groups that no constraint joins")
		}
	})
}

func TestConstraintsThatCannotBeMetReportTheLimit(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		// A triangle whose sides are 1, 1 and 3.
		var table kernels.ConstraintTable[float64]
		table.Add(0, 1, 1, 1, 1)
		table.Add(1, 2, 1, 1, 1)
		table.Add(0, 2, 3, 1, 1)
		x := []float64{0, 0, 0, 1, 0.1, 0, 1.9, 0, 0}
		before, sweeps := slices.Clone(x), make([]float64, 1)
		for _, limit := range []int{0, 1, 63, 64, 65, 200} {
			y := slices.Clone(x)
			kernels.Constrain(y, before, 1, 1, &table, 1e-6, limit, sweeps)
			if sweeps[0] != float64(limit) {
				t.Errorf("%v sweeps, want the limit %d", sweeps[0], limit)
			}
		}
	})
}

func TestConstraintTablesRefuseMistakes(t *testing.T) {
	table := func() *kernels.ConstraintTable[float64] {
		var t kernels.ConstraintTable[float64]
		t.Add(0, 1, 0.1, 1, 1)
		return &t
	}
	x := make([]float64, 6)
	for name, call := range map[string]func(){
		"an atom with itself":       func() { table().Add(1, 1, 0.1, 1, 1) },
		"two atoms that never move": func() { table().Add(0, 1, 0.1, 0, 0) },
		"no distance":               func() { table().Add(0, 1, 0, 1, 1) },
		"an atom beyond the panel": func() {
			t := table()
			t.Add(1, 2, 0.1, 1, 1)
			kernels.Constrain(x, x, 1, 1, t, 1e-10, 1, x[:1])
		},
		"sweeps too short": func() { kernels.ConstrainVelocities(x, x, 1, 1, table(), 1e-10, 1, nil) },
		"a short table": func() {
			t := table()
			t.Params = t.Params[:2]
			kernels.Constrain(x, x, 1, 1, t, 1e-10, 1, x[:1])
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is accepted", name)
				}
			}()
			call()
		}()
	}
}

// The constraints of alanine dipeptide: three methyls and three more bonds.
func benchmarkConstraints[T kernels.Float](b *testing.B, name string, call func(m *methyls[T], work, x []T, sweeps []T)) {
	m := newMethyls[T](4, 64, -0.2)
	sweeps := make([]T, m.n)
	x := m.disturbed(m.positions, 0.003)
	work := make([]T, len(x))
	b.Run(name, func(b *testing.B) {
		isatest.EachBenchmark(b, func(b *testing.B, _ kernels.ISA) {
			for b.Loop() {
				copy(work, x)
				call(m, work, x, sweeps)
			}
			ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
			b.ReportMetric(ns/float64(m.n), "ns/replica")
			b.ReportMetric(float64(slices.Max(sweeps)), "sweeps")
		})
	})
}

func BenchmarkConstrain(b *testing.B) {
	benchmarkConstraints(b, "float32", func(m *methyls[float32], y, _, sweeps []float32) {
		kernels.Constrain(y, m.positions, m.ld, m.n, m.table, 4e-6, 50, sweeps)
	})
	benchmarkConstraints(b, "float64", func(m *methyls[float64], y, _, sweeps []float64) {
		kernels.Constrain(y, m.positions, m.ld, m.n, m.table, 2e-10, 50, sweeps)
	})
}

func BenchmarkConstrainVelocities(b *testing.B) {
	benchmarkConstraints(b, "float32", func(m *methyls[float32], y, _, sweeps []float32) {
		kernels.ConstrainVelocities(y, m.positions, m.ld, m.n, m.table, 2e-3, 50, sweeps)
	})
	benchmarkConstraints(b, "float64", func(m *methyls[float64], y, _, sweeps []float64) {
		kernels.ConstrainVelocities(y, m.positions, m.ld, m.n, m.table, 5e-8, 50, sweeps)
	})
}

func ExampleConstrain() {
	// A bond of length 1 between equal masses, turned by a step.
	var bond kernels.ConstraintTable[float64]
	bond.Add(0, 1, 1, 1, 1)
	before := []float64{0, 0, 0, 1, 0, 0}
	x := []float64{0, -0.1, 0, 1, 0.1, 0}
	sweeps := make([]float64, 1)
	kernels.Constrain(x, before, 1, 1, &bond, 1e-10, 20, sweeps)
	fmt.Printf("%.4f\n", x)
	// Output: [0.0101 -0.1000 0.0000 0.9899 0.1000 0.0000]
}
