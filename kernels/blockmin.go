package kernels

import "pushforward/asm"

// BlockSize is how many elements a block of BlockMinSum has.
const BlockSize = 16

// BlockMinSum finds the least of c[j] + w[j] in each block of BlockSize elements:
// dst[k] is that over j from 16k to 16k+15, or to the end of c. So a search for
// sums below a limit need only look into the blocks that have one. NaN never
// wins, a block that has nothing else gives +Inf, and zero is +0.
//
//go:noinline
func BlockMinSum[T Float](dst, c, w []T) {
	const op = "BlockMinSum"
	checkLen(op, "w", len(w), len(c), "len(c)")
	checkLen(op, "dst", len(dst), (len(c)+BlockSize-1)/BlockSize, "⌈len(c)/16⌉")
	for i := 0; i < len(c); i += chunk {
		j := min(i+chunk, len(c))
		blockMinSumSlice(dst[i/BlockSize:], c[i:j], w[i:j])
	}
}

//go:noinline
func blockMinSumSlice[T Float](dst, c, w []T) {
	if asm.BlockMinSum(Active(), at(dst), at(c), at(w), len(c)) {
		return
	}
	blockMinSumSliceRef(dst, c, w)
}
