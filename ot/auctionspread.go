package ot

import (
	"math"
	"slices"
)

// cellPoints is how many consecutive points in kdOrder are a cell.
const cellPoints = 16

// cloudSpread is the variance of both clouds around their common mean, or its
// root where the cost is a distance. In the plane it is no more than what the
// distances of neighbours tell: few points far out, or clusters far apart, make the
// variance as large as they like.
func cloudSpread(met *metric, x, y []float64) float64 {
	d := met.dim
	total := 0.0
	for k := range d {
		var sum, square, n float64
		for _, s := range [][]float64{x, y} {
			for i := k; i < len(s); i += d {
				sum += s[i]
				square += float64(s[i] * s[i])
				n++
			}
		}
		mean := sum / n
		total += max(0, square/n-float64(mean*mean))
	}
	if d == 2 && met.kind == squaredEuclidean {
		if near := nearSpread(cellSpreads(x, y), len(x)/2); near > 0 {
			total = min(total, near)
		}
	}
	if met.kind != squaredEuclidean {
		total = math.Sqrt(total)
	}
	return total
}

// nearSpread is the variance of n points spread evenly, if half the cells are
// as wide as they are: a cell has its share of the area.
func nearSpread(cells []float64, n int) float64 {
	if len(cells) == 0 {
		return 0
	}
	return cells[len(cells)/2] * float64(n) / cellPoints
}

// cellSpreads are the variances of the cells of two clouds in the plane, in
// increasing order.
func cellSpreads(x, y []float64) []float64 {
	cells := make([]float64, 0, (len(x)+len(y))/(2*cellPoints))
	for _, s := range [][]float64{x, y} {
		for ; len(s) >= 2*cellPoints; s = s[2*cellPoints:] {
			var m0, m1, v float64
			for i := 0; i < 2*cellPoints; i += 2 {
				m0 += s[i]
				m1 += s[i+1]
			}
			m0 /= cellPoints
			m1 /= cellPoints
			for i := 0; i < 2*cellPoints; i += 2 {
				d0, d1 := s[i]-m0, s[i+1]-m1
				v += float64(d0*d0) + float64(d1*d1)
			}
			cells = append(cells, v/cellPoints)
		}
	}
	slices.Sort(cells)
	return cells
}

// uneven says that cells are of very different widths: prices then differ so much
// within boxes that these leave little out, as in clouds with heavy tails.
func uneven(cells []float64) bool {
	n := len(cells)
	return n > 0 && cells[n*9/10] > 50*cells[n/2] && cells[n*3/4] > 4*cells[n/2]
}
