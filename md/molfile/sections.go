package molfile

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// A section is what follows a %FLAG of a prmtop file, read in the columns that
// its %FORMAT tells.
type section struct {
	flag, format string
	line         int  // of the %FLAG
	kind         byte // 'a', 'i' or 'e'
	perLine      int  // values on a full line
	width        int  // columns of a value
	firstLine    int  // of the values

	text   []byte // the lines of a section of kind 'a'
	ends   []int  // where they end in text
	ints   []int
	floats []float64
}

// where names the line of value k: only the last line of a section is short.
func (s *section) where(k int) string {
	return fmt.Sprintf("line %d: %%FLAG %s", s.firstLine+k/s.perLine, s.flag)
}

// sectionKinds are the sections that are read, with the kind of their values;
// 0 stands for a section whose presence alone matters. Others are passed over.
var sectionKinds = map[string]byte{
	"TITLE": 'a', "POINTERS": 'i', "ATOM_NAME": 'a', "CHARGE": 'e', "ATOMIC_NUMBER": 'i', "MASS": 'e',
	"ATOM_TYPE_INDEX": 'i', "NUMBER_EXCLUDED_ATOMS": 'i', "NONBONDED_PARM_INDEX": 'i',
	"RESIDUE_LABEL": 'a', "RESIDUE_POINTER": 'i',
	"BOND_FORCE_CONSTANT": 'e', "BOND_EQUIL_VALUE": 'e', "ANGLE_FORCE_CONSTANT": 'e', "ANGLE_EQUIL_VALUE": 'e',
	"DIHEDRAL_FORCE_CONSTANT": 'e', "DIHEDRAL_PERIODICITY": 'e', "DIHEDRAL_PHASE": 'e',
	"SCEE_SCALE_FACTOR": 'e', "SCNB_SCALE_FACTOR": 'e',
	"LENNARD_JONES_ACOEF": 'e', "LENNARD_JONES_BCOEF": 'e', "LENNARD_JONES_CCOEF": 'e',
	"BONDS_INC_HYDROGEN": 'i', "BONDS_WITHOUT_HYDROGEN": 'i', "ANGLES_INC_HYDROGEN": 'i', "ANGLES_WITHOUT_HYDROGEN": 'i',
	"DIHEDRALS_INC_HYDROGEN": 'i', "DIHEDRALS_WITHOUT_HYDROGEN": 'i',
	"EXCLUDED_ATOMS_LIST": 'i', "HBOND_ACOEF": 'e', "HBOND_BCOEF": 'e',
	"RADII": 'e', "SCREEN": 'e', "IPOL": 'i', "POLARIZABILITY": 'e',
	"CTITLE": 0, "FORCE_FIELD_TYPE": 0, "LENNARD_JONES_14_ACOEF": 0, "AMOEBA_FORCEFIELD": 0,
	"CMAP_COUNT": 0, "CHARMM_CMAP_COUNT": 0, "CHARMM_UREY_BRADLEY_COUNT": 0, "CHARMM_NUM_IMPROPERS": 0,
}

// readSections reads the sections of a prmtop file by their flags.
func readSections(r io.Reader, name string) (map[string]*section, error) {
	l := newLines(r, name)
	sections := map[string]*section{}
	var now *section // nil in a section that is passed over
	started := false
	for l.next() {
		text := strings.TrimRight(l.text, " \t")
		if !started {
			if text == "" && l.number < 10 {
				continue
			}
			if !strings.HasPrefix(text, "%") {
				return nil, l.errorf("found %.40q, want %%VERSION or %%FLAG: this is no prmtop, or one in the old style "+
					"of AMBER 6 and before, which ParmEd can convert", text)
			}
			started = true
		}
		directive, rest, _ := strings.Cut(text, " ")
		switch {
		case directive == "%VERSION", directive == "%COMMENT":
		case directive == "%FLAG":
			flag := strings.TrimSpace(rest)
			if sections[flag] != nil {
				return nil, l.errorf("%%FLAG %.40s appears again, the first is on line %d", flag, sections[flag].line)
			}
			now = nil
			if kind, known := sectionKinds[flag]; known {
				now = &section{flag: flag, kind: kind, line: l.number}
				sections[flag] = now
			}
		case strings.HasPrefix(text, "%FORMAT"):
			if now == nil || now.kind == 0 {
				continue
			}
			if err := now.setFormat(text); err != nil {
				return nil, l.errorf("%%FLAG %s: %w", now.flag, err)
			}
		case now == nil || now.kind == 0:
		case now.format == "":
			return nil, l.errorf("%%FLAG %s: found %.40q, want %%FORMAT(...)", now.flag, text)
		default:
			if err := now.add(text, l.number); err != nil {
				return nil, l.errorf("%%FLAG %s: %w", now.flag, err)
			}
		}
	}
	if l.err == nil && !started {
		return nil, fmt.Errorf("%s: the file is empty, want a prmtop", name)
	}
	return sections, l.err
}

