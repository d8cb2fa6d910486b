package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"pushforward/internal/cli"
	"pushforward/md"
	"pushforward/md/molecules"
	"pushforward/md/molfile"
)

// moleculeHelp is what the commands' descriptions say about systems.
const moleculeHelp = `Molecules, in nm, ps, Da, e, kJ/mol and K:

  alanine-dipeptide        AMBER99SB-ILDN with the implicit solvent OBC2
  alanine-dipeptide-ff96   AMBER ff96 with OBC1, the target of several papers on
                           Boltzmann generators
  FILE.prmtop              AMBER's topology; --coordinates names its inpcrd,
                           rst7 or PDB file, --solvent its implicit solvent`

// moleculeOptions name a molecule and where its atoms are.
type moleculeOptions struct{ coordinates, solvent *string }

func addMoleculeOptions(flags *flag.FlagSet) moleculeOptions {
	return moleculeOptions{
		coordinates: flags.String("coordinates", "", "positions of a molecule's atoms, `FILE` (.inpcrd, .crd, .rst7, .pdb) [molecule]"),
		solvent:     cli.Choice(flags, "solvent", "implicit solvent of a prmtop [molecule]", "vacuum", "obc1", "obc2"),
	}
}

// load returns a molecule and its positions, row-major [atoms][3] in nm; none for a
// prmtop without coordinates.
func (o moleculeOptions) load(name string) (s *md.System, positions []float64, err error) {
	switch {
	case name == "alanine-dipeptide":
		s, positions = molecules.AlanineDipeptide()
	case name == "alanine-dipeptide-ff96":
		s, positions = molecules.AlanineDipeptideFF96()
	case strings.HasSuffix(name, ".prmtop") || strings.HasSuffix(name, ".parm7"):
		solvent, err := molfile.ParseSolvent(*o.solvent)
		if err != nil {
			return nil, nil, err
		}
		if s, err = molfile.ReadPrmtop(name, solvent); err != nil {
			return nil, nil, err
		}
	default:
		return nil, nil, cli.Usagef("unknown system %q, want double-well, alanine-dipeptide, alanine-dipeptide-ff96 or a file .prmtop", name)
	}
	if *o.coordinates == "" {
		return s, positions, nil
	}
	if positions, err = readCoordinates(*o.coordinates); err != nil {
		return nil, nil, err
	}
	if got, want := len(positions)/3, len(s.Atoms); got != want {
		return nil, nil, fmt.Errorf("%s: %d atoms, want %d as %s has", *o.coordinates, got, want, name)
	}
	return s, positions, nil
}

// readCoordinates reads a molecule's positions, row-major [atoms][3] in nm; of a
// PDB file with several models, the first.
func readCoordinates(path string) ([]float64, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".pdb", ".ent":
		s, err := molfile.ReadPDB(path)
		if err != nil {
			return nil, err
		}
		return s.Frames[0], nil
	case ".inpcrd", ".crd", ".rst7", ".rst":
		c, err := molfile.ReadInpcrd(path)
		if err != nil {
			return nil, err
		}
		return c.Positions, nil
	}
	return nil, cli.Usagef("--coordinates %s: want a file .inpcrd, .crd, .rst7 or .pdb", path)
}
