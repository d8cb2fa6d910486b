package kernels

import (
	"fmt"

	"pushforward/asm"
)

const (
	// LaneMinLanes and LaneMinRanks are the lanes of LaneMinSum and how many sums
	// it finds in each.
	LaneMinLanes, LaneMinRanks = 16, 3
	// LaneMinTurn is the mask of the bits in which it says where a sum comes from.
	LaneMinTurn = 1<<10 - 1
	// LaneMinLen is how many sums it takes at most.
	LaneMinLen = LaneMinLanes * LaneMinTurn
)

// LaneMinSum finds the 3 least of the sums c[j] + w[j] in each of 16 lanes, of
// which lane l has the j ≡ l modulo 16: dst[16r+l] is lane l's least but r, or
// +Inf where there is none. The last 10 bits of a sum found are not its own, but
// j/16+1: so its relative error is below 2^-42 (float32: 2^-13), and the order of
// two sums as close as that is not theirs but their numbers'. Sums that are
// not finite are passed over.
//
// What is not found is not below the least of the 16 third ones: there
// begins what is unknown, after ten sums on average where they come in any order.
//
//go:noinline
func LaneMinSum[T Float](dst, c, w []T) {
	const op = "LaneMinSum"
	checkLen(op, "w", len(w), len(c), "len(c)")
	checkLen(op, "dst", len(dst), LaneMinLanes*LaneMinRanks, "16×3")
	if len(c) > LaneMinLen {
		panic(fmt.Sprintf("kernels: %s: len(c) = %d, want at most %d", op, len(c), LaneMinLen))
	}
	laneMinSumSlice(dst, c, w)
}

//go:noinline
func laneMinSumSlice[T Float](dst, c, w []T) {
	if asm.LaneMinSum(Active(), at(dst), at(c), at(w), len(c)) {
		return
	}
	laneMinSumSliceRef(dst, c, w)
}
