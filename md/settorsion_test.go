package md_test

import (
	"math"
	"strings"
	"testing"

	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

func TestTorsionsCanBeSet(t *testing.T) {
	s, x := molecules.AlanineDipeptide()
	before := append([]float64(nil), x...)
	phi, psi := [4]int{4, 6, 8, 14}, [4]int{6, 8, 14, 16}
	for _, want := range [][2]float64{{1, 0.5}, {-3, 3}, {0, -math.Pi / 2}} {
		for k, q := range [][4]int{phi, psi} {
			if err := s.SetTorsion(x, q, want[k]); err != nil {
				t.Fatal(err)
			}
		}
		for k, q := range [][4]int{phi, psi} {
			var got [1]float64
			kernels.TorsionAngles(got[:], 1, x, 1, 1, q[:])
			if math.Abs(got[0]-want[k]) > 1e-13 {
				t.Errorf("torsion %v is %v, want %v", q, got[0], want[k])
			}
		}
	}
	for _, term := range []md.Term{md.BondTerm, md.AngleTerm} {
		u := make([]float64, 2)
		f := field[float64](t, s.Only(term))
		f.Energies(u[:1], before, 1, 1)
		f.Energies(u[1:], x, 1, 1)
		if math.Abs(u[0]-u[1]) > 1e-9 {
			t.Errorf("%v: energy %v became %v", term, u[0], u[1])
		}
	}
	ring := *s
	ring.Bonds = append(ring.Bonds, md.Bond{I: 1, J: 18, Length: 0.1})
	for want, c := range map[string]struct {
		s     *md.System
		atoms [4]int
	}{
		"atoms 4 and 8 are not bonded":                {s, [4]int{1, 4, 8, 14}},
		"the bond of atoms 6 and 8 is part of a ring": {&ring, phi},
		"22": {s, [4]int{4, 6, 8, 22}},
	} {
		if err := c.s.SetTorsion(x, c.atoms, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

func TestTheKnownMinimaOfAlanineDipeptide(t *testing.T) {
	s, x := molecules.AlanineDipeptide()
	f := field[float64](t, s)
	for _, c := range []struct{ phi, psi, energy float64 }{
		{-77.5, -14.7, -134.333084502}, {-145, 159, -133.806}, {-74, 155, -133.388}, {54, 29, -129.533}, {59, -20, -126.183},
	} {
		y := append([]float64(nil), x...)
		for atoms, angle := range map[[4]int]float64{{4, 6, 8, 14}: c.phi, {6, 8, 14, 16}: c.psi} {
			if err := s.SetTorsion(y, atoms, angle*math.Pi/180); err != nil {
				t.Fatal(err)
			}
		}
		m, err := md.Minimize(t.Context(), f, y, md.MinimizeOptions{Force: 1e-4})
		if err != nil || !m.Converged[0] {
			t.Fatalf("from (%v°, %v°): error %v, force %v after %d steps", c.phi, c.psi, err, m.Forces[0], m.Steps[0])
		}
		if math.Abs(m.Energies[0]-c.energy) > 5e-4 {
			t.Errorf("from (%v°, %v°): %v kJ/mol, want %v", c.phi, c.psi, m.Energies[0], c.energy)
		}
	}
}
