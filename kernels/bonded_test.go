package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// molecule is one replica's coordinates, and energies and gradients of them.
type molecule []float64

func bondEnergy(x molecule, t *kernels.BondTable[float64]) (float64, []float64) {
	u, g := make([]float64, 1), make([]float64, len(x))
	kernels.Bonds(u, g, 1, x, 1, 1, t)
	return u[0], g
}

func angleEnergy(x molecule, t *kernels.AngleTable[float64]) (float64, []float64) {
	u, g := make([]float64, 1), make([]float64, len(x))
	kernels.Angles(u, g, 1, x, 1, 1, t)
	return u[0], g
}

func torsionEnergy(x molecule, t *kernels.TorsionTable[float64]) (float64, []float64) {
	u, g := make([]float64, 1), make([]float64, len(x))
	kernels.Torsions(u, g, 1, x, 1, 1, t)
	return u[0], g
}

var (
	someBonds    = bonds[float64](kernels.Bond{I: 0, J: 1, Length: 1.2, Stiffness: 3}, kernels.Bond{I: 3, J: 1, Length: 0.7, Stiffness: 5})
	someAngles   = angles[float64](kernels.Angle{I: 0, J: 1, K: 2, Theta: 1.9, Stiffness: 2}, kernels.Angle{I: 3, J: 0, K: 2, Theta: 0.4, Stiffness: 3})
	someTorsions = &kernels.TorsionTable[float64]{
		Atoms: []int{0, 1, 2, 3, 3, 0, 1, 2}, Terms: []int{3, 1},
		Series: []float64{1, 0.3, -0.2, 0.5, 0.7, -0.4, 0.1, 2, 0.6, 0.8},
	}
	// terms are the three.
	terms = map[string]func(x molecule) (float64, []float64){
		"bonds":    func(x molecule) (float64, []float64) { return bondEnergy(x, someBonds) },
		"angles":   func(x molecule) (float64, []float64) { return angleEnergy(x, someAngles) },
		"torsions": func(x molecule) (float64, []float64) { return torsionEnergy(x, someTorsions) },
	}
)

func bonds[T kernels.Float](list ...kernels.Bond) *kernels.BondTable[T] {
	t := &kernels.BondTable[T]{}
	t.Set(list)
	return t
}

func angles[T kernels.Float](list ...kernels.Angle) *kernels.AngleTable[T] {
	t := &kernels.AngleTable[T]{}
	t.Set(list)
	return t
}

func randomMolecule(r *rand.Rand) molecule {
	x := make(molecule, 12)
	for k := range x {
		x[k] = r.NormFloat64()
	}
	return x
}

func TestBondedGradientsAreThoseOfTheirEnergies(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		r := rand.New(rand.NewPCG(1, 2))
		for name, f := range terms {
			for range 20 {
				x := randomMolecule(r)
				_, g := f(x)
				checkSmooth(t, name, x, g, f)
			}
		}
	})
}

// checkSmooth compares with differences whose error is of fourth order.
func checkSmooth(t *testing.T, name string, x molecule, g []float64, f func(molecule) (float64, []float64)) {
	t.Helper()
	const h = 1e-4
	scale := 0.0
	for _, v := range g {
		scale = max(scale, math.Abs(v))
	}
	for k, at := range x {
		difference := func(h float64) float64 {
			x[k] = at + h
			up, _ := f(x)
			x[k] = at - h
			down, _ := f(x)
			x[k] = at
			return (up - down) / (2 * h)
		}
		want := (4*difference(h) - difference(2*h)) / 3
		if !(math.Abs(g[k]-want) <= 1e-7*(1+scale*scale*scale)) {
			t.Errorf("%s: derivative %d is %.10g, differences give %.10g", name, k, g[k], want)
		}
	}
}

func TestBondedTermsExertNoForceAndNoTorque(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, f := range terms {
		for range 50 {
			x := randomMolecule(r)
			_, g := f(x)
			var force, torque [3]float64
			scale := 0.0
			for k := range g {
				a, c := k/3, k%3
				force[c] += g[k]
				scale = max(scale, math.Abs(g[k]))
				torque[c] += x[3*a+(c+1)%3]*g[3*a+(c+2)%3] - x[3*a+(c+2)%3]*g[3*a+(c+1)%3]
			}
			for c := range 3 {
				if math.Abs(force[c]) > 1e-13*(1+scale) || math.Abs(torque[c]) > 1e-12*(1+scale) {
					t.Fatalf("%s: force %g, torque %g of gradients up to %g", name, force, torque, scale)
				}
			}
		}
	}
}

