package molfile_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushforward/md/molfile"
)

// steps are the positions that other programs wrote to files in testdata: two
// frames of four atoms, in nm.
func steps() []float64 {
	x := make([]float64, 24)
	for i := range x {
		x[i] = float64(i)*0.125 - 1
	}
	return x
}

func TestDCDOfOtherProgramsIsRead(t *testing.T) {
	for _, c := range []struct {
		file, title     string
		first, interval int
		timeStep        float64
	}{
		{"openmm.dcd", "Created Mon Nov 23 10:09:51 2026", 500, 500, 0.002},
		{"mdanalysis.dcd", "Some remark", 500, 500, 0.002}, // with a unit cell
		{"mdtraj.dcd", "REMARKS Created 23 November, 2026 at 10:09", 0, 1, 0.04888821},
	} {
		t.Run(c.file, func(t *testing.T) {
			d, err := molfile.ReadDCD("testdata/" + c.file)
			if err != nil {
				t.Fatal(err)
			}
			if d.Atoms != 4 || d.Frames() != 2 || d.FirstStep != c.first || d.Interval != c.interval || math.Abs(d.TimeStep-c.timeStep) > 1e-9 || d.Title != c.title {
				t.Errorf("found %d frames with %+v", d.Frames(), d.DCDHeader)
			}
			for i, want := range steps() {
				if math.Abs(float64(d.Positions[i])-want) > 1e-7 {
					t.Errorf("coordinate %d is %v, want %v", i, d.Positions[i], want)
				}
			}
		})
	}
}

func TestDCDInTheOtherOrderOfBytesIsRead(t *testing.T) {
	little, err := os.ReadFile("testdata/openmm.dcd")
	if err != nil {
		t.Fatal(err)
	}
	want, err := molfile.ReadDCD("testdata/openmm.dcd")
	if err != nil {
		t.Fatal(err)
	}
	big := slices.Clone(little)
	for i := 0; i < len(big); i += 4 {
		if i != 4 && (i < 100 || i >= 260) { // but CORD and the title
			slices.Reverse(big[i : i+4])
		}
	}
	got, err := molfile.DecodeDCD(bytes.NewReader(big), "x.dcd", -1)
	if err != nil {
		t.Fatal(err)
	}
	if got.DCDHeader != want.DCDHeader || !slices.Equal(got.Positions, want.Positions) {
		t.Errorf("found %+v, want %+v", got, want)
	}
}

var header = molfile.DCDHeader{Atoms: 4, FirstStep: 500, Interval: 500, TimeStep: 0.002, Title: "four atoms"}

func TestDCDIsWrittenAsOpenMMWritesIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.dcd")
	w, err := molfile.CreateDCD[float64](path, 1, header)
	if err != nil {
		t.Fatal(err)
	}
	for frame := range slices.Chunk(steps(), 12) {
		if err := w.Append(frame); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, want := []byte(read(t, path)), []byte(read(t, "testdata/openmm.dcd"))
	// The two titles differ.
	copy(want[100:260], fmt.Sprintf("%-80s%-80s", "Created by pushforward", "four atoms"))
	if !bytes.Equal(got, want) {
		t.Errorf("wrote\n%x\nwant\n%x", got, want)
	}
}

func TestDCDIsRightAfterEachFlush(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.dcd")
	w, err := molfile.CreateDCD[float32](path, 1, header)
	if err != nil {
		t.Fatal(err)
	}
	frame := make([]float32, 12)
	for n := 1; n <= 5; n++ {
		frame[7] = float32(n)
		if err := w.Append(frame); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		d, err := molfile.ReadDCD(path)
		if err != nil {
			t.Fatal(err)
		}
		if d.Frames() != n || d.Positions[12*(n-1)+7] != float32(n) || d.DCDHeader.Title != "four atoms" {
			t.Errorf("after %d frames: %d, the last %v", n, d.Frames(), d.Positions[12*(n-1):])
		}
		// A program that is killed between frames and count leaves more bytes.
		killed := read(t, path) + "\x10\x00\x00\x00\x01\x02"
		if d, err := molfile.DecodeDCD(strings.NewReader(killed), "x.dcd", int64(len(killed))); err != nil || d.Frames() != n {
			t.Errorf("with bytes behind the last frame: %v", err)
		}
	}
}

