package molfile

import (
	"fmt"
	"io"
	"strings"

	"pushforward/md"
)

// Structure is what a PDB file holds: names, and one or more sets of positions.
// The parameters of its atoms are 0.
type Structure struct {
	Atoms  []md.Atom
	Chains []string    // of each atom; may be empty
	Frames [][]float64 // [models][atoms*3] in nm
}

// ReadPDB reads the ATOM and HETATM records of a PDB file. MODEL, ENDMDL and END
// divide it into frames, which must hold the same atoms. Of alternate locations
// the first one, blank or A, is taken. Where columns 77 and 78 have no element,
// the name tells it.
func ReadPDB(path string) (*Structure, error) { return fromFile(path, DecodePDB) }

// DecodePDB reads as [ReadPDB] does; name is what errors call the file.
func DecodePDB(r io.Reader, name string) (*Structure, error) {
	l := newLines(r, name)
	s := &Structure{}
	var frame []float64
	finish := func() error {
		if len(frame) == 0 {
			return nil
		}
		if got, want := len(frame)/3, len(s.Atoms); got != want {
			return l.errorf("model %d has %d atoms, want %d as in the first", len(s.Frames)+1, got, want)
		}
		s.Frames = append(s.Frames, frame)
		frame = nil
		return nil
	}
	for l.next() {
		switch column(l.text, 1, 6) {
		case "ATOM", "HETATM":
			if alternate := column(l.text, 17, 17); alternate != "" && alternate != "A" {
				continue
			}
			atom, position, err := decodeAtom(l.text)
			if err != nil {
				return nil, l.errorf("%w", err)
			}
			at := len(frame) / 3
			switch {
			case len(s.Frames) == 0:
				s.Atoms = append(s.Atoms, atom)
				s.Chains = append(s.Chains, column(l.text, 22, 22))
			case at >= len(s.Atoms):
				return nil, l.errorf("model %d has more atoms than the first, want %d", len(s.Frames)+1, len(s.Atoms))
			case s.Atoms[at].Name != atom.Name || s.Atoms[at].Residue != atom.Residue:
				return nil, l.errorf("found atom %s of %s, want %s of %s as in the first model", atom.Name, atom.Residue, s.Atoms[at].Name, s.Atoms[at].Residue)
			}
			frame = append(frame, position[:]...)
		case "MODEL", "ENDMDL", "END":
			if err := finish(); err != nil {
				return nil, err
			}
		}
	}
	if l.err == nil {
		l.err = finish()
	}
	if l.err == nil && len(s.Frames) == 0 {
		l.err = fmt.Errorf("%s: found no ATOM or HETATM record in %d lines, want a PDB file", name, l.number)
	}
	if l.err != nil {
		return nil, l.err
	}
	return s, nil
}

// decodeAtom reads an ATOM or HETATM record.
func decodeAtom(text string) (atom md.Atom, position [3]float64, err error) {
	atom.Name = column(text, 13, 16)
	if atom.Name == "" {
		return atom, position, fmt.Errorf("columns 13 to 16: found nothing, want the name of an atom")
	}
	atom.Residue = column(text, 18, 21) // 21 serves names of four letters
	if number := column(text, 23, 26); number != "" {
		if atom.ResidueNumber, err = parseInt(number); err != nil {
			return atom, position, fmt.Errorf("columns 23 to 26: %w", err)
		}
	}
	if len(text) < 54 { // a number cut short is another number
		return atom, position, fmt.Errorf("ends at column %d, want x, y and z in columns 31 to 54", len(text))
	}
	for k := range position {
		first := 31 + 8*k
		if position[k], err = parseFloat(column(text, first, first+7)); err != nil {
			return atom, position, fmt.Errorf("columns %d to %d: %w", first, first+7, err)
		}
		position[k] *= nanometers
	}
	if atom.Element = properSymbol(column(text, 77, 78)); atom.Element == "" {
		atom.Element = elementOfName(text[12:min(16, len(text))])
	}
	return atom, position, nil
}

// elementOfName tells the element from the four columns of a name. An element
// of two letters begins in the first of them, as do names of four letters.
func elementOfName(columns string) string {
	letters := strings.TrimSpace(columns)
	if columns[0] != ' ' && len(letters) < 4 {
		if symbol := properSymbol(letters[:min(2, len(letters))]); len(symbol) == 2 {
			return symbol
		}
	}
	return elementByName(letters)
}
