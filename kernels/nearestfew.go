package kernels

import (
	"fmt"

	"pushforward/asm"
)

const (
	// NearestFewLen is how many points PlaneNearestFew takes at most.
	NearestFewLen = 64
	// NearestFewPlace is the mask of the bits in which it says which point it found.
	NearestFewPlace = NearestFewLen - 1
)

// PlaneNearestFew finds the three least of (x[0]-y[j])² + (x[1]-y[ldy+j])² + w[j]
// over len(w) ≤ 64 points of the plane, in order, +Inf where there are fewer. The
// last 6 bits of what is found are not its own, but j: so its relative error is
// below 2^-46 (float32: 2^-17), and the order of two sums as close as that is not
// theirs but their numbers'. NaN and +Inf are passed over.
//
//go:noinline
func PlaneNearestFew[T Float](dst *[3]T, x *[2]T, y []T, ldy int, w []T) {
	if len(w) == 0 || len(w) > NearestFewLen || ldy < len(w) || len(y) < ldy+len(w) {
		checkNearestFew(len(y), ldy, len(w))
	}
	if asm.PlaneNearestFew(Active(), &dst[0], &x[0], at(y), ldy, len(w), at(w)) {
		return
	}
	planeNearestFewSliceRef(dst[:], x[:], y, ldy, w)
}

func checkNearestFew(y, ldy, n int) {
	const op = "PlaneNearestFew"
	if n > NearestFewLen {
		panic(fmt.Sprintf("kernels: %s: len(w) = %d, want at most %d", op, n, NearestFewLen))
	}
	checkPanel(op, "y", "ldy", y, ldy, 2, n)
}
