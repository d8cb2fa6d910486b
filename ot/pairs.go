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
	// scanner is the same pairs for pricing whole columns.
	scanner() scanner
	// fork is the same pairs for another goroutine to search in, and join ends it.
	fork() pairs
	join(pairs)
}

// clouds are pairs of points whose costs are computed on the fly, and searched
// by bounding boxes, or as a whole where boxes leave too little out: where all
// plans cost nearly the same, on lines and for clouds at right angles.
type clouds struct {
	met      *metric
	x, y     []float64
	tree     *boxTree
	searches int
	scanned  int   // leaves visited in so many searches
	whole    pairs // in use once boxes are given up
}

func newClouds(met *metric, x, y []float64) *clouds {
	return &clouds{met: met, x: x, y: y, tree: newBoxTree(met, x)}
}

func (c *clouds) between(i, j int) float64 {
	d := c.met.dim
	return c.met.between(c.x[i*d:][:d], c.y[j*d:][:d])
}

// wholeShare is the share of leaves visited above which scanning all rows is
// faster: a row costs 0.4 ns in a kernel and 3 in a leaf, with its boxes.
const wholeShare = 1.0 / 6

func (c *clouds) setWeights(w []float64) {
	leaves := (len(c.tree.nodes) + 1) / 2
	if c.whole == nil && float64(c.scanned) > float64(wholeShare*float64(leaves))*float64(c.searches) && leaves > 8 {
		p := newRowPanel(c.met, c.x, c.y)
		if c.whole = p; c.met.kind == euclidean {
			c.whole = newDistanceSweep(p)
		}
	}
	c.searches, c.scanned = 0, 0
	if c.whole != nil {
		c.whole.setWeights(w)
		return
	}
	c.tree.setWeights(w)
}

func (c *clouds) nearestFew(j int, limit float64, f []found) int {
	if c.whole != nil {
		return c.whole.nearestFew(j, limit, f)
	}
	d := c.met.dim
	count, leaves := c.tree.nearestFew(c.y[j*d:][:d], limit, f)
	c.searches++
	c.scanned += leaves
	return count
}

func (c *clouds) fork() pairs {
	p := *c
	p.searches, p.scanned = 0, 0
	if c.whole != nil {
		p.whole = c.whole.fork()
	}
	return &p
}

func (c *clouds) join(p pairs) {
	c.searches += p.(*clouds).searches
	c.scanned += p.(*clouds).scanned
}

func (c *clouds) scanner() scanner { return newRowPanel(c.met, c.x, c.y) }
