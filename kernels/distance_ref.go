package kernels

import "math"

func squaredDistancesPanelRef[T Float](dst []T, ldd int, x []T, n int, y []T, ldy, m, d int, period []T) {
	for i := range n {
		acc := row(dst, i, ldd, m)
		clear(acc)
		for k := range d {
			xi := x[i*d+k]
			var p T
			if period != nil {
				p = period[k]
			}
			for j, v := range row(y, k, ldy, m) {
				q := xi - v
				if p > 0 {
					q -= T(p * roundToEven(T(q*T(1/p))))
				}
				acc[j] = fma(q, q, acc[j])
			}
		}
	}
}

// roundToEven rounds to the nearest integer, ties to even. A float32 goes there
// and back through float64 without change.
func roundToEven[T Float](x T) T { return T(math.RoundToEven(float64(x))) }
