package kernels

// MulAdd computes dst[i] = fma(a[i], b[i], dst[i]). a or b may be dst.
//
//go:noinline
func MulAdd[T Float](dst, a, b []T) {
	checkLen("MulAdd", "a", len(a), len(dst), "len(dst)")
	checkLen("MulAdd", "b", len(b), len(dst), "len(dst)")
	for len(dst) > chunk {
		mulAddSlice(dst[:chunk], a[:chunk], b[:chunk])
		dst, a, b = dst[chunk:], a[chunk:], b[chunk:]
	}
	mulAddSlice(dst, a, b)
}

//go:noinline
func mulAddSlice[T Float](dst, a, b []T) {
	mulAddSliceRef(dst, a, b)
}
