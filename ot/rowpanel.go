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

// panelTile is how many coordinates fit into 24 kB.
const panelTile = 3 << 10

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
	y := p.y[j*d : (j+count)*d]
	if width := panelTile / d &^ 15; count >= 16 && width < n && width > 0 {
		// Rows that fit into the nearest cache with all their coordinates.
		tile := make([]float64, d*width)
		for i := 0; i < n; i += width {
			w := min(width, n-i)
			kernels.Transpose(tile, w, p.x[i*d:], d, w, d)
			kernels.SquaredDistances(into[i:], n, y, count, tile, w, w, d, p.met.period)
		}
	} else {
		kernels.SquaredDistances(into, n, y, count, p.byAxis, n, n, d, p.met.period)
	}
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

// fewest fills f with the len(f) places of least cost + weight below limit, in
// increasing order, and returns how many there are. It looks only into the
// blocks whose least is low enough: where more blocks than f has places have
// something below the limit, into the best of them.
func fewest(cost, weight []float64, limit float64, f []found) int {
	const blocks = 64
	var least [blocks]float64
	count := 0
	weight = weight[:len(cost)]
	for lo := 0; lo < len(cost); lo += blocks * kernels.BlockSize {
		hi := min(lo+blocks*kernels.BlockSize, len(cost))
		among := least[:(hi-lo+kernels.BlockSize-1)/kernels.BlockSize]
		kernels.BlockMinSum(among, cost[lo:hi], weight[lo:hi])
		if 2*len(f) < below(among, limit) {
			limit = min(limit, math.Nextafter(nthLeast(among, len(f)), math.Inf(1)))
		}
		for k, v := range among {
			if !(v < limit) {
				continue
			}
			from := lo + k*kernels.BlockSize
			c := cost[from:min(from+kernels.BlockSize, hi)]
			w := weight[from:][:len(c)]
			for q, u := range c {
				u += w[q]
				if !(u < limit) {
					continue
				}
				count, limit = insert(f, count, found{u, int32(from + q)}, limit)
			}
		}
	}
	return count
}

// below is how many of x are.
func below(x []float64, limit float64) int {
	count := 0
	for _, v := range x {
		if v < limit {
			count++
		}
	}
	return count
}

// nthLeast is the nth least of x, n ≤ len(x) ≤ 64.
func nthLeast(x []float64, n int) float64 {
	var kept [64]float64
	s := kept[:n]
	count := 0
	limit := math.Inf(1)
	for _, v := range x {
		if !(v < limit) {
			continue
		}
		if count < n {
			count++
		}
		p := count - 1
		for p > 0 && s[p-1] > v {
			s[p] = s[p-1]
			p--
		}
		s[p] = v
		if count == n {
			limit = s[n-1]
		}
	}
	return limit
}
