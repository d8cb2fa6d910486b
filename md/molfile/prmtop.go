package molfile

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"pushforward/md"
)

// amberCharge divides the charges of a prmtop. AMBER's Coulomb energy is the
// product of two such charges over the distance in Å, in kcal/mol, so its constant
// is 18.2223² × 4.184/10 = 138.9306 kJ nm/(mol e²), 3.5e-5 less than
// [md.CoulombConstant], which acts on the charges in e here as it does in OpenMM.
const amberCharge = 18.2223

// ReadPrmtop reads a molecule from a file of AMBER 7 or later, with all
// parameters of its potential energy; the coordinates are in another file
// ([ReadInpcrd]). The solvent needs the file's RADII and SCREEN.
//
// The format is that of http://ambermd.org/FileFormats.php. Lennard-Jones
// parameters of atoms come from the coefficients of their own type; pairs whose
// coefficients do not follow from those of the two atoms (NBFIX) become
// Exceptions, as do 1-4 pairs, scaled by SCEE and SCNB (1.2 and 2 where the file
// has none). Torsions without a barrier are left out. All bonds are harmonic:
// see [md.System.ConstrainHydrogens].
//
// Errors count atoms and terms from 1, as the file does. What an [md.System] does
// not have is an error: a periodic box, extra points,
// polarizability, CMAP and other terms of CHARMM, 10-12 and 12-6-4 terms.
func ReadPrmtop(path string, solvent Solvent) (*md.System, error) {
	s, err := fromFile(path, func(r io.Reader, name string) (*md.System, error) {
		return DecodePrmtop(r, name, solvent)
	})
	if err == nil && s.Name == "" {
		s.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	return s, err
}

// DecodePrmtop reads as [ReadPrmtop] does; name is what errors call the file.
func DecodePrmtop(r io.Reader, name string, solvent Solvent) (*md.System, error) {
	sections, err := readSections(r, name)
	if err != nil {
		return nil, err
	}
	p := &prmtop{name: name, sections: sections, system: &md.System{Solvent: solvent.model()}}
	for _, read := range []func(){
		p.readPointers, p.refuse, p.readAtoms, p.readResidues, p.readBorn,
		p.readBonds, p.readAngles, p.readLennardJones, p.readExcluded, p.readTorsions, p.readExceptions,
	} {
		if read(); p.err != nil {
			return nil, p.err
		}
	}
	if title := sections["TITLE"]; title != nil {
		p.system.Name = strings.TrimSpace(string(title.text))
	}
	if err := p.system.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p.system, nil
}

// prmtop is a file on its way to a system.
type prmtop struct {
	name     string
	sections map[string]*section
	system   *md.System
	pointers []int
	err      error // the first

	types    []int // of each atom, from 0
	lj       lennardJones
	excluded map[[2]int]bool // pairs i < j; the exclusions in their order are in system
	scaled   map[[2]int]int  // 1-4 pairs: their number among the exceptions
}

// Places in POINTERS.
const (
	natom, ntypes, nbonh, ntheth, nphih = 0, 1, 2, 4, 6
	nparm, nnb, nres                    = 9, 10, 11
	nbona, ntheta, nphia                = 12, 13, 14
	numbnd, numang, nptra               = 15, 16, 17
	nphb, ifpert, ifbox, ifcap          = 19, 20, 27, 29
	numextra, ncopy                     = 30, 31
)

func (p *prmtop) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("%s: %w", p.name, fmt.Errorf(format, args...))
	}
}

// section is one that must be there.
func (p *prmtop) section(flag string) *section {
	s := p.sections[flag]
	switch {
	case s == nil:
		p.fail("there is no %%FLAG %s", flag)
	case s.format == "":
		p.fail("line %d: %%FLAG %s: no %%FORMAT follows", s.line, flag)
		return nil
	}
	return s
}

// integers returns the n values of a section, or nil after an error.
func (p *prmtop) integers(flag string, n int) []int {
	s := p.section(flag)
	if s == nil || !p.counted(s, len(s.ints), n) {
		return nil
	}
	return s.ints
}

// numbers is the same for a section of floating-point numbers.
func (p *prmtop) numbers(flag string, n int) []float64 {
	s := p.section(flag)
	if s == nil || !p.counted(s, len(s.floats), n) {
		return nil
	}
	return s.floats
}

// names is the same for words.
func (p *prmtop) names(flag string, n int) []string {
	s := p.section(flag)
	if s == nil {
		return nil
	}
	words := s.words(n)
	if words == nil && n > 0 {
		p.fail("line %d: %%FLAG %s: found %d lines, want %d words (%s)", s.line, s.flag, len(s.ends), n, s.format)
	}
	return words
}

func (p *prmtop) counted(s *section, got, want int) bool {
	if got != want {
		p.fail("line %d: %%FLAG %s: found %d values, want %d as POINTERS tells", s.line, s.flag, got, want)
	}
	return got == want
}

func (p *prmtop) readPointers() {
	s := p.section("POINTERS")
	if s == nil {
		return
	}
	if len(s.ints) < 31 {
		p.fail("line %d: %%FLAG POINTERS: found %d values, want 31 or 32", s.line, len(s.ints))
		return
	}
	for k, v := range s.ints {
		if v < 0 || v > 1<<27 {
			p.fail("%s: value %d is %d, want 0 to %d", s.where(k), k+1, v, 1<<27)
		}
	}
	p.pointers = append(slices.Clone(s.ints), 0) // NCOPY may be missing
	if n, types := p.pointers[natom], p.pointers[ntypes]; n == 0 || types == 0 || types > n {
		p.fail("%s: found %d atoms of %d types, want 1 or more, and at most as many types as atoms", s.where(0), n, types)
	}
}