var formatPattern = regexp.MustCompile(`^%FORMAT\((\d{0,3})([aAiIeEfFgG])(\d{1,3})(?:\.\d{1,3})?\)$`)

// setFormat reads a Fortran format such as %FORMAT(5E16.8).
func (s *section) setFormat(text string) error {
	m := formatPattern.FindStringSubmatch(strings.ReplaceAll(text, " ", ""))
	if m == nil {
		return fmt.Errorf("found %.40q, want a format such as %%FORMAT(5E16.8)", text)
	}
	if s.format != "" {
		return fmt.Errorf("a second format, %.40s, want values", text)
	}
	kind := strings.ToLower(m[2])[0]
	if kind == 'f' || kind == 'g' {
		kind = 'e'
	}
	if kind != s.kind {
		want := map[byte]string{'a': "text, such as (20a4)", 'i': "whole numbers, such as (10I8)", 'e': "numbers, such as (5E16.8)"}[s.kind]
		return fmt.Errorf("found %.40s, want a format for %s", text, want)
	}
	s.format = strings.Trim(text[len("%FORMAT"):], "() ")
	s.perLine = 1
	if m[1] != "" {
		s.perLine, _ = strconv.Atoi(m[1])
	}
	s.width, _ = strconv.Atoi(m[3])
	if s.perLine == 0 || s.width == 0 {
		return fmt.Errorf("found %.40s, want counts above 0", text)
	}
	return nil
}

// add reads one line of values.
func (s *section) add(text string, line int) error {
	if s.firstLine == 0 {
		s.firstLine = line
	}
	if s.kind == 'a' {
		s.text = append(s.text, text...)
		s.ends = append(s.ends, len(s.text))
		return nil
	}
	if text == "" {
		return nil // a section without values has an empty line
	}
	if len(s.ints)+len(s.floats) != (line-s.firstLine)*s.perLine {
		return fmt.Errorf("found more values after a short line, want %d on each line but the last (%s)", s.perLine, s.format)
	}
	if len(text)%s.width != 0 || len(text) > s.width*s.perLine { // a number cut short is another number
		return fmt.Errorf("ends at column %d, want a multiple of %d up to %d (%s)", len(text), s.width, s.perLine*s.width, s.format)
	}
	for k := 0; k*s.width < len(text); k++ {
		field := column(text, k*s.width+1, (k+1)*s.width)
		var err error
		if s.kind == 'i' {
			var v int
			v, err = parseInt(field)
			s.ints = append(s.ints, v)
		} else {
			var v float64
			v, err = parseFloat(field)
			s.floats = append(s.floats, v)
		}
		if err != nil {
			return fmt.Errorf("columns %d to %d: %w (%s)", k*s.width+1, (k+1)*s.width, err, s.format)
		}
	}
	return nil
}

// words splits the text into n words; there is none where it is too short.
// A word may be blank, and the spaces at the end of a line may be missing.
func (s *section) words(n int) []string {
	if n > len(s.ends)*s.perLine {
		return nil
	}
	words := make([]string, 0, n)
	start := 0
	for _, end := range s.ends {
		line := string(s.text[start:end])
		for k := 0; k < s.perLine && len(words) < n; k++ {
			words = append(words, column(line, k*s.width+1, (k+1)*s.width))
		}
		start = end
	}
	return words
}
