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
