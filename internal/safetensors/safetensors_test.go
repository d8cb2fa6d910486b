package safetensors

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func encoded(t testing.TB, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func example() *File {
	f := &File{Metadata: map[string]string{"b": "<two> \n \"lines\"", "a": `{"layers":6}`}}
	Put(f, "weight", []float32{1, -0.5, math.MaxFloat32, 0, 1, 2}, 2, 3)
	Put(f, "step", []int64{-7})
	Put(f, "mask", []uint8{1, 0, 1}, 3)
	Put(f, "log.det", []float64{math.Pi, math.Inf(1)}, 2, 1)
	Put(f, "flags", []bool{true}, 1)
	Put(f, "counts", []int32{5, -5}, 2)
	Put(f, "none", []float32{}, 0, 4)
	return f
}

func get[T Element](t *testing.T, f *File, name string, want []T, wantShape ...int) {
	t.Helper()
	data, shape, err := Get[T](f, name)
	if err != nil || !slices.Equal(data, want) || !slices.Equal(shape, wantShape) {
		t.Errorf("%s: %v of shape %v, %v, want %v of shape %v", name, data, shape, err, want, wantShape)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := example().WriteFile(path); err != nil {
		t.Fatal(err)
	}
	f, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"counts", "flags", "log.det", "mask", "none", "step", "weight"}; !slices.Equal(f.Names(), want) {
		t.Errorf("names are %q, want %q", f.Names(), want)
	}
	if f.Metadata["a"] != `{"layers":6}` || f.Metadata["b"] != "<two> \n \"lines\"" || len(f.Metadata) != 2 {
		t.Errorf("metadata is %q", f.Metadata)
	}
	get(t, f, "weight", []float32{1, -0.5, math.MaxFloat32, 0, 1, 2}, 2, 3)
	get(t, f, "step", []int64{-7})
	get(t, f, "mask", []uint8{1, 0, 1}, 3)
	get(t, f, "log.det", []float64{math.Pi, math.Inf(1)}, 2, 1)
	get(t, f, "flags", []bool{true}, 1)
	get(t, f, "counts", []int32{5, -5}, 2)
	get(t, f, "none", []float32{}, 0, 4)
}

func TestTheBytesAreTheFormats(t *testing.T) {
	f := &File{Metadata: map[string]string{"k": "v"}}
	Put(f, "b", []uint8{9, 8}, 2)
	Put(f, "a", []uint8{7}, 1)
	Put(f, "z", []float32{1}, 1, 1)
	header := `{"__metadata__":{"k":"v"},"z":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},` +
		`"a":{"dtype":"U8","shape":[1],"data_offsets":[4,5]},"b":{"dtype":"U8","shape":[2],"data_offsets":[5,7]}}`
	header += strings.Repeat(" ", 7-(len(header)+7)%8)
	want := string(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) + header + "\x00\x00\x80\x3f\x07\x09\x08"
	if got := string(encoded(t, f)); got != want {
		t.Errorf("wrote\n%q, want\n%q", got, want)
	}
}

func TestTheSameContentGivesTheSameBytes(t *testing.T) {
	want := encoded(t, example())
	for range 10 {
		if !bytes.Equal(encoded(t, example()), want) {
			t.Fatal("bytes differ between two writes")
		}
	}
	f, err := Read(bytes.NewReader(want), int64(len(want)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, f), want) {
		t.Error("bytes differ after reading and writing")
	}
}

func TestEveryArrayIsAligned(t *testing.T) {
	raw := encoded(t, example())
	length := binary.LittleEndian.Uint64(raw)
	_, entries, err := parseHeader(raw[8 : 8+length])
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if at := 8 + int64(length) + e.begin; at%int64(sizes[e.dtype]) != 0 {
			t.Errorf("%s of %s lies at byte %d", e.name, e.dtype, at)
		}
	}
}

