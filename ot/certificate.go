package ot

import "math"

// closePotentials makes the potentials of a solution feasible for all pairs,
// points without mass included: g_j = min_i c(x_i, y_j) − f_i over the x with
// mass, then f_i = min_j c(x_i, y_j) − g_j for the x without. Where the solver's
// own g_j is lower, it stays. The minima are over all pairs; boxTree skips only
// what it has bounded.
func (f *frame) closePotentials(s *solution) {
	if f.given != nil {
		f.given.close(f.mass, s.f, s.g)
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
		all := make([]int32, len(f.mass.b))
		for j := range all {
			all[j] = int32(j)
		}
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
	order := kdOrder(packed, d)
	sorted := make([]float64, 0, len(packed))
	weight := make([]float64, len(order))
	for k, o := range order {
		sorted = append(sorted, packed[int(o)*d:][:d]...)
		weight[k] = -p[used[o]]
	}
	tree := newBoxTree(&f.met, sorted)
	tree.setWeights(weight)
	out := known
	search := func(k int) {
		_, out[k] = tree.nearest(z[k*d:][:d], out[k])
	}
	if wanted == nil {
		for k := range out {
			search(k)
		}
	}
	for _, k := range wanted {
		search(int(k))
	}
	return out
}

// close does the same for given costs, scanning the matrix row by row: f from
// the g with mass, then g_j of the columns without mass.
func (t *matrix) close(mass masses, f, g []float64) {
	limit := make([]float64, t.m)
	for j, v := range g {
		limit[j] = v
		if mass.b[j] == 0 {
			limit[j] = math.Inf(-1)
			g[j] = math.Inf(1)
		}
	}
	for i := range f {
		least := math.Inf(1)
		for j, c := range t.c[i*t.m : (i+1)*t.m] {
			least = min(least, c-limit[j])
		}
		if mass.a[i] == 0 || least < f[i] {
			f[i] = least
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
