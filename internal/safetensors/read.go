package safetensors

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
)

// ReadFile reads a safetensors file.
func ReadFile(path string) (*File, error) {
	f, err := readFile(path)
	if err != nil {
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			err = pathError.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.name = path
	return f, nil
}

func readFile(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is no regular file")
	}
	return Read(file, info.Size())
}

// Read reads a file of size bytes from r.
func Read(r io.Reader, size int64) (*File, error) {
	var start [8]byte
	if n, err := io.ReadFull(r, start[:]); err != nil {
		return nil, tooShort("header length", n, len(start), err)
	}
	length := binary.LittleEndian.Uint64(start[:])
	if length > MaxHeader {
		return nil, fmt.Errorf("header length: %d bytes, want at most %d: this is no safetensors file", length, MaxHeader)
	}
	left := size - int64(len(start)) - int64(length)
	if left < 0 {
		return nil, fmt.Errorf("header length: %d bytes, but the file has only %d", length, size)
	}
	header := make([]byte, length)
	if n, err := io.ReadFull(r, header); err != nil {
		return nil, tooShort("header", n, len(header), err)
	}
	f, entries, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	if err := f.layOut(entries, left); err != nil {
		return nil, err
	}
	for _, e := range entries {
		data := make([]byte, e.end-e.begin)
		if n, err := io.ReadFull(r, data); err != nil {
			return nil, tooShort(label(e.name), n, len(data), err)
		}
		f.tensors[e.name] = tensor{e.dtype, e.shape, data}
	}
	return f, nil
}

func tooShort(field string, got, want int, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: the file ends after %d of %d bytes", field, got, want)
	}
	return err
}

// entry is what the header tells about an array.
type entry struct {
	name, dtype string
	shape       []int
	begin, end  int64
}

// layOut sorts the entries as they lie in the file, and checks that they cover
// its bytes exactly.
func (f *File) layOut(entries []entry, bytes int64) error {
	slices.SortFunc(entries, func(a, b entry) int {
		// An empty array goes before the one that begins there.
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end), cmp.Compare(a.name, b.name))
	})
	at := int64(0)
	for _, e := range entries {
		label := label(e.name)
		size, known := sizes[e.dtype]
		if !known {
			return fmt.Errorf("%s: dtype: %.20q is unknown, want F32, F64, I64, U8 or another of the format", label, e.dtype)
		}
		n, err := count(e.shape, size)
		if err != nil {
			return fmt.Errorf("%s: %w", label, err)
		}
		switch {
		case e.begin < 0 || e.end < e.begin || e.end > bytes:
			return fmt.Errorf("%s: data_offsets: [%d, %d], want them in order and within the %d bytes of data", label, e.begin, e.end, bytes)
		case e.end-e.begin != int64(n)*int64(size):
			return fmt.Errorf("%s: data_offsets: %d bytes, want %d for shape %v of %s", label, e.end-e.begin, int64(n)*int64(size), e.shape, e.dtype)
		case e.begin < at:
			return fmt.Errorf("%s: data_offsets: begins at %d, inside the array before it, which ends at %d", label, e.begin, at)
		case e.begin > at:
			return fmt.Errorf("%s: data_offsets: begins at %d, which leaves a gap after %d", label, e.begin, at)
		}
		at = e.end
	}
	if at != bytes {
		return fmt.Errorf("data: %d bytes, want %d, where the last array ends", bytes, at)
	}
	return nil
}

// label is a name as errors show it: on one line, and not too long.
func label(name string) string {
	quoted := strconv.Quote(name)
	quoted = quoted[1 : len(quoted)-1]
	if len(quoted) > 60 {
		return quoted[:60] + "..."
	}
	return quoted
}
