package npy

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"math"
	"slices"
	"testing"
	"time"
)

// FuzzRead feeds the reader any bytes. What it accepts must be consistent, and
// must survive being written and read again, bit for bit.
func FuzzRead(f *testing.F) {
	f.Add(encoded(f, Array[float64]{[]int{2, 1}, []float64{1, math.NaN()}}))
	f.Add(encoded(f, Array[float32]{[]int{0}, nil}))
	f.Add(encoded(f, Array[float32]{nil, []float32{1}}))
	f.Add(encoded(f, Array[bool]{[]int{2}, []bool{true, false}}))
	f.Add(file("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", 1, 2, 3, 4, 5, 6, 7, 8))
	f.Add(file("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9), }"))
	f.Add(file("{'descr': '|O', 'fortran_order': False, 'shape': (-1,), }"))
	f.Add([]byte(magic + "\x02\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, size := range []int64{int64(len(raw)), -1} {
			checkRead(t, raw, size, Read[float32], math.Float32bits)
			checkRead(t, raw, size, Read[float64], math.Float64bits)
			checkRead(t, raw, size, Read[int32], func(v int32) int32 { return v })
			checkRead(t, raw, size, Read[int64], func(v int64) int64 { return v })
			checkRead(t, raw, size, Read[bool], func(v bool) bool { return v })
			checkRead(t, raw, size, ReadAs[float32], math.Float32bits)
			checkRead(t, raw, size, ReadAs[float64], math.Float64bits)
		}
	})
}

func checkRead[T Element, B comparable](t *testing.T, raw []byte, size int64,
	read func(r io.Reader, name string, size int64) (Array[T], error), bits func(T) B) {
	a, err := read(bytes.NewReader(raw), "fuzz", size)
	if err != nil {
		if len(a.Data) != 0 {
			t.Errorf("an error and %d numbers: %v", len(a.Data), err)
		}
		return
	}
	if n := len(a.Data); n > len(raw) {
		t.Fatalf("%d numbers from %d bytes", n, len(raw))
	}
	again, err := Read[T](bytes.NewReader(encoded(t, a)), "again", -1)
	if err != nil {
		t.Fatal(err)
	}
	equal := slices.EqualFunc(a.Data, again.Data, func(x, y T) bool { return bits(x) == bits(y) })
	if !equal || !slices.Equal(a.Shape, again.Shape) {
		t.Errorf("%v became %v", a, again)
	}
}

// FuzzArchive feeds the archive reader any bytes.
func FuzzArchive(f *testing.F) {
	good := encoded(f, Array[float64]{[]int{1}, []float64{1}})
	f.Add(archive(f, zip.Store, good))
	f.Add(archive(f, zip.Deflate, good))
	f.Add(archive(f, zip.Deflate, good)[:150])
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := newArchive("fuzz", memory{bytes.NewReader(raw)})
		if err != nil {
			return
		}
		for _, name := range a.Names() {
			if x, err := ReadFromAs[float64](a, name); err != nil && len(x.Data) != 0 {
				t.Errorf("an error and %d numbers: %v", len(x.Data), err)
			}
		}
	})
}

// memory is a file in memory.
type memory struct{ *bytes.Reader }

func (m memory) Stat() (fs.FileInfo, error) { return memoryInfo(m.Size()), nil }

type memoryInfo int64

func (memoryInfo) Name() string       { return "fuzz" }
func (n memoryInfo) Size() int64      { return int64(n) }
func (memoryInfo) Mode() fs.FileMode  { return 0o666 }
func (memoryInfo) ModTime() time.Time { return time.Time{} }
func (memoryInfo) IsDir() bool        { return false }
func (memoryInfo) Sys() any           { return nil }
