package ot

import (
	"math"

	"pushforward/kernels"
)

// closePotentials makes the potentials of a solution feasible for all pairs,
// points without mass included: g_j = min_i c(x_i, y_j) − f_i over the x with
// mass, then f_i = min_j c(x_i, y_j) − g_j for the x without. Where the solver's
// own g_j is lower, it stays. The minima are over all pairs; boxTree skips only
// what it has bounded.
func (f *frame) closePotentials(s *solution) {
	if s.feasible {
		return
	}
	if s.g == nil {
		s.g = repeat(math.Inf(1), len(f.mass.b))
	}
	if f.given != nil {
		f.given.close(f.mass, s.f, s.g, threads(f.threads))
		return
	}
	known := s.g
	if known != nil {
		for j, w := range f.mass.b {
			if w == 0 {
				known[j] = math.Inf(1)
			}
		}
	}
	s.g = f.transform(f.x, f.usedX, s.f, f.y, nil, known)
	if len(f.usedX) < len(f.mass.a) {
		all := numbers(len(f.mass.b))
		without := make([]int32, 0, len(f.mass.a)-len(f.usedX))
		for i, w := range f.mass.a {
			if w == 0 {
				without = append(without, int32(i))
				s.f[i] = math.Inf(1)
			}
		}
		s.f = f.transform(f.y, all, s.g, f.x, without, s.f)
	}
}

// transform is the c-transform of potentials p, given on the points used of x:
// min_i c(x_i, z_k) − p_i for the points wanted of z (nil: all). known are
// upper limits of the outcome, from which the search starts.
func (f *frame) transform(x []float64, used []int32, p, z []float64, wanted []int32, known []float64) []float64 {
	d := f.met.dim
	packed := make([]float64, 0, len(used)*d)
	for _, i := range used {
		packed = append(packed, x[int(i)*d:][:d]...)
	}
	if wanted == nil {
		wanted = numbers(len(known))
	}
	if d > boxDim || f.met.wholePays(len(used)) {
		weight := make([]float64, len(used))
		for k, i := range used {
			weight[k] = -p[i]
		}
		f.transformWhole(packed, weight, z, wanted, known)
		return known
	}
	order := kdOrder(packed, d)
	sorted := make([]float64, 0, len(packed))
	weight := make([]float64, len(order))
	for k, o := range order {
		sorted = append(sorted, packed[int(o)*d:][:d]...)
		weight[k] = -p[used[o]]
	}
	tree := newBoxTree(&f.met, sorted)
	tree.setWeights(weight)
	inBlocks(threads(f.threads), len(wanted), 256, func() func(lo, hi int) {
		return func(lo, hi int) {
			for _, k := range wanted[lo:hi] {
				_, known[k] = tree.nearest(z[int(k)*d:][:d], known[k])
			}
		}
	})
	return known
}

// transformWhole lowers known to the c-transform without boxes.
func (f *frame) transformWhole(x, weight, z []float64, wanted []int32, known []float64) {
	const block = 64
	d := f.met.dim
	packed := make([]float64, 0, len(wanted)*d)
	for _, k := range wanted {
		packed = append(packed, z[int(k)*d:][:d]...)
	}
	whole := newRowPanel(&f.met, x, packed)
	inBlocks(threads(f.threads), len(wanted), block, func() func(lo, hi int) {
		p := whole.fork().(*rowPanel)
		var value [block]float64
		var at [block]int
		return func(lo, hi int) {
			for ; lo < hi; lo += block {
				n := min(block, hi-lo)
				p.price(lo, weight, value[:n], at[:n])
				for q, v := range value[:n] {
					k := wanted[lo+q]
					known[k] = min(known[k], v)
				}
			}
		}
	})
}

// numbers are 0 … n−1.
func numbers(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

// close does the same for given costs, scanning the matrix row by row: f from
// the g with mass, then g_j of the columns without mass.
func (t *matrix) close(mass masses, f, g []float64, workers int) {
	weight := make([]float64, t.m)
	for j, v := range g {
		weight[j] = -v
		if mass.b[j] == 0 {
			weight[j] = math.Inf(1)
			g[j] = math.Inf(1)
		}
	}
	least, at := make([]float64, t.n), make([]int, t.n)
	inBlocks(workers, t.n, 64, func() func(lo, hi int) {
		return func(lo, hi int) {
			kernels.RowMinSum(least[lo:hi], at[lo:hi], t.c[lo*t.m:], t.m, hi-lo, t.m, weight)
		}
	})
	for i, v := range least {
		if mass.a[i] == 0 || v < f[i] {
			f[i] = v
		}
	}
	for j := range g {
		if mass.b[j] > 0 {
			continue
		}
		for i := range f {
			g[j] = min(g[j], t.at(i, j)-f[i])
		}
	}
}
