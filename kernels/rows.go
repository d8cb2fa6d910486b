package kernels

import (
	"math"

	"pushforward/asm"
)

// RowMin finds the least element of each of n rows of m elements, ldc apart:
// arg[i] is the lowest index j at which c[i*ldc+j] is least, min[i] the element.
// NaN never wins; a row that has nothing else gives +Inf and -1.
//
//go:noinline
func RowMin[T Float](min []T, arg []int, c []T, ldc, n, m int) {
	const op = "RowMin"
	checkSize(op, "n", n)
	checkSize(op, "m", m)
	checkLen(op, "min", len(min), n, "n")
	checkLen(op, "arg", len(arg), n, "n")
	checkPanel(op, "c", "ldc", len(c), ldc, n, m)
	step := rowsChunk(m)
	for i := 0; i < n; i += step {
		p := i + step
		if p > n {
			p = n
		}
		rowMinPanel(min[i:p], arg[i:p], from(c, i*ldc), ldc, m)
	}
}

// RowMinSum finds the least of c[i*ldc+j] + w[j] over the m elements of each of
// n rows, as RowMin does of the elements alone: with w the negative potentials
// of the columns, min is the c-transform of optimal transport.
//
//go:noinline
func RowMinSum[T Float](min []T, arg []int, c []T, ldc, n, m int, w []T) {
	const op = "RowMinSum"
	checkSize(op, "n", n)
	checkSize(op, "m", m)
	checkLen(op, "min", len(min), n, "n")
	checkLen(op, "arg", len(arg), n, "n")
	checkPanel(op, "c", "ldc", len(c), ldc, n, m)
	checkLen(op, "w", len(w), m, "m")
	step := rowsChunk(m)
	for i := 0; i < n; i += step {
		p := i + step
		if p > n {
			p = n
		}
		rowMinSumPanel(min[i:p], arg[i:p], from(c, i*ldc), ldc, m, w)
	}
}

// NearestSum finds for each of n points x the least of |x[i]-y[j]|² + w[j] over
// m points y and the lowest index j where it is: RowMinSum of SquaredDistances,
// whose layout and periods it has, without the matrix.
//
//go:noinline
func NearestSum[T Float](min []T, arg []int, x []T, n int, y []T, ldy, m, d int, period, w []T) {
	const op = "NearestSum"
	checkSize(op, "n", n)
	checkSize(op, "m", m)
	checkSize(op, "d", d)
	checkLen(op, "min", len(min), n, "n")
	checkLen(op, "arg", len(arg), n, "n")
	checkMatrix(op, "x", len(x), n, d, "n*d")
	checkPanel(op, "y", "ldy", len(y), ldy, d, m)
	checkLen(op, "w", len(w), m, "m")
	if period != nil {
		checkLen(op, "period", len(period), d, "d")
	}
	step := rowsChunk(m * (d + 1))
	for i := 0; i < n; i += step {
		p := i + step
		if p > n {
			p = n
		}
		nearestSumPanel(min[i:p], arg[i:p], x[i*d:p*d], y, ldy, m, d, period, w)
	}
}

// RowLogSumExp computes dst[i] = log Σ_j exp(c[i*ldc+j]) for each of n rows of m
// elements, ldc apart; -Inf where m = 0. It neither overflows nor underflows:
//
//	max    = the greatest element but NaN, -Inf where there is none
//	shift  = max, or 0 where that is infinite
//	dst[i] = max + log Σ_j exp(c[i*ldc+j]-shift)
//
// with the sum as in RowSums: lane l of 64 starts at +0 and adds the terms l,
// l+64, …; then the upper half of the lanes is added to the lower, 32, 16, …, 1.
//
//go:noinline
func RowLogSumExp[T Float](dst []T, c []T, ldc, n, m int) {
	const op = "RowLogSumExp"
	checkSize(op, "n", n)
	checkSize(op, "m", m)
	checkLen(op, "dst", len(dst), n, "n")
	checkPanel(op, "c", "ldc", len(c), ldc, n, m)
	step := rowsChunk(m)
	for i := 0; i < n; i += step {
		p := min(step, n-i)
		rowLogSumExpPanel(dst[i:i+p], from(c, i*ldc), ldc, m)
	}
}

// RowLogSumExpAffine computes dst[i] = log Σ_j exp(h[j] + s c[i*ldc+j]) for each of
// n rows of m elements, ldc apart: RowLogSumExp of the elements
//
//	fma(s, c[i*ldc+j], h[j])
//
// but that no element counts as less than the greatest one less 708 (float32:
// 87), which changes no sum and avoids subnormal numbers, that are several times
// as slow. A row with +Inf or NaN gives NaN; one of -Inf alone, -Inf.
//
// With s = -1/ε and h = g/ε + log b, -ε dst is the soft minimum over j of c - g
// that Sinkhorn's algorithm takes.
//
//go:noinline
func RowLogSumExpAffine[T Float](dst []T, c []T, ldc int, h []T, s T, n, m int) {
	const op = "RowLogSumExpAffine"
	checkSize(op, "n", n)
	checkSize(op, "m", m)
	checkLen(op, "dst", len(dst), n, "n")
	checkPanel(op, "c", "ldc", len(c), ldc, n, m)
	checkLen(op, "h", len(h), m, "m")
	step := rowsChunk(m)
	for i := 0; i < n; i += step {
		p := min(step, n-i)
		rowLogSumExpAffinePanel(dst[i:i+p], from(c, i*ldc), ldc, h, s)
	}
}

