// Package atomicfile writes files whole or not at all.
//
// The bytes go to a temporary file in the target's folder, which is synced and
// then renamed over the target. Whatever goes wrong on the way (a full disk, a
// failing writer, a panic), the old file stays as it was and the temporary one
// is removed.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// bufferSize is large enough that a writer of single numbers costs few system calls.
const bufferSize = 1 << 18

// Write makes path hold what write writes, or leaves it as it was and tells why.
//
// A new file has permissions 0666 less the umask; a file that exists keeps its
// own. A symbolic link stays, and the file that it points to is replaced. A
// target that exists and is no regular file (a pipe, /dev/stdout) is written
// directly, since it cannot be replaced; a folder is an error. An error of
// write is returned unchanged inside one that names path.
func Write(path string, write func(w io.Writer) error) error {
	return writeVia(createTemp, path, write)
}

// temporary is what Write asks of its temporary file: *os.File, or a stand-in
// that fails in a test.
type temporary interface {
	io.WriteCloser
	Name() string
	Chmod(fs.FileMode) error
	Sync() error
}

func writeVia(create func(target string) (temporary, error), path string, write func(w io.Writer) error) error {
	var own string
	err := writeTarget(func(target string) (temporary, error) {
		f, err := create(target)
		if err == nil {
			own = f.Name()
		}
		return f, err
	}, path, write)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, reason(err, path, own))
	}
	return nil
}

func writeTarget(create func(target string) (temporary, error), path string, write func(w io.Writer) error) error {
	if path == "" {
		return errors.New("the file name is empty")
	}
	target, info, err := resolve(path)
	if err != nil {
		return err
	}
	if info != nil && info.IsDir() {
		return errors.New("is a folder, want a file name")
	}
	if info != nil && !info.Mode().IsRegular() {
		return writeDirectly(target, write)
	}

	f, err := create(target)
	if err != nil {
		return err
	}
	done := false
	defer func() { // also when write panics
		if !done {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if info != nil {
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := buffered(f, write); err != nil {
		return err
	}
	// Without the sync a crash may leave the new name on an empty file.
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	done = true
	syncFolder(filepath.Dir(target))
	return nil
}

// resolve follows symbolic links; info is nil where nothing exists yet.
func resolve(path string) (target string, info fs.FileInfo, err error) {
	info, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	target, err = filepath.EvalSymlinks(path)
	if err != nil {
		// Such links as /dev/stdout to a pipe have no path that exists.
		return path, info, nil
	}
	return target, info, nil
}

func writeDirectly(path string, write func(w io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(buffered(f, write), f.Close())
}

func buffered(w io.Writer, write func(w io.Writer) error) error {
	b := bufio.NewWriterSize(w, bufferSize)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

func createTemp(target string) (temporary, error) { return openTemp(target) }

// openTemp makes a hidden file beside target. os.CreateTemp would make it
// readable by the owner alone, whatever the umask says.
func openTemp(target string) (*os.File, error) {
	dir, base := filepath.Split(target)
	for try := 0; ; try++ {
		name := filepath.Join(dir, fmt.Sprintf(".%s.tmp%08x", base, rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) && try < 1000 {
			continue
		}
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			return nil, pathError.Err
		}
		return f, err
	}
}

// syncFolder makes the rename last through a crash. Some file systems and
// systems cannot sync a folder; the file itself is whole either way.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

// reason drops the name of the target, which the caller adds, and that of the
// temporary file, which tells a user nothing; other files' names stay.
func reason(err error, path, own string) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) && (pathError.Path == path || pathError.Path == own) {
		return pathError.Err
	}
	var linkError *os.LinkError
	if errors.As(err, &linkError) && linkError.Old == own {
		return linkError.Err
	}
	return err
}
