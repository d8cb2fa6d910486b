package npy

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// file puts together a version 1 file from a header's text and data.
func file(header string, data ...byte) []byte {
	b := []byte(magic + "\x01\x00")
	b = append(b, byte(len(header)), byte(len(header)>>8))
	return append(append(b, header...), data...)
}

func encoded[T Element](t testing.TB, a Array[T]) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheBytesAreThoseOfNumPy(t *testing.T) {
	got := encoded(t, Array[float64]{[]int{3}, []float64{1, 2, -2}})
	want := "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }" +
		strings.Repeat(" ", 60) + "\n" +
		"\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00\xc0"
	if string(got) != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
}

func roundTrip[T Element](t *testing.T, a Array[T]) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := WriteFile(path, a); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if start := bytes.IndexByte(raw, '\n') + 1; start%64 != 0 {
		t.Errorf("shape %v: the numbers start at byte %d, want a multiple of 64", a.Shape, start)
	}
	got, err := ReadFile[T](path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Shape, a.Shape) || !slices.Equal(got.Data, a.Data) {
		t.Errorf("read shape %v, want %v, or other numbers than were written", got.Shape, a.Shape)
	}
	// A pipe does not tell its size.
	got, err = Read[T](bytes.NewReader(raw), "pipe", -1)
	if err != nil || !slices.Equal(got.Data, a.Data) {
		t.Errorf("shape %v: reading from a pipe gives %v, or other numbers", a.Shape, err)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	roundTrip(t, Array[float32]{[]int{2, 2}, []float32{1, -0.5, math.MaxFloat32, math.SmallestNonzeroFloat32}})
	roundTrip(t, Array[float64]{[]int{1, 2, 1}, []float64{math.Inf(1), math.Pi}})
	roundTrip(t, Array[int32]{[]int{2}, []int32{math.MinInt32, 5}})
	roundTrip(t, Array[int64]{[]int{}, []int64{math.MaxInt64}})
	roundTrip(t, Array[uint8]{[]int{0, 3}, []uint8{}})
	roundTrip(t, Array[bool]{[]int{3}, []bool{true, false, true}})
	large := make([]float32, 700_001) // more than two chunks
	for i := range large {
		large[i] = float32(i)
	}
	roundTrip(t, Array[float32]{[]int{len(large)}, large})
}

func TestVersionsTwoAndThreeAndOldHeadersAreRead(t *testing.T) {
	header := `{"shape": (2L,), 'fortran_order':False,'descr':"|u1"}`
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"version 1, other order of keys, Python 2's long, no padding", file(header, 7, 8)},
		{"version 2", append([]byte(magic+"\x02\x00\x35\x00\x00\x00"+header), 7, 8)},
		{"version 3", append([]byte(magic+"\x03\x00\x35\x00\x00\x00"+header), 7, 8)},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := Read[uint8](bytes.NewReader(c.file), "x.npy", int64(len(c.file)))
			if err != nil || !slices.Equal(a.Data, []uint8{7, 8}) || !slices.Equal(a.Shape, []int{2}) {
				t.Errorf("read %v, %v", a, err)
			}
		})
	}
}

func TestFortranOrderIsTransposed(t *testing.T) {
	// Element (i, j, k) of shape (2, 3, 2) holds 100i + 10j + k.
	data := []byte{0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121}
	raw := file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }", data...)
	a, err := Read[uint8](bytes.NewReader(raw), "x.npy", int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	want := []uint8{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121}
	if !slices.Equal(a.Data, want) {
		t.Errorf("read %v, want %v", a.Data, want)
	}
}

func TestConversionBetweenFloatsIsAskedFor(t *testing.T) {
	third := 1.0 / 3
	double := encoded(t, Array[float64]{[]int{2}, []float64{third, math.Inf(-1)}})
	if _, err := Read[float32](bytes.NewReader(double), "x.npy", -1); err == nil {
		t.Error("Read made float32 of float64 unasked")
	}
	single, err := ReadAs[float32](bytes.NewReader(double), "x.npy", -1)
	if err != nil || !slices.Equal(single.Data, []float32{float32(third), float32(math.Inf(-1))}) {
		t.Errorf("read %v, %v", single.Data, err)
	}
	back, err := ReadAs[float64](bytes.NewReader(encoded(t, single)), "x.npy", -1)
	if err != nil || back.Data[0] != float64(float32(third)) {
		t.Errorf("read %v, %v", back.Data, err)
	}
	same, err := ReadAs[float64](bytes.NewReader(double), "x.npy", -1)
	if err != nil || same.Data[0] != third {
		t.Errorf("read %v, %v", same.Data, err)
	}
	huge := encoded(t, Array[float64]{[]int{2}, []float64{1, 1e39}})
	_, err = ReadAs[float32](bytes.NewReader(huge), "x.npy", -1)
	if err == nil || err.Error() != "x.npy: data: element 1 is 1e+39, too large for a float32" {
		t.Errorf("error is %v", err)
	}
}