func TestOtherTypesCanLieBesideOurs(t *testing.T) {
	raw := file(`{"h":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"x":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}`, 3)
	f, err := Read(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	get(t, f, "x", []uint8{0}, 1)
	if dtype, shape, ok := f.Describe("h"); dtype != "BF16" || !slices.Equal(shape, []int{1}) || !ok {
		t.Errorf("h is %s %v %v", dtype, shape, ok)
	}
}

func TestArraysThatAreNotAsWanted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := example().WriteFile(path); err != nil {
		t.Fatal(err)
	}
	f, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, _, missing := Get[float32](f, "bias")
	_, _, dtype := Get[float64](f, "weight")
	_, shape := GetShaped[float32](f, "weight", 3, 2)
	_, missingShaped := GetShaped[float32](f, "bias", 3, 2)
	for _, c := range []struct {
		err  error
		want string
	}{
		{missing, path + ": bias: missing"},
		{dtype, path + ": weight: dtype: F32, want F64"},
		{shape, path + ": weight: shape: [2 3], want [3 2]"},
		{missingShaped, path + ": bias: missing"},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("error is %v, want %s", c.err, c.want)
		}
	}
	if data, err := GetShaped[float32](f, "weight", 2, 3); err != nil || len(data) != 6 {
		t.Errorf("weight: %v, %v", data, err)
	}
}

// file is a file with this header and n bytes of data.
func file(header string, n int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, n)...)
}

func TestDamagedAndHostileFilesAreRefused(t *testing.T) {
	x := func(dtype, shape, offsets string) string {
		return `"x":{"dtype":"` + dtype + `","shape":` + shape + `,"data_offsets":` + offsets + `}`
	}
	y := `"y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}`
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"an empty file", nil, "header length: the file ends after 0 of 8 bytes"},
		{"a few bytes", []byte("abc"), "header length: the file ends after 3 of 8 bytes"},
		{"a header length beyond the limit", []byte("\xff\xff\xff\xff\xff\xff\xff\xff{"), "header length: 18446744073709551615 bytes, want at most 100000000"},
		{"a header length beyond the file", []byte("\x00\xe1\xf5\x05\x00\x00\x00\x00{}"), "header length: 100000000 bytes, but the file has only 10"},
		{"no header", file("", 0), "header: does not begin with {"},
		{"a list", file("[]", 0), "header: does not begin with {"},
		{"an open object", file(`{"x":`, 0), "x: the header ends too early, want {"},
		{"no UTF-8", file("{\"\xff\":1}", 0), "header: is no valid UTF-8"},
		{"text after the object", file(`{} {}`, 0), "want nothing but spaces"},
		{"a zero byte as padding", file("{}\x00", 0), "want nothing but spaces"},
		{"bytes that belong to nothing", file(`{}`, 1), "data: 1 bytes, want 0"},
		{"bytes after the last array", file("{"+x("U8", "[4]", "[0,4]")+"}", 5), "data: 5 bytes, want 4"},
		{"an array that is cut off", file("{"+x("U8", "[4]", "[0,4]")+"}", 3), "x: data_offsets: [0, 4], want them in order and within the 3 bytes"},
		{"an overlap", file("{"+x("U8", "[5]", "[0,5]")+","+y+"}", 8), "y: data_offsets: begins at 4, inside the array before it"},
		{"the same bytes twice", file("{"+x("U8", "[4]", "[4,8]")+","+y+"}", 8), "x: data_offsets: begins at 4, which leaves a gap after 0"},
		{"a gap", file("{"+x("U8", "[3]", "[0,3]")+","+y+"}", 8), "y: data_offsets: begins at 4, which leaves a gap after 3"},
		{"offsets in the wrong order", file("{"+x("U8", "[4]", "[4,0]")+"}", 4), "data_offsets: [4, 0], want them in order"},
		{"a negative offset", file("{"+x("U8", "[4]", "[-4,0]")+"}", 4), "data_offsets: [-4, 0]"},
		{"three offsets", file("{"+x("U8", "[4]", "[0,2,4]")+"}", 4), "data_offsets: 3 numbers, want begin and end"},
		{"an offset with a fraction", file("{"+x("U8", "[4]", "[0,4.0]")+"}", 4), "data_offsets: 4.0, want a whole number"},
		{"a huge offset", file("{"+x("U8", "[4]", "[0,99999999999999999999]")+"}", 4), "data_offsets: 99999999999999999999, want a whole number"},
		{"offsets against shape", file("{"+x("F32", "[2]", "[0,4]")+"}", 4), "x: data_offsets: 4 bytes, want 8 for shape [2] of F32"},
		{"a negative length", file("{"+x("U8", "[-4]", "[0,4]")+"}", 4), "x: shape: [-4] has a negative length"},
		{"a shape that overflows", file("{"+x("F32", "[4294967296,4294967296]", "[0,0]")+"}", 0), "x: shape: [4294967296 4294967296] has more elements"},
		{"a shape that is text", file("{"+x("U8", `"4"`, "[0,4]")+"}", 4), "x: shape: found \"4\", want ["},
		{"a length that is text", file("{"+x("U8", `["4"]`, "[0,4]")+"}", 4), "x: shape: found \"4\", want a whole number"},
		{"an unknown dtype", file("{"+x("F31", "[1]", "[0,4]")+"}", 4), `x: dtype: "F31" is unknown`},
		{"a dtype that is a number", file(`{"x":{"dtype":5,"shape":[],"data_offsets":[0,4]}}`, 4), "x: dtype: found \"5\", want a string"},
		{"a key that is missing", file(`{"x":{"dtype":"U8","shape":[]}}`, 0), "x: a key is missing"},
		{"a key too many", file(`{"x":{"strides":[1]}}`, 0), `x: unknown key "strides"`},
		{"an array twice", file("{"+x("U8", "[0]", "[0,0]")+","+x("U8", "[0]", "[0,0]")+"}", 0), `the key "x" appears twice`},
		{"an array twice, once with an escape", file("{"+x("U8", "[0]", "[0,0]")+","+`"\u0078":{}}`, 0), `the key "x" appears twice`},
		{"a key of an array twice", file(`{"x":{"dtype":"U8","dtype":"U8"}}`, 0), `x: the key "dtype" appears twice`},
		{"metadata twice", file(`{"__metadata__":{},"__metadata__":{}}`, 0), `the key "__metadata__" appears twice`},
		{"a key of the metadata twice", file(`{"__metadata__":{"a":"1","a":"2"}}`, 0), `__metadata__: the key "a" appears twice`},
		{"metadata that is no text", file(`{"__metadata__":{"a":1}}`, 0), `__metadata__: a: found "1", want a string`},
		{"metadata that is a list", file(`{"__metadata__":[]}`, 0), `__metadata__: found "[", want {`},
		{"an array without name", file(`{"":{}}`, 0), "an array has an empty name"},
		{"an array that is null", file(`{"x":null}`, 0), "x: found"},
		{"a name of two lines", file("{\"a\\nb\":5}", 0), `a\nb: found "5", want {`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "m.safetensors")
			if err := os.WriteFile(path, c.file, 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := ReadFile(path)
			if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s: and %q in it", err, path, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q has more than one line", err)
			}
		})
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "no"): "no such file",
		dir:                      "is no regular file",
	} {
		if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), path+": "+want) {
			t.Errorf("%s: error is %v, want %q", path, err, want)
		}
	}
}

