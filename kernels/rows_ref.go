package kernels

import "math"

func rowMinPanelRef[T Float](min []T, arg []int, c []T, ldc, m int) {
	for i := range min {
		least, at := T(math.Inf(1)), -1
		for j, v := range row(c, i, ldc, m) {
			if v < least || (at < 0 && v == least) {
				least, at = v, j
			}
		}
		min[i], arg[i] = least, at
	}
}

func rowLogSumExpPanelRef[T Float](dst []T, c []T, ldc, m int) {
	for i := range dst {
		row := row(c, i, ldc, m)
		shift := T(math.Inf(-1))
		for _, v := range row {
			if v > shift {
				shift = v
			}
		}
		if math.IsInf(float64(shift), 0) {
			shift = 0
		}
		var acc [lanes]T
		for j, v := range row {
			acc[j%lanes] += expOf(v - shift)
		}
		dst[i] = shift + logOf(fold(&acc))
	}
}
