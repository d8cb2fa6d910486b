package kernels

import "math"

func laneMinSumSliceRef[T Float](dst, c, w []T) {
	for k := range dst {
		dst[k] = T(math.Inf(1))
	}
	for j := range c {
		v := withTurn(c[j]+w[j], j/LaneMinLanes+1)
		for k := j % LaneMinLanes; k < len(dst); k += LaneMinLanes {
			if v < dst[k] {
				v, dst[k] = dst[k], v
			} else if v != v {
				break
			}
		}
	}
}

// withTurn is v with its last bits replaced by t; infinity becomes NaN.
func withTurn[T Float](v T, t int) T {
	if is32[T]() {
		return T(math.Float32frombits(math.Float32bits(float32(v))&^LaneMinTurn | uint32(t)))
	}
	return T(math.Float64frombits(math.Float64bits(float64(v))&^LaneMinTurn | uint64(t)))
}
