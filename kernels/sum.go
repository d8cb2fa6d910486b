package kernels

import "pushforward/asm"

// lanes is the number of virtual lanes in which a sum over samples runs on
// every machine: enough for 4 AVX-512, 8 AVX2 or 16 NEON registers of float32.
const lanes = 64

// RowSums adds the sum of each row of a panel to dst: dst[r] += Σ x[r*ld+i], i < n.
// The order is fixed: lane l of 64 starts at +0 and adds x[l], x[l+64], …; then
// the upper half of the lanes is added to the lower, 32, 16, …, 1.
//
//go:noinline
func RowSums[T Float](dst []T, x []T, ld, rows, n int) {
	checkSize("RowSums", "rows", rows)
	checkSize("RowSums", "n", n)
	checkLen("RowSums", "dst", len(dst), rows, "rows")
	checkPanel("RowSums", "x", "ld", len(x), ld, rows, n)
	if n == 0 {
		return
	}
	step := max(1, 4*chunk/n)
	for r := 0; r < rows; r += step {
		p := min(step, rows-r)
		rowSumsPanel(dst[r:r+p], x[r*ld:], ld, p, n)
	}
}

// SumSquares is Σ x[i]², summed in float64: lane l of 64 starts at +0 and takes
// acc = fma(x, x, acc) for x[l], x[l+64], …; then the upper half of the lanes
// is added to the lower, 32, 16, …, 1.
//
//go:noinline
func SumSquares[T Float](x []T) float64 {
	var acc [lanes]float64
	for i := 0; i < len(x); i += chunk {
		addSquares(&acc, x[i:min(i+chunk, len(x))])
	}
	return fold(&acc)
}

//go:noinline
func rowSumsPanel[T Float](dst []T, x []T, ld, rows, n int) {
	if asm.RowSums(Active(), at(dst), at(x), ld, rows, n) {
		return
	}
	rowSumsPanelRef(dst, x, ld, rows, n)
}

// addSquares adds the squares of x to the lanes, x[i] to lane i mod 64.
//
//go:noinline
func addSquares[T Float](acc *[lanes]float64, x []T) {
	if asm.AddSquares(Active(), &acc[0], at(x), len(x)) {
		return
	}
	addSquaresRef(acc, x)
}
