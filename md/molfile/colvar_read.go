package molfile

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Colvar is the contents of a COLVAR file.
type Colvar struct {
	Fields    []Field           // in the order of the columns, time too
	Constants map[string]string // other constants that are SET
	Values    []float64         // [rows][fields]
}

// Rows is the number of rows.
func (c *Colvar) Rows() int { return len(c.Values) / max(1, len(c.Fields)) }

// Column returns the values of a field, or nil where there is none of the name.
func (c *Colvar) Column(name string) []float64 {
	at := slices.IndexFunc(c.Fields, func(f Field) bool { return f.Name == name })
	if at < 0 {
		return nil
	}
	column := make([]float64, 0, c.Rows())
	for i := at; i < len(c.Values); i += len(c.Fields) {
		column = append(column, c.Values[i])
	}
	return column
}

// ReadColvar reads a table of PLUMED. Its header may come again, as it does
// where PLUMED appends to a file, if it is the same. Other comments are passed
// over. Values may be nan or inf.
func ReadColvar(path string) (*Colvar, error) { return fromFile(path, DecodeColvar) }

// DecodeColvar reads as [ReadColvar] does; name is what errors call the file.
func DecodeColvar(r io.Reader, name string) (*Colvar, error) {
	l := newLines(r, name)
	c := &Colvar{Constants: map[string]string{}}
	var names []string
	for l.next() {
		words := strings.Fields(l.text)
		switch {
		case len(words) == 0:
		case words[0] == "#!" && len(words) > 1 && words[1] == "FIELDS":
			if names != nil && !slices.Equal(names, words[2:]) {
				return nil, l.errorf("FIELDS %.60s differ from %.60s before, want the same", strings.Join(words[2:], " "), strings.Join(names, " "))
			}
			names = words[2:]
			if len(names) == 0 || len(names) > 1000 {
				return nil, l.errorf("found %d names, want #! FIELDS time … with 1000 at most", len(names))
			}
			for i, n := range names {
				if slices.Contains(names[:i], n) {
					return nil, l.errorf("the field %.40q appears twice", n)
				}
			}
		case words[0] == "#!" && len(words) > 1 && words[1] == "SET":
			if len(words) != 4 {
				return nil, l.errorf("found %.60q, want #! SET name value", l.text)
			}
			c.Constants[words[2]] = words[3]
		case strings.HasPrefix(words[0], "#"):
		case names == nil:
			return nil, l.errorf("found %.40q, want #! FIELDS time … before the values", l.text)
		case len(words) != len(names):
			return nil, l.errorf("found %d values, want %d (%.60s)", len(words), len(names), strings.Join(names, " "))
		default:
			for k, w := range words {
				v, err := strconv.ParseFloat(w, 64)
				if err != nil {
					return nil, l.errorf("%.40s: found %.40q, want a number", names[k], w)
				}
				c.Values = append(c.Values, v)
			}
		}
	}
	if l.err != nil {
		return nil, l.err
	}
	if names == nil {
		return nil, fmt.Errorf("%s: found no #! FIELDS in %d lines, want a COLVAR file", name, l.number)
	}
	for _, n := range names {
		f := Field{Name: n}
		low, isLow := parseLimit(c.Constants["min_"+n])
		high, isHigh := parseLimit(c.Constants["max_"+n])
		if isLow && isHigh && low < high {
			f.Min, f.Max = low, high
			delete(c.Constants, "min_"+n)
			delete(c.Constants, "max_"+n)
		}
		c.Fields = append(c.Fields, f)
	}
	return c, nil
}

// parseLimit reads a number, pi or -pi.
func parseLimit(text string) (float64, bool) {
	switch text {
	case "pi", "+pi":
		return math.Pi, true
	case "-pi":
		return -math.Pi, true
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && v-v == 0
}
