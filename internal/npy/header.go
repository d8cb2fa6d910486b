package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

const (
	magic = "\x93NUMPY"
	// maxHeader is what version 1 allows. A header of our types has some 100
	// bytes; only structured arrays need more.
	maxHeader = math.MaxUint16
	maxDims   = 64 // NumPy's own limit
)

// Header tells what an array file holds.
type Header struct {
	Descr   string // NumPy's name of the type, such as "<f8"
	Fortran bool   // the first index runs fastest in the file
	Shape   []int
}

// count is the number of elements; an error names what is wrong with the shape.
func (h Header) count() (int, error) {
	size, _ := sizeOf(h.Descr)
	size = max(size, 1)
	product, zero := 1, false
	for _, n := range h.Shape {
		switch {
		case n < 0:
			return 0, fmt.Errorf("shape: %s has a negative length, want lengths of 0 or more", formatShape(h.Shape))
		case n == 0:
			zero = true
		case product > math.MaxInt/size/n:
			return 0, fmt.Errorf("shape: %s has more elements than memory can hold", formatShape(h.Shape))
		default:
			product *= n
		}
	}
	if zero {
		return 0, nil
	}
	return product, nil
}

// readHeader reads up to the first number. left is the number of bytes that r
// holds, or negative where that is unknown; it returns what is left after.
func readHeader(r io.Reader, left int64) (Header, int64, error) {
	take := func(n int, field string) ([]byte, error) {
		if left >= 0 && int64(n) > left {
			return nil, fmt.Errorf("%s: the file ends after %d of %d bytes", field, left, n)
		}
		b := make([]byte, n)
		if got, err := io.ReadFull(r, b); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, fmt.Errorf("%s: the file ends after %d of %d bytes", field, got, n)
			}
			return nil, err
		}
		if left >= 0 {
			left -= int64(n)
		}
		return b, nil
	}

	start, err := take(len(magic)+2, "magic string")
	if err != nil {
		return Header{}, left, err
	}
	if string(start[:len(magic)]) != magic {
		return Header{}, left, fmt.Errorf(`magic string: %q, want %q: this is no .npy file`, start[:len(magic)], magic)
	}
	lengthBytes := 2
	switch version := start[len(magic)]; version {
	case 1:
	case 2, 3:
		lengthBytes = 4
	default:
		return Header{}, left, fmt.Errorf("version: %d.%d, want 1.0, 2.0 or 3.0", version, start[len(magic)+1])
	}
	b, err := take(lengthBytes, "header length")
	if err != nil {
		return Header{}, left, err
	}
	length := uint64(binary.LittleEndian.Uint16(b))
	if lengthBytes == 4 {
		length = uint64(binary.LittleEndian.Uint32(b))
	}
	if length > maxHeader {
		return Header{}, left, fmt.Errorf("header length: %d bytes, want at most %d", length, maxHeader)
	}
	b, err = take(int(length), "header")
	if err != nil {
		return Header{}, left, err
	}
	h, err := parseHeader(string(b))
	return h, left, err
}

// appendHeader appends all that precedes the numbers: a version 1 header,
// padded by spaces so that they start at a multiple of 64 bytes, and at least after so many.
func appendHeader(b []byte, h Header, least int) []byte {
	const prefix = len(magic) + 4
	order := "False"
	if h.Fortran {
		order = "True"
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", h.Descr, order, formatShape(h.Shape))
	padding := 63 - (prefix+len(text))%64
	for prefix+len(text)+padding+1 < least {
		padding += 64
	}
	text += strings.Repeat(" ", padding) + "\n"
	b = append(b, magic...)
	b = append(b, 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	return append(b, text...)
}

// formatShape writes a tuple as Python does.
func formatShape(shape []int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, n := range shape {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	if len(shape) == 1 {
		b.WriteByte(',')
	}
	b.WriteByte(')')
	return b.String()
}
