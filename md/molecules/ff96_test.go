package molecules

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"pushforward/md"
)

// openmm is what OpenMM makes of the same files, by
// AmberPrmtopFile.createSystem(implicitSolvent=OBC1).
type openmm struct {
	Masses     []float64
	Atoms      [][3]float64  // charge, sigma, epsilon
	Bonds      [][4]float64  // two atoms, length, stiffness
	Angles     [][5]float64  // three atoms, angle, stiffness
	Torsions   [][7]float64  // four atoms, periodicity, phase, amplitude
	Exceptions [][5]float64  // two atoms, charge product, sigma, epsilon
	Born       [][3]float64  // charge, radius less offset, the same scaled
	Positions  [][][]float64 // configurations
}

func readOpenMM(t *testing.T) openmm {
	t.Helper()
	data, err := os.ReadFile("testdata/ff96_openmm.json")
	if err != nil {
		t.Fatal(err)
	}
	var o openmm
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// near compares numbers that went through one file and other roundings.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-14*max(1e-3, math.Abs(a), math.Abs(b)) }

func wantSame[R ~[]float64](t *testing.T, what string, got, want []R) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d %s, want %d", len(got), what, len(want))
		return
	}
	slices.SortFunc(got, slices.Compare[R])
	slices.SortFunc(want, slices.Compare[R])
	for i := range got {
		if !slices.EqualFunc(got[i], want[i], near) {
			t.Errorf("%s: found %v, want %v", what, got[i], want[i])
		}
	}
}

func TestFF96IsWhatOpenMMReads(t *testing.T) {
	s, x := AlanineDipeptideFF96()
	want := readOpenMM(t)

	var atoms, born [][]float64
	for i, a := range s.Atoms {
		// Order matters here, so the number of the atom goes first.
		atoms = append(atoms, []float64{float64(i), a.Mass, a.Charge, a.Sigma, a.Epsilon})
		radius := a.BornRadius - s.Solvent.Offset
		born = append(born, []float64{float64(i), a.Charge, radius, radius * a.BornScale})
	}
	var wantAtoms, wantBorn [][]float64
	for i, a := range want.Atoms {
		wantAtoms = append(wantAtoms, []float64{float64(i), want.Masses[i], a[0], a[1], a[2]})
		b := want.Born[i]
		wantBorn = append(wantBorn, []float64{float64(i), b[0], b[1], b[2]})
	}
	wantSame(t, "atoms", atoms, wantAtoms)
	wantSame(t, "Born radii", born, wantBorn)

	var bonds, angles, torsions [][]float64
	for _, b := range s.Bonds {
		bonds = append(bonds, []float64{float64(b.I), float64(b.J), b.Length, b.Stiffness})
	}
	for _, a := range s.Angles {
		angles = append(angles, []float64{float64(a.I), float64(a.J), float64(a.K), a.Theta, a.Stiffness})
	}
	for _, d := range append(slices.Clone(s.Torsions), s.Impropers...) {
		torsions = append(torsions, []float64{float64(d.I), float64(d.J), float64(d.K), float64(d.L), float64(d.Periodicity), d.Phase, d.Amplitude})
	}
	wantSame(t, "bonds", bonds, rows(want.Bonds, func(r [4]float64) []float64 { return r[:] }))
	wantSame(t, "angles", angles, rows(want.Angles, func(r [5]float64) []float64 { return r[:] }))
	wantTorsions := rows(want.Torsions, func(r [7]float64) []float64 { return r[:] })
	// OpenMM keeps those without a barrier.
	wantTorsions = slices.DeleteFunc(wantTorsions, func(r []float64) bool { return r[6] == 0 })
	wantSame(t, "torsions", torsions, wantTorsions)

	var exceptions [][]float64
	for _, p := range s.Exclusions {
		exceptions = append(exceptions, []float64{float64(p[0]), float64(p[1]), 0, 0.1, 0})
	}
	for _, e := range s.Exceptions {
		exceptions = append(exceptions, []float64{float64(e.I), float64(e.J), e.ChargeProduct, e.Sigma, e.Epsilon})
	}
	wantExceptions := rows(want.Exceptions, func(r [5]float64) []float64 { return r[:] })
	for _, r := range wantExceptions {
		r[0], r[1] = min(r[0], r[1]), max(r[0], r[1])
	}
	wantSame(t, "exclusions and 1-4 pairs", exceptions, wantExceptions)

	for i, row := range want.Positions[0] {
		for c, v := range row {
			if math.Abs(x[3*i+c]-v) > 1e-9 {
				t.Errorf("coordinate %d of atom %d is %v nm, want %v", c, i, x[3*i+c], v)
			}
		}
	}
}

func rows[R any](from []R, row func(R) []float64) [][]float64 {
	var to [][]float64
	for _, r := range from {
		to = append(to, slices.Clone(row(r)))
	}
	return to
}

func TestFF96IsComplete(t *testing.T) {
	s, x := AlanineDipeptideFF96()
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"atoms", len(s.Atoms), 22}, {"coordinates", len(x), 66}, {"bonds", len(s.Bonds), 21}, {"angles", len(s.Angles), 36},
		{"1-4 pairs", len(s.Exceptions), 41}, {"exclusions", len(s.Exclusions), 57}, {"improper torsions", len(s.Impropers), 4},
		{"bonds to hydrogen", s.ConstrainHydrogens(), 12}, {"degrees of freedom", s.DegreesOfFreedom(), 54},
	} {
		if c.got != c.want {
			t.Errorf("%d %s, want %d", c.got, c.what, c.want)
		}
	}
	charge := 0.0
	for _, a := range s.Atoms {
		charge += a.Charge
	}
	if math.Abs(charge) > 1e-7 {
		t.Errorf("charge %v, want none", charge)
	}
	if want := (md.GeneralizedBorn{
		SoluteDielectric: 1, SolventDielectric: 78.5, SurfaceTension: 28.3919551 / (4 * math.Pi), ProbeRadius: 0.14, Offset: 0.009,
		Alpha: 0.8, Beta: 0, Gamma: 2.909125,
	}); math.Abs(s.Solvent.SurfaceTension-want.SurfaceTension) > 1e-8 {
		t.Errorf("solvent is %+v, want %+v", *s.Solvent, want)
	} else if want.SurfaceTension = s.Solvent.SurfaceTension; *s.Solvent != want {
		t.Errorf("solvent is %+v, want %+v", *s.Solvent, want)
	}
	// The two built-in molecules are one: same names and elements in the same order.
	other, _ := AlanineDipeptide()
	for i, a := range s.Atoms {
		if b := other.Atoms[i]; a.Name != b.Name || a.Element != b.Element || a.Residue != b.Residue || a.ResidueNumber != b.ResidueNumber {
			t.Errorf("atom %d is %s %s of %s %d, want %s %s of %s %d", i, a.Name, a.Element, a.Residue, a.ResidueNumber, b.Name, b.Element, b.Residue, b.ResidueNumber)
		}
	}
}
