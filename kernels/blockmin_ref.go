package kernels

import "math"

func blockMinSumSliceRef[T Float](dst, c, w []T) {
	for i := 0; i < len(c); i += BlockSize {
		least := T(math.Inf(1))
		for j := i; j < min(i+BlockSize, len(c)); j++ {
			if v := c[j] + w[j]; v < least {
				least = v
			}
		}
		if least == 0 {
			least = 0 // +0, whichever zero came first
		}
		dst[i/BlockSize] = least
	}
}
