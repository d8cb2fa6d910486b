package md_test

import (
	"math"
	"strings"
	"testing"

	"pushforward/md"
	"pushforward/md/molecules"
)

func TestValidateNamesTheTermThatIsWrong(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name  string
		spoil func(s *md.System)
		want  string // in the error; empty for none
	}{
		{"the built-in system is right", func(s *md.System) {}, ""},
		{"so it is in vacuum", func(s *md.System) { s.Solvent = nil; s.Atoms[3].BornRadius = 0 }, ""},
		{"and with constraints", func(s *md.System) { s.ConstrainHydrogens() }, ""},
		{"nothing at all is right", func(s *md.System) { *s = md.System{} }, ""},
		{"an atom may be fixed", func(s *md.System) { s.Atoms[0].Mass = 0 }, ""},
		{"180° may be rounded up", func(s *md.System) { s.Angles[0].Theta = 3.141594 }, ""},

		{"mass", func(s *md.System) { s.Atoms[4].Mass = -1 }, `md: system "alanine-dipeptide": atom 4 C: mass is -1 Da, want a finite number, 0 or more`},
		{"charge", func(s *md.System) { s.Atoms[4].Charge = nan }, "atom 4 C: charge is NaN e, want a finite number"},
		{"sigma", func(s *md.System) { s.Atoms[4].Sigma = -0.1 }, "atom 4 C: sigma is -0.1 nm"},
		{"epsilon", func(s *md.System) { s.Atoms[4].Epsilon = inf }, "atom 4 C: epsilon is +Inf kJ/mol"},

		{"an atom beyond the last", func(s *md.System) { s.Bonds[3].J = 22 }, "bond 3 (atoms "},
		{"and what would be right", func(s *md.System) { s.Bonds[3].J = 22 }, "there is no atom 22, want 0 to 21"},
		{"an atom before the first", func(s *md.System) { s.Bonds[3].I = -1 }, "there is no atom -1"},
		{"a bond of an atom with itself", func(s *md.System) { s.Bonds[3].J = s.Bonds[3].I }, "appears twice, want distinct ones"},
		{"bond length", func(s *md.System) { s.Bonds[0] = md.Bond{I: 4, J: 5, Length: nan} }, "bond 0 (atoms 4 C, 5 O): length is NaN nm, want a finite number, 0 or more"},
		{"bond stiffness", func(s *md.System) { s.Bonds[0].Stiffness = -1 }, "stiffness is -1 kJ/(mol nm²)"},

		{"angle of two atoms", func(s *md.System) { s.Angles[7].K = s.Angles[7].I }, "angle 7 (atoms "},
		{"angle beyond 180°", func(s *md.System) { s.Angles[7].Theta = 3.15 }, "angle is 3.15 rad, want at most π"},
		{"angle stiffness", func(s *md.System) { s.Angles[7].Stiffness = inf }, "stiffness is +Inf kJ/(mol rad²)"},

		{"torsion atoms", func(s *md.System) { s.Torsions[9].L = 1000 }, "torsion 9 (atoms "},
		{"improper atoms", func(s *md.System) { s.Impropers[1].L = s.Impropers[1].J }, "improper torsion 1 (atoms "},
		{"periodicity", func(s *md.System) { s.Impropers[1].Periodicity = 0 }, "periodicity is 0, want at least 1"},
		{"phase", func(s *md.System) { s.Torsions[9].Phase = nan }, "phase is NaN rad, want a finite number"},
		{"amplitude", func(s *md.System) { s.Torsions[9].Amplitude = inf }, "amplitude is +Inf kJ/mol"},

		{"exclusion atoms", func(s *md.System) { s.Exclusions[2][1] = -7 }, "exclusion 2 (atoms "},
		{"a pair excluded twice", func(s *md.System) { s.Exclusions[5] = [2]int{s.Exclusions[2][1], s.Exclusions[2][0]} }, "exclusion 2 has this pair already"},
		{"a pair in both lists", func(s *md.System) { s.Exceptions[5].I, s.Exceptions[5].J = s.Exclusions[2][1], s.Exclusions[2][0] }, "exclusion 2 has this pair already"},
		{"a pair with two exceptions", func(s *md.System) { s.Exceptions[5] = s.Exceptions[4] }, "exception 4 has this pair already, want each pair once"},
		{"exception charge", func(s *md.System) { s.Exceptions[5].ChargeProduct = nan }, "exception 5 (atoms "},
		{"exception sigma", func(s *md.System) { s.Exceptions[5].Sigma = -1 }, "sigma is -1 nm"},
		{"exception epsilon", func(s *md.System) { s.Exceptions[5].Epsilon = -1 }, "epsilon is -1 kJ/mol"},

		{"constraint distance", func(s *md.System) { s.ConstrainHydrogens(); s.Constraints[3].Distance = 0 }, "distance is 0 nm, want a finite number above 0"},
		{"a pair constrained twice", func(s *md.System) {
			s.Constraints = []md.Constraint{{I: 0, J: 1, Distance: 0.1}, {I: 1, J: 0, Distance: 0.1}}
		}, "constraint 1 (atoms 1 CH3, 0 HH31): constraint 0 has this pair already"},
		{"a constraint of fixed atoms", func(s *md.System) {
			s.Atoms[0].Mass, s.Atoms[1].Mass = 0, 0
			s.Constraints = []md.Constraint{{I: 0, J: 1, Distance: 0.1}}
		}, "both atoms have mass 0"},

		{"Born radius within the offset", func(s *md.System) { s.Atoms[6].BornRadius = 0.009 }, "atom 6 N: Born radius is 0.009 nm, want more than the solvent's offset of 0.009 nm"},
		{"Born scale", func(s *md.System) { s.Atoms[6].BornScale = -0.7 }, "atom 6 N: Born scale is -0.7, want"},
		{"solvent dielectric", func(s *md.System) { s.Solvent.SolventDielectric = 0 }, "solvent: solvent dielectric is 0, want a finite number above 0"},
		{"solute dielectric", func(s *md.System) { s.Solvent.SoluteDielectric = nan }, "solute dielectric is NaN"},
		{"offset", func(s *md.System) { s.Solvent.Offset = nan }, "solvent: offset is NaN nm"},
		{"surface tension", func(s *md.System) { s.Solvent.SurfaceTension = -1 }, "surface tension is -1 kJ/(mol nm²)"},
		{"gamma", func(s *md.System) { s.Solvent.Gamma = inf }, "gamma is +Inf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := molecules.AlanineDipeptide()
			c.spoil(s)
			err := s.Validate()
			switch {
			case c.want == "" && err != nil:
				t.Errorf("error is %v, want none", err)
			case c.want != "" && err == nil:
				t.Errorf("no error, want one with %q", c.want)
			case c.want != "" && !strings.Contains(err.Error(), c.want):
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}