func TestPutChecksWhatItIsGiven(t *testing.T) {
	for name, put := range map[string]func(*File){
		"data that are too short": func(f *File) { Put(f, "x", []float32{1}, 2) },
		"a negative length":       func(f *File) { Put(f, "x", []float32{}, -1) },
		"no name":                 func(f *File) { Put(f, "", []float32{}, 0) },
		"the name of metadata":    func(f *File) { Put(f, "__metadata__", []float32{}, 0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", name)
				}
			}()
			put(&File{})
		}()
	}
	f := &File{Metadata: map[string]string{"a": "\xff"}}
	if err := f.Write(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "no valid UTF-8") {
		t.Errorf("error is %v", err)
	}
}

// FuzzRead feeds the reader any bytes; what it accepts survives being written
// and read again.
func FuzzRead(f *testing.F) {
	f.Add(encoded(f, example()))
	f.Add(encoded(f, &File{}))
	f.Add(file(`{"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"__metadata__":{"a":"b"}} `, 2))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff{"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := Read(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		first := encoded(t, a)
		b, err := Read(bytes.NewReader(first), int64(len(first)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(encoded(t, b), first) {
			t.Errorf("%q became %q", first, encoded(t, b))
		}
		for _, name := range a.Names() {
			if !bytes.Equal(a.tensors[name].data, b.tensors[name].data) {
				t.Errorf("%q: data differ", name)
			}
		}
	})
}
