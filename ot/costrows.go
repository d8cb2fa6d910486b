package ot

import (
	"math"
	"slices"

	"pushforward/kernels"
)

// costRows gives the costs from some points of x to all of y, row by row: kept
// where they are dear to compute and fit, computed otherwise.
type costRows struct {
	met  metric
	x    []float64 // [n][dim]
	y    []float64 // [dim][m]
	m    int
	step int // rows at a time: enough for the kernels, few enough for the cache
	kept []float64
}

// keptCosts is the number of costs that are kept, 128 MB; between points of few
// dimensions they are quicker to compute than to read.
const keptCosts = 1 << 24

func newCostRows(met metric, x, y Points) *costRows {
	n, m := x.Len(), y.Len()
	c := &costRows{met: met, x: x.X, y: panel(y), m: m, step: min(max(4, 8192/m), n)}
	if n*m <= keptCosts && (met.kind != squaredEuclidean || met.dim > 4) {
		kept := make([]float64, n*m)
		for i := 0; i < n; i += c.step {
			p := min(c.step, n-i)
			c.block(i, p, kept[i*m:(i+p)*m])
		}
		c.kept = kept
	}
	return c
}

// block is n rows of costs from point i on, [n][m]; buffer has room for them.
func (c *costRows) block(i, n int, buffer []float64) []float64 {
	if c.kept != nil {
		return c.kept[i*c.m : (i+n)*c.m]
	}
	d := c.met.dim
	buffer = buffer[:n*c.m]
	if c.met.kind != cityBlock {
		kernels.SquaredDistances(buffer, c.m, c.x[i*d:(i+n)*d], n, c.y, c.m, c.m, d, c.met.period)
		if c.met.kind == euclidean {
			for k, v := range buffer {
				buffer[k] = math.Sqrt(v)
			}
		}
		return buffer
	}
	clear(buffer)
	for r := range n {
		row := buffer[r*c.m:][:c.m]
		for k := range d {
			v, p := c.x[(i+r)*d+k], 0.0
			if c.met.period != nil {
				p = c.met.period[k]
			}
			for j, w := range c.y[k*c.m:][:c.m] {
				if p > 0 {
					row[j] += math.Abs(v - w - float64(p*math.RoundToEven((v-w)/p)))
				} else {
					row[j] += math.Abs(v - w)
				}
			}
		}
	}
	return buffer
}

// greatestCost is a number that no cost between the clouds exceeds by more than
// rounding: that of the diagonal of the box around both.
func greatestCost(met metric, x, y Points) float64 {
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
