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
		dst[i] = logSumExp(m, func(j int) T { return row[j] }, expOf[T])
	}
}

func rowLogSumExpAffinePanelRef[T Float](dst []T, c []T, ldc int, h []T, s T) {
	for i := range dst {
		row := row(c, i, ldc, len(h))
		dst[i] = logSumExp(len(h), func(j int) T { return fma(s, row[j], h[j]) }, expBelowOf[T])
	}
}

func logSumExp[T Float](m int, at func(j int) T, exp func(T) T) T {
	greatest := T(math.Inf(-1))
	for j := range m {
		if v := at(j); v > greatest {
			greatest = v
		}
	}
	shift := greatest
	if math.IsInf(float64(shift), 0) {
		shift = 0
	}
	var acc [lanes]T
	for j := range m {
		acc[j%lanes] += exp(at(j) - shift)
	}
	return greatest + logOf(fold(&acc))
}
