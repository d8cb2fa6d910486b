package md_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pushforward/md"
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
	const coulomb = 138.935485
	s.Solvent.SurfaceTension = 28.3919551 / (4 * math.Pi)
	s.Solvent.SoluteDielectric *= md.CoulombConstant / coulomb
	s.Solvent.SolventDielectric *= md.CoulombConstant / coulomb
	total := make([]float64, len(x))
	for name, terms := range map[string][]md.Term{
		"HarmonicBondForce":    {md.BondTerm},
		"HarmonicAngleForce":   {md.AngleTerm},
		"PeriodicTorsionForce": {md.TorsionTerm, md.ImproperTerm},
		"NonbondedForce":       {md.LennardJonesTerm, md.LennardJones14Term, md.CoulombTerm, md.Coulomb14Term},
		"CustomGBForce":        {md.GeneralizedBornTerm, md.SurfaceTerm},
	} {
		energy := make([]float64, n)
		for _, term := range terms {
			u, g := make([]float64, n), make([]float64, len(x))
			field[float64](t, s.Only(term)).EnergiesAndGradients(u, g, n, x, n, n)
			for i, v := range u {
				energy[i] += v
			}
			for k, v := range g {
				total[k] += v
			}
		}
		for i, u := range energy {
			if w := want.Energies[i][name]; !(math.Abs(u-w) <= 1e-11*max(1, math.Abs(w))) {
				t.Errorf("%s of configuration %d is %.12g, want %.12g: off by %.2g", name, i, u, w, u-w)
			}
		}
	}
	for i, frame := range want.Forces {
		greatest, off := 0.0, 0.0
		for a, force := range frame {
			for c, f := range force {
				greatest = max(greatest, math.Abs(f))
				off = max(off, math.Abs(total[(3*a+c)*n+i]+f))
			}
		}
		if !(off <= 1e-10*greatest) {
			t.Errorf("forces of configuration %d are off by %.2g of the greatest", i, off/greatest)
		}
	}
}