func TestBondedEnergiesOfKnownShapes(t *testing.T) {
	u, g := bondEnergy(molecule{0, 0, 0, 0.3, 0.4, 0}, bonds[float64](kernels.Bond{I: 0, J: 1, Length: 0.4, Stiffness: 200}))
	if !near(u, 1, 1e-14) || !near(g[3], 12, 1e-14) || !near(g[4], 16, 1e-14) || g[0] != -g[3] || g[1] != -g[4] || g[5] != 0 {
		t.Errorf("a bond of 0.5 for 0.4: %g, %g", u, g)
	}
	for _, c := range []struct{ degrees, tolerance float64 }{{0, 1e-14}, {1e-6, 1e-14}, {30, 1e-15}, {90, 1e-15}, {120, 1e-15}, {179.9999, 1e-14}, {180, 1e-15}} {
		theta := c.degrees * (math.Pi / 180)
		sin, cos := math.Sincos(theta)
		if c.degrees == 180 {
			sin = 0
		}
		x := molecule{0.1, 0, 0, 0, 0, 0, 0.2 * cos, 0.2 * sin, 0}
		away := theta - 1
		if away < 0 {
			away = theta + 1
		}
		u, _ := angleEnergy(x, angles[float64](kernels.Angle{I: 0, J: 1, K: 2, Theta: away, Stiffness: 2}))
		if !near(u, 1, c.tolerance) {
			t.Errorf("an angle of %g degrees: %.17g", c.degrees, u)
		}
	}
	for degrees := -179.0; degrees <= 180; degrees += 7 {
		phi := degrees * (math.Pi / 180)
		x := torsion(phi)
		angle := make([]float64, 1)
		kernels.TorsionAngles(angle, 1, x, 1, 1, []int{0, 1, 2, 3})
		if !near(angle[0], phi, 1e-15) {
			t.Errorf("a torsion of %g degrees has the angle %.17g, want %.17g", degrees, angle[0], phi)
		}
		u, _ := torsionEnergy(x, &kernels.TorsionTable[float64]{Atoms: []int{0, 1, 2, 3}, Terms: []int{6},
			Series: []float64{1, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 5, 7}})
		want := 1 + 2*math.Cos(2*phi) + 3*math.Sin(2*phi) + 5*math.Cos(6*phi) + 7*math.Sin(6*phi)
		if !near(u, want, 2e-14) {
			t.Errorf("a torsion of %g degrees has %.17g, want %.17g", degrees, u, want)
		}
	}
}

// torsion is a chain with this dihedral angle: seen along the bond from the second
// atom to the third, the last one is clockwise of the first.
func torsion(phi float64) molecule {
	sin, cos := math.Sincos(phi)
	return molecule{0.1, 0, -0.03, 0, 0, 0, 0, 0, 0.15, 0.1 * cos, 0.1 * sin, 0.2}
}

// Where the formulas divide by 0.
func TestDegenerateShapesHaveFiniteEnergies(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		testDegenerate[float32](t)
		testDegenerate[float64](t)
	})
}

