package md

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Validate looks for what makes a system meaningless: indices of atoms that do
// not exist or are not distinct, parameters that are not finite or out of their
// range, pairs that appear twice among Exclusions and Exceptions, constraints
// that cannot hold, and Born radii that the solvent's offset uses up. The error
// names the first such term with its number and its atoms, all counted from 0,
// and what would be right.
func (s *System) Validate() error {
	for _, check := range []func() error{
		s.validateAtoms, s.validateBonds, s.validateAngles, s.validateTorsions,
		s.validatePairs, s.validateConstraints, s.validateSolvent,
	} {
		if err := check(); err != nil {
			return fmt.Errorf("md: system %q: %w", s.Name, err)
		}
	}
	return nil
}

func (s *System) validateAtoms() error {
	for i, a := range s.Atoms {
		if err := s.term("atom", i, i).check(
			quantity{"mass", a.Mass, "Da", notNegative},
			quantity{"charge", a.Charge, "e", finite},
			quantity{"sigma", a.Sigma, "nm", notNegative},
			quantity{"epsilon", a.Epsilon, "kJ/mol", notNegative},
			quantity{"Born radius", a.BornRadius, "nm", notNegative},
			quantity{"Born scale", a.BornScale, "", notNegative},
		); err != nil {
			return err
		}
	}
	return nil
}

func (s *System) validateBonds() error {
	for i, b := range s.Bonds {
		if err := s.term("bond", i, b.I, b.J).check(
			quantity{"length", b.Length, "nm", notNegative},
			quantity{"stiffness", b.Stiffness, "kJ/(mol nm²)", notNegative},
		); err != nil {
			return err
		}
	}
	return nil
}

func (s *System) validateAngles() error {
	// 180° appears as 3.141594 in files of some programs.
	const slack = 1e-5
	for i, a := range s.Angles {
		t := s.term("angle", i, a.I, a.J, a.K)
		if err := t.check(
			quantity{"angle", a.Theta, "rad", notNegative},
			quantity{"stiffness", a.Stiffness, "kJ/(mol rad²)", notNegative},
		); err != nil {
			return err
		}
		if a.Theta > math.Pi+slack {
			return t.errorf("angle is %v rad, want at most π", a.Theta)
		}
	}
	return nil
}

func (s *System) validateTorsions() error {
	for _, list := range []struct {
		kind     string
		torsions []Torsion
	}{{"torsion", s.Torsions}, {"improper torsion", s.Impropers}} {
		for i, d := range list.torsions {
			t := s.term(list.kind, i, d.I, d.J, d.K, d.L)
			if err := t.check(
				quantity{"phase", d.Phase, "rad", finite},
				quantity{"amplitude", d.Amplitude, "kJ/mol", finite},
			); err != nil {
				return err
			}
			if d.Periodicity < 1 {
				return t.errorf("periodicity is %d, want at least 1", d.Periodicity)
			}
		}
	}
	return nil
}

// validatePairs also sees to it that each pair appears once among both lists.
func (s *System) validatePairs() error {
	seen := make(map[[2]int]term, len(s.Exclusions)+len(s.Exceptions))
	once := func(t term) error {
		pair := [2]int{min(t.atoms[0], t.atoms[1]), max(t.atoms[0], t.atoms[1])}
		if first, found := seen[pair]; found {
			return t.errorf("%s %d has this pair already, want each pair once among exclusions and exceptions", first.kind, first.number)
		}
		seen[pair] = t
		return nil
	}
	for i, p := range s.Exclusions {
		t := s.term("exclusion", i, p[0], p[1])
		if err := t.check(); err != nil {
			return err
		}
		if err := once(t); err != nil {
			return err
		}
	}
	for i, e := range s.Exceptions {
		t := s.term("exception", i, e.I, e.J)
		if err := t.check(
			quantity{"charge product", e.ChargeProduct, "e²", finite},
			quantity{"sigma", e.Sigma, "nm", notNegative},
			quantity{"epsilon", e.Epsilon, "kJ/mol", notNegative},
		); err != nil {
			return err
		}
		if err := once(t); err != nil {
			return err
		}
	}
	return nil
}

