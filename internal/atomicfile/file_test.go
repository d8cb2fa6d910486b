package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileInTheMakingGetsItsNameAtTheEnd(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("new text")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("N"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(".")); err != nil {
		t.Fatal(err)
	}
	wantContent(t, path, "old")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Discard() // does nothing
	wantContent(t, path, "New text.")
	wantOnly(t, dir, "x")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode is %v, %v, want that of the old file", info.Mode(), err)
	}
	if err := f.Commit(); err == nil {
		t.Error("no error of a second commit")
	}
}

func TestADiscardedFileLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	wantOnly(t, dir)
}

func TestAFileThatFailedIsNotCommitted(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	f.file.Close() // so that writing fails
	if _, err := f.Write([]byte("new")); err == nil || !strings.Contains(err.Error(), "writing "+path) || strings.Contains(err.Error(), ".tmp") {
		t.Errorf("error is %v, want one that names %s alone", err, path)
	}
	if err := f.Commit(); err == nil {
		t.Error("a file that failed is committed")
	}
	wantOnly(t, dir)
}

func TestWhatCannotBeReplacedIsAnError(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		"": "empty", dir: "folder", os.DevNull: "device", filepath.Join(dir, "no", "x"): "no such file",
	} {
		if _, err := Create(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error of %q is %v, want one with %q", path, err, want)
		}
	}
}
