package kernels

// words is block b of sample i: four random words.
func words(seed uint64, stream uint32, i uint64, b int) [4]uint32 {
	return philox4x32(
		[4]uint32{uint32(i), uint32(i >> 32), uint32(b), stream},
		[2]uint32{uint32(seed), uint32(seed >> 32)})
}

func join(low, high uint32) uint64 { return uint64(low) | uint64(high)<<32 }

func uniformPanelRef[T Float](dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int) {
	for i := range n {
		for j := 0; j < d; {
			w := words(seed, stream, first+uint64(i), j/perBlock[T]())
			var u [4]T
			if is32[T]() {
				for k := range u {
					u[k] = T(uniform32(w[k]))
				}
			} else {
				u[0] = T(uniform64(join(w[0], w[1])))
				u[1] = T(uniform64(join(w[2], w[3])))
			}
			j = scatter(dst[i:], ld, u, j, d)
		}
	}
}

func normalPanelRef[T Float](dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int) {
	for i := range n {
		for j := 0; j < d; {
			w := words(seed, stream, first+uint64(i), j/perBlock[T]())
			var z [4]T
			if is32[T]() {
				a, b := normalPair32(w[0], w[1])
				z[0], z[1] = T(a), T(b)
				a, b = normalPair32(w[2], w[3])
				z[2], z[3] = T(a), T(b)
			} else {
				a, b := normalPair64(join(w[0], w[1]), join(w[2], w[3]))
				z[0], z[1] = T(a), T(b)
			}
			j = scatter(dst[i:], ld, z, j, d)
		}
	}
}

// perBlock is how many numbers one block of words makes.
func perBlock[T Float]() int {
	if is32[T]() {
		return 4
	}
	return 2
}

// scatter writes a block's numbers to rows j, j+1, … of a panel with d rows and
// returns the next block's j.
func scatter[T Float](dst []T, ld int, block [4]T, j, d int) int {
	next := j + perBlock[T]()
	for k := j; k < next && k < d; k++ {
		dst[k*ld] = block[k-j]
	}
	return next
}
