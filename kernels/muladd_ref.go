package kernels

func mulAddSliceRef[T Float](dst, a, b []T) {
	for i := range dst {
		dst[i] = fma(a[i], b[i], dst[i])
	}
}
