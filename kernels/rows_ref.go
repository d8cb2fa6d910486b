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

func rowMinSumPanelRef[T Float](min []T, arg []int, c []T, ldc, m int, w []T) {
	for i := range min {
		least, at := T(math.Inf(1)), -1
		for j, v := range row(c, i, ldc, m) {
			if v += w[j]; v < least || (at < 0 && v == least) {
				least, at = v, j
			}
		}
		min[i], arg[i] = least, at
	}
}

func nearestSumPanelRef[T Float](min []T, arg []int, x, y []T, ldy, m, d int, period, w []T) {
	for i := range min {
		least, at := T(math.Inf(1)), -1
		for j := range m {
			var acc T
			for k := range d {
				q := difference(x[i*d+k], y[k*ldy+j], period, k)
				acc = fma(q, q, acc)
			}
			if v := acc + w[j]; v < least || (at < 0 && v == least) {
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
