package atomicfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func writing(content string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

func wantOnly(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func TestWriteMakesAndReplacesFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	large := strings.Repeat("0123456789abcdef", bufferSize/8)
	for _, content := range []string{"first", "", large, "last"} {
		if err := Write(path, writing(content)); err != nil {
			t.Fatal(err)
		}
		wantContent(t, path, content)
		wantOnly(t, dir, "x")
	}
}

func TestPermissionsOfTheOldFileStay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, nil, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, writing("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o640 {
		t.Errorf("permissions are %v, want -rw-r-----", info.Mode().Perm())
	}
}

func TestASymbolicLinkStaysALink(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := Write(link, writing("new")); err != nil {
		t.Fatal(err)
	}
	wantContent(t, file, "new")
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link became %v (%v)", info, err)
	}
}

// failing is a temporary file on a disk that is full after room bytes, or
// whose chosen step fails.
type failing struct {
	*os.File
	room        int
	sync, close error
}

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.room {
		n, _ := f.File.Write(p[:f.room])
		f.room = 0
		return n, &fs.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	f.room -= len(p)
	return f.File.Write(p)
}

func (f *failing) Sync() error {
	if f.sync != nil {
		return f.sync
	}
	return f.File.Sync()
}

func (f *failing) Close() error {
	err := f.File.Close()
	if f.close != nil {
		return f.close
	}
	return err
}

func TestAnyErrorKeepsTheOldFileAndLeavesNothingElse(t *testing.T) {
	broken := errors.New("broken")
	cases := []struct {
		name string
		with failing
		run  func(io.Writer) error
		want error
	}{
		{"the disk is full at once", failing{room: 0}, writing("new"), syscall.ENOSPC},
		{"the disk is full in the middle", failing{room: 300_000}, func(w io.Writer) error {
			_, err := w.Write(bytes.Repeat([]byte("x"), 1_000_000))
			return err
		}, syscall.ENOSPC},
		{"the disk is full when the buffer is flushed", failing{room: 2}, writing("new"), syscall.ENOSPC},
		{"the sync fails", failing{room: 100, sync: syscall.EIO}, writing("new"), syscall.EIO},
		{"the close fails", failing{room: 100, close: syscall.EDQUOT}, writing("new"), syscall.EDQUOT},
		{"the writer fails", failing{room: 100}, func(w io.Writer) error {
			io.WriteString(w, "half")
			return broken
		}, broken},
	}
	for _, c := range cases {
		for _, old := range []bool{true, false} {
			name := c.name + ", nothing there before"
			if old {
				name = c.name + ", a file there before"
			}
			t.Run(name, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "x")
				if old {
					if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				err := writeVia(func(target string) (temporary, error) {
					f, err := createTemp(target)
					if err != nil {
						return nil, err
					}
					with := c.with
					with.File = f.(*os.File)
					return &with, nil
				}, path, c.run)
				if !errors.Is(err, c.want) {
					t.Errorf("error is %v, want %v", err, c.want)
				}
				if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), ".tmp") {
					t.Errorf("error %v should name %s and not the temporary file", err, path)
				}
				if old {
					wantContent(t, path, "old")
					wantOnly(t, dir, "x")
				} else {
					wantOnly(t, dir)
				}
			})
		}
	}
}

func TestAPanicLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		Write(filepath.Join(dir, "x"), func(io.Writer) error { panic("out") })
	}()
	wantOnly(t, dir)
}

func TestTargetsThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, path, want string }{
		{"a folder", dir, "is a folder"},
		{"a folder that is missing", filepath.Join(dir, "no", "x"), "no such file"},
		{"no name", "", "the file name is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Write(c.path, writing("new"))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
	wantOnly(t, dir)
}

func TestAnErrorAboutAnotherFileKeepsItsName(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other")
	err := Write(filepath.Join(dir, "x"), func(io.Writer) error {
		_, err := os.Open(other)
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), other) {
		t.Errorf("error is %v, want one that names %s", err, other)
	}
}

func TestADeviceIsWrittenAndNotReplaced(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	if err := Write(os.DevNull, writing("new")); err != nil {
		t.Errorf("writing to %s: %v", os.DevNull, err)
	}
	if err := Write("/dev/full", writing("new")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("writing to /dev/full: error is %v, want %v", err, syscall.ENOSPC)
	}
	for _, path := range []string{os.DevNull, "/dev/full"} {
		info, err := os.Stat(path)
		if err != nil || info.Mode()&fs.ModeDevice == 0 {
			t.Errorf("%s is no device any more: %v, %v", path, info, err)
		}
	}
}
