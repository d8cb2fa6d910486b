package kernels

import "math"

func relaxRowSliceRef[T Float](d, c, w []T, s T) (least T, at int) {
	least, at = T(math.Inf(1)), -1
	for j, u := range c {
		if v := s + (u + w[j]); v < d[j] {
			d[j] = v
		}
		if d[j] < least {
			least, at = d[j], j
		}
	}
	return least, at
}
