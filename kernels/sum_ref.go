package kernels

import "math"

// fold adds the upper half of the lanes to the lower until one is left.
func fold[T Float](acc *[lanes]T) T {
	for h := lanes / 2; h > 0; h /= 2 {
		for l := range h {
			acc[l] += acc[l+h]
		}
	}
	return acc[0]
}

// laneSum is the sum of x in 64 virtual lanes.
func laneSum[T Float](x []T) T {
	var acc [lanes]T
	for i, v := range x {
		acc[i%lanes] += v
	}
	return fold(&acc)
}

func rowSumsPanelRef[T Float](dst []T, x []T, ld, rows, n int) {
	for r := range rows {
		dst[r] += laneSum(row(x, r, ld, n))
	}
}

func addSquaresRef[T Float](acc *[lanes]float64, x []T) {
	for i, v := range x {
		acc[i%lanes] = math.FMA(float64(v), float64(v), acc[i%lanes])
	}
}