func TestDCDOfManyReplicasIsOneFileEach(t *testing.T) {
	const replicas = 5
	dir := t.TempDir()
	path := filepath.Join(dir, "run.1", "traj.dcd")
	if err := os.Mkdir(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	w, err := molfile.CreateDCD[float32](path, replicas, header)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, replicas*12)
	for f := range 3 {
		for i := range x {
			x[i] = float32(f*100 + i)
		}
		if err := w.Append(x); err != nil {
			t.Fatal(err)
		}
	}
	if w.Frames() != 3 {
		t.Errorf("%d frames, want 3", w.Frames())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for r := range replicas {
		p := filepath.Join(dir, "run.1", fmt.Sprintf("traj-000%d.dcd", r))
		if got := molfile.ReplicaPath(path, r, replicas); got != p {
			t.Errorf("replica %d is in %s, want %s", r, got, p)
		}
		d, err := molfile.ReadDCD(p)
		if err != nil {
			t.Fatal(err)
		}
		for f := range 3 {
			for i := range 12 {
				if got, want := d.Positions[f*12+i], float32(f*100+r*12+i); got != want {
					t.Fatalf("replica %d, frame %d, coordinate %d is %v, want %v", r, f, i, got, want)
				}
			}
		}
	}
	for _, c := range []struct {
		replica, replicas int
		want              string
	}{{0, 1, "a.b/traj.dcd"}, {7, 10000, "a.b/traj-0007.dcd"}, {7, 10001, "a.b/traj-00007.dcd"}} {
		if got := molfile.ReplicaPath("a.b/traj.dcd", c.replica, c.replicas); got != c.want {
			t.Errorf("replica %d of %d is in %s, want %s", c.replica, c.replicas, got, c.want)
		}
	}
	if got := molfile.ReplicaPath("a.b/traj", 3, 4); got != "a.b/traj-0003" {
		t.Errorf("a name without extension became %s", got)
	}
}

// TestDCDContinuesFromACheckpoint compares the bytes with those of a run that
// never stopped.
func TestDCDContinuesFromACheckpoint(t *testing.T) {
	const replicas = 2
	dir := t.TempDir()
	frame := func(f int) []float32 {
		x := make([]float32, replicas*12)
		for i := range x {
			x[i] = float32(f) + float32(i)/16
		}
		return x
	}
	write := func(w *molfile.DCDWriter[float32], from, to int) {
		t.Helper()
		for f := from; f < to; f++ {
			if err := w.Append(frame(f)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	whole, parts := filepath.Join(dir, "whole.dcd"), filepath.Join(dir, "parts.dcd")
	w, err := molfile.CreateDCD[float32](whole, replicas, header)
	if err != nil {
		t.Fatal(err)
	}
	write(w, 0, 9)
	// The checkpoint is at frame 4, the program stopped at 7.
	if w, err = molfile.CreateDCD[float32](parts, replicas, header); err != nil {
		t.Fatal(err)
	}
	write(w, 0, 7)
	if w, err = molfile.ResumeDCD[float32](parts, replicas, header, 4); err != nil {
		t.Fatal(err)
	}
	if d, err := molfile.ReadDCD(molfile.ReplicaPath(parts, 1, replicas)); err != nil || d.Frames() != 4 {
		t.Errorf("before the first frame: %v", err)
	}
	write(w, 4, 9)
	for r := range replicas {
		if read(t, molfile.ReplicaPath(whole, r, replicas)) != read(t, molfile.ReplicaPath(parts, r, replicas)) {
			t.Errorf("the files of replica %d differ", r)
		}
	}

	_, err = molfile.ResumeDCD[float32](parts, replicas, header, 10)
	wantError(t, err, "parts-0000.dcd: holds 9 frames, want 10 or more")
	other := header
	other.Interval = 100
	_, err = molfile.ResumeDCD[float32](parts, replicas, other, 4)
	wantError(t, err, "parts-0000.dcd: header: is not that of this simulation")
	_, err = molfile.ResumeDCD[float32](parts, 1, header, 4)
	wantError(t, err, "parts.dcd: no such file")
	if err := os.Truncate(molfile.ReplicaPath(parts, 1, replicas), 700); err != nil {
		t.Fatal(err)
	}
	_, err = molfile.ResumeDCD[float32](parts, replicas, header, 4)
	wantError(t, err, "parts-0001.dcd: the header tells of 9 frames")
}

func TestDCDErrorsNameTheField(t *testing.T) {
	good := read(t, "testdata/openmm.dcd")
	put := func(at int, value uint32) string {
		b := []byte(good)
		binary.LittleEndian.PutUint32(b[at:], value)
		return string(b)
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "x.dcd: header: the file ends after 0 of 92 bytes"},
		{"cut in the header", good[:50], "x.dcd: header: the file ends after 50 of 92 bytes"},
		{"text", strings.Repeat("hello ", 50), `x.dcd: header: found "o he", want "CORD": this is no DCD file`},
		{"velocities", good[:4] + "VELD" + good[8:], "holds velocities, want positions"},
		{"wide markers", good[:4] + "\x00\x00\x00\x00" + good[4:], "the lengths of records have 8 bytes, want 4"},
		{"header's end", put(88, 85), "header: the record ends with the length 85, want 84"},
		{"negative frames", put(8, 0xffffffff), "header: found -1 frames"},
		{"fixed atoms", put(8+32, 3), "header: 3 atoms are fixed, want none"},
		{"a fourth coordinate", put(8+44, 1), "header: has a fourth coordinate"},
		{"time step", put(8+36, 0x7fc00000), "header: the time step is NaN ps"},
		{"title", put(96, 3), "title: found 3 lines in a record of length 164, want 4 + 80 for each"},
		{"a long title", put(96, 1<<31), "title: found 2147483648 lines"},
		{"title's end", put(260, 0), "title: the record ends with the length 0, want 164"},
		{"no atoms", put(268, 0), "number of atoms: found 0, want 1 or more"},
		{"very many atoms", put(268, 1<<28), "the header tells of 2 frames, but there are 144 bytes, enough for 0 of 268435456 atoms"},
		{"many frames", put(8, 1<<30), "the header tells of 1073741824 frames, but there are 144 bytes, enough for 2 of 4 atoms"},
		{"cut in a frame", good[:400], "the header tells of 2 frames, but there are 124 bytes, enough for 1"},
		{"x", put(276, 15), "frame 1: x: the record begins with the length 15, want 16"},
		{"z of the second frame", put(len(good)-4, 17), "frame 2: z: the record ends with the length 17, want 16"},
		{"no unit cell", put(8+40, 1), "the header tells of 2 frames"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := molfile.DecodeDCD(strings.NewReader(c.text), "x.dcd", int64(len(c.text)))
			wantError(t, err, c.want)
			// The reader of a pipe finds them too, later and in other words.
			if _, err := molfile.DecodeDCD(strings.NewReader(c.text), "x.dcd", -1); err == nil {
				t.Error("no error where the size is unknown")
			}
		})
	}
	// X-PLOR writes no number of frames.
	d, err := molfile.DecodeDCD(strings.NewReader(put(8, 0)), "x.dcd", -1)
	if err != nil || d.Frames() != 2 {
		t.Errorf("without a number of frames: %v", err)
	}
	_, err = molfile.DecodeDCD(strings.NewReader(put(8, 0)[:400]), "x.dcd", 400)
	wantError(t, err, "frame 2: z: the file ends after")
}

func TestTrajectoriesAreWrittenWhereTheyCanBe(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:                                    "is a folder",
		os.DevNull:                             "is a pipe or a device",
		"":                                     "the file name is empty",
		filepath.Join(dir, "none", "traj.dcd"): "none/traj.dcd: no such file",
	} {
		_, err := molfile.CreateDCD[float64](path, 1, header)
		wantError(t, err, want)
		_, err = molfile.CreateColvar(path, 1, nil)
		wantError(t, err, want)
		_, err = molfile.CreateNPZ[float64](path, 1, 1)
		wantError(t, err, want)
	}
	path := filepath.Join(dir, "traj.dcd")
	w, err := molfile.CreateDCD[float64](path, 1, header)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := w.Append(make([]float64, 12)); err != nil {
		t.Fatal(err)
	}
	wantError(t, w.Flush(), "writing "+path+": no such file")
}

func TestFilesAreKeptWhereOneOfThemCannotBeMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "traj.dcd")
	first := molfile.ReplicaPath(path, 0, 2)
	if err := os.WriteFile(first, []byte("dear"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(molfile.ReplicaPath(path, 1, 2), 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := molfile.CreateDCD[float64](path, 2, header)
	wantError(t, err, "is a folder")
	if read(t, first) != "dear" {
		t.Error("the first replica's file was lost")
	}
}

// FuzzDCD feeds the reader any bytes.
func FuzzDCD(f *testing.F) {
	good := read(f, "testdata/openmm.dcd")
	f.Add([]byte(good), true)
	f.Add([]byte(read(f, "testdata/mdanalysis.dcd")), false)
	f.Add([]byte(good[:300]), false)
	f.Add([]byte(good[:268]+"\xff\xff\xff\x1f"+good[272:]), false)
	f.Fuzz(func(t *testing.T, data []byte, known bool) {
		size := int64(-1)
		if known {
			size = int64(len(data))
		}
		d, err := molfile.DecodeDCD(bytes.NewReader(data), "fuzz", size)
		if err != nil {
			return
		}
		if len(d.Positions)%(3*d.Atoms) != 0 || 4*len(d.Positions) > len(data) {
			t.Errorf("%d coordinates of %d atoms from %d bytes", len(d.Positions), d.Atoms, len(data))
		}
	})
}
