package kernels

import "pushforward/asm"

// MulAdd computes dst[i] = fma(a[i], b[i], dst[i]). a or b may be dst.
//
//go:noinline
func MulAdd[T Float](dst, a, b []T) {
	checkLen("MulAdd", "a", len(a), len(dst), "len(dst)")
	checkLen("MulAdd", "b", len(b), len(dst), "len(dst)")
	for i := 0; i < len(dst); i += chunk {
		j := min(i+chunk, len(dst))
		mulAddSlice(dst[i:j], a[i:j], b[i:j])
	}
}

//go:noinline
func mulAddSlice[T Float](dst, a, b []T) {
	if asm.MulAdd(Active(), at(dst), at(a), at(b), len(dst)) {
		return
	}
	mulAddSliceRef(dst, a, b)
}
