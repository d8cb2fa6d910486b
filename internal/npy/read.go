package npy

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"pushforward/internal/littleendian"
)

// chunk is how many bytes are read at a time, and how much is allocated on the
// word of a file whose size is unknown.
const chunk = 1 << 20

// ReadFile reads the array of T that a .npy file holds. Another type of number
// is an error: see ReadFileAs.
func ReadFile[T Element](path string) (Array[T], error) {
	return fromFile(path, Read[T])
}

// ReadFileAs reads an array of float32 or float64 and converts it to T.
// Conversion to float32 rounds to nearest; a finite number that is too large
// for a float32 is an error.
func ReadFileAs[T Float](path string) (Array[T], error) {
	return fromFile(path, ReadAs[T])
}

// Inspect tells what a .npy file holds without reading the numbers.
func Inspect(path string) (Header, error) {
	return fromFile(path, func(r io.Reader, name string, size int64) (Header, error) {
		h, _, err := readHeader(r, size)
		if err != nil {
			return Header{}, fmt.Errorf("%s: %w", name, err)
		}
		return h, nil
	})
}

func fromFile[R any](path string, read func(r io.Reader, name string, size int64) (R, error)) (result R, err error) {
	f, err := os.Open(path)
	if err != nil {
		return result, openError(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return result, openError(path, err)
	}
	size := int64(-1)
	switch {
	case info.IsDir():
		return result, fmt.Errorf("%s: is a folder, want a file", path)
	case info.Mode().IsRegular():
		size = info.Size()
	}
	return read(bufio.NewReader(f), path, size)
}

func openError(path string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Read reads the array of T that r holds in the .npy format. name is what
// errors call it; size is the number of bytes in r, or negative where that is
// unknown. Bytes that follow the array are an error.
func Read[T Element](r io.Reader, name string, size int64) (Array[T], error) {
	a, err := readArray(r, size, func(h Header) (reader[T], error) {
		if h.Descr != descrOf[T]() {
			return nil, wrongType(h.Descr, descrOf[T]())
		}
		return readNumbers[T], nil
	})
	if err != nil {
		return Array[T]{}, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// ReadAs reads as Read does, and converts as ReadFileAs does.
func ReadAs[T Float](r io.Reader, name string, size int64) (Array[T], error) {
	a, err := readArray(r, size, func(h Header) (reader[T], error) {
		switch h.Descr {
		case "<f4":
			return readConverted[T, float32], nil
		case "<f8":
			return readConverted[T, float64], nil
		}
		return nil, wrongType(h.Descr, "<f4", "<f8")
	})
	if err != nil {
		return Array[T]{}, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// reader reads count numbers; known tells that the file's size allows them.
type reader[T Element] func(r io.Reader, count int, known bool) ([]T, error)

func readArray[T Element](r io.Reader, size int64, choose func(Header) (reader[T], error)) (Array[T], error) {
	h, left, err := readHeader(r, size)
	if err != nil {
		return Array[T]{}, err
	}
	read, err := choose(h)
	if err != nil {
		return Array[T]{}, err
	}
	count, err := h.count()
	if err != nil {
		return Array[T]{}, err
	}
	elementSize, _ := sizeOf(h.Descr)
	want := int64(count) * int64(elementSize)
	if left >= 0 && left != want {
		return Array[T]{}, wrongSize(h, want, left, "")
	}
	data, err := read(r, count, left >= 0)
	var short *shortError
	if errors.As(err, &short) {
		return Array[T]{}, wrongSize(h, want, int64(short.got), "")
	}
	if err != nil {
		return Array[T]{}, err
	}
	// Whatever said how much is there (a zip directory, say) may be wrong.
	if n, _ := io.ReadFull(r, make([]byte, 1)); n != 0 {
		return Array[T]{}, wrongSize(h, want, want, "more than ")
	}
	if h.Fortran {
		data = transpose(data, h.Shape)
	}
	return Array[T]{Shape: h.Shape, Data: data}, nil
}

func wrongType(descr string, want ...string) error {
	switch {
	case strings.HasPrefix(descr, "|O") || descr == "O":
		return errors.New("dtype: an object array (a Python pickle) is never read, want numbers")
	case strings.HasPrefix(descr, ">"):
		return fmt.Errorf("dtype: '%s' has the greatest byte first, want '<%s' (in NumPy: x.astype('<%[2]s'))", descr, descr[1:])
	}
	name := func(descr string) string {
		for _, d := range dtypes {
			if d.descr == descr {
				return fmt.Sprintf("'%s' (%s)", descr, d.name)
			}
		}
		return fmt.Sprintf("%.20q", descr)
	}
	var names []string
	for _, w := range want {
		names = append(names, name(w))
	}
	return fmt.Errorf("dtype: %s, want %s (in NumPy: x.astype('%s'))", name(descr), strings.Join(names, " or "), want[len(want)-1])
}

func wrongSize(h Header, want, got int64, more string) error {
	return fmt.Errorf("data: the file holds %s%d bytes, want %d for shape %s of '%s'", more, got, want, formatShape(h.Shape), h.Descr)
}

// shortError tells that the data end after got bytes.
type shortError struct{ got int }

func (e *shortError) Error() string { return fmt.Sprintf("data: end after %d bytes", e.got) }

func readNumbers[T Element](r io.Reader, count int, known bool) ([]T, error) {
	size := littleendian.Size[T]()
	perChunk := chunk / size
	room := min(count, perChunk)
	if known {
		room = count
	}
	data := make([]T, 0, room)
	buffer := make([]byte, min(count, perChunk)*size)
	for len(data) < count {
		n := min(count-len(data), perChunk)
		if got, err := io.ReadFull(r, buffer[:n*size]); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, &shortError{len(data)*size + got}
			}
			return nil, fmt.Errorf("data: %w", err)
		}
		old := len(data)
		data = append(data, make([]T, n)...)
		littleendian.Decode(data[old:], buffer)
	}
	return data, nil
}
