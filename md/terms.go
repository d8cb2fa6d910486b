package md

import (
	"fmt"
	"slices"
)

// Term is a part of a molecule's potential energy.
type Term uint8

const (
	BondTerm Term = iota
	AngleTerm
	TorsionTerm         // proper torsions
	ImproperTerm        // improper torsions
	LennardJonesTerm    // all pairs but exceptions
	LennardJones14Term  // exceptions
	CoulombTerm         // all pairs but exceptions
	Coulomb14Term       // exceptions
	GeneralizedBornTerm // polarization of the solvent
	SurfaceTerm         // surface energy of the solvent
)

// Terms lists all terms.
func Terms() []Term {
	return []Term{
		BondTerm, AngleTerm, TorsionTerm, ImproperTerm,
		LennardJonesTerm, LennardJones14Term, CoulombTerm, Coulomb14Term, GeneralizedBornTerm, SurfaceTerm,
	}
}

// String returns the term's name in words.
func (t Term) String() string {
	names := [...]string{
		"bonds", "angles", "torsions", "improper torsions",
		"Lennard-Jones", "Lennard-Jones 1-4", "Coulomb", "Coulomb 1-4", "generalized Born", "surface area",
	}
	if int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("Term(%d)", uint8(t))
}

// Only returns a system of the same atoms whose energy is that one term of s, and
// which has no constraints. The energies of all terms add up to that of s.
func (s *System) Only(t Term) *System {
	o := &System{Name: s.Name, Atoms: slices.Clone(s.Atoms)}
	for i := range o.Atoms {
		if t != LennardJonesTerm {
			o.Atoms[i].Epsilon = 0
		}
		if t != CoulombTerm && t != GeneralizedBornTerm {
			o.Atoms[i].Charge = 0
		}
	}
	switch t {
	case BondTerm:
		o.Bonds = s.Bonds
	case AngleTerm:
		o.Angles = s.Angles
	case TorsionTerm:
		o.Torsions = s.Torsions
	case ImproperTerm:
		o.Impropers = s.Impropers
	case LennardJonesTerm, CoulombTerm:
		o.Exclusions = slices.Clone(s.Exclusions)
		for _, e := range s.Exceptions {
			o.Exclusions = append(o.Exclusions, [2]int{e.I, e.J})
		}
	case LennardJones14Term:
		for _, e := range s.Exceptions {
			e.ChargeProduct = 0
			o.Exceptions = append(o.Exceptions, e)
		}
	case Coulomb14Term:
		for _, e := range s.Exceptions {
			e.Epsilon = 0
			o.Exceptions = append(o.Exceptions, e)
		}
	case GeneralizedBornTerm:
		if s.Solvent != nil {
			solvent := *s.Solvent
			solvent.SurfaceTension = 0
			o.Solvent = &solvent
			for i := range o.Atoms {
				for j := range i {
					o.Exclusions = append(o.Exclusions, [2]int{j, i})
				}
			}
		}
	case SurfaceTerm:
		o.Solvent = s.Solvent
	}
	return o
}
