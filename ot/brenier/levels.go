package brenier

import "math"

// coarsest is the number of cells along an axis below which a grid is not
// halved any more.
const coarsest = 16

// coarser halves the axes that are long enough; ok is false when none is.
func (g Grid) coarser() (c Grid, ok bool) {
	c = g
	for _, a := range []*Axis{&c.X, &c.Y} {
		if a.Cells >= 2*coarsest {
			a.Cells = (a.Cells + 1) / 2
			ok = true
		}
	}
	return c, ok
}

// restrict sums masses over the cells of the coarser grid to.
func restrict(to, from Grid, mass []float64) []float64 {
	half := make([]float64, to.X.Cells*from.Y.Cells)
	n := from.Y.Cells
	overlaps(to.X.Cells, from.X.Cells, func(big, small int, part float64) {
		for j, m := range mass[small*n:][:n] {
			half[big*n+j] += float64(part * m)
		}
	})
	out := make([]float64, to.Len())
	overlaps(to.Y.Cells, n, func(big, small int, part float64) {
		for i := range to.X.Cells {
			out[i*to.Y.Cells+big] += float64(part * half[i*n+small])
		}
	})
	return out
}

// overlaps visits the pairs of cells of two cuts of an interval, into few and
// into many, that overlap, with the part of the small cell that the big one covers.
func overlaps(few, many int, visit func(big, small int, part float64)) {
	r := float64(many) / float64(few) // big cells end at multiples of r small ones
	big := 0
	for small := range many {
		lo := float64(small)
		for {
			end := float64(r * float64(big+1))
			if big == few-1 || end >= float64(small+1) {
				visit(big, small, float64(small+1)-lo)
				break
			}
			if end > lo {
				visit(big, small, end-lo)
				lo = end
			}
			big++
		}
	}
}

// prolong interpolates a potential from the coarser grid from by cubics.
func prolong(to, from Grid, phi []float64) []float64 {
	n := from.Y.Cells
	half := make([]float64, to.X.Cells*n)
	for i := range to.X.Cells {
		at, w := cubic(from.X, to.X.Cells, i)
		for k, row := range at {
			for j, v := range phi[row*n:][:n] {
				half[i*n+j] += float64(w[k] * v)
			}
		}
	}
	out := make([]float64, to.Len())
	for j := range to.Y.Cells {
		at, w := cubic(from.Y, to.Y.Cells, j)
		for i := range to.X.Cells {
			row := half[i*n:][:n]
			out[i*to.Y.Cells+j] = float64(w[0]*row[at[0]]) + float64(w[1]*row[at[1]]) +
				float64(w[2]*row[at[2]]) + float64(w[3]*row[at[3]])
		}
	}
	return out
}

// cubic gives the cells of an axis between which centre i of a cut into many
// cells is interpolated, and Lagrange's weights.
func cubic(a Axis, many, i int) (at [4]int, w [4]float64) {
	p := float64((float64(i)+0.5)*(float64(a.Cells)/float64(many))) - 0.5
	first := int(math.Floor(p)) - 1
	if !a.Periodic {
		first = min(max(first, 0), a.Cells-4)
	}
	t := p - float64(first)
	w = [4]float64{
		-(t - 1) * (t - 2) * (t - 3) / 6,
		t * (t - 2) * (t - 3) / 2,
		-t * (t - 1) * (t - 3) / 2,
		t * (t - 1) * (t - 2) / 6,
	}
	for k := range at {
		at[k] = wrap(first+k, a.Cells)
	}
	return at, w
}
