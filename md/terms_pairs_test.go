package md_test

import (
	"math"
	"strings"
	"testing"

	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

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

func TestPairsAreThoseOfOpenMM(t *testing.T) {
	s, _ := molecules.AlanineDipeptide()
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
		testTerm(t, pairsTerm[float64](c.name, len(s.Atoms), c.pairs), pairsTerm[float32](c.name, len(s.Atoms), c.pairs))
	}
}

func pairsTerm[T kernels.Float](name string, atoms int, pairs []kernels.Pair) bondedTerm[T] {
	var table kernels.PairTable[T]
	table.Set(atoms, pairs)
	return bondedTerm[T]{name, func(u, g, x []T, n int) { kernels.Pairs(u, g, n, x, n, n, &table) }}
}

// testTerm compares energies and forces of all configurations with OpenMM's
// Reference platform, those of the terms that the name lists; in float32 with
// float64 at the rounded positions, within what OpenMM's own float32 platform
// deviates.
func testTerm(t *testing.T, double bondedTerm[float64], single bondedTerm[float32]) {
	t.Run(double.name, func(t *testing.T) {
		c := openConfigurations(t)
		x, n := lanes[float64](c)
		want := values[float64]{make([]float64, n), make([]float64, len(x))}
		for _, name := range strings.Fields(double.name) {
			forces := c.array(t, "F_"+name).Data
			for i, e := range c.array(t, "E_"+name).Data {
				want.u[i] += e
				for k := range len(x) / n {
					want.g[k*n+i] -= forces[i*len(x)/n+k]
				}
			}
		}
		for i, d := range deviations(evaluate(double, x, n), want) {
			if !(d.energy <= 1e-11*max(1, math.Abs(want.u[i]))) || !(d.force <= 1e-10) {
				t.Errorf("configuration %d: energy %g off by %.3g, forces by %.3g of the greatest", i, want.u[i], d.energy, d.force)
			}
		}

		rounded, _ := lanes[float32](c)
		for k, v := range rounded {
			x[k] = float64(v)
		}
		want = evaluate(double, x, n)
		for i, d := range deviations(evaluate(single, rounded, n), want) {
			greatest := 0.0
			for k := i; k < len(want.g); k += n {
				greatest = max(greatest, math.Abs(want.g[k]))
			}
			if !(d.energy <= 1e-4+3e-6*math.Abs(want.u[i])) || !(d.force*greatest <= 1e-3+3e-6*greatest) {
				t.Errorf("configuration %d in float32: energy %g off by %.3g, forces by %.3g of %g", i, want.u[i], d.energy, d.force*greatest, greatest)
			}
		}
	})
}
