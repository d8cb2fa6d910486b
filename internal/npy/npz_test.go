package npy

import (
	"archive/zip"
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestArchivesOfNumPyAreRead(t *testing.T) {
	a, err := OpenArchive("testdata/numpy_savez_compressed.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for _, name := range a.Names() {
		h, err := a.Inspect(name)
		if err != nil {
			t.Fatal(err)
		}
		x, err := ReadFromAs[float64](a, name)
		if err != nil {
			t.Errorf("%s (%v): %v", name, h, err)
			continue
		}
		for i, v := range x.Data {
			if math.IsNaN(v) || math.Abs(v) > 1e6 {
				t.Errorf("%s: element %d is %g, a number that nobody wrote", name, i, v)
			}
		}
	}
}

// The files were made by Python's zipfile with force_zip64, as numpy.savez does.
func TestZip64ArchivesAreRead(t *testing.T) {
	for _, path := range []string{"testdata/zip64_stored.npz", "testdata/zip64_deflated.npz"} {
		a, err := OpenArchive(path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if !slices.Equal(a.Names(), []string{"x", "f", "n"}) {
			t.Errorf("%s: names are %q", path, a.Names())
		}
		x, err := ReadFrom[float64](a, "x")
		if err != nil || !slices.Equal(x.Shape, []int{3, 2}) || !slices.Equal(x.Data, []float64{0, 1, 2, 3, 4, 5}) {
			t.Errorf("%s: x is %v, %v", path, x, err)
		}
		f, err := ReadFromAs[float64](a, "f") // in Fortran order
		if err != nil || !slices.Equal(f.Shape, []int{2, 3}) || !slices.Equal(f.Data, []float64{0, 1, 2, 3, 4, 5}) {
			t.Errorf("%s: f is %v, %v", path, f, err)
		}
		n, err := ReadFrom[int64](a, "n")
		if err != nil || len(n.Shape) != 0 || !slices.Equal(n.Data, []int64{-7}) {
			t.Errorf("%s: n is %v, %v", path, n, err)
		}
		if _, err := ReadFrom[float64](a, "y"); err == nil || !strings.Contains(err.Error(), `holds no array "y", only x, f, n`) {
			t.Errorf("%s: error is %v", path, err)
		}
	}
}

func TestArchivesThatAreWrittenAreReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npz")
	write := func() []byte {
		err := WriteArchive(path, func(a *ArchiveWriter) error {
			if err := AddTo(a, "x", Array[float32]{[]int{2, 2}, []float32{1, 2, 3, 4}}); err != nil {
				return err
			}
			return AddTo(a, "seed", Array[int64]{nil, []int64{5}})
		})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	if !bytes.Equal(write(), write()) {
		t.Error("the same arrays gave different bytes")
	}
	a, err := OpenArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	x, err := ReadFrom[float32](a, "x")
	if err != nil || !slices.Equal(x.Shape, []int{2, 2}) || !slices.Equal(x.Data, []float32{1, 2, 3, 4}) {
		t.Errorf("x is %v, %v", x, err)
	}
	seed, err := ReadFrom[int64](a, "seed")
	if err != nil || !slices.Equal(seed.Data, []int64{5}) {
		t.Errorf("seed is %v, %v", seed, err)
	}
}

func archive(t testing.TB, method uint16, entries ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, content := range entries {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "x.npy", Method: method})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDamagedArchivesAreRefused(t *testing.T) {
	good := encoded(t, Array[float64]{[]int{2}, []float64{1, 2}})
	flipped := archive(t, zip.Store, good)
	flipped[bytes.Index(flipped, []byte("\x00\x00\xf0\x3f"))] ^= 1
	// 64 MiB of zeros behind a header that promises 8 EiB of them.
	bomb := file("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000000,), }", make([]byte, 64<<20)...)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"an empty file", nil, "this is no .npz file"},
		{"a .npy file", good, "this is no .npz file"},
		{"an archive that is cut off", archive(t, zip.Store, good)[:100], "this is no .npz file"},
		{"a name twice", archive(t, zip.Store, good, good), `the array "x" appears twice`},
		{"a bit that flipped", flipped, "checksum error"},
		{"an entry that is cut off", archive(t, zip.Deflate, good[:len(good)-1]), "data: the file holds 15 bytes, want 16"},
		{"an entry that is too long", archive(t, zip.Deflate, append(slices.Clone(good), 0)), "more than 16 bytes"},
		{"an entry that is no array", archive(t, zip.Store, []byte("hello")), "magic string"},
		{"a bomb", archive(t, zip.Deflate, bomb), "want 8000000000000000000 for shape"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.npz")
			if err := os.WriteFile(path, c.file, 0o666); err != nil {
				t.Fatal(err)
			}
			a, err := OpenArchive(path)
			if err == nil {
				defer a.Close()
				_, err = ReadFrom[float64](a, "x")
			}
			if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s: and %q in it", err, path, c.want)
			}
		})
	}
}
