package ot

import "math"

// pairs is how the simplex sees costs: row by column, and the rows best for a
// column out of all of them.
type pairs interface {
	// between is the cost from row i to column j.
	between(i, j int) float64
	// setWeights sets the weights of the rows; nil stands for zeros.
	setWeights(w []float64)
	// nearestFew fills f with the len(f) rows of least cost + weight below limit
	// for column j, in increasing order, and returns how many there are.
	nearestFew(j int, limit float64, f []found) int
}

// clouds are pairs of points whose costs are computed on the fly, and searched
// by bounding boxes.
type clouds struct {
	met  *metric
	x, y []float64
	tree *boxTree
}

func newClouds(met *metric, x, y []float64) *clouds {
	return &clouds{met, x, y, newBoxTree(met, x)}
}

func (c *clouds) between(i, j int) float64 {
	d := c.met.dim
	return c.met.between(c.x[i*d:][:d], c.y[j*d:][:d])
}

func (c *clouds) setWeights(w []float64) { c.tree.setWeights(w) }

func (c *clouds) nearestFew(j int, limit float64, f []found) int {
	d := c.met.dim
	return c.tree.nearestFew(c.y[j*d:][:d], limit, f)
}

// table is pairs whose costs are all in memory: column after column.
type table struct {
	c      []float64 // c[j*rows+i] is the cost from row i to column j
	rows   int
	weight []float64
}

func (t *table) column(j int) []float64 { return t.c[j*t.rows : (j+1)*t.rows : (j+1)*t.rows] }

func (t *table) between(i, j int) float64 { return t.c[j*t.rows+i] }

func (t *table) setWeights(w []float64) {
	if w == nil {
		w = make([]float64, t.rows)
	}
	t.weight = append(t.weight[:0], w...)
}

func (t *table) nearestFew(j int, limit float64, f []found) int {
	count := 0
	w := t.weight
	for i, c := range t.column(j) {
		if v := c + w[i]; v < limit {
			count, limit = insert(f, count, found{v, int32(i)}, limit)
		}
	}
	return count
}

// insert puts u into the increasing list f of count entries, whose last falls
// out when it is full, and returns the new count and limit.
func insert(f []found, count int, u found, limit float64) (int, float64) {
	if count < len(f) {
		count++
	}
	k := count - 1
	for k > 0 && f[k-1].value > u.value {
		f[k] = f[k-1]
		k--
	}
	f[k] = u
	if count == len(f) {
		limit = math.Min(limit, f[count-1].value)
	}
	return count, limit
}
