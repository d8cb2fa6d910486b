package molfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ReplicaPath names the file of one of several replicas, counted from 0:
// traj.dcd stays itself where there is one, and becomes traj-0003.dcd where
// there are more. Numbers have as many digits as the largest needs, four at
// least, so that names sort.
func ReplicaPath(path string, replica, replicas int) string {
	if replicas <= 1 {
		return path
	}
	digits := max(4, len(strconv.Itoa(replicas-1)))
	extension := filepath.Ext(path)
	return fmt.Sprintf("%s-%0*d%s", strings.TrimSuffix(path, extension), digits, replica, extension)
}

// maxBuffered is how many bytes wait for the next flush in all replicas together.
const maxBuffered = 32 << 20

// replicaFiles appends to one file for each replica. No file stays open between
// flushes: there may be more replicas than a process may have open files.
type replicaFiles struct {
	paths    []string
	buffers  [][]byte
	ends     []int64 // of what is written
	buffered int
	closed   bool
	// head returns bytes to write at an offset near the beginning of each file
	// after each flush; nil for none.
	head func() ([]byte, int64)
}

// createReplicas makes the files, each with the same beginning. Where one of them
// can't be, none has lost anything.
func createReplicas(path string, replicas int, beginning []byte) (*replicaFiles, error) {
	f := newReplicas(path, replicas)
	for _, p := range f.paths {
		if err := checkTarget(p); err != nil {
			return nil, err
		}
	}
	for i, p := range f.paths {
		if err := os.WriteFile(p, beginning, 0o666); err != nil {
			return nil, writeError(p, err)
		}
		f.ends[i] = int64(len(beginning))
	}
	return f, nil
}

func newReplicas(path string, replicas int) *replicaFiles {
	if replicas < 1 {
		panic(fmt.Sprintf("molfile: %d replicas, want 1 or more", replicas))
	}
	f := &replicaFiles{paths: make([]string, replicas), buffers: make([][]byte, replicas), ends: make([]int64, replicas)}
	for i := range f.paths {
		f.paths[i] = ReplicaPath(path, i, replicas)
	}
	return f
}

// checkTarget refuses what cannot be written out of order.
func checkTarget(path string) error {
	if path == "" {
		return errors.New("writing a trajectory: the file name is empty")
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil // to be made, or to fail when it is
	case info.IsDir():
		return fmt.Errorf("writing %s: is a folder, want a file name", path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("writing %s: is a pipe or a device, want a file that can be written out of order", path)
	}
	return nil
}

// cut shortens the file of a replica: what follows is written over.
func (f *replicaFiles) cut(replica int, end int64) error {
	if err := os.Truncate(f.paths[replica], end); err != nil {
		return writeError(f.paths[replica], err)
	}
	f.ends[replica] = end
	return nil
}

// add appends to the buffer of a replica.
func (f *replicaFiles) add(replica int, grow func(b []byte) []byte) {
	before := len(f.buffers[replica])
	f.buffers[replica] = grow(f.buffers[replica])
	f.buffered += len(f.buffers[replica]) - before
}

// added writes the buffers where they have grown large.
func (f *replicaFiles) added() error {
	if f.buffered < maxBuffered {
		return nil
	}
	return f.flush()
}

// flush writes what is buffered. After an error it can be tried again.
func (f *replicaFiles) flush() error {
	var head []byte
	var at int64
	if f.head != nil {
		head, at = f.head()
	}
	for i, path := range f.paths {
		if len(f.buffers[i]) == 0 {
			continue
		}
		if err := f.write(i, head, at); err != nil {
			return writeError(path, err)
		}
	}
	return nil
}

// write appends what is buffered, then the head, which tells of it: a file is
// right at any time, with bytes behind its end at worst.
func (f *replicaFiles) write(replica int, head []byte, at int64) error {
	file, err := os.OpenFile(f.paths[replica], os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	buffer := f.buffers[replica]
	if _, err := file.WriteAt(buffer, f.ends[replica]); err != nil {
		return err
	}
	if len(head) > 0 {
		if _, err := file.WriteAt(head, at); err != nil {
			return err
		}
	}
	if err := file.Close(); err != nil {
		return err
	}
	f.ends[replica] += int64(len(buffer))
	f.buffered -= len(buffer)
	f.buffers[replica] = buffer[:0]
	return nil
}

// close flushes for the last time and frees the buffers.
func (f *replicaFiles) close() error {
	if f.closed {
		return nil
	}
	if err := f.flush(); err != nil {
		return err
	}
	f.closed = true
	f.buffers = nil
	return nil
}

func writeError(path string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Errorf("writing %s: %w", path, err)
}
