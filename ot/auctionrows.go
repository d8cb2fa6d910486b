package ot

import (
	"math"

	"pushforward/kernels"
)

// The first and the last ε of an auction over rows of costs, in units of how far
// a row's mean lies above its least, over √n and over n.
const rowsFirst, rowsLast = 1, 0.02

// rowsOffers is the greatest length of a list of offers from a row of costs: ten or
// so are found, more once in thousands of times. rowsFew is how many are where
// ties keep the quick search from it.
const rowsOffers, rowsFew = 24, 6

// pricedRows is an assignment whose rows are searched from end to end.
type pricedRows struct {
	costRowSource
	price []float64
}

func (a *pricedRows) few(i int32, limit float64, f []found) int {
	return fewest(a.row(i), a.price, limit, f)
}

// list finds the columns whose sums lie below the least sum that a lane of
// LaneMinSum leaves out, without a branch that is hard to foretell. Where that
// does not tell the second best, rowsFew of them are found by comparing all.
func (a *pricedRows) list(i int32, list []offer) (count int, horizon float64) {
	const lanes, ranks = kernels.LaneMinLanes, kernels.LaneMinRanks
	const tail = 1<<14 - 1 // the bits of a sum that make room for its column
	n := len(a.price)
	if n < lanes*ranks || n > min(kernels.LaneMinLen, tail) {
		return a.listFew(i, list)
	}
	row := a.row(i)
	var least [lanes * ranks]float64
	kernels.LaneMinSum(least[:], row, a.price)
	end := int64(math.MaxInt64)
	for _, v := range least[lanes*(ranks-1):] {
		end = min(end, sortable(v)&^tail)
	}
	var low [lanes * ranks]int64
	for k, v := range least {
		j := (int64(math.Float64bits(v))&kernels.LaneMinTurn-1)*lanes + int64(k%lanes)
		v := sortable(v)&^tail | j
		low[count] = v
		if v < end {
			count++
		}
	}
	if count < 2 || count > len(list) {
		return a.listFew(i, list)
	}
	horizon = math.Float64frombits(uint64(unsortable(end)))
	known := 0
	for _, v := range low[:count] {
		rank := 0
		for _, u := range low[:count] {
			if u < v {
				rank++
			}
		}
		j := int32(v & tail)
		o := offer{cost: row[j], col: j}
		sum := o.cost + a.price[j]
		if sum <= horizon {
			known++
		}
		o.least = roundDown(sum)
		list[rank] = o
	}
	if known < 2 {
		return a.listFew(i, list)
	}
	return count, horizon
}

// listFew is list by comparing all sums.
func (a *pricedRows) listFew(i int32, list []offer) (count int, horizon float64) {
	var least [rowsFew]found
	count = a.few(i, math.Inf(1), least[:min(rowsFew, len(list))])
	for q, f := range least[:count] {
		list[q] = offer{cost: a.cost(i, f.at), least: roundDown(f.value), col: f.at}
	}
	if count == len(a.price) {
		return count, math.Inf(1)
	}
	return count, least[count-1].value
}

// sortable is an integer of v's bits that is ordered as numbers are.
func sortable(v float64) int64 { return unsortable(int64(math.Float64bits(v))) }

// unsortable takes sortable back.
func unsortable(x int64) int64 { return x ^ int64(uint64(x>>63)>>1) }

// spread is how far the mean cost of a row lies above its least, on average
// over some of the rows.
func (a *pricedRows) spread() float64 {
	const step = 17
	n := a.size()
	var total accumulator
	rows := 0
	for i := 0; i < n; i += step {
		rows++
		sum, least := 0.0, math.Inf(1)
		for _, v := range a.row(int32(i)) {
			sum += v
			least = min(least, v)
		}
		total.add(sum/float64(n) - least)
	}
	return total.value() / float64(rows)
}

// forward is an auction in which rows alone bid (Bertsekas 1988): prices only
// rise, so lists of offers stay good for long.
type forward struct {
	*offerLists
	rowOf, colOf []int32
	queue        []int32 // a ring of the rows without a column
	bids         int
	finest       bool // the given problem itself
}

func newForward(c costRowSource, price []float64) *forward {
	n := len(price)
	l := newOfferLists(&pricedRows{c, price}, price, rowsOffers)
	l.byNumber = true
	return &forward{offerLists: l, rowOf: make([]int32, n), colOf: make([]int32, n), queue: make([]int32, n)}
}

