package molecules

import "testing"

func TestAlanineDipeptideIsComplete(t *testing.T) {
	s, x := AlanineDipeptide()
	pairs := len(s.Atoms) * (len(s.Atoms) - 1) / 2
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"atoms", len(s.Atoms), 22}, {"coordinates", len(x), 66}, {"bonds", len(s.Bonds), 21}, {"angles", len(s.Angles), 36},
		{"proper torsions", len(s.Torsions), 38}, {"improper torsions", len(s.Impropers), 4},
		{"1-4 pairs", len(s.Exceptions), 41}, {"exclusions", len(s.Exclusions), 57},
		{"plain pairs", pairs - len(s.Exceptions) - len(s.Exclusions), 133},
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
	if charge > 1e-9 || charge < -1e-9 {
		t.Errorf("charge %v, want none", charge)
	}
}