func (s *System) validateConstraints() error {
	seen := make(map[[2]int]int, len(s.Constraints))
	for i, c := range s.Constraints {
		t := s.term("constraint", i, c.I, c.J)
		if err := t.check(quantity{"distance", c.Distance, "nm", positive}); err != nil {
			return err
		}
		if s.Atoms[c.I].Mass == 0 && s.Atoms[c.J].Mass == 0 {
			return t.errorf("both atoms have mass 0 and never move, want one that can")
		}
		pair := [2]int{min(c.I, c.J), max(c.I, c.J)}
		if first, found := seen[pair]; found {
			return t.errorf("constraint %d has this pair already, want each pair once", first)
		}
		seen[pair] = i
	}
	return nil
}

func (s *System) validateSolvent() error {
	gb := s.Solvent
	if gb == nil {
		return nil
	}
	if err := (term{kind: "solvent"}).check(
		quantity{"solute dielectric", gb.SoluteDielectric, "", positive},
		quantity{"solvent dielectric", gb.SolventDielectric, "", positive},
		quantity{"surface tension", gb.SurfaceTension, "kJ/(mol nm²)", notNegative},
		quantity{"probe radius", gb.ProbeRadius, "nm", notNegative},
		quantity{"offset", gb.Offset, "nm", notNegative},
		quantity{"alpha", gb.Alpha, "", finite},
		quantity{"beta", gb.Beta, "", finite},
		quantity{"gamma", gb.Gamma, "", finite},
	); err != nil {
		return err
	}
	for i, a := range s.Atoms {
		if !(a.BornRadius > gb.Offset) {
			return s.term("atom", i, i).errorf("Born radius is %v nm, want more than the solvent's offset of %v nm", a.BornRadius, gb.Offset)
		}
	}
	return nil
}

// A term is what an error is about.
type term struct {
	system *System
	kind   string
	number int
	atoms  []int // none for the solvent
}

func (s *System) term(kind string, number int, atoms ...int) term {
	return term{s, kind, number, atoms}
}

// check tells what is wrong with the atoms, then with the quantities.
func (t term) check(quantities ...quantity) error {
	for k, i := range t.atoms {
		if i < 0 || i >= len(t.system.Atoms) {
			return t.errorf("there is no atom %d, want 0 to %d", i, len(t.system.Atoms)-1)
		}
		if slices.Contains(t.atoms[:k], i) {
			return t.errorf("atom %d appears twice, want distinct ones", i)
		}
	}
	for _, q := range quantities {
		if !q.bound.holds(q.value) {
			return t.errorf("%s is %s, want %s", q.name, strings.TrimSpace(fmt.Sprint(q.value, " ", q.unit)), q.bound)
		}
	}
	return nil
}

// errorf names the term: "bond 3 (atoms 4 C, 5 O)".
func (t term) errorf(format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	if len(t.atoms) == 0 {
		return fmt.Errorf("%s: %s", t.kind, message)
	}
	names := make([]string, len(t.atoms))
	for k, i := range t.atoms {
		names[k] = fmt.Sprint(i)
		if i >= 0 && i < len(t.system.Atoms) && t.system.Atoms[i].Name != "" {
			names[k] += " " + t.system.Atoms[i].Name
		}
	}
	if t.kind == "atom" {
		return fmt.Errorf("atom %s: %s", names[0], message)
	}
	return fmt.Errorf("%s %d (atoms %s): %s", t.kind, t.number, strings.Join(names, ", "), message)
}

// A quantity is a parameter of a term, with the range that it must lie in.
type quantity struct {
	name  string
	value float64
	unit  string
	bound bound
}

type bound int

const (
	finite bound = iota
	notNegative
	positive
)

func (b bound) holds(v float64) bool {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return false
	}
	return b == finite || v > 0 || b == notNegative && v == 0
}

func (b bound) String() string {
	return [...]string{"a finite number", "a finite number, 0 or more", "a finite number above 0"}[b]
}