// assign runs the auction until every row has a column within ε of its best, or
// until the bids are spent.
func (a *forward) assign(w *watch, epsilon float64) error {
	n := len(a.price)
	for i := range n {
		a.rowOf[i], a.colOf[i], a.queue[i] = -1, -1, int32(i)
	}
	for head, waiting := 0, n; waiting > 0; {
		i := a.queue[head]
		if head++; head == n {
			head = 0
		}
		waiting--
		c := a.best(i)
		a.price[c.at] += (c.second - c.first) + epsilon
		former := a.rowOf[c.at]
		a.rowOf[c.at], a.colOf[i] = i, c.at
		if former >= 0 {
			a.colOf[former] = -1
			tail := head + waiting
			if tail >= n {
				tail -= n
			}
			a.queue[tail] = former
			waiting++
		}
		w.steps++
		if a.bids++; a.bids%auctionPatience == 0 {
			if err := w.stop(); err != nil {
				return err
			}
			if a.bids > maxBids(n) {
				return errSpent
			}
			w.tell(2*n, math.NaN(), math.NaN(), 1-float64(waiting)/float64(n))
		}
	}
	return nil
}

// run takes the auction through all ε.
func (a *forward) run(w *watch) error {
	n := float64(len(a.price))
	spread := a.of.(*pricedRows).spread()
	last := rowsLast * spread / n
	for e := rowsFirst * spread / math.Sqrt(n); ; e = max(e/auctionFactor, last) {
		if err := a.assign(w, e); err != nil {
			return err
		}
		a.tell(w)
		if e <= last {
			return nil
		}
	}
}

// tell reports the cost of a complete assignment and the dual value of its
// prices, by a look at all costs that leaves the lists as they are.
func (a *forward) tell(w *watch) {
	if !w.told() || !a.finest {
		return
	}
	n := len(a.price)
	var primal, dual accumulator
	var least [1]float64
	var at [1]int
	for i, j := range a.colOf {
		kernels.RowMinSum(least[:], at[:], a.of.(*pricedRows).row(int32(i)), n, 1, n, a.price)
		primal.add(a.of.cost(int32(i), j))
		dual.add(least[0])
		dual.add(-a.price[i])
	}
	w.tell(2*n, w.pair*primal.value(), w.pair*dual.value(), 1)
}

// choices are those of all rows.
func (a *forward) choices() []choice {
	c := make([]choice, len(a.price))
	for i := range c {
		c[i] = a.best(int32(i))
	}
	return c
}

// solveRows assigns columns to rows whose costs are given or computed row by
// row. price is where the columns' prices start, or nil: then from a coarser
// problem on every fourth row and column. On an error it returns what it has.
func solveRows(w *watch, c costRowSource, price []float64) (*pairing, error) {
	n := c.size()
	if n <= auctionCoarsest {
		a := newDense(c.all(), n)
		a.solve()
		return &pairing{a.colOf, a.u, negated(a.price)}, w.stop()
	}
	if price == nil {
		var err error
		if price, err = rowPrices(w, c); err != nil {
			return nil, err
		}
	}
	a := newForward(c, price)
	a.finest = true
	if err := a.run(w); err != nil {
		return &pairing{match: a.colOf, g: negated(price)}, err
	}
	f := newFinish(a.offerLists, a.rowOf, a.colOf, a.choices(), nil, func(j int32, p float64) { price[j] = p })
	err := f.run(w)
	return &pairing{f.colOf, f.u, negated(price)}, err
}

// rowPrices are prices from a coarser problem: the least at which no column
// would be wanted by one of its rows.
func rowPrices(w *watch, c costRowSource) ([]float64, error) {
	n := c.size()
	m := (n + auctionShrink - 1) / auctionShrink
	coarse := c.some(m)
	u := make([]float64, m)
	if m <= auctionCoarsest {
		p, err := solveRows(w, coarse, nil)
		if err != nil {
			return nil, err
		}
		u = p.f
	} else {
		price, err := rowPrices(w, coarse)
		if err != nil {
			return nil, err
		}
		a := newForward(coarse, price)
		if err := a.run(w); err != nil {
			return nil, err
		}
		for i, c := range a.choices() {
			u[i] = c.first
		}
	}
	price := infinite(n, -1)
	for i, ui := range u {
		for j, v := range c.row(int32(part(i, m, n))) {
			if v = ui - v; v > price[j] {
				price[j] = v
			}
		}
	}
	return price, nil
}
