package ot

import (
	"math"

	"pushforward/kernels"
)

// scanner are pairs that are priced column by column, all rows at once and vectorized.
type scanner interface {
	pairs
	// price finds the least cost + weight, and its row, for each of the columns
	// from j on, as many as value has.
	price(j int, weight, value []float64, row []int)
}

// rowPanel is pairs of points whose costs are computed on the fly, all rows of a
// column at once.
type rowPanel struct {
	met    *metric
	x, y   []float64 // row-major
	byAxis []float64 // x, coordinate by coordinate
	rows   int
	weight []float64
	cost   []float64 // of a column
}

func newRowPanel(met *metric, x, y []float64) *rowPanel {
	d := met.dim
	n := len(x) / d
	p := &rowPanel{met: met, x: x, y: y, byAxis: make([]float64, n*d), rows: n, weight: make([]float64, n), cost: make([]float64, n)}
	kernels.Transpose(p.byAxis, n, x, d, n, d)
	return p
}

func (p *rowPanel) between(i, j int) float64 {
	d := p.met.dim
	return p.met.between(p.x[i*d:][:d], p.y[j*d:][:d])
}

func (p *rowPanel) setWeights(w []float64) { setWeights(p.weight, w) }

func setWeights(into, w []float64) {
	if w == nil {
		clear(into)
		return
	}
	copy(into, w)
}

func (p *rowPanel) nearestFew(j int, limit float64, f []found) int {
	if !math.IsInf(limit, 1) {
		var value [1]float64
		var row [1]int
		if p.price(j, p.weight, value[:], row[:]); !(value[0] < limit) {
			return 0
		}
	}
	p.costs(p.cost, j, 1)
	return fewest(p.cost, p.weight, limit, f)
}

func (p *rowPanel) scanner() scanner { return p }

func (p *rowPanel) fork() pairs {
	q := *p
	q.cost = make([]float64, p.rows)
	return &q
}

func (p *rowPanel) join(pairs) {}

func (p *rowPanel) price(j int, weight, value []float64, row []int) {
	d, n := p.met.dim, p.rows
	if p.met.kind == squaredEuclidean {
		kernels.NearestSum(value, row, p.y[j*d:][:len(value)*d], len(value), p.byAxis, n, n, d, p.met.period, weight)
		return
	}
	for q := range value {
		p.costs(p.cost, j+q, 1)
		kernels.RowMinSum(value[q:q+1], row[q:q+1], p.cost, n, 1, n, weight)
	}
}

// costs computes the costs of count columns from j on, column after column.
func (p *rowPanel) costs(into []float64, j, count int) {
	d, n := p.met.dim, p.rows
	into = into[:count*n]
	if p.met.kind == cityBlock {
		for q := range count {
			p.cityBlocks(into[q*n:(q+1)*n], p.y[(j+q)*d:][:d])
		}
		return
	}
	kernels.SquaredDistances(into, n, p.y[j*d:(j+count)*d], count, p.byAxis, n, n, d, p.met.period)
	if p.met.kind == euclidean {
		for i, v := range into {
			into[i] = math.Sqrt(v)
		}
	}
}

func (p *rowPanel) cityBlocks(into, y []float64) {
	clear(into)
	for k, v := range y {
		var period float64
		if p.met.period != nil {
			period = p.met.period[k]
		}
		for i, u := range p.byAxis[k*p.rows : (k+1)*p.rows] {
			into[i] += wrap(u-v, period)
		}
	}
}

// table is pairs whose costs are all in memory: column after column.
type table struct {
	c      []float64 // c[j*rows+i] is the cost from row i to column j
	rows   int
	weight []float64
}

func newTable(c []float64, rows int) *table {
	return &table{c: c, rows: rows, weight: make([]float64, rows)}
}

// inMemory is the panel with its costs computed once.
func (p *rowPanel) inMemory() *table {
	n, m := p.rows, len(p.y)/p.met.dim
	c := make([]float64, n*m)
	p.costs(c, 0, m)
	return newTable(c, n)
}

func (t *table) column(j int) []float64 { return t.c[j*t.rows : (j+1)*t.rows : (j+1)*t.rows] }

func (t *table) between(i, j int) float64 { return t.c[j*t.rows+i] }

func (t *table) setWeights(w []float64) { setWeights(t.weight, w) }

func (t *table) scanner() scanner { return t }

func (t *table) fork() pairs { return t }

func (t *table) join(pairs) {}

func (t *table) nearestFew(j int, limit float64, f []found) int {
	if !math.IsInf(limit, 1) {
		var value [1]float64
		var row [1]int
		if t.price(j, t.weight, value[:], row[:]); !(value[0] < limit) {
			return 0
		}
	}
	return fewest(t.column(j), t.weight, limit, f)
}

func (t *table) price(j int, weight, value []float64, row []int) {
	kernels.RowMinSum(value, row, t.c[j*t.rows:], t.rows, len(value), t.rows, weight)
}

// fewest is nearestFew of a column's costs and the weights.
func fewest(cost, weight []float64, limit float64, f []found) int {
	count := 0
	weight = weight[:len(cost)]
	for i, c := range cost {
		if v := c + weight[i]; v < limit {
			count, limit = insert(f, count, found{v, int32(i)}, limit)
		}
	}
	return count
}
