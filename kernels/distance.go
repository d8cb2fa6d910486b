package kernels

import "pushforward/asm"

// SquaredDistances computes the squared distances between n points x, row-major
// [n][d], and m points y, a panel of d rows ldy apart: that between x[i] and y[j]
// goes to dst[i*ldd+j]. Where period has a period[k] > 0, coordinate k lies on a
// circle of that circumference, and the shorter way round counts; period has d
// elements, or is nil for none.
//
//	acc = 0
//	for k := range d {
//		q = x[i*d+k] - y[k*ldy+j]
//		if period[k] > 0 { q = q - period[k]*roundToEven(q*(1/period[k])) }
//		acc = fma(q, q, acc)
//	}
//	dst[i*ldd+j] = acc
//
// with both products, and 1/period[k], rounded. dst must not overlap x or y.
//
//go:noinline
func SquaredDistances[T Float](dst []T, ldd int, x []T, n int, y []T, ldy, m, d int, period []T) {
	const op = "SquaredDistances"
	checkSize(op, "n", n)
	checkSize(op, "m", m)
	checkSize(op, "d", d)
	checkPanel(op, "dst", "ldd", len(dst), ldd, n, m)
	checkMatrix(op, "x", len(x), n, d, "n*d")
	checkPanel(op, "y", "ldy", len(y), ldy, d, m)
	if period != nil {
		checkLen(op, "period", len(period), d, "d")
	}
	cols, rows := denseChunk(d, 64)
	rows = max(1, rows/8)
	for i := 0; i < n; i += rows {
		for j := 0; j < m; j += cols {
			p := min(rows, n-i)
			squaredDistancesPanel(dst[i*ldd+j:], ldd, x[i*d:(i+p)*d], p, from(y, j), ldy, min(cols, m-j), d, period)
		}
	}
}

//go:noinline
func squaredDistancesPanel[T Float](dst []T, ldd int, x []T, n int, y []T, ldy, m, d int, period []T) {
	if period == nil && asm.SquaredDistances(Active(), at(dst), ldd, at(x), n, at(y), ldy, m, d) ||
		period != nil && asm.PeriodicDistances(Active(), at(dst), ldd, at(x), n, at(y), ldy, m, d, at(period)) {
		return
	}
	squaredDistancesPanelRef(dst, ldd, x, n, y, ldy, m, d, period)
}
