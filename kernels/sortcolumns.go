package kernels

import (
	"math"
	"math/bits"
	"unsafe"

	"pushforward/asm"
)

// SortRows is how many rows SortColumns needs to sort n: the power of two from n
// up, and at least 8.
func SortRows(n int) int { return 1 << bits.Len(uint(max(n, 8)-1)) }

// SortColumns sorts each of the cols columns of n rows, ld apart, upwards. x must
// have room for SortRows(n) rows; those from n on become +Inf. Of equal numbers,
// -0 and 0 too, any may come first, but which does is the same on every machine,
// and so is what becomes of a column with NaN, a permutation without use.
//
// It is a bitonic sorter (Batcher 1968): which rows it compares does not depend
// on the numbers, so each lane of a vector can do a column. Of a pair the lesser
// always comes first, so rows of +Inf behind the others stay there. A merge to
// runs of 2^k rows has k stages of a comparison for every two rows, and a pass
// over memory does three of them. Columns beyond a multiple of 16 in float32, of
// 8 in float64, may be sorted without vectors.
//
//go:noinline
func SortColumns[T Float](x []T, ld, n, cols int) {
	const op = "SortColumns"
	checkSize(op, "n", n)
	checkSize(op, "cols", cols)
	all := SortRows(n)
	checkPanel(op, "x", "ld", len(x), ld, all, cols)
	if n == 0 || cols == 0 {
		return
	}
	for r := n; r < all; r++ {
		pad := row(x, r, ld, cols)
		for i := range pad {
			pad[i] = T(math.Inf(1))
		}
	}
	full := 0
	if lanes := vectorLanes[T](Active()); lanes > 0 {
		full = cols - cols%lanes
	}
	width := sortWidth / int(unsafe.Sizeof(x[0]))
	for i := 0; i < full; i += width {
		sortPanel(x[i:], ld, n, all, min(width, full-i))
	}
	if full < cols {
		sortColumnsRef(x[full:], ld, n, cols-full)
	}
}

const (
	// sortWidth is how many bytes of a row are sorted together.
	sortWidth = 64
	// sortLocal is how many rows are sorted before they are merged with others,
	// so that they stay in the first-level cache meanwhile.
	sortLocal = 256
	// sortPiece is how many groups of eight rows a call into assembly has at most.
	sortPiece = 1 << 11
)

// sortPanel sorts columns that fill vectors in one run of size rows.
func sortPanel[T Float](x []T, ld, n, size, cols int) {
	if size > sortLocal {
		half := size / 2
		sortPanel(x, ld, min(n, half), half, cols)
		if n > half {
			sortPanel(x[half*ld:], ld, n-half, half, cols)
			mergeRuns(x, ld, n, size, cols)
		}
		return
	}
	sortStep(x, ld, n, cols, 0)
	for size := 16; size/2 < n; size *= 2 {
		mergeRuns(x, ld, mergedRows(n, size), size, cols)
	}
}

// mergeRuns merges sorted runs of size/2 rows to runs of size, at least 16.
func mergeRuns[T Float](x []T, ld, n, size, cols int) {
	mergePass(x, ld, n, size/8, cols, true)
	halfClean(x, ld, n, size/8, cols)
}

// halfClean sorts bitonic runs of size rows by their half-cleaners.
func halfClean[T Float](x []T, ld, n, size, cols int) {
	if size > 8 {
		mergePass(x, ld, n, size/8, cols, false)
		if size <= sortLocal {
			halfClean(x, ld, n, size/8, cols)
			return
		}
		for i := 0; i < n; i += size / 8 { // each by itself, while it is in the cache
			halfClean(x[i*ld:], ld, min(size/8, n-i), size/8, cols)
		}
		return
	}
	sortStep(x, ld, n, cols, bits.Len(uint(size))-1)
}

// mergePass does three stages on rows s apart, the first three of a merge or later
// ones. There is one block of 8s rows, or sortLocal rows at most.
func mergePass[T Float](x []T, ld, n, s, cols int, first bool) {
	for r := 0; r < min(s, n); r += sortPiece {
		mergeBlocks(x, ld, s, r, n-r, cols, first)
	}
}

//go:noinline
func mergeBlocks[T Float](x []T, ld, s, r, left, cols int, first bool) {
	p, rows := x[r*ld:], min(s, sortPiece)
	if first {
		asm.MergeStart(Active(), at(p), at(x[(5*s-1-r)*ld:]), ld, s, rows, left, cols)
	} else {
		asm.MergeStep(Active(), at(p), at(x[(4*s+r)*ld:]), ld, s, rows, left, cols)
	}
}

// sortStep sorts eights of rows, or does a merge's last stages in them.
//
//go:noinline
func sortStep[T Float](x []T, ld, n, cols, stages int) {
	asm.SortStep(Active(), at(x), ld, (n+7)&^7, cols, stages)
}
