package ot

import (
	"math"
	"slices"
)

const (
	// The first ε at a level and the last, in units of the clouds' variance over
	// √n and over n; the squared distance of neighbours is about the latter.
	cloudFirst, cloudLast = 0.03, 0.1
	// wholeRows is the size up to which the finish looks through whole rows in the
	// plane, and markets leave up to leftRows to it: 5 clusters with unequal numbers
	// of points took 13 against the simplex's 15 ms for 1,000², 36 against 28 for
	// 1,500².
	wholeRows, leftRows = 1200, 24
	// fewRows is the size up to which it does not matter that boxes leave little
	// out: clouds with a law of Cauchy's took 6.8 against the simplex's 10 ms for
	// 500², 25 against 23 for 1,000².
	fewRows = 600
	// leastBlock is how many searches are one piece of work for a thread.
	leastBlock = 1 << 9
)

// solveClouds assigns the points y to the points x, both in kdOrder. price is
// where the columns' prices start, or nil: then from a coarser problem, in
// which four neighbours are one point. On an error it returns what it has.
func solveClouds(w *watch, met *metric, x, y, price []float64) (*pairing, error) {
	d := met.dim
	n := len(x) / d
	if n <= auctionCoarsest {
		a := newDense(newCostRowsOf(met, x, y).all(), n)
		a.solve()
		return &pairing{a.colOf, a.u, negated(a.price)}, w.stop()
	}
	plane := d == 2 && met.kind == squaredEuclidean
	leaving := 0
	if plane && n <= wholeRows {
		leaving = leftRows
	}
	if price == nil {
		if plane && n > fewRows && uneven(cellSpreads(x, y)) {
			return nil, errSpent
		}
		k := (n + auctionShrink - 1) / auctionShrink
		cx := centres(x, d, k)
		f, err := cloudPotentials(w, met, cx, centres(y, d, k), leaving)
		if err != nil {
			return nil, err
		}
		price = negated(leastOf(w, newPriceTree(met, cx, negated(f)), y))
	} else {
		// Any prices may be given: the columns' are made what the rows' would pay.
		u := leastOf(w, newPriceTree(met, y, price), x)
		price = negated(leastOf(w, newPriceTree(met, x, negated(u)), y))
	}
	m := newMarket(met, x, y, price)
	m.finest, m.leaving = true, leaving
	if err := m.run(w); err != nil {
		return m.pairing(), err
	}
	left := slices.Contains(m.row.mate, -1)
	f, err := m.finish(w)
	if left && err == nil {
		m.tell(w)
	}
	return &pairing{f.colOf, f.u, negated(price)}, err
}

// finish makes the market's assignment optimal.
func (m *market) finish(w *watch) (*finish, error) {
	n := len(m.row.price)
	m.col.tree.exact = true
	f := newFinish(newOfferLists(marketRows{m}, m.col.price, auctionOffers), m.col.mate, m.row.mate, m.choices(w), func(i int32) choice { return m.row.choose(&m.col, i) }, m.col.tree.raise)
	if m.leaving > 0 {
		f.whole = &costPanel{panel: newRowPanel(m.met, m.col.x, m.row.x), n: n, buffer: make([]float64, n)}
	} else if len(f.path.free) > n/2 {
		// The last ε is above most differences of costs: where clusters are far apart.
		// Of samples' rows 30 of 100 are free.
		return f, errSpent
	}
	return f, f.run(w)
}

// cloudPotentials are nearly optimal potentials of the rows.
func cloudPotentials(w *watch, met *metric, x, y []float64, leaving int) ([]float64, error) {
	d := met.dim
	n := len(x) / d
	if n <= auctionCoarsest {
		p, err := solveClouds(w, met, x, y, nil)
		return p.f, err
	}
	k := (n + auctionShrink - 1) / auctionShrink
	cx := centres(x, d, k)
	f, err := cloudPotentials(w, met, cx, centres(y, d, k), leaving)
	if err != nil {
		return nil, err
	}
	m := newMarket(met, x, y, negated(leastOf(w, newPriceTree(met, cx, negated(f)), y)))
	m.leaving = leaving
	if err := m.run(w); err != nil {
		return nil, err
	}
	if slices.Contains(m.row.mate, -1) {
		// The finer level would have to find out what these rows cost.
		f, err := m.finish(w)
		return f.u, err
	}
	u := make([]float64, n)
	for i, c := range m.choices(w) {
		u[i] = c.first
	}
	return u, nil
}

// run takes the market through all ε.
func (m *market) run(w *watch) error {
	n := float64(len(m.row.price))
	spread := cloudSpread(m.met, m.row.x, m.col.x)
	last := cloudLast * spread / n
	for e := max(cloudFirst*spread/math.Sqrt(n), last); ; {
		if err := m.assign(w, e); err != nil {
			return err
		}
		m.tell(w)
		if e <= last {
			return nil
		}
		if e /= auctionFactor; e < 2*last {
			e = last // one so close to the last is not worth its bids
		}
	}
}

// choices are those of all rows.
func (m *market) choices(w *watch) []choice {
	c := make([]choice, len(m.row.price))
	inBlocks(threads(w.threads), len(c), leastBlock, func() func(lo, hi int) {
		return func(lo, hi int) {
			for i := lo; i < hi; i++ {
				c[i] = m.row.choose(&m.col, int32(i))
			}
		}
	})
	return c
}

// leastOf gives the least cost + price in the tree from each of the points y.
func leastOf(w *watch, t *priceTree, y []float64) []float64 {
	d := t.met.dim
	v := make([]float64, len(y)/d)
	inBlocks(threads(w.threads), len(v), leastBlock, func() func(lo, hi int) {
		return func(lo, hi int) {
			near := int32(int64(lo) * int64(len(t.price)) / int64(len(v)))
			for j := lo; j < hi; j++ {
				c := t.best(y[j*d:][:d], near)
				v[j], near = c.first, c.at
			}
		}
	})
	return v
}

// centres are m centres of mass of consecutive points.
func centres(x []float64, d, m int) []float64 {
	n := len(x) / d
	s := make([]float64, m*d)
	for k := range m {
		lo, hi := part(k, m, n), part(k+1, m, n)
		at := s[k*d:][:d]
		for i := lo; i < hi; i++ {
			for q, v := range x[i*d:][:d] {
				at[q] += v
			}
		}
		for q := range at {
			at[q] /= float64(hi - lo)
		}
	}
	return s
}

// part is where the kth of m parts of n things begins.
func part(k, m, n int) int { return int(int64(k) * int64(n) / int64(m)) }
