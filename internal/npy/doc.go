// Package npy reads and writes NumPy's array files: .npy with one array, and
// .npz, a zip archive of them.
//
// A .npy file is the magic string "\x93NUMPY", two bytes of version, the
// header's length (2 bytes in version 1, 4 in versions 2 and 3, least byte
// first), the header, which is a Python dictionary of dtype, order and shape,
// and the numbers. See NEP 1 and numpy/lib/format.py.
//
// Numbers of six types are known: '<f4', '<f8', '<i4', '<i8', '|u1' and '|b1'.
// Arrays in Fortran order are transposed on reading; all are written in C
// order. Object arrays, which are Python pickles, are refused.
//
// Readers trust nothing: sizes are compared before memory is allocated, and an
// error names the file, the field, and what was expected.
package npy

import "pushforward/internal/littleendian"

// Element is a type of number that an array may hold.
type Element = littleendian.Element

// Float is a type of number that ReadFileAs and its like convert to.
type Float interface{ float32 | float64 }

// Array is an array in C order: the last index runs fastest, so samples of
// shape (n, d) lie one after the other.
type Array[T Element] struct {
	Shape []int // empty for a single number
	Data  []T   // as many as the product of Shape
}

// dtypes gives the names that NumPy knows the types by.
var dtypes = []struct {
	descr, name string
	size        int
}{
	{"<f4", "float32", 4},
	{"<f8", "float64", 8},
	{"<i4", "int32", 4},
	{"<i8", "int64", 8},
	{"|u1", "uint8", 1},
	{"|b1", "bool", 1},
}

func sizeOf(descr string) (size int, known bool) {
	for _, d := range dtypes {
		if d.descr == descr {
			return d.size, true
		}
	}
	return 0, false
}

func descrOf[T Element]() string {
	switch any(*new(T)).(type) {
	case float32:
		return "<f4"
	case float64:
		return "<f8"
	case int32:
		return "<i4"
	case int64:
		return "<i8"
	case uint8:
		return "|u1"
	default:
		return "|b1"
	}
}
