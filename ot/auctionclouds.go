package ot

import "math"

const (
	// The first ε at a level and the last, in units of the clouds' variance over
	// √n and over n; the squared distance of neighbours is about the latter.
	cloudFirst, cloudLast = 0.03, 0.1
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
	if price == nil {
		k := (n + auctionShrink - 1) / auctionShrink
		cx := centres(x, d, k)
		f, err := cloudPotentials(w, met, cx, centres(y, d, k))
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
	m.finest = true
	if err := m.run(w); err != nil {
		return m.pairing(), err
	}
	m.col.tree.exact = true
	f := newFinish(newOfferLists(marketRows{m}, price, auctionOffers), m.col.mate, m.row.mate, m.choices(w), func(i int32) choice { return m.row.choose(&m.col, i) }, m.col.tree.raise)
	if len(f.path.free) > n/2 {
		// The last ε is above most differences of costs: where clusters are far apart.
		// Of samples' rows 30 of 100 are free.
		return nil, errSpent
	}
	err := f.run(w)
	return &pairing{f.colOf, f.u, negated(price)}, err
}

// cloudPotentials are nearly optimal potentials of the rows.
func cloudPotentials(w *watch, met *metric, x, y []float64) ([]float64, error) {
	d := met.dim
	n := len(x) / d
	if n <= auctionCoarsest {
		p, err := solveClouds(w, met, x, y, nil)
		return p.f, err
	}
	k := (n + auctionShrink - 1) / auctionShrink
	cx := centres(x, d, k)
	f, err := cloudPotentials(w, met, cx, centres(y, d, k))
	if err != nil {
		return nil, err
	}
	m := newMarket(met, x, y, negated(leastOf(w, newPriceTree(met, cx, negated(f)), y)))
	if err := m.run(w); err != nil {
		return nil, err
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

// cloudSpread is the variance of both clouds around their common mean, or its
// root where the cost is a distance.
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
	if met.kind != squaredEuclidean {
		total = math.Sqrt(total)
	}
	return total
}
