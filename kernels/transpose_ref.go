package kernels

func transposePanelRef[T Float](dst []T, ldd int, src []T, lds int, rows, cols int) {
	for i := range rows {
		for j, v := range row(src, i, lds, cols) {
			dst[j*ldd+i] = v
		}
	}
}
