package kernels

import "math"

func squaredDistancesPanelRef[T Float](dst []T, ldd int, x []T, n int, y []T, ldy, m, d int, period []T) {
	for i := range n {
		acc := row(dst, i, ldd, m)
		clear(acc)
		for k := range d {
			xi := x[i*d+k]
			for j, v := range row(y, k, ldy, m) {
				q := difference(xi, v, period, k)
				acc[j] = fma(q, q, acc[j])
			}
		}
	}
}

// difference is x - y, to the nearest image where coordinate k has a period.
func difference[T Float](x, y T, period []T, k int) T {
	q := x - y
	if period != nil && period[k] > 0 {
		q -= T(period[k] * roundToEven(T(q*T(1/period[k]))))
	}
	return q
}

// roundToEven rounds to the nearest integer, ties to even. A float32 goes there
// and back through float64 without change.
func roundToEven[T Float](x T) T { return T(math.RoundToEven(float64(x))) }
