package ot

// solveSorted solves the problem on a line, where the monotone coupling is
// optimal for every cost that is convex in x − y: the north-west corner rule
// on the sorted points. Along its staircase f_i + g_j = c(x_i, y_j) determines
// the potentials, which are feasible since such costs are Monge.
func (f *frame) solveSorted() *solution {
	xo, yo := byPosition(f.usedX, f.x), byPosition(f.usedY, f.y)
	s := &solution{f: make([]float64, len(f.mass.a)), g: make([]float64, len(f.mass.b))}
	cost := f.between
	i, j := 0, 0
	restA, restB := f.mass.a[xo[0]], f.mass.b[yo[0]]
	s.g[yo[0]] = cost(xo[0], yo[0])
	for {
		flow := min(restA, restB)
		if flow > 0 {
			s.plan = append(s.plan, entry{xo[i], yo[j], flow})
		}
		restA -= flow
		restB -= flow
		// When both are used up the staircase goes down first, with an empty step.
		if restA == 0 && i+1 < len(xo) {
			i++
			restA = f.mass.a[xo[i]]
			s.f[xo[i]] = cost(xo[i], yo[j]) - s.g[yo[j]]
			continue
		}
		if j++; j == len(yo) {
			return s
		}
		restB = f.mass.b[yo[j]]
		s.g[yo[j]] = cost(xo[i], yo[j]) - s.f[xo[i]]
	}
}

// byPosition lists the used points of x from left to right, equal ones as they came.
func byPosition(used []int32, x []float64) []int32 {
	at, index := make([]float64, len(used)), make([]int64, len(used))
	for k, i := range used {
		at[k], index[k] = x[i], int64(i)
	}
	new(bucketSort).sort(at, at, index, index)
	o := make([]int32, len(used))
	for k, i := range index {
		o[k] = int32(i)
	}
	return o
}
