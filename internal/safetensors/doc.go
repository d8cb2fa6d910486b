// Package safetensors reads and writes files of named arrays with text about
// them, in the format that PyTorch users know.
//
// A file is 8 bytes of header length N (least byte first), N bytes of JSON, and
// the arrays' bytes. The JSON object maps a name to dtype, shape and
// data_offsets (from the end of the header, end exclusive); its key
// __metadata__ maps strings to strings.
// See https://github.com/huggingface/safetensors#format.
//
// Reading is strict: offsets must cover the bytes without gap or overlap, no
// key may appear twice, nothing may follow, and sizes are compared before
// memory is allocated. Writing is deterministic: the same content gives the
// same bytes. Arrays are sorted by the size of their elements, greatest first, then
// by name, and the header is padded by spaces, so that every array lies at a
// multiple of its elements' size.
package safetensors

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"pushforward/internal/littleendian"
)

// Element is a type of number that this package reads and writes: F32, F64,
// I32, I64, U8 or BOOL.
type Element = littleendian.Element

// MaxHeader is the greatest length of a header that the format allows.
const MaxHeader = 100_000_000

const metadataKey = "__metadata__"

// sizes gives the bytes of an element for every dtype of the format that has
// whole bytes, so that a file with others beside ours can be opened.
var sizes = map[string]int{
	"BOOL": 1, "U8": 1, "I8": 1,
	"I16": 2, "U16": 2, "F16": 2, "BF16": 2,
	"I32": 4, "U32": 4, "F32": 4,
	"I64": 8, "U64": 8, "F64": 8,
}

func dtypeOf[T Element]() string {
	switch any(*new(T)).(type) {
	case float32:
		return "F32"
	case float64:
		return "F64"
	case int32:
		return "I32"
	case int64:
		return "I64"
	case uint8:
		return "U8"
	default:
		return "BOOL"
	}
}

// File is the content of a safetensors file. The zero value is an empty one.
type File struct {
	// Metadata is text about the arrays, nil where there is none.
	Metadata map[string]string

	name    string // what errors call it
	tensors map[string]tensor
}

type tensor struct {
	dtype string
	shape []int
	data  []byte
}

// Names lists the arrays in alphabetical order.
func (f *File) Names() []string { return slices.Sorted(maps.Keys(f.tensors)) }

// Has tells whether the file holds an array of this name.
func (f *File) Has(name string) bool {
	_, ok := f.tensors[name]
	return ok
}

// Describe gives an array's dtype ("F32", say) and shape; ok is false where
// there is none of this name.
func (f *File) Describe(name string) (dtype string, shape []int, ok bool) {
	t, ok := f.tensors[name]
	return t.dtype, slices.Clone(t.shape), ok
}

// Put adds a copy of an array, or replaces the one of the same name. It panics
// where data and shape disagree, or the name is empty or __metadata__.
func Put[T Element](f *File, name string, data []T, shape ...int) {
	if name == "" || name == metadataKey {
		panic(fmt.Sprintf("safetensors: Put: the name %q is not allowed", name))
	}
	if n, err := count(shape, littleendian.Size[T]()); err != nil || n != len(data) {
		panic(fmt.Sprintf("safetensors: Put: %s: shape is %v, len(data) = %d", name, shape, len(data)))
	}
	if f.tensors == nil {
		f.tensors = map[string]tensor{}
	}
	bytes := make([]byte, len(data)*littleendian.Size[T]())
	littleendian.Encode(bytes, data)
	f.tensors[name] = tensor{dtypeOf[T](), slices.Clone(shape), bytes}
}

// Get reads an array of T. An error names what is missing or of another type.
func Get[T Element](f *File, name string) (data []T, shape []int, err error) {
	t, ok := f.tensors[name]
	if !ok {
		return nil, nil, f.errorf("%s: missing", name)
	}
	if t.dtype != dtypeOf[T]() {
		return nil, nil, f.errorf("%s: dtype: %s, want %s", name, t.dtype, dtypeOf[T]())
	}
	data = make([]T, len(t.data)/littleendian.Size[T]())
	littleendian.Decode(data, t.data)
	return data, slices.Clone(t.shape), nil
}

// GetShaped reads an array of T of the wanted shape.
func GetShaped[T Element](f *File, name string, want ...int) ([]T, error) {
	if t, ok := f.tensors[name]; ok && !slices.Equal(t.shape, want) {
		return nil, f.errorf("%s: shape: %v, want %v", name, t.shape, want)
	}
	data, _, err := Get[T](f, name)
	return data, err
}

func (f *File) errorf(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if f.name != "" {
		err = fmt.Errorf("%s: %w", f.name, err)
	}
	return err
}

// count is the number of elements of a shape.
func count(shape []int, size int) (int, error) {
	product, zero := 1, false
	for _, n := range shape {
		switch {
		case n < 0:
			return 0, fmt.Errorf("shape: %v has a negative length, want lengths of 0 or more", shape)
		case n == 0:
			zero = true
		case product > math.MaxInt/size/n:
			return 0, fmt.Errorf("shape: %v has more elements than memory can hold", shape)
		default:
			product *= n
		}
	}
	if zero {
		return 0, nil
	}
	return product, nil
}