func testDegenerate[T kernels.Float](t *testing.T) {
	for name, x := range map[string][]T{
		"all atoms in one place":        make([]T, 12),
		"two in one place":              {0, 0, 0, 0, 0, 0, 0.1, 0.1, 0, 0.1, 0.2, 0},
		"the inner ones in one place":   {0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.2, 0},
		"a straight chain":              {0, 0, 0, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3},
		"a chain folded on itself":      {0, 0, 0, 0.1, 0, 0, 0, 0, 0, 0.1, 0, 0},
		"a straight half":               {0, 0, 0, 0.1, 0, 0, 0.2, 0, 0, 0.2, 0.1, 0},
		"an angle of the last bit":      {0, 0, 0, 0.1, 0, 0, 0.2, 1e-9, 0, 0.3, 0, 0},
		"distances of one femtometre":   {0, 0, 0, 1e-6, 0, 0, 0, 1e-6, 0, 0, 0, 1e-6},
		"distances of a subnormal size": {0, 0, 0, 1e-40, 0, 0, 0, 1e-40, 0, 0, 0, 1e-40},
		"distances of a micrometre":     {0, 0, 0, 1e3, 0, 0, 1e3, 1e3, 0, 1e3, 1e3, 1e3},
	} {
		u, g := make([]T, 1), make([]T, 12)
		kernels.Bonds(u, g, 1, x, 1, 1, bonds[T](kernels.Bond{I: 0, J: 1, Length: 0.1, Stiffness: 3e5}, kernels.Bond{I: 1, J: 2, Length: 0.1, Stiffness: 3e5},
			kernels.Bond{I: 2, J: 3, Length: 0.1, Stiffness: 3e5}))
		kernels.Angles(u, g, 1, x, 1, 1, angles[T](kernels.Angle{I: 0, J: 1, K: 2, Theta: 2, Stiffness: 500}, kernels.Angle{I: 1, J: 2, K: 3, Theta: 2, Stiffness: 500}))
		kernels.Torsions(u, g, 1, x, 1, 1, &kernels.TorsionTable[T]{Atoms: []int{0, 1, 2, 3}, Terms: []int{2}, Series: []T{40, 10, 20, 30, 40}})
		phi := []T{9}
		kernels.TorsionAngles(phi, 1, x, 1, 1, []int{0, 1, 2, 3})
		if !(phi[0] > -T(math.Pi) && phi[0] <= T(math.Pi)) {
			t.Errorf("%T: %s: φ = %g", T(0), name, phi[0])
		}
		for k, v := range append(g, u...) {
			if !(math.Abs(float64(v)) < 1e20) {
				t.Errorf("%T: %s: number %d is %g", T(0), name, k, v)
			}
		}
	}
}

func TestAngleGradientsVanishWhereTheyHaveNoDirection(t *testing.T) {
	for name, x := range map[string]molecule{
		"π": {0, 0, 0, 0.5, 0, 0, 1, 0, 0}, "0": {1, 0, 0, 0.5, 0, 0, 1, 0, 0},
	} {
		_, g := angleEnergy(x, angles[float64](kernels.Angle{I: 0, J: 1, K: 2, Theta: 2, Stiffness: 500}))
		for _, v := range g {
			if v != 0 {
				t.Errorf("at %s: %g", name, g)
			}
		}
	}
	// A billionth of a radian away it has its full length k|θ-θ0|/|a|.
	_, g := angleEnergy(molecule{0, 0, 0, 0.5, 0, 0, 1, 0.5e-9, 0}, angles[float64](kernels.Angle{I: 0, J: 1, K: 2, Theta: 2, Stiffness: 500}))
	if want := 500 * (math.Pi - 2) / 0.5; !near(math.Abs(g[1]), want, 1e-8) {
		t.Errorf("next to π the gradient is %g, want length %g", g[:3], want)
	}
}

// In a straight chain every dihedral angle is as right as any other.
func TestStraightTorsionsHaveTheirMeanEnergy(t *testing.T) {
	u, g := torsionEnergy(molecule{0, 0, 0, 0.5, 0, 0, 1, 0, 0, 1, 1, 0}, &kernels.TorsionTable[float64]{
		Atoms: []int{0, 1, 2, 3}, Terms: []int{2}, Series: []float64{7, 1, 2, 3, 4},
	})
	if u != 7 {
		t.Errorf("energy %g, want the constant 7", u)
	}
	for _, v := range g {
		if v != 0 {
			t.Errorf("gradient %g, want 0", g)
		}
	}
}

