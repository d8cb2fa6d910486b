package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// A File is one in the making, for writers that cannot wait in a function as
// [Write] has it. It gets its name when it is committed; until then, and for
// ever where it is discarded, the name keeps the file that had it.
type File struct {
	file   *os.File
	path   string // as the caller said
	target string // behind symbolic links
	err    error  // the first of writing; a file with one is never committed
	done   bool
}

// Create begins a file. What path names must be a regular file or nothing yet.
func Create(path string) (*File, error) {
	f, err := create(path)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, reason(err, path, ""))
	}
	return f, nil
}

func create(path string) (*File, error) {
	if path == "" {
		return nil, errors.New("the file name is empty")
	}
	target, info, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if info != nil && info.IsDir() {
		return nil, errors.New("is a folder, want a file name")
	}
	if info != nil && !info.Mode().IsRegular() {
		return nil, errors.New("is a pipe or a device, want a file that can be written out of order")
	}
	file, err := openTemp(target)
	if err != nil {
		return nil, err
	}
	f := &File{file: file, path: path, target: target}
	if info != nil {
		if err := file.Chmod(info.Mode().Perm()); err != nil {
			f.Discard()
			return nil, err
		}
	}
	return f, nil
}

// Write appends.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	return n, f.remember(err)
}

// WriteAt writes over what has been written at an offset.
func (f *File) WriteAt(p []byte, offset int64) (int, error) {
	n, err := f.file.WriteAt(p, offset)
	return n, f.remember(err)
}

func (f *File) remember(err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("writing %s: %w", f.path, reason(err, f.path, f.file.Name()))
	if f.err == nil {
		f.err = err
	}
	return err
}

// Commit gives the file its name. After an error, of this or of an earlier
// write, it is as if discarded.
func (f *File) Commit() error {
	if f.done {
		return fmt.Errorf("writing %s: the file is closed already", f.path)
	}
	defer f.Discard()
	if f.err != nil {
		return f.err
	}
	if err := f.file.Sync(); err != nil {
		return f.remember(err)
	}
	if err := f.file.Close(); err != nil {
		return f.remember(err)
	}
	if err := os.Rename(f.file.Name(), f.target); err != nil {
		return f.remember(err)
	}
	f.done = true
	syncFolder(filepath.Dir(f.target))
	return nil
}

// Discard removes what has been written. After Commit it does nothing.
func (f *File) Discard() {
	if f.done {
		return
	}
	f.done = true
	f.file.Close()
	os.Remove(f.file.Name())
}
