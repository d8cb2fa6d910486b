package ot

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
