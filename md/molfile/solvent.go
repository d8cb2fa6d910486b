package molfile

import (
	"fmt"

	"pushforward/md"
)

// A Solvent is a model of implicit solvent for a molecule that is read.
type Solvent uint8

const (
	Vacuum Solvent = iota // none
	OBC1                  // Onufriev, Bashford and Case 2004, first set: AMBER's igb=2
	OBC2                  // the second set: AMBER's igb=5
)

var solventNames = [...]string{Vacuum: "vacuum", OBC1: "obc1", OBC2: "obc2"}

// String is the name that [ParseSolvent] reads.
func (s Solvent) String() string { return solventNames[s] }

// ParseSolvent reads vacuum, obc1 or obc2.
func ParseSolvent(text string) (Solvent, error) {
	for s, name := range solventNames {
		if text == name {
			return Solvent(s), nil
		}
	}
	return 0, fmt.Errorf("found the solvent %.40q, want vacuum, obc1 or obc2", text)
}

// model is the solvent with the dielectric constant of 78.5 that AMBER has, and
// OpenMM for AMBER's files; and with the surface energy that OpenMM adds.
func (s Solvent) model() *md.GeneralizedBorn {
	var gb *md.GeneralizedBorn
	switch s {
	case Vacuum:
		return nil
	case OBC1:
		gb = md.OBC1()
	case OBC2:
		gb = md.OBC2()
	default:
		panic(fmt.Sprintf("molfile: there is no solvent %d", s))
	}
	gb.SolventDielectric = 78.5
	return gb
}