// rowsChunk is the number of rows of m elements in one call.
func rowsChunk(m int) int { return max(1, chunk/max(m, 1)) }

//go:noinline
func rowMinPanel[T Float](min []T, arg []int, c []T, ldc, m int) {
	var index [rowMinBlock]T
	for i := 0; i < len(min); i += rowMinBlock {
		p := i + rowMinBlock
		if p > len(min) {
			p = len(min)
		}
		if !asm.RowMin(Active(), &min[i], &index[0], at(from(c, i*ldc)), ldc, p-i, m) {
			break
		}
		for j := range arg[i:p] {
			arg[i+j] = indexOf(index[j])
			if arg[i+j] < 0 { // all NaN or +Inf: rare enough for the definition
				rowMinPanelRef(min[i+j:i+j+1], arg[i+j:i+j+1], from(c, (i+j)*ldc), ldc, m)
			}
		}
		if p == len(min) {
			return
		}
	}
	rowMinPanelRef(min, arg, c, ldc, m)
}

//go:noinline
func rowMinSumPanel[T Float](min []T, arg []int, c []T, ldc, m int, w []T) {
	var index [rowMinBlock]T
	for i := 0; i < len(min); i += rowMinBlock {
		p := i + rowMinBlock
		if p > len(min) {
			p = len(min)
		}
		if !asm.RowMinSum(Active(), &min[i], &index[0], at(from(c, i*ldc)), ldc, p-i, m, at(w)) {
			rowMinSumPanelRef(min, arg, c, ldc, m, w)
			return
		}
		for j := i; j < p; j++ {
			if arg[j] = indexOf(index[j-i]); arg[j] < 0 { // as in RowMin
				rowMinSumPanelRef(min[j:j+1], arg[j:j+1], from(c, j*ldc), ldc, m, w)
			}
		}
	}
}

//go:noinline
func nearestSumPanel[T Float](min []T, arg []int, x, y []T, ldy, m, d int, period, w []T) {
	var index [rowMinBlock]T
	for i := 0; i < len(min); i += rowMinBlock {
		p := i + rowMinBlock
		if p > len(min) {
			p = len(min)
		}
		if !nearestSumAsm(&min[i], &index[0], from(x, i*d), p-i, y, ldy, m, d, period, w) {
			nearestSumPanelRef(min, arg, x, y, ldy, m, d, period, w)
			return
		}
		for j := i; j < p; j++ {
			if arg[j] = indexOf(index[j-i]); arg[j] < 0 {
				nearestSumPanelRef(min[j:j+1], arg[j:j+1], from(x, j*d), y, ldy, m, d, period, w)
			}
		}
	}
}

//go:noinline
func nearestSumAsm[T Float](min, index *T, x []T, n int, y []T, ldy, m, d int, period, w []T) bool {
	isa, xp, yp, wp, pp := Active(), at(x), at(y), at(w), at(period)
	switch {
	case period == nil && d == 2:
		return asm.PlaneNearestSum(isa, min, index, xp, n, yp, ldy, m, d, wp)
	case period == nil && d == 3:
		return asm.SpaceNearestSum(isa, min, index, xp, n, yp, ldy, m, d, wp)
	case period == nil:
		return asm.NearestSum(isa, min, index, xp, n, yp, ldy, m, d, wp)
	case d == 2:
		return asm.PeriodicPlaneNearestSum(isa, min, index, xp, n, yp, ldy, m, d, wp, pp)
	}
	return asm.PeriodicNearestSum(isa, min, index, xp, n, yp, ldy, m, d, wp, pp)
}

//go:noinline
func rowLogSumExpPanel[T Float](dst []T, c []T, ldc, m int) {
	if asm.RowLogSumExp(Active(), at(dst), at(c), ldc, len(dst), m) {
		return
	}
	rowLogSumExpPanelRef(dst, c, ldc, m)
}

//go:noinline
func rowLogSumExpAffinePanel[T Float](dst []T, c []T, ldc int, h []T, s T) {
	if asm.RowLogSumExpAffine(Active(), at(dst), at(c), ldc, at(h), s, len(dst), len(h)) {
		return
	}
	rowLogSumExpAffinePanelRef(dst, c, ldc, h, s)
}

// rowMinBlock is the number of rows whose indices assembly hands over at once.
const rowMinBlock = 64

// indexOf reads an index that assembly stored in the bits of an element.
func indexOf[T Float](x T) int {
	if is32[T]() {
		return int(int32(math.Float32bits(float32(x))))
	}
	return int(int64(math.Float64bits(float64(x))))
}