func TestDamagedAndHostileFilesAreRefused(t *testing.T) {
	const good = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n"
	eight := make([]byte, 8)
	shape := func(s string) []byte {
		return file("{'descr': '<f8', 'fortran_order': False, 'shape': "+s+", }", eight...)
	}
	descr := func(s string) []byte {
		return file("{'descr': "+s+", 'fortran_order': False, 'shape': (1,), }", eight...)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"an empty file", nil, "magic string: the file ends after 0 of 8 bytes"},
		{"a text", []byte("1.0 2.0 3.0\n"), "magic string: \"1.0 2.\", want"},
		{"version 4", []byte(magic + "\x04\x00\x00\x00\x00\x00"), "version: 4.0, want 1.0, 2.0 or 3.0"},
		{"no header length", []byte(magic + "\x01\x00\x01"), "header length: the file ends after 1 of 2 bytes"},
		{"a huge header", []byte(magic + "\x02\x00\xff\xff\xff\xff{"), "header length: 4294967295 bytes, want at most 65535"},
		{"a header that is cut off", []byte(magic + "\x01\x00\xff\x00{"), "header: the file ends after 1 of 255 bytes"},
		{"data that are cut off", file(good, 1, 2, 3), "data: the file holds 3 bytes, want 8 for shape (1,) of '<f8'"},
		{"data that are too long", file(good, make([]byte, 9)...), "bytes, want 8 for shape (1,)"},
		{"no dictionary", file("[1]"), `header: found "[1]", want {`},
		{"a dictionary that ends early", file("{'descr': '<f8', "), "header: ends too early"},
		{"no colon", file("{'descr' '<f8'}"), "header: found \"'<f8'}\", want :"},
		{"a string without end", file("{'descr: "), "want a string in quotes"},
		{"something after the dictionary", file(strings.TrimSpace(good) + "x"), "want nothing but spaces"},
		{"a key twice", file("{'descr': '<f8', 'descr': '<f8', }"), `the key "descr" appears twice`},
		{"an unknown key", file("{'colour': 'red'}"), `unknown key "colour"`},
		{"no shape", file("{'descr': '<f8', 'fortran_order': False}"), `the key "shape" is missing`},
		{"an order that is no boolean", file("{'fortran_order': 1}"), "fortran_order: found \"1}\", want True or False"},
		{"a negative length", shape("(3, -4)"), "shape: the length -4 is negative"},
		{"a length beyond int64", shape("(99999999999999999999,)"), "shape: the length 99999999999999999999 is too large"},
		{"a product beyond int64", shape("(4294967296, 4294967296)"), "shape: (4294967296, 4294967296) has more elements"},
		{"a product of bytes beyond int64", shape("(1152921504606846976,)"), "shape: (1152921504606846976,) has more elements"},
		{"a shape larger than the file", shape("(1000000000000,)"), "8 bytes, want 8000000000000"},
		{"a shape that is a number", shape("3"), "shape: found \"3, }\", want a tuple"},
		{"a shape in mere parentheses", shape("(3)"), "want a tuple such as (3,)"},
		{"a shape of strings", shape("('a',)"), "want a length"},
		{"a shape of signs", shape("(1-2,)"), "want a length"},
		{"65 dimensions", shape("(" + strings.Repeat("1,", 65) + ")"), "shape: more than 64 dimensions"},
		{"integers", descr("'<i8'"), "dtype: '<i8' (int64), want '<f8' (float64) (in NumPy: x.astype('<f8'))"},
		{"single precision", descr("'<f4'"), "dtype: '<f4' (float32), want '<f8' (float64)"},
		{"an object array", descr("'|O'"), "an object array (a Python pickle) is never read"},
		{"the greatest byte first", descr("'>f8'"), "x.astype('<f8')"},
		{"a structured array", descr("[('x', '<f8')]"), "dtype: a structured array"},
		{"text", descr("'<U17'"), `dtype: "<U17", want '<f8'`},
		{"a type name that is long", descr("'" + strings.Repeat("f", 99) + "'"), "is too long"},
		{"a header that is no text", file("\x00\xff\xfe"), `header: found "\x00\xff\xfe", want {`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.npy")
			if err := os.WriteFile(path, c.file, 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := ReadFile[float64](path)
			if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s: and %q in it", err, path, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q has more than one line", err)
			}
			// The same from a pipe, whose size nobody knows beforehand.
			if _, err := Read[float64](bytes.NewReader(c.file), "pipe", -1); err == nil {
				t.Error("accepted from a pipe")
			}
		})
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "no.npy"): "no such file",
		dir:                          "is a folder, want a file",
	} {
		if _, err := ReadFile[float64](path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q", path, err, want)
		}
		if _, err := OpenArchive(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s as archive: error is %v, want %q", path, err, want)
		}
	}
}

func TestInspectTellsTheHeader(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := WriteFile(path, Array[float32]{[]int{2, 1}, []float32{1, 2}}); err != nil {
		t.Fatal(err)
	}
	h, err := Inspect(path)
	if err != nil || h.Descr != "<f4" || h.Fortran || !slices.Equal(h.Shape, []int{2, 1}) {
		t.Errorf("header is %+v, %v", h, err)
	}
}

func TestWriteChecksShapeAgainstData(t *testing.T) {
	for _, a := range []Array[float64]{
		{[]int{3}, make([]float64, 2)},
		{[]int{-1}, nil},
		{nil, nil},
		{[]int{math.MaxInt, 4}, nil},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("shape %v with %d elements was written", a.Shape, len(a.Data))
				}
			}()
			Write(&bytes.Buffer{}, a)
		}()
	}
}
