package ot

// solveSorted solves the problem on a line along e, where the monotone coupling
// is optimal for every cost that is convex in x − y: the north-west corner rule
// on the sorted points. Along its staircase f_i + g_j = c(x_i, y_j) determines
// the potentials, which are feasible since such costs are Monge. They are summed
// in twice the precision, and are 0 in the middle of x: an outlier does not cost
// the others their digits.
func (f *frame) solveSorted(e []float64) *solution {
	xo, yo := byPosition(f.usedX, along(e, f.x)), byPosition(f.usedY, along(e, f.y))
	s := &solution{f: make([]float64, len(f.mass.a)), g: make([]float64, len(f.mass.b))}
	row, col := make([]twofold, len(xo)), make([]twofold, len(yo))
	i, j := 0, 0
	restA, restB := f.mass.a[xo[0]], f.mass.b[yo[0]]
	col[0] = twofold{f.between(xo[0], yo[0]), 0}
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
			row[i] = col[j].from(f.between(xo[i], yo[j]))
			continue
		}
		if j++; j == len(yo) {
			break
		}
		restB = f.mass.b[yo[j]]
		col[j] = row[i].from(f.between(xo[i], yo[j]))
	}
	middle := row[len(row)/2]
	for k, i := range xo {
		s.f[i] = (row[k].high - middle.high) + (row[k].low - middle.low)
	}
	for k, j := range yo {
		s.g[j] = (col[k].high + middle.high) + (col[k].low + middle.low)
	}
	return s
}

// twofold is the sum of two floating-point numbers, the second far below the first.
type twofold struct{ high, low float64 }

// from is c minus the number.
func (t twofold) from(c float64) twofold {
	// Knuth's sum without error of c and −high.
	s := c - t.high
	b := s - c
	e := (c - (s - b)) - (t.high + b)
	e -= t.low
	h := s + e
	return twofold{h, e - (h - s)}
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
