// Package littleendian turns slices of numbers into the bytes that .npy and
// safetensors files hold, and back, on machines of either byte order.
package littleendian

import (
	"encoding/binary"
	"math"
)

// Element is a type of number that the files hold.
type Element interface {
	float32 | float64 | int32 | int64 | uint8 | bool
}

// Size is the number of bytes of one T in a file.
func Size[T Element]() int {
	switch any(*new(T)).(type) {
	case uint8, bool:
		return 1
	case float32, int32:
		return 4
	default:
		return 8
	}
}

// Decode reads len(dst) numbers from src, which must hold at least so many.
// A bool is false for the byte 0 and true for any other, as NumPy has it.
func Decode[T Element](dst []T, src []byte) {
	switch dst := any(dst).(type) {
	case []float32:
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:]))
		}
	case []float64:
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:]))
		}
	case []int32:
		for i := range dst {
			dst[i] = int32(binary.LittleEndian.Uint32(src[4*i:]))
		}
	case []int64:
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint64(src[8*i:]))
		}
	case []uint8:
		if len(src) < len(dst) {
			panic("littleendian: Decode: src is shorter than dst")
		}
		copy(dst, src)
	case []bool:
		for i := range dst {
			dst[i] = src[i] != 0
		}
	}
}

// Encode writes the numbers of src to dst, which must have room for them.
func Encode[T Element](dst []byte, src []T) {
	switch src := any(src).(type) {
	case []float32:
		for i, v := range src {
			binary.LittleEndian.PutUint32(dst[4*i:], math.Float32bits(v))
		}
	case []float64:
		for i, v := range src {
			binary.LittleEndian.PutUint64(dst[8*i:], math.Float64bits(v))
		}
	case []int32:
		for i, v := range src {
			binary.LittleEndian.PutUint32(dst[4*i:], uint32(v))
		}
	case []int64:
		for i, v := range src {
			binary.LittleEndian.PutUint64(dst[8*i:], uint64(v))
		}
	case []uint8:
		if len(dst) < len(src) {
			panic("littleendian: Encode: dst is shorter than src")
		}
		copy(dst, src)
	case []bool:
		for i, v := range src {
			dst[i] = 0
			if v {
				dst[i] = 1
			}
		}
	}
}