// refuse looks for what a system cannot express.
func (p *prmtop) refuse() {
	for _, c := range []struct {
		place int
		most  int
		what  string
	}{
		{nparm, 0, "locally enhanced sampling (NPARM)"},
		{ifpert, 0, "perturbation (IFPERT)"},
		{ifbox, 0, "a periodic box (IFBOX): strip the solvent and the box, as cpptraj or ParmEd can"},
		{ifcap, 0, "a cap of solvent (IFCAP)"},
		{numextra, 0, "extra points (NUMEXTRA)"},
		{ncopy, 1, "copies of atoms (NCOPY)"},
	} {
		if v := p.pointers[c.place]; v > c.most {
			p.fail("%s: value %d is %d, want %d: not supported is %s", p.sections["POINTERS"].where(c.place), c.place+1, v, c.most, c.what)
		}
	}
	for _, c := range []struct{ flag, what string }{
		{"CTITLE", "CHARMM's force field (chamber)"},
		{"FORCE_FIELD_TYPE", "CHARMM's force field (chamber)"},
		{"CHARMM_UREY_BRADLEY_COUNT", "CHARMM's Urey-Bradley terms"},
		{"CHARMM_NUM_IMPROPERS", "CHARMM's improper terms"},
		{"LENNARD_JONES_14_ACOEF", "Lennard-Jones coefficients for 1-4 pairs alone"},
		{"CHARMM_CMAP_COUNT", "CMAP"},
		{"CMAP_COUNT", "CMAP"},
		{"AMOEBA_FORCEFIELD", "AMOEBA, a polarizable force field"},
	} {
		if s := p.sections[c.flag]; s != nil {
			p.fail("line %d: %%FLAG %s: not supported is %s", s.line, c.flag, c.what)
		}
	}
	if s := p.sections["IPOL"]; s != nil && len(s.ints) > 0 && s.ints[0] != 0 {
		p.fail("%s: value 1 is %d, want 0: polarizable force fields are not supported", s.where(0), s.ints[0])
	}
	for _, c := range []struct{ flag, what string }{
		{"LENNARD_JONES_CCOEF", "12-6-4 terms"},
		{"HBOND_ACOEF", "10-12 terms"},
		{"HBOND_BCOEF", "10-12 terms"},
		{"POLARIZABILITY", "a polarizable force field"},
	} {
		s := p.sections[c.flag]
		if s == nil {
			continue
		}
		if k := slices.IndexFunc(s.floats, func(v float64) bool { return v != 0 }); k >= 0 {
			p.fail("%s: value %d is %v, want 0: not supported is %s", s.where(k), k+1, s.floats[k], c.what)
		}
	}
}

func (p *prmtop) readAtoms() {
	n := p.pointers[natom]
	charges := p.numbers("CHARGE", n) // first, so that the file has paid for n atoms
	masses := p.numbers("MASS", n)
	types := p.integers("ATOM_TYPE_INDEX", n)
	if p.err != nil {
		return
	}
	names := p.names("ATOM_NAME", n)
	var numbers []int
	if p.sections["ATOMIC_NUMBER"] != nil {
		numbers = p.integers("ATOMIC_NUMBER", n)
	}
	if p.err != nil {
		return
	}
	atoms := make([]md.Atom, n)
	p.types = make([]int, n)
	for i := range atoms {
		a := &atoms[i]
		a.Name, a.Mass, a.Charge = names[i], masses[i], charges[i]/amberCharge
		if a.Mass < 0 {
			p.fail("%s: the mass of atom %d is %v, want 0 or more", p.sections["MASS"].where(i), i+1, a.Mass)
		}
		if numbers != nil {
			a.Element = symbolOf(numbers[i])
		}
		if a.Element == "" {
			a.Element = elementByMass(a.Mass, a.Name)
		}
		if t := types[i]; t < 1 || t > p.pointers[ntypes] {
			p.fail("%s: the type of atom %d is %d, want 1 to %d", p.sections["ATOM_TYPE_INDEX"].where(i), i+1, t, p.pointers[ntypes])
		}
		p.types[i] = types[i] - 1
	}
	p.system.Atoms = atoms
}

func (p *prmtop) readResidues() {
	n := p.pointers[nres]
	first := p.integers("RESIDUE_POINTER", n)
	if p.err != nil {
		return
	}
	labels := p.names("RESIDUE_LABEL", n)
	if p.err != nil {
		return
	}
	atoms := p.system.Atoms
	for r, f := range first {
		least, end := 1, len(atoms)+1
		if r > 0 {
			least = first[r-1] + 1
		}
		if r == 0 && f != 1 || f < least || f >= end {
			p.fail("%s: residue %d begins at atom %d, want %d to %d", p.sections["RESIDUE_POINTER"].where(r), r+1, f, least, len(atoms))
			return
		}
		if r+1 < n {
			end = min(end, max(f, first[r+1]))
		}
		for i := f - 1; i < end-1; i++ {
			atoms[i].Residue, atoms[i].ResidueNumber = labels[r], r+1
		}
	}
}

// readBorn reads the radii for a solvent; in vacuum they may be missing.
func (p *prmtop) readBorn() {
	if p.sections["RADII"] == nil || p.sections["SCREEN"] == nil {
		if p.system.Solvent != nil {
			p.fail("there is no %%FLAG RADII and SCREEN, which implicit solvent needs: make them by LEaP (set default PBRadii mbondi2) or ParmEd (changeRadii)")
		}
		return
	}
	n := len(p.system.Atoms)
	radii, screen := p.numbers("RADII", n), p.numbers("SCREEN", n)
	if p.err != nil {
		return
	}
	for i := range p.system.Atoms {
		a := &p.system.Atoms[i]
		a.BornRadius, a.BornScale = radii[i]*nanometers, screen[i]
	}
}
