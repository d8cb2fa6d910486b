package md_test

import (
	"math"
	"testing"

	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// bondedTerm computes a term's energies and gradients of all configurations.
type bondedTerm[T kernels.Float] struct {
	name string
	add  func(u, g []T, x []T, n int)
}

func bondedTerms[T kernels.Float](s *md.System) []bondedTerm[T] {
	var bonds kernels.BondTable[T]
	for _, b := range s.Bonds {
		bonds.Atoms = append(bonds.Atoms, b.I, b.J)
		bonds.Length = append(bonds.Length, T(b.Length))
		bonds.Stiffness = append(bonds.Stiffness, T(b.Stiffness))
	}
	var angles kernels.AngleTable[T]
	for _, a := range s.Angles {
		angles.Atoms = append(angles.Atoms, a.I, a.J, a.K)
		angles.Theta = append(angles.Theta, T(a.Theta))
		angles.Stiffness = append(angles.Stiffness, T(a.Stiffness))
	}
	proper, improper := torsionTable[T](s.Torsions), torsionTable[T](s.Impropers)
	return []bondedTerm[T]{
		{"bond", func(u, g, x []T, n int) { kernels.Bonds(u, g, n, x, n, n, &bonds) }},
		{"angle", func(u, g, x []T, n int) { kernels.Angles(u, g, n, x, n, n, &angles) }},
		{"proper", func(u, g, x []T, n int) { kernels.Torsions(u, g, n, x, n, n, proper) }},
		{"improper", func(u, g, x []T, n int) { kernels.Torsions(u, g, n, x, n, n, improper) }},
	}
}

// torsionTable sums the terms of each quadruple to one series:
// A(1 + cos(kφ - γ)) = A + A cos γ cos kφ + A sin γ sin kφ.
func torsionTable[T kernels.Float](torsions []md.Torsion) *kernels.TorsionTable[T] {
	table := &kernels.TorsionTable[T]{}
	index := map[[4]int]int{}
	var series [][]float64
	for _, t := range torsions {
		key := [4]int{t.I, t.J, t.K, t.L}
		k, ok := index[key]
		if !ok {
			k = len(series)
			index[key] = k
			table.Atoms = append(table.Atoms, key[:]...)
			series = append(series, []float64{0})
		}
		for len(series[k]) < 1+2*t.Periodicity {
			series[k] = append(series[k], 0, 0)
		}
		sin, cos := math.Sincos(t.Phase)
		series[k][0] += t.Amplitude
		series[k][2*t.Periodicity-1] += t.Amplitude * cos
		series[k][2*t.Periodicity] += t.Amplitude * sin
	}
	for _, s := range series {
		table.Terms = append(table.Terms, len(s)/2)
		for _, c := range s {
			table.Series = append(table.Series, T(c))
		}
	}
	return table
}

// configurations are 100 of alanine dipeptide with OpenMM's energies and forces.
type configurations struct {
	positions npy.Array[float64] // [100][22][3]
	archive   *npy.Archive
}

func openConfigurations(t *testing.T) configurations {
	t.Helper()
	a, err := npy.OpenArchive("testdata/ala2_configs.npz")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	c := configurations{archive: a}
	c.positions = c.array(t, "positions")
	return c
}

func (c configurations) array(t *testing.T, name string) npy.Array[float64] {
	t.Helper()
	x, err := npy.ReadFrom[float64](c.archive, name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestBondedTermsAreThoseOfOpenMM compares with OpenMM's Reference platform, from
// 300 K to clashes of 1 pm and nearly straight angles.
func TestBondedTermsAreThoseOfOpenMM(t *testing.T) {
	c := openConfigurations(t)
	s, _ := molecules.AlanineDipeptide()
	x, n := lanes[float64](c)
	for _, term := range bondedTerms[float64](s) {
		t.Run(term.name, func(t *testing.T) {
			forces := c.array(t, "F_"+term.name).Data
			gradient := make([]float64, len(x))
			for i := range n {
				for k := range len(x) / n {
					gradient[k*n+i] = -forces[i*len(x)/n+k]
				}
			}
			want := values[float64]{c.array(t, "E_"+term.name).Data, gradient}
			for i, d := range deviations(evaluate(term, x, n), want) {
				if !(d.energy <= 1e-11*max(1, math.Abs(want.u[i]))) || !(d.force <= 1e-10) {
					t.Errorf("configuration %d: energy %g off by %.3g, forces by %.3g of the greatest", i, want.u[i], d.energy, d.force)
				}
			}
		})
	}
}

// In float32 the terms of one configuration are as exact as float32 positions and
// parameters allow: a nearly straight angle turns their last bit into a thousandth
// of a force.
func TestBondedTermsInFloat32(t *testing.T) {
	c := openConfigurations(t)
	s, _ := molecules.AlanineDipeptide()
	x, n := lanes[float32](c)
	same := make([]float64, len(x))
	for k, v := range x {
		same[k] = float64(v)
	}
	double := bondedTerms[float64](s)
	for k, term := range bondedTerms[float32](s) {
		t.Run(term.name, func(t *testing.T) {
			want := evaluate(double[k], same, n)
			for i, d := range deviations(evaluate(term, x, n), want) {
				force, energy := 1e-5, 6e-5+5e-7*want.u[i]
				if i >= firstStraight {
					force, energy = 5e-3, 2e-4*want.u[i]
				}
				if !(d.energy <= energy) || !(d.force <= force) {
					t.Errorf("configuration %d: energy %g off by %.3g, forces by %.3g of the greatest", i, want.u[i], d.energy, d.force)
				}
			}
		})
	}
}

// firstStraight is the first of the two configurations with nearly straight angles.
const firstStraight = 98

// values are energies and gradients of configurations in lanes.
type values[T kernels.Float] struct{ u, g []T }

func evaluate[T kernels.Float](term bondedTerm[T], x []T, n int) values[T] {
	v := values[T]{make([]T, n), make([]T, len(x))}
	term.add(v.u, v.g, x, n)
	return v
}

// lanes is the panel of all positions.
func lanes[T kernels.Float](c configurations) (x []T, n int) {
	n = c.positions.Shape[0]
	d := len(c.positions.Data) / n
	x = make([]T, d*n)
	for i, v := range c.positions.Data {
		x[i%d*n+i/d] = T(v)
	}
	return x, n
}

// deviation is how far a configuration's energy is off, and its forces in units of
// the greatest.
type deviation struct{ energy, force float64 }

func deviations[T kernels.Float](got values[T], want values[float64]) []deviation {
	list := make([]deviation, len(want.u))
	for i := range list {
		list[i].energy = math.Abs(float64(got.u[i]) - want.u[i])
		greatest := 0.0
		for k := i; k < len(want.g); k += len(want.u) {
			greatest = max(greatest, math.Abs(want.g[k]))
			list[i].force = max(list[i].force, math.Abs(float64(got.g[k])-want.g[k]))
		}
		if greatest > 0 {
			list[i].force /= greatest
		}
	}
	return list
}