func TestReplicasDoNotDisturbEachOther(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		const n, bad = 37, 11
		r := rand.New(rand.NewPCG(5, 6))
		x := make([]float64, 12*n)
		for k := range x {
			x[k] = r.NormFloat64()
		}
		for name, add := range map[string]func(u, g []float64){
			"bonds":    func(u, g []float64) { kernels.Bonds(u, g, n, x, n, n, someBonds) },
			"angles":   func(u, g []float64) { kernels.Angles(u, g, n, x, n, n, someAngles) },
			"torsions": func(u, g []float64) { kernels.Torsions(u, g, n, x, n, n, someTorsions) },
			"torsion angles": func(u, g []float64) {
				kernels.TorsionAngles(u, n, x, n, n, []int{0, 1, 2, 3})
			},
		} {
			u, g := make([]float64, n), make([]float64, 12*n)
			add(u, g)
			saved := x[3*n+bad]
			x[3*n+bad] = math.NaN()
			v, h := make([]float64, n), make([]float64, 12*n)
			add(v, h)
			x[3*n+bad] = saved
			for i := range n {
				if (i == bad) != (v[i] != v[i]) || i != bad && v[i] != u[i] {
					t.Errorf("%s: replica %d has energy %g, without its neighbour's NaN %g", name, i, v[i], u[i])
				}
				for k := range 12 {
					if i != bad && h[k*n+i] != g[k*n+i] {
						t.Errorf("%s: replica %d has another gradient", name, i)
					}
				}
			}
		}
	})
}

func TestBondedTablesAreChecked(t *testing.T) {
	for _, c := range []struct {
		name, want string
		call       func()
	}{
		{"too few atoms", "kernels: Torsions: len(t.Atoms) = 3, want 4*len(t.Terms) = 4", func() {
			kernels.Torsions(nil, nil, 1, nil, 1, 0, &kernels.TorsionTable[float64]{Atoms: []int{0, 1, 2}, Terms: []int{0}})
		}},
		{"a negative atom of a torsion", "kernels: Torsions: t.Atoms[1] = -1, want at least 0", func() {
			kernels.Torsions(nil, nil, 1, nil, 1, 0, &kernels.TorsionTable[float64]{Atoms: []int{0, -1, 2, 3}, Terms: []int{0}, Series: make([]float64, 1)})
		}},
		{"a negative atom of a bond", "kernels: BondTable: bond 1 is of the atoms [0 -1], want none below 0", func() {
			bonds[float64](kernels.Bond{I: 0, J: 1}, kernels.Bond{I: 0, J: -1})
		}},
		{"a negative atom of an angle", "kernels: AngleTable: angle 0 is of the atoms [0 1 -2], want none below 0", func() {
			angles[float64](kernels.Angle{I: 0, J: 1, K: -2})
		}},
		{"an angle in degrees", "kernels: AngleTable: angle 0 has Theta = 109.5, want from 0 to π", func() {
			angles[float64](kernels.Angle{I: 0, J: 1, K: 2, Theta: 109.5})
		}},
		{"an atom that the panel lacks", "kernels: Bonds: len(g) = 6, want at least (9-1)*ldg+1 = 9", func() {
			kernels.Bonds(make([]float64, 1), make([]float64, 6), 1, make([]float64, 6), 1, 1, bonds[float64](kernels.Bond{I: 0, J: 2}))
		}},
		{"a series too short", "kernels: Torsions: len(t.Series) = 4, want the sum of 1+2*t.Terms[k] = 5", func() {
			kernels.Torsions(nil, nil, 1, nil, 1, 0, &kernels.TorsionTable[float64]{Atoms: []int{0, 1, 2, 3}, Terms: []int{2}, Series: make([]float64, 4)})
		}},
		{"a negative number of terms", "kernels: Torsions: t.Terms[0] = -1, want from 0 to as many as t.Series has", func() {
			kernels.Torsions(nil, nil, 1, nil, 1, 0, &kernels.TorsionTable[float64]{Atoms: []int{0, 1, 2, 3}, Terms: []int{-1}, Series: make([]float64, 4)})
		}},
		{"energies of another number of replicas", "kernels: Bonds: len(u) = 2, want n = 1", func() {
			kernels.Bonds(make([]float64, 2), nil, 1, nil, 1, 1, &kernels.BondTable[float64]{})
		}},
		{"a quadruple cut short", "kernels: TorsionAngles: len(atoms) = 5, want a multiple of 4 = 4", func() {
			kernels.TorsionAngles(nil, 1, []float64{}, 1, 0, []int{0, 1, 2, 3, 4})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != c.want {
					t.Errorf("panic %q, want %q", got, c.want)
				}
			}()
			c.call()
		})
	}
}
