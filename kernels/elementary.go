package kernels

import "pushforward/asm"

// chunk is the number of elements that one call into assembly takes of a
// long slice: about 10 µs of work for the slowest elementwise kernel.
const chunk = 1 << 13

// Exp computes dst[i] = e^x[i], at most 1 ULP off. dst may be x.
//
//go:noinline
func Exp[T Float](dst, x []T) {
	checkLen("Exp", "dst", len(dst), len(x), "len(x)")
	for i := 0; i < len(x); i += chunk {
		j := min(i+chunk, len(x))
		expSlice(dst[i:j], x[i:j])
	}
}

// Log computes dst[i] = ln x[i], at most 1 ULP off; NaN for x < 0. dst may be x.
//
//go:noinline
func Log[T Float](dst, x []T) {
	checkLen("Log", "dst", len(dst), len(x), "len(x)")
	for i := 0; i < len(x); i += chunk {
		j := min(i+chunk, len(x))
		logSlice(dst[i:j], x[i:j])
	}
}

// Tanh computes dst[i] = tanh x[i], at most 2 ULP off. dst may be x.
//
//go:noinline
func Tanh[T Float](dst, x []T) {
	checkLen("Tanh", "dst", len(dst), len(x), "len(x)")
	for i := 0; i < len(x); i += chunk {
		j := min(i+chunk, len(x))
		tanhSlice(dst[i:j], x[i:j])
	}
}

// SinCos computes sin[i] = sin x[i] and cos[i] = cos x[i] for x in radians, at
// most 2 ULP off; NaN for infinite x. sin or cos may be x.
//
//go:noinline
func SinCos[T Float](sin, cos, x []T) {
	checkLen("SinCos", "sin", len(sin), len(x), "len(x)")
	checkLen("SinCos", "cos", len(cos), len(x), "len(x)")
	for i := 0; i < len(x); i += chunk {
		j := min(i+chunk, len(x))
		sinCosSlice(sin[i:j], cos[i:j], x[i:j])
	}
}

// Atan2 computes the angles dst[i] in [-π, π] of the points (x[i], y[i]), at most 2
// ULP off, as IEEE 754 wants them: ±0 or ±π for y = ±0, multiples of π/4 for
// infinities. dst may be y or x.
//
//go:noinline
func Atan2[T Float](dst, y, x []T) {
	checkLen("Atan2", "dst", len(dst), len(x), "len(x)")
	checkLen("Atan2", "y", len(y), len(x), "len(x)")
	for i := 0; i < len(x); i += chunk {
		j := min(i+chunk, len(x))
		atan2Slice(dst[i:j], y[i:j], x[i:j])
	}
}

// Acos computes dst[i] = arccos x[i] in [0, π], at most 2 ULP off; NaN for
// |x| > 1. dst may be x.
//
//go:noinline
func Acos[T Float](dst, x []T) {
	checkLen("Acos", "dst", len(dst), len(x), "len(x)")
	for i := 0; i < len(x); i += chunk {
		j := min(i+chunk, len(x))
		acosSlice(dst[i:j], x[i:j])
	}
}

// The functions below hold the choice of instruction set, one for each kernel.
// They are not inlined: a call into assembly has no safepoint, so the garbage
// collector stops a goroutine at the prologue of the function around it.

//go:noinline
func expSlice[T Float](dst, x []T) {
	if asm.Exp(Active(), at(dst), at(x), len(x)) {
		return
	}
	expSliceRef(dst, x)
}

//go:noinline
func logSlice[T Float](dst, x []T) {
	if asm.Log(Active(), at(dst), at(x), len(x)) {
		return
	}
	logSliceRef(dst, x)
}

//go:noinline
func tanhSlice[T Float](dst, x []T) {
	if asm.Tanh(Active(), at(dst), at(x), len(x)) {
		return
	}
	tanhSliceRef(dst, x)
}

//go:noinline
func sinCosSlice[T Float](sin, cos, x []T) {
	isa := Active()
	for len(x) > 0 {
		var left int
		if !asm.SinCos(isa, at(sin), at(cos), at(x), len(x), &left) {
			sinCosSliceRef(sin, cos, x)
			return
		}
		if left == 0 {
			return
		}
		// The next vector holds an argument so large that the definition
		// must reduce it.
		done := len(x) - left
		next := min(done+vectorLanes[T](isa), len(x))
		sinCosSliceRef(sin[done:next], cos[done:next], x[done:next])
		sin, cos, x = sin[next:], cos[next:], x[next:]
	}
}

//go:noinline
func atan2Slice[T Float](dst, y, x []T) {
	if asm.Atan2(Active(), at(dst), at(y), at(x), len(x)) {
		return
	}
	atan2SliceRef(dst, y, x)
}

//go:noinline
func acosSlice[T Float](dst, x []T) {
	if asm.Acos(Active(), at(dst), at(x), len(x)) {
		return
	}
	acosSliceRef(dst, x)
}
