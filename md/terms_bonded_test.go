package md_test

import (
	"math"
	"testing"

	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// In float32 the bonded terms of one configuration are as exact as float32 positions
// and parameters allow: a nearly straight angle turns their last bit into a
// thousandth of a force.
func TestBondedTermsInFloat32(t *testing.T) {
	const firstStraight = 98 // of the two configurations with nearly straight angles
	o := readOpenMM(t)
	s, _ := molecules.AlanineDipeptide()
	x := converted[float32](o.panel)
	same := converted[float64](x)
	for _, term := range []md.Term{md.BondTerm, md.AngleTerm, md.TorsionTerm, md.ImproperTerm} {
		system := s.Only(term)
		u, g := make([]float32, o.n), make([]float32, len(x))
		field[float32](t, system).EnergiesAndGradients(u, g, o.n, x, o.n, o.n)
		wantU, wantG := make([]float64, o.n), make([]float64, len(x))
		field[float64](t, system).EnergiesAndGradients(wantU, wantG, o.n, same, o.n, o.n)
		for i := range o.n {
			greatest, worst := 0.0, 0.0
			for k := i; k < len(x); k += o.n {
				greatest = max(greatest, math.Abs(wantG[k]))
				worst = max(worst, math.Abs(float64(g[k])-wantG[k]))
			}
			energy, force := 2e-5+1e-6*wantU[i], 5e-6*greatest
			if term == md.BondTerm || term == md.AngleTerm {
				force = 1e-6 * greatest
			}
			if i >= firstStraight {
				energy, force = 2e-4*wantU[i], 5e-3*greatest
			}
			if off := math.Abs(float64(u[i]) - wantU[i]); !(off <= energy) || !(worst <= force) {
				t.Errorf("%v, configuration %d: energy %g off by %.3g, forces up to %g by %.3g", term, i, wantU[i], off, greatest, worst)
			}
		}
	}
}

func TestDihedralAnglesAreThoseOfOpenMM(t *testing.T) {
	o := readOpenMM(t)
	want := o.read(t, "phi_psi_rad") // [100][2]
	got := make([]float64, 2*o.n)
	kernels.TorsionAngles(got, o.n, o.panel, o.n, o.n, []int{4, 6, 8, 14, 6, 8, 14, 16})
	for i := range o.n {
		for k := range 2 {
			if d := math.Remainder(got[k*o.n+i]-want[2*i+k], 2*math.Pi); !(math.Abs(d) <= 1e-12) {
				t.Errorf("configuration %d: angle %d is %.15g, want %.15g", i, k, got[k*o.n+i], want[2*i+k])
			}
		}
	}
}
