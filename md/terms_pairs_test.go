package md_test

import (
	"math"
	"strings"
	"testing"

	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// configurations are arrays of testdata/ala2_configs.npz, 100 configurations of
// alanine dipeptide: positions, and energies and forces by term that OpenMM's
// reference platform gives.
type configurations struct {
	t       *testing.T
	archive *npy.Archive
}

func openConfigurations(t *testing.T) configurations {
	t.Helper()
	a, err := npy.OpenArchive("testdata/ala2_configs.npz")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return configurations{t, a}
}

func (c configurations) read(name string) []float64 {
	c.t.Helper()
	a, err := npy.ReadFrom[float64](c.archive, name)
	if err != nil {
		c.t.Fatal(err)
	}
	return a.Data
}

// sum adds up arrays.
func (c configurations) sum(names ...string) []float64 {
	c.t.Helper()
	total := c.read(names[0])
	for _, n := range names[1:] {
		for i, v := range c.read(n) {
			total[i] += v
		}
	}
	return total
}

// lanes makes a panel with rows of n from row-major configurations.
func lanes[T kernels.Float](x []float64, n int) []T {
	d := len(x) / n
	panel := make([]T, len(x))
	for i := range n {
		for k := range d {
			panel[k*n+i] = T(x[i*d+k])
		}
	}
	return panel
}

// nonbonded lists a molecule's pairs with their exceptions, Lennard-Jones energies
// times lj and Coulomb's times coulomb.
func nonbonded(s *md.System, plain, exceptions bool, lj, coulomb float64) (list []kernels.Pair) {
	special := map[[2]int]bool{}
	add := func(i, j int, sigma, epsilon, qq float64) {
		s6 := math.Pow(sigma, 6)
		list = append(list, kernels.Pair{I: i, J: j,
			C12: lj * 4 * epsilon * s6 * s6, C6: lj * 4 * epsilon * s6, QQ: coulomb * md.CoulombConstant * qq})
	}
	for _, e := range s.Exclusions {
		special[[2]int{min(e[0], e[1]), max(e[0], e[1])}] = true
	}
	for _, e := range s.Exceptions {
		special[[2]int{min(e.I, e.J), max(e.I, e.J)}] = true
		if exceptions {
			add(e.I, e.J, e.Sigma, e.Epsilon, e.ChargeProduct)
		}
	}
	for i, a := range s.Atoms {
		for j := i + 1; j < len(s.Atoms) && plain; j++ {
			if b := s.Atoms[j]; !special[[2]int{i, j}] {
				add(i, j, (a.Sigma+b.Sigma)/2, math.Sqrt(a.Epsilon*b.Epsilon), a.Charge*b.Charge)
			}
		}
	}
	return list
}

func TestPairsAgreeWithOpenMM(t *testing.T) {
	s, _ := molecules.AlanineDipeptide()
	pairs := func(list []kernels.Pair) (func(u, g, x []float64, n int), func(u, g, x []float32, n int)) {
		var double kernels.PairTable[float64]
		var single kernels.PairTable[float32]
		double.Set(len(s.Atoms), list)
		single.Set(len(s.Atoms), list)
		return func(u, g, x []float64, n int) { kernels.Pairs(u, g, n, x, n, n, &double) },
			func(u, g, x []float32, n int) { kernels.Pairs(u, g, n, x, n, n, &single) }
	}
	for _, c := range []struct {
		name  string
		pairs []kernels.Pair
	}{
		{"lj", nonbonded(s, true, false, 1, 0)},
		{"lj14", nonbonded(s, false, true, 1, 0)},
		{"coul", nonbonded(s, true, false, 0, 1)},
		{"coul14", nonbonded(s, false, true, 0, 1)},
		{"lj lj14 coul coul14", nonbonded(s, true, true, 1, 1)},
	} {
		double, single := pairs(c.pairs)
		testTerm(t, c.name, double, single)
	}
}

// testTerm compares energies and forces of all configurations with those of the
// terms that name lists: in float64 within 1e-11 and 1e-10 of the greatest, which
// counts as at least 1; in float32 with those of float64 at the rounded positions,
// within what a float32 evaluation of OpenMM deviates.
func testTerm(t *testing.T, name string, double func(u, g, x []float64, n int), single func(u, g, x []float32, n int)) {
	t.Run(name, func(t *testing.T) {
		const n, d = 100, 66
		c := openConfigurations(t)
		var energies, forces []string
		for _, f := range strings.Fields(name) {
			energies, forces = append(energies, "E_"+f), append(forces, "F_"+f)
		}
		positions := c.read("positions")
		u, g := make([]float64, n), make([]float64, n*d)
		double(u, g, lanes[float64](positions, n), n)
		de, df := deviations(u, g, c.sum(energies...), c.sum(forces...))
		t.Logf("float64: energies %.1e, forces %.1e", de, df)
		if !(de <= 1e-11) || !(df <= 1e-10) {
			t.Errorf("float64: energies deviate by %g, forces by %g of the greatest", de, df)
		}

		x := lanes[float32](positions, n)
		wide := make([]float64, len(x))
		for i, v := range x {
			wide[i] = float64(v)
		}
		clear(u)
		clear(g)
		double(u, g, wide, n)
		u32, g32 := make([]float32, n), make([]float32, n*d)
		single(u32, g32, x, n)
		for i := range n {
			var worst, largest float64
			for k := range d {
				worst = max(worst, math.Abs(float64(g32[k*n+i])-g[k*n+i]))
				largest = max(largest, math.Abs(g[k*n+i]))
			}
			if e := math.Abs(float64(u32[i]) - u[i]); !(e <= 1e-4+3e-6*math.Abs(u[i])) {
				t.Errorf("float32: energy %d is %v, want %v: off by %.2g", i, u32[i], u[i], e)
			}
			if !(worst <= 1e-3+3e-6*largest) {
				t.Errorf("float32: forces of configuration %d deviate by %g, the greatest is %g", i, worst, largest)
			}
		}
	})
}

// deviations compares panels of energies and gradients with row-major energies and
// forces.
func deviations(u, g, energies, forces []float64) (de, df float64) {
	n := len(u)
	d := len(g) / n
	for i := range n {
		de = worse(de, math.Abs(u[i]-energies[i])/max(1, math.Abs(energies[i])))
		largest := 1.0
		for _, f := range forces[i*d:][:d] {
			largest = max(largest, math.Abs(f))
		}
		for k, f := range forces[i*d:][:d] {
			df = worse(df, math.Abs(g[k*n+i]+f)/largest)
		}
	}
	return de, df
}

// worse is the greater of two errors, NaN being the worst.
func worse(a, b float64) float64 {
	if b > a || b != b {
		return b
	}
	return a
}
