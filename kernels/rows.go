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

// RowLogSumExp computes dst[i] = log Σ_j exp(c[i*ldc+j]) for each of n rows of m
// elements, ldc apart; -Inf where m = 0. It neither overflows nor underflows:
//
//	shift  = the greatest element but NaN, or 0 where that is infinite
//	dst[i] = shift + log Σ_j exp(c[i*ldc+j]-shift)
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
func rowLogSumExpPanel[T Float](dst []T, c []T, ldc, m int) {
	if asm.RowLogSumExp(Active(), at(dst), at(c), ldc, len(dst), m) {
		return
	}
	rowLogSumExpPanelRef(dst, c, ldc, m)
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
