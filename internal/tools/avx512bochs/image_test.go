//go:build linux

package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

func TestArchiveEntriesAreAligned(t *testing.T) {
	var a archive
	a.dir("run")
	a.file("run/a", []byte("12345"))
	a.file("run/bc", nil)
	data := a.finish()
	if len(data)%4 != 0 {
		t.Errorf("length %d", len(data))
	}
	const header = 110
	want := header + len("run\x00") + 2 // the second entry, on a multiple of 4
	if got := string(data[want : want+6]); got != "070701" {
		t.Errorf("second entry starts with %q", got)
	}
}

func TestDiskListsWhatItHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "disk")
	if err := writeDisk(path, []chunk{{0x10000, make([]byte, 513)}, {0x100000, []byte("kernel")}}); err != nil {
		t.Fatal(err)
	}
	disk, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(disk)%cylinder != 0 {
		t.Errorf("%d bytes are no whole cylinders", len(disk))
	}
	for i, want := range []uint32{0x10000, 2, 0x100000, 1, 0} {
		if got := binary.LittleEndian.Uint32(disk[4*i:]); got != want {
			t.Errorf("word %d is %#x, want %#x", i, got, want)
		}
	}
	if got := string(disk[3*sector : 3*sector+6]); got != "kernel" {
		t.Errorf("second chunk starts with %q", got)
	}
}

func TestBootRefusesWhatIsNoKernel(t *testing.T) {
	if _, err := bootChunks(make([]byte, 4096), "", nil, 512<<20); err == nil {
		t.Error("zeros were taken for a kernel")
	}
}
