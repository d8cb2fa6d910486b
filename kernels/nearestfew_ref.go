package kernels

import "math"

func planeNearestFewSliceRef[T Float](dst, x, y []T, ldy int, w []T) {
	for r := range dst {
		dst[r] = T(math.Inf(1))
	}
	for j, u := range w {
		p, q := x[0]-y[j], x[1]-y[ldy+j]
		v := withPlace(fma(q, q, T(p*p))+u, j)
		for r, u := range dst {
			if v < u {
				v, dst[r] = u, v
			}
		}
	}
}

// withPlace is v with its last bits replaced by j; infinity becomes NaN, unless
// j is 0.
func withPlace[T Float](v T, j int) T {
	if is32[T]() {
		return T(math.Float32frombits(math.Float32bits(float32(v))&^NearestFewPlace | uint32(j)))
	}
	return T(math.Float64frombits(math.Float64bits(float64(v))&^NearestFewPlace | uint64(j)))
}
