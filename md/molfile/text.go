package molfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

const (
	maxLine = 1 << 16
	// maxText is more than half a million atoms need. What is read takes up to
	// ten times as much memory as its text.
	maxText = 1 << 27
)

const (
	nanometers = 0.1   // in an Å
	kilojoules = 4.184 // in a kcal
)

// fromFile opens a file for a reader that takes a name for its errors.
func fromFile[R any](path string, read func(r io.Reader, name string) (R, error)) (result R, err error) {
	f, _, err := open(path)
	if err != nil {
		return result, err
	}
	defer f.Close()
	return read(f, path)
}

// open opens a file, and tells its size, or -1 for a pipe or a device.
func open(path string) (f *os.File, size int64, err error) {
	f, err = os.Open(path)
	if err != nil {
		return nil, 0, openError(path, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a folder, want a file")
	}
	if err != nil {
		f.Close()
		return nil, 0, openError(path, err)
	}
	if !info.Mode().IsRegular() {
		return f, -1, nil
	}
	return f, info.Size(), nil
}

func openError(path string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// lines walks over the lines of a text file.
type lines struct {
	scanner *bufio.Scanner
	name    string // of the file
	number  int    // of the line, from 1
	text    string // without the line's end
	read    int
	err     error
}

func newLines(r io.Reader, name string) *lines {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), maxLine)
	return &lines{scanner: s, name: name}
}

// next tells whether there is another line. Errors of reading show in err.
func (l *lines) next() bool {
	if l.err != nil {
		return false
	}
	if !l.scanner.Scan() {
		switch err := l.scanner.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			l.number++
			l.err = l.errorf("longer than %d bytes, want a text file", maxLine)
		case err != nil:
			l.err = openError(l.name, err)
		}
		return false
	}
	l.number++
	l.text = strings.TrimSuffix(l.scanner.Text(), "\r")
	l.read += len(l.text) + 1
	if l.read > maxText {
		l.err = l.errorf("the file has more than %d MiB, want less", maxText>>20)
		return false
	}
	return true
}

func (l *lines) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: line %d: %w", l.name, l.number, fmt.Errorf(format, args...))
}

// column returns the bytes first to last of a line, counted from 1 as formats
// of fixed columns are described, without the spaces around.
func column(text string, first, last int) string {
	if first > len(text) {
		return ""
	}
	return strings.TrimSpace(text[first-1 : min(last, len(text))])
}

// parseFloat reads a finite number as Fortran writes it: 1.0, 1.0E+00, 1.0D+00.
func parseFloat(field string) (float64, error) {
	v, err := strconv.ParseFloat(field, 64)
	if err != nil && strings.ContainsAny(field, "dD") {
		v, err = strconv.ParseFloat(strings.NewReplacer("D", "E", "d", "e").Replace(field), 64)
	}
	switch {
	case field != "" && strings.Trim(field, "*") == "":
		return 0, fmt.Errorf("found %.24q, a number too large for its columns", field)
	case err != nil || v-v != 0 || strings.ContainsAny(field, "xX_"):
		return 0, fmt.Errorf("found %.24q, want a number", field)
	}
	return v, nil
}

func parseInt(field string) (int, error) {
	v, err := strconv.ParseInt(field, 10, 32)
	switch {
	case field != "" && strings.Trim(field, "*") == "":
		return 0, fmt.Errorf("found %.24q, a number too large for its columns", field)
	case err != nil:
		return 0, fmt.Errorf("found %.24q, want a whole number", field)
	}
	return int(v), nil
}
