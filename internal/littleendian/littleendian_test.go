package littleendian

import (
	"bytes"
	"math"
	"slices"
	"testing"
)

func check[T Element](t *testing.T, values []T, want []byte) {
	t.Helper()
	got := make([]byte, len(values)*Size[T]())
	Encode(got, values)
	if !bytes.Equal(got, want) {
		t.Errorf("Encode(%v) = % x, want % x", values, got, want)
	}
	back := make([]T, len(values))
	Decode(back, want)
	if !slices.Equal(back, values) {
		t.Errorf("Decode(% x) = %v, want %v", want, back, values)
	}
}

func TestNumbersAreStoredWithTheLeastByteFirst(t *testing.T) {
	check(t, []float32{1, -0.5}, []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xbf})
	check(t, []float64{1, -2}, []byte{0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0})
	check(t, []int32{1, -2}, []byte{1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff})
	check(t, []int64{0x0102030405060708, -1}, []byte{8, 7, 6, 5, 4, 3, 2, 1, 255, 255, 255, 255, 255, 255, 255, 255})
	check(t, []uint8{0, 255, 7}, []byte{0, 255, 7})
	check(t, []bool{true, false}, []byte{1, 0})
}

func TestNaNsKeepTheirBits(t *testing.T) {
	src := []byte{1, 0, 0xc0, 0xff}
	x := make([]float32, 1)
	Decode(x, src)
	if bits := math.Float32bits(x[0]); bits != 0xffc00001 {
		t.Errorf("bits are %#x, want 0xffc00001", bits)
	}
}
