package kernelcheck

import (
	"bytes"
	"fmt"
	"math"
	"unsafe"

	"pushforward/kernels"
)

// element is what arrays of a call hold.
type element interface {
	float32 | float64 | int
}

// array is one array of a call: rows of n elements, ld apart, somewhere in mem.
type array struct {
	name   string
	mem    []byte // with guard bands around
	before []byte // mem before the call
	start  int    // where the array starts in mem, in bytes
	count  int    // its elements, gaps between rows included
	ld, n  int
	size   int // bytes of an element
	float  bool
	free   bool // what the kernel leaves in it is its own affair
}

// band is the number of guard elements on either side of an array on the heap.
const band = 32

// vector makes an array of n numbers.
func vector[T kernels.Float](in *Input, name string, n int) []T {
	x, _ := panel[T](in, name, 1, n)
	return x
}

// panel makes an array of rows of n numbers, ld apart. What lies between the rows
// and around the array are NaNs that a kernel must leave as they are.
func panel[T kernels.Float](in *Input, name string, rows, n int) (x []T, ld int) {
	ld = n
	if rows != 1 && !in.chance(4) {
		ld += in.below(20)
	}
	x = grid[T](in, name, rows, n, ld)
	for r := 0; r*ld < len(x); r++ {
		values(in, x[r*ld:][:n])
	}
	in.keep()
	return x, ld
}

// integers makes an array of n integers.
func integers(in *Input, name string, n int) []int {
	x := grid[int](in, name, 1, n, n)
	for i := range x {
		x[i] = int(in.word())
	}
	in.keep()
	return x
}

// like makes an array with the shape of a panel, or takes that panel itself: for
// arguments that may be the same.
func like[T kernels.Float](in *Input, name string, x []T, ld, rows, n int) ([]T, int) {
	if in.chance(3) {
		return x, ld
	}
	return panel[T](in, name, rows, n)
}

// scratch makes an array of n numbers for a kernel to use as it likes.
func scratch[T kernels.Float](in *Input, n int) []T {
	x := grid[T](in, "scratch", 1, n, n)
	in.arrays[len(in.arrays)-1].free = true
	in.keep()
	return x
}

func grid[T element](in *Input, name string, rows, n, ld int) []T {
	a := array{name: name, ld: ld, n: n, size: size[T]()}
	if rows > 0 && n > 0 {
		a.count = (rows-1)*ld + n
	}
	var zero T
	_, isInt := any(zero).(int)
	a.float = !isInt
	offset := in.below(16)
	if in.Place != nil {
		a.mem = in.Place(len(in.arrays), a.count*a.size)
	} else {
		words := make([]uint64, a.count+2*band+16)
		a.mem = unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), (a.count+2*band+offset)*a.size)
		a.start = (band + offset) * a.size
	}
	all := slice[T](a.mem)
	for i := range all {
		all[i] = guard[T](i)
	}
	in.arrays = append(in.arrays, a)
	return slice[T](a.mem[a.start:])[:a.count:a.count]
}

// keep remembers the bytes of the array made last.
func (in *Input) keep() {
	a := &in.arrays[len(in.arrays)-1]
	a.before = bytes.Clone(a.mem)
}

func slice[T element](mem []byte) []T {
	if len(mem) == 0 {
		return []T{}
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&mem[0])), len(mem)/size[T]())
}

// guard is a NaN with a number in it.
func guard[T element](i int) T {
	var g T
	switch p := any(&g).(type) {
	case *float32:
		*p = math.Float32frombits(0x7fdead00 | uint32(i)&0xff)
	case *float64:
		*p = math.Float64frombits(0x7ffdeaddeadbee00 | uint64(i)&0xff)
	case *int:
		*p = -0x01234500 | i&0xff
	}
	return g
}

// compare finds the first element in which two inputs differ after a call, or
// one outside got's arrays that the call changed.
func compare(got, want *Input) *Mismatch {
	for k := range want.arrays {
		g, w := &got.arrays[k], &want.arrays[k]
		for at := 0; at < len(g.mem); at += g.size {
			i := (at - g.start) / g.size
			inside := at >= g.start && i < g.count && i%g.ld < g.n
			have := g.mem[at:][:g.size]
			if !inside {
				if before := g.before[at:][:g.size]; !bytes.Equal(have, before) {
					return &Mismatch{Place: g.place(i) + " (outside the array)", Got: g.show(have), Want: g.show(before)}
				}
				continue
			}
			if g.free {
				continue
			}
			if ref := w.mem[w.start+i*w.size:][:w.size]; !bytes.Equal(have, ref) && !(g.nan(have) && g.nan(ref)) {
				return &Mismatch{Place: g.place(i), Got: g.show(have), Want: g.show(ref)}
			}
		}
	}
	return nil
}

func (a *array) place(i int) string {
	if a.count <= a.ld || i < 0 || i >= a.count {
		return fmt.Sprintf("%s[%d]", a.name, i)
	}
	return fmt.Sprintf("%s[%d*%d+%d]", a.name, i/a.ld, a.ld, i%a.ld)
}

func (a *array) nan(x []byte) bool { return a.float && math.IsNaN(a.number(x)) }

func (a *array) number(x []byte) float64 {
	if a.size == 4 {
		return float64(slice[float32](x)[0])
	}
	return slice[float64](x)[0]
}

func (a *array) show(x []byte) string {
	switch {
	case !a.float:
		return fmt.Sprint(slice[int](x)[0])
	case a.size == 4:
		v := slice[float32](x)[0]
		return fmt.Sprintf("%v (%#08x)", v, math.Float32bits(v))
	}
	v := slice[float64](x)[0]
	return fmt.Sprintf("%v (%#016x)", v, math.Float64bits(v))
}
