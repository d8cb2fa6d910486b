package ot

// kdOrder returns an order of the n points of x (row-major, dimension d) in
// which neighbours are close in space: a k-d tree's, halved along the widest
// side of each cell's bounding box. The halves are cut at multiples of powers
// of coarsening, so that consecutive groups of 4, 16, 64 … points are cells.
func kdOrder(x []float64, d int) []int32 {
	order := make([]int32, len(x)/d)
	for i := range order {
		order[i] = int32(i)
	}
	lo, hi := make([]float64, d), make([]float64, d)
	var split func(o []int32)
	split = func(o []int32) {
		if len(o) < 2 {
			return
		}
		copy(lo, x[int(o[0])*d:][:d])
		copy(hi, lo)
		for _, i := range o {
			for k, v := range x[int(i)*d:][:d] {
				lo[k], hi[k] = min(lo[k], v), max(hi[k], v)
			}
		}
		axis := 0
		for k := range lo {
			if hi[k]-lo[k] > hi[axis]-lo[axis] {
				axis = k
			}
		}
		h := halve(len(o))
		selectNth(o, h, x, d, axis)
		split(o[:h])
		split(o[h:])
	}
	split(order)
	return order
}

// coarsening is how many neighbouring points one point of the next coarser level stands for.
const coarsening = 4

// halve says where a cell of n ≥ 2 points is cut.
func halve(n int) int {
	half, unit := n/2, 1
	for unit*coarsening <= half {
		unit *= coarsening
	}
	return (half + unit/2) / unit * unit
}

// selectNth reorders o so that its nth smallest by coordinate axis (ties by
// index, so the outcome is unique) stands at place n, smaller ones before it.
func selectNth(o []int32, n int, x []float64, d, axis int) {
	less := func(a, b int32) bool {
		u, v := x[int(a)*d+axis], x[int(b)*d+axis]
		return u < v || (u == v && a < b)
	}
	lo, hi := 0, len(o)-1
	for hi-lo > 8 {
		mid := int(uint(lo+hi) >> 1)
		if less(o[mid], o[lo]) {
			o[mid], o[lo] = o[lo], o[mid]
		}
		if less(o[hi], o[lo]) {
			o[hi], o[lo] = o[lo], o[hi]
		}
		if less(o[hi], o[mid]) {
			o[hi], o[mid] = o[mid], o[hi]
		}
		pivot := o[mid]
		i, j := lo, hi
		for i <= j {
			for less(o[i], pivot) {
				i++
			}
			for less(pivot, o[j]) {
				j--
			}
			if i <= j {
				o[i], o[j] = o[j], o[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			hi = j
		case n >= i:
			lo = i
		default:
			return
		}
	}
	for i := lo + 1; i <= hi; i++ {
		for j := i; j > lo && less(o[j], o[j-1]); j-- {
			o[j], o[j-1] = o[j-1], o[j]
		}
	}
}
