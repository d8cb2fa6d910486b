package ot

import (
	"errors"
	"math"
)

// The auction solves assignments: as many rows as columns, all of one mass.
//
// Points of few dimensions are bid for in a market of both sides (market),
// searched by bounding boxes and prices (priceTree); costs in memory, or of
// points of many dimensions, by rows alone with short lists of offers (forward).
// Both go coarse to fine, with prices carried from level to level, and with ε
// that shrinks on each. Nothing hangs on the accuracy of that: the finish takes
// whatever prices it is given, and makes the assignment exact.

const (
	// auctionCoarsest is the size up to which a problem is solved without an
	// auction, by shortest augmenting paths over all costs.
	auctionCoarsest = 250
	// auctionShrink is how many points of a level one of the next coarser stands for.
	auctionShrink = coarsening
	// auctionFactor is the ratio of one ε to the next.
	auctionFactor = 7
	// auctionScanned is the size up to which whole rows of costs beat boxes, but
	// for squared distances in the plane: 25 against 40 ms for 1,000² in space.
	auctionScanned = 2000
	// auctionOffers is the length of a list of offers.
	auctionOffers = 8
)

// maxBids is how many bids n points may make at one level. Clouds of samples
// take 15 to 20 for each at n = 1,000, 25 at 10,000, 55 at 100,000; ties, and
// clusters with unequal numbers of points, would take any number.
func maxBids(n int) int { return n * (40 + int(math.Sqrt(float64(n)))/4) }

// auctionPays says where the auction of a balanced problem beat the simplex: 11
// against 15 ms for 1,000² points of the plane, 85 against 170 for 5,000², 0.6
// against 2.4 s for 20,000²; in space from 10,000² points on; with all costs in
// memory 15 against 50 ms at 1,000².
func (f *frame) auctionPays() bool {
	n := len(f.mass.a)
	switch {
	case n <= auctionCoarsest:
		return true
	case f.given != nil || f.met.dim > boxDim:
		return n*n <= tableBudget
	case f.met.dim == 2 && f.met.kind == squaredEuclidean:
		return true
	}
	return n >= 10000
}

// errSpent says that an auction has used up its bids without an assignment.
var errSpent = errors.New("the auction's bids are spent")

// pairing is an assignment with its potentials, or where a solve was stopped
// what there is of one: −1 stands for no column.
type pairing struct {
	match []int32 // the column of each row
	f, g  []float64
}

// solveAuction solves a balanced problem. ok = false says that the auction has
// given up, and that another method has to do it.
func (f *frame) solveAuction(w *watch, warm *warmStart) (s *solution, ok bool, err error) {
	n := len(f.mass.a)
	s = &solution{f: make([]float64, n), g: make([]float64, n), rounds: 1}
	w.pair = float64(f.mass.a[0])
	rows, cols := f.usedX, f.usedY
	var x, y []float64
	switch {
	case f.given != nil:
	case n <= auctionCoarsest:
		x, y = f.x, f.y
	default:
		rows, x = inKdOrder(f.x, f.met.dim)
		cols, y = inKdOrder(f.y, f.met.dim)
	}
	var price []float64
	if warm != nil {
		price = make([]float64, n)
		for k, j := range cols {
			price[k] = -warm.g[j]
		}
	}
	var p *pairing
	switch {
	case f.given != nil:
		p, err = solveRows(w, &costTable{c: f.given.c, n: n}, price)
	case f.met.dim == 2 && f.met.kind == squaredEuclidean || f.met.dim <= boxDim && n > auctionScanned:
		p, err = solveClouds(w, &f.met, x, y, price)
	default:
		c := newCostRowsOf(&f.met, x, y)
		p, err = solveRows(w, c, price)
		if t, ok := c.(*costTable); ok && err == nil {
			all := &matrix{t.c, n, n}
			all.close(f.mass, p.f, p.g, threads(f.threads))
			s.feasible = true
		}
	}
	if errors.Is(err, errSpent) {
		return nil, false, nil
	}
	s.pivots, s.stopped = w.steps, err
	if err != nil {
		p = p.completed(n)
		if f.given == nil {
			p.f = leastOf(w, newPriceTree(&f.met, y, negated(p.g)), x)
		} else {
			p.f = infinite(n, 1)
		}
	}
	unit := f.mass.a[0]
	s.plan = make([]entry, n)
	for k, j := range p.match {
		s.plan[k] = entry{rows[k], cols[j], unit}
		s.f[rows[k]], s.g[cols[k]] = p.f[k], p.g[k]
	}
	return s, true, nil
}

// inKdOrder gives the order, and the points in it.
func inKdOrder(x []float64, d int) (order []int32, sorted []float64) {
	order = kdOrder(x, d)
	sorted = make([]float64, 0, len(x))
	for _, i := range order {
		sorted = append(sorted, x[int(i)*d:][:d]...)
	}
	return order, sorted
}

// completed gives every row a column, the nearest in order, where the solve was
// stopped.
func (p *pairing) completed(n int) *pairing {
	if p == nil {
		p = &pairing{match: make([]int32, n), g: make([]float64, n)}
		for i := range p.match {
			p.match[i] = int32(i)
		}
	}
	taken := make([]bool, n)
	for _, j := range p.match {
		if j >= 0 {
			taken[j] = true
		}
	}
	free := 0
	for i, j := range p.match {
		if j >= 0 {
			continue
		}
		for taken[free] {
			free++
		}
		p.match[i] = int32(free)
		taken[free] = true
	}
	return p
}

// negated is −x.
func negated(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = -v
	}
	return y
}

// infinite is a list of n infinities.
func infinite(n int, sign int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Inf(sign)
	}
	return x
}
