package kernels

import "pushforward/asm"

// Transpose copies rows rows of cols elements, lds apart, to columns:
// dst[j*ldd+i] = src[i*lds+j], i < rows, j < cols. It takes row-major samples to
// a panel and back. dst must not overlap src.
//
//go:noinline
func Transpose[T Float](dst []T, ldd int, src []T, lds int, rows, cols int) {
	const op = "Transpose"
	checkSize(op, "rows", rows)
	checkSize(op, "cols", cols)
	checkPanel(op, "dst", "ldd", len(dst), ldd, cols, rows)
	checkPanel(op, "src", "lds", len(src), lds, rows, cols)
	if cols == 0 {
		return
	}
	step := max(64, 2*chunk/cols&^63)
	for i := 0; i < rows; i += step {
		transposePanel(dst[i:], ldd, src[i*lds:], lds, min(step, rows-i), cols)
	}
}

//go:noinline
func transposePanel[T Float](dst []T, ldd int, src []T, lds int, rows, cols int) {
	if lanes := vectorLanes[T](Active()); lanes > 0 && asm.Transpose(Active(), at(dst), ldd, at(src), lds, rows, cols) {
		// Assembly does full tiles; what is left is a strip on the right and
		// one below.
		r, c := rows-rows%lanes, cols-cols%lanes
		transposePanelRef(from(dst, c*ldd), ldd, from(src, c), lds, r, cols-c)
		transposePanelRef(from(dst, r), ldd, from(src, r*lds), lds, rows-r, cols)
		return
	}
	transposePanelRef(dst, ldd, src, lds, rows, cols)
}
