package ot

import "math"

// assignment is a problem of n rows against n columns of mass one each. Columns
// have prices, which the searches take into account.
type assignment interface {
	// cost is that of row i and column j.
	cost(i, j int32) float64
	// few fills f with the len(f) columns of least cost + price below limit for
	// row i, in increasing order, and returns how many there are.
	few(i int32, limit float64, f []found) int
}

// lister is an assignment that makes lists its own way.
type lister interface {
	// list fills o with offers for row i, in increasing order of least, two or more,
	// and returns how many there are, and their horizon.
	list(i int32, o []offer) (count int, horizon float64)
}

// offerLists keeps for each row a short list of columns. As long as prices only
// rise, a column once found dear stays so: a list is good until its second best
// reaches the row's horizon, below which no column is missing.
type offerLists struct {
	of       assignment
	lister   lister // nil: lists are made by few
	price    []float64
	width    int
	offers   []offer   // width for each row, in increasing order when they were found
	count    []int32   // of each row's offers
	horizon  []float64 // of each row
	few      []found
	searches int
	byNumber bool // of equal columns the first one is best, not the first on the list
}

// offer is a column on a row's list: its cost, and a lower bound of cost + price.
type offer struct {
	cost  float64
	least float32
	col   int32
}

func newOfferLists(of assignment, price []float64, width int) *offerLists {
	n := len(price)
	w := min(width, n)
	l := &offerLists{
		of: of, price: price, width: w,
		offers: make([]offer, n*w), count: make([]int32, n), horizon: make([]float64, n), few: make([]found, w),
	}
	l.lister, _ = of.(lister)
	for i := range l.horizon {
		l.horizon[i] = math.Inf(-1)
	}
	return l
}

// search makes row i's list anew.
func (l *offerLists) search(i int32) {
	l.searches++
	list := l.offers[int(i)*l.width:][:l.width]
	if l.lister != nil {
		count, horizon := l.lister.list(i, list)
		l.count[i], l.horizon[i] = int32(count), horizon
		return
	}
	// As many columns as the old list has are no dearer than its dearest.
	limit := math.Inf(1)
	if int(l.count[i]) == l.width {
		limit = math.Inf(-1)
		for _, o := range list {
			limit = max(limit, o.cost+l.price[o.col])
		}
		limit = math.Nextafter(limit, math.Inf(1))
	}
	k := l.of.few(i, limit, l.few)
	for q, f := range l.few[:k] {
		list[q] = offer{cost: l.of.cost(i, f.at), least: roundDown(f.value), col: f.at}
	}
	l.count[i] = int32(k)
	l.horizon[i] = limit
	if k == l.width {
		l.horizon[i] = l.few[k-1].value
	}
	if k == len(l.price) {
		l.horizon[i] = math.Inf(1)
	}
}

// roundDown is a float32 not above v, and not far below.
func roundDown(v float64) float32 {
	f := float32(v - math.Abs(v)*0x1p-23 - 0x1p-149)
	if f > math.MaxFloat32 {
		return math.MaxFloat32
	}
	return f
}

// best is the choice of row i.
func (l *offerLists) best(i int32) choice {
	for {
		c := noChoice
		for _, o := range l.offers[int(i)*l.width:][:l.count[i]] {
			if float64(o.least) >= c.second {
				return c // all that follow are no better
			}
			v := o.cost + l.price[o.col]
			if v < c.first || v == c.first && o.col < c.at && l.byNumber {
				c.at, c.first, c.at2, c.second = o.col, v, c.at, c.first
			} else if v < c.second {
				c.at2, c.second = o.col, v
			}
		}
		if c.second <= l.horizon[i] {
			return c
		}
		l.search(i)
	}
}
