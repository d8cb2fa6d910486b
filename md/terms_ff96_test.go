package md_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pushforward/md/molecules"
)

// TestFF96HasTheEnergiesOfOpenMM reads the prmtop that OpenMM read, and compares
// energies by term and all forces in float64: the minimum's neighbourhood, and a
// simulation at 400 K.
func TestFF96HasTheEnergiesOfOpenMM(t *testing.T) {
	data, err := os.ReadFile("molecules/testdata/ff96_openmm.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Positions, Forces [][][]float64
		Energies          []map[string]float64
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	s, _ := molecules.AlanineDipeptideFF96()
	n, d := len(want.Positions), 3*len(s.Atoms)
	x := make([]float64, d*n)
	for i, frame := range want.Positions {
		for a, position := range frame {
			for c, v := range position {
				x[(3*a+c)*n+i] = v
			}
		}
	}
	// OpenMM's generalized Born from a prmtop has constants of nine digits.
	born := bornParameters(s)
	born.Strength = 138.935485 * (1 - 1/s.Solvent.SolventDielectric)
	born.SurfaceTension = 28.3919551 / (4 * math.Pi)
	bonded := bondedTerms[float64](s)
	total := values[float64]{make([]float64, n), make([]float64, len(x))}
	for _, force := range []struct {
		name  string
		terms []bondedTerm[float64]
	}{
		{"HarmonicBondForce", bonded[:1]},
		{"HarmonicAngleForce", bonded[1:2]},
		{"PeriodicTorsionForce", bonded[2:]},
		{"NonbondedForce", []bondedTerm[float64]{pairsTerm[float64]("", len(s.Atoms), nonbonded(s, true, true, 1, 1))}},
		{"CustomGBForce", []bondedTerm[float64]{bornTerm[float64]("", born)}},
	} {
		energy := make([]float64, n)
		for _, term := range force.terms {
			got := evaluate(term, x, n)
			for i, u := range got.u {
				energy[i] += u
			}
			for k, g := range got.g {
				total.g[k] += g
			}
		}
		for i, u := range energy {
			if w := want.Energies[i][force.name]; !(math.Abs(u-w) <= 1e-11*max(1, math.Abs(w))) {
				t.Errorf("%s of configuration %d is %.12g, want %.12g: off by %.2g", force.name, i, u, w, u-w)
			}
		}
	}
	for i, frame := range want.Forces {
		greatest, off := 0.0, 0.0
		for a, force := range frame {
			for c, f := range force {
				greatest = max(greatest, math.Abs(f))
				off = max(off, math.Abs(total.g[(3*a+c)*n+i]+f))
			}
		}
		if !(off <= 1e-10*greatest) {
			t.Errorf("forces of configuration %d are off by %.2g of the greatest", i, off/greatest)
		}
	}
}
