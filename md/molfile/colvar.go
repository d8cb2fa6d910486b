package molfile

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

// The COLVAR format of PLUMED is a table of text. Lines that begin with #! tell
// the names of the columns and constants:
//
//	#! FIELDS time phi psi
//	#! SET min_phi -pi
//	#! SET max_phi pi
//	 0.000000 -1.352630 -0.256563

// A Field is a column of a COLVAR file.
type Field struct {
	Name string
	// Where Min < Max the values are periodic: Min and Max are one.
	Min, Max float64
}

// Periodic tells whether the values are.
func (f Field) Periodic() bool { return f.Min < f.Max }

// AngleField is a field of angles in (−π, π].
func AngleField(name string) Field { return Field{name, -math.Pi, math.Pi} }

// A ColvarWriter appends rows to a COLVAR file, or to one for each replica.
// Files have their names from the start and hold whole rows after each flush.
type ColvarWriter struct {
	files  *replicaFiles
	fields int
	rows   int
}

// CreateColvar makes the files of some replicas, named by [ReplicaPath]; files
// that exist lose what they hold. The first column is the time in ps; the fields
// follow. It panics where a field's name is empty, is time, or has spaces.
func CreateColvar(path string, replicas int, fields []Field) (*ColvarWriter, error) {
	files, err := createReplicas(path, replicas, colvarHeader(fields))
	if err != nil {
		return nil, err
	}
	return &ColvarWriter{files: files, fields: len(fields)}, nil
}

func colvarHeader(fields []Field) []byte {
	var names, sets strings.Builder
	for _, f := range fields {
		if f.Name == "" || f.Name == "time" || strings.ContainsAny(f.Name, " \t\r\n") {
			panic(fmt.Sprintf("molfile: a COLVAR field has the name %q", f.Name))
		}
		names.WriteString(" " + f.Name)
		if f.Periodic() {
			fmt.Fprintf(&sets, "#! SET min_%s %s\n#! SET max_%[1]s %[3]s\n", f.Name, formatLimit(f.Min), formatLimit(f.Max))
		}
	}
	return []byte("#! FIELDS time" + names.String() + "\n" + sets.String())
}

func formatLimit(v float64) string {
	switch v {
	case math.Pi:
		return "pi"
	case -math.Pi:
		return "-pi"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// Rows is how many rows have been appended, those before a restart too.
func (w *ColvarWriter) Rows() int { return w.rows }

// Append adds a row to each file: the time in ps and the values of all replicas,
// row-major [replicas][fields]. Values have eight digits after the point, or ten
// in all where they are large. It panics where the number of values is wrong.
func (w *ColvarWriter) Append(time float64, values []float64) error {
	if want := w.fields * len(w.files.paths); len(values) != want {
		panic(fmt.Sprintf("molfile: Append: len(values) = %d, want replicas*fields = %d", len(values), want))
	}
	if w.files.closed {
		panic("molfile: Append: the file is closed")
	}
	for r := range w.files.paths {
		row := values[r*w.fields:][:w.fields]
		w.files.add(r, func(b []byte) []byte {
			b = appendValue(b, time)
			for _, v := range row {
				b = appendValue(b, v)
			}
			return append(b, '\n')
		})
	}
	w.rows++
	return w.files.added()
}

func appendValue(b []byte, v float64) []byte {
	b = append(b, ' ')
	switch {
	case math.IsNaN(v):
		return append(b, "nan"...)
	case math.IsInf(v, 0):
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case math.Abs(v) < 1e7:
		return strconv.AppendFloat(b, v, 'f', 8, 64)
	}
	return strconv.AppendFloat(b, v, 'e', 9, 64)
}

// Flush writes all rows to disk.
func (w *ColvarWriter) Flush() error { return w.files.flush() }

// Close flushes. After it nothing can be appended.
func (w *ColvarWriter) Close() error { return w.files.close() }

// ResumeColvar opens files that [CreateColvar] made to append to them. What they
// hold beyond the given number of rows, that of a checkpoint, is cut off.
func ResumeColvar(path string, replicas int, fields []Field, rows int) (*ColvarWriter, error) {
	files := newReplicas(path, replicas)
	header := string(colvarHeader(fields))
	for i, p := range files.paths {
		end, err := colvarEnd(p, header, rows)
		if err != nil {
			return nil, err
		}
		if err := files.cut(i, end); err != nil {
			return nil, err
		}
	}
	return &ColvarWriter{files: files, fields: len(fields), rows: rows}, nil
}

// colvarEnd finds where the rows end in a file with a known header.
func colvarEnd(path, header string, rows int) (int64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, openError(path, err)
	}
	text := string(data)
	if !strings.HasPrefix(text, header) {
		return 0, fmt.Errorf("%s: line 1: is not the header of this simulation, want %q", path, header)
	}
	end := len(header)
	for row := range rows {
		length := strings.IndexByte(text[end:], '\n') + 1
		if length == 0 {
			return 0, fmt.Errorf("%s: holds %d rows, want %d or more to continue from", path, row, rows)
		}
		end += length
	}
	return int64(end), nil
}
