package flow

import "pushforward/kernels"

// permute writes a random order of 0 … len(dst)-1 to dst, which (seed, stream, number) determine:
// Fisher and Yates' shuffle with the uniforms of samples number·2³² + i. scratch has at least 256
// elements.
func permute(dst []int32, scratch []float64, seed uint64, stream uint32, number int) {
	for i := range dst {
		dst[i] = int32(i)
	}
	n := len(dst)
	for lo := 0; lo < n; lo += len(scratch) {
		u := scratch[:min(len(scratch), n-lo)]
		kernels.Uniforms(u, len(u), seed, stream, uint64(number)<<32+uint64(lo), len(u), 1)
		for k, v := range u {
			i := lo + k
			j := i + min(int((1-v)*float64(n-i)), n-i-1)
			dst[i], dst[j] = dst[j], dst[i]
		}
	}
}

// order is the infinite sequence in which training sees n samples: one random order of all of them
// after the other, one for each epoch. A position in it is all there is to remember.
type order struct {
	n       int
	seed    uint64
	epoch   int // whose order perm is; -1: none yet
	perm    []int32
	scratch []float64
}

func newOrder(n int, seed uint64) *order {
	return &order{n: n, seed: seed, epoch: -1, perm: make([]int32, n), scratch: make([]float64, 1024)}
}

// read fills dst with the sequence's elements from the given position on.
func (o *order) read(dst []int32, position int64) {
	for len(dst) > 0 {
		epoch, at := int(position/int64(o.n)), int(position%int64(o.n))
		if epoch != o.epoch {
			permute(o.perm, o.scratch, o.seed, streamShuffle, epoch)
			o.epoch = epoch
		}
		k := copy(dst, o.perm[at:])
		dst, position = dst[k:], position+int64(k)
	}
}
