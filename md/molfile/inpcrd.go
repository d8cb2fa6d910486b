package molfile

import (
	"fmt"
	"io"
	"strings"
)

// amberVelocity makes Å/ps of the velocities in AMBER's files.
const amberVelocity = 20.455

// Coordinates are what an inpcrd or rst7 file of AMBER holds.
type Coordinates struct {
	Title      string
	Time       float64   // ps; 0 where the file has none
	Positions  []float64 // [atoms][3] in nm
	Velocities []float64 // the same in nm/ps; nil where the file has none
	Box        []float64 // three lengths in nm and three angles in degrees, or nil
}

// ReadInpcrd reads the coordinates that go with a prmtop: a title, the number of
// atoms with the time, and numbers in columns of 12, six a line: positions, then
// velocities and the box if there are any.
func ReadInpcrd(path string) (*Coordinates, error) { return fromFile(path, DecodeInpcrd) }

// DecodeInpcrd reads as [ReadInpcrd] does; name is what errors call the file.
func DecodeInpcrd(r io.Reader, name string) (*Coordinates, error) {
	const perLine, width = 6, 12
	l := newLines(r, name)
	line := func(want string) error {
		if l.next() {
			return nil
		}
		if l.err != nil {
			return l.err
		}
		return fmt.Errorf("%s: the file ends after line %d, want %s", name, l.number, want)
	}
	if err := line("a title"); err != nil {
		return nil, err
	}
	if strings.HasPrefix(l.text, "CDF") || strings.HasPrefix(l.text, "\x89HDF") {
		return nil, l.errorf("a NetCDF file, want a text file: cpptraj can convert it (trajout x.rst7 restart)")
	}
	c := &Coordinates{Title: strings.TrimSpace(l.text)}
	if err := line("the number of atoms"); err != nil {
		return nil, err
	}
	fields := strings.Fields(l.text)
	if len(fields) == 0 {
		return nil, l.errorf("found an empty line, want the number of atoms")
	}
	atoms, err := parseInt(fields[0])
	if err != nil {
		return nil, l.errorf("number of atoms: %w", err)
	}
	if atoms < 1 {
		return nil, l.errorf("found %d atoms, want 1 or more", atoms)
	}
	if len(fields) > 1 {
		if c.Time, err = parseFloat(fields[1]); err != nil {
			return nil, l.errorf("time: %w", err)
		}
	}

	// Positions and velocities each begin on a line of their own.
	block := func(what string) ([]float64, error) {
		var values []float64
		for len(values) < 3*atoms {
			if err := line(fmt.Sprintf("%d %s, of which there are %d", 3*atoms, what, len(values))); err != nil {
				return nil, err
			}
			count := min(perLine, 3*atoms-len(values))
			if len(l.text) < count*width { // a number cut short is another number
				return nil, l.errorf("ends at column %d, want %d numbers in %d columns", len(l.text), count, count*width)
			}
			for k := range count {
				v, err := parseFloat(column(l.text, k*width+1, (k+1)*width))
				if err != nil {
					return nil, l.errorf("columns %d to %d: %w", k*width+1, (k+1)*width, err)
				}
				values = append(values, v)
			}
		}
		return values, nil
	}
	if c.Positions, err = block("positions"); err != nil {
		return nil, err
	}
	scale(c.Positions, nanometers)
	rows := (3*atoms + perLine - 1) / perLine
	last := l.number
	var rest []string // the lines that follow
	for len(rest) < rows+2 && l.next() {
		if strings.TrimSpace(l.text) != "" {
			rest = append(rest, l.text)
		}
	}
	if l.err != nil {
		return nil, l.err
	}
	hasVelocities, hasBox := false, false
	switch {
	case len(rest) == 0:
	case len(rest) == 1 && rows == 1:
		// Two atoms at most: the numbers on the line tell, or that angles of a
		// box are larger than velocities can be.
		numbers := (len(strings.TrimRight(rest[0], " \t")) + width - 1) / width
		angle, err := parseFloat(column(rest[0], 5*width+1, 6*width))
		hasBox = numbers == 6 && err == nil && (atoms == 1 || angle >= 30)
		hasVelocities = !hasBox
	case len(rest) == 1:
		hasBox = true
	case len(rest) == rows:
		hasVelocities = true
	case len(rest) == rows+1:
		hasVelocities, hasBox = true, true
	default:
		return nil, fmt.Errorf("%s: line %d: found %d lines or more after the positions of %d atoms, want %d for velocities, 1 for a box, or both",
			name, last+1, len(rest), atoms, rows)
	}
	l = newLines(strings.NewReader(strings.Join(rest, "\n")), name)
	l.number = last
	if hasVelocities {
		if c.Velocities, err = block("velocities"); err != nil {
			return nil, err
		}
		scale(c.Velocities, amberVelocity*nanometers)
	}
	if hasBox {
		atoms = 2 // six numbers
		if c.Box, err = block("numbers of a box"); err != nil {
			return nil, err
		}
		scale(c.Box[:3], nanometers)
	}
	return c, nil
}

func scale(x []float64, by float64) {
	for i := range x {
		x[i] *= by
	}
}
