package ot

import (
	"math"
	"slices"
)

// costRows gives the costs from the points of x to all of y, row by row: kept
// where they are dear to compute and fit, computed otherwise.
type costRows struct {
	panel *rowPanel // y's points are its rows, x's its columns
	m     int
	step  int // rows at a time: enough for the kernels, few enough for the cache
	kept  []float64
}

// keptCosts is the number of costs that are kept, 128 MB; between points of few
// dimensions they are quicker to compute than to read.
const keptCosts = 1 << 24

func newCostRows(met *metric, x, y Points) *costRows {
	n, m := x.Len(), y.Len()
	c := &costRows{panel: newRowPanel(met, y.X, x.X), m: m, step: min(max(4, 8192/m), n)}
	if n*m <= keptCosts && (met.kind != squaredEuclidean || met.dim > 4) {
		c.kept = make([]float64, n*m)
		for i := 0; i < n; i += c.step {
			p := min(c.step, n-i)
			c.panel.costs(c.kept[i*m:(i+p)*m], i, p)
		}
	}
	return c
}

// block is n rows of costs from point i on, [n][m]; buffer has room for them.
func (c *costRows) block(i, n int, buffer []float64) []float64 {
	if c.kept != nil {
		return c.kept[i*c.m : (i+n)*c.m]
	}
	c.panel.costs(buffer, i, n)
	return buffer[:n*c.m]
}

// greatestCost is a number that no cost between the clouds exceeds by more than
// rounding: that of the diagonal of the box around both.
func greatestCost(met *metric, x, y Points) float64 {
	corner := make([]float64, met.dim)
	for k := range corner {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, s := range [][]float64{x.X, y.X} {
			for i := k; i < len(s); i += met.dim {
				lo, hi = min(lo, s[i]), max(hi, s[i])
			}
		}
		corner[k] = hi - lo
		if met.period != nil && met.period[k] > 0 {
			corner[k] = min(corner[k], met.period[k]/2)
		}
	}
	free := metric{kind: met.kind, dim: met.dim}
	return free.between(corner, slices.Repeat([]float64{0}, met.dim))
}

// wrapped is p with its periodic coordinates in [0, P].
func wrapped(p Points, period []float64) Points {
	x := slices.Clone(p.X)
	wrapAll(x, period)
	return NewPoints(x, p.Dim)
}
