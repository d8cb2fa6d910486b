package npy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"pushforward/internal/atomicfile"
)

// Archive is an open .npz file.
type Archive struct {
	path    string
	file    *os.File
	entries map[string]*zip.File
	names   []string
}

// OpenArchive opens a .npz file, stored or compressed.
func OpenArchive(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	a, err := newArchive(path, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	a.file = f
	return a, nil
}

func newArchive(path string, f interface {
	io.ReaderAt
	Stat() (fs.FileInfo, error)
}) (*Archive, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, openError(path, err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s: is a folder, want a file", path)
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: zip directory: %w: this is no .npz file", path, err)
	}
	a := &Archive{path: path, entries: map[string]*zip.File{}}
	for _, entry := range z.File {
		name := strings.TrimSuffix(entry.Name, ".npy")
		if a.entries[name] != nil {
			return nil, fmt.Errorf("%s: the array %q appears twice", path, name)
		}
		a.entries[name] = entry
		a.names = append(a.names, name)
	}
	return a, nil
}

// Names lists the arrays in the order of the archive's directory.
func (a *Archive) Names() []string { return a.names }

// Close closes the file.
func (a *Archive) Close() error { return a.file.Close() }

// Inspect tells what one array is without reading its numbers.
func (a *Archive) Inspect(name string) (Header, error) {
	return fromArchive(a, name, func(r io.Reader, name string, size int64) (Header, error) {
		h, _, err := readHeader(r, size)
		if err != nil {
			return Header{}, fmt.Errorf("%s: %w", name, err)
		}
		return h, nil
	})
}

// ReadFrom reads one array of an archive as ReadFile does.
func ReadFrom[T Element](a *Archive, name string) (Array[T], error) {
	return fromArchive(a, name, Read[T])
}

// ReadFromAs reads one array of an archive as ReadFileAs does.
func ReadFromAs[T Float](a *Archive, name string) (Array[T], error) {
	return fromArchive(a, name, ReadAs[T])
}

func fromArchive[R any](a *Archive, name string, read func(r io.Reader, name string, size int64) (R, error)) (result R, err error) {
	entry := a.entries[name]
	if entry == nil {
		return result, fmt.Errorf("%s: holds no array %q, only %s", a.path, name, strings.Join(a.names, ", "))
	}
	r, err := entry.Open()
	if err != nil {
		return result, fmt.Errorf("%s: %s: %w", a.path, name, err)
	}
	defer r.Close()
	// The directory's sizes are claims, so memory is not allocated on their
	// word: unknown. Reading checks them, and the checksum.
	checked := &checkedReader{r: r}
	result, err = read(checked, a.path+": "+name, -1)
	if err == nil && checked.err != nil {
		return *new(R), fmt.Errorf("%s: %s: data: %w", a.path, name, checked.err)
	}
	return result, err
}

// checkedReader remembers an error that is not the end: zip reports a wrong
// checksum together with the last bytes.
type checkedReader struct {
	r   io.Reader
	err error
}

func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// ArchiveWriter writes the arrays of a .npz file one after the other.
type ArchiveWriter struct {
	zip   *zip.Writer
	names map[string]bool
}

// WriteArchive writes a .npz file, whole or not at all: add adds the arrays.
// They are stored, not compressed, as numpy.savez does: samples hardly shrink.
func WriteArchive(path string, add func(*ArchiveWriter) error) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		a := &ArchiveWriter{zip: zip.NewWriter(w), names: map[string]bool{}}
		if err := add(a); err != nil {
			return err
		}
		return a.zip.Close()
	})
}

// AddTo adds an array under a name. It panics where Data and Shape disagree or
// the name is taken.
func AddTo[T Element](a *ArchiveWriter, name string, array Array[T]) error {
	if a.names[name] {
		panic(fmt.Sprintf("npy: AddTo: the name %q is taken", name))
	}
	a.names[name] = true
	// A fixed time makes the same arrays the same bytes; NumPy does so too.
	w, err := a.zip.CreateHeader(&zip.FileHeader{
		Name:     name + ".npy",
		Method:   zip.Store,
		Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return err
	}
	return Write(w, array)
}
