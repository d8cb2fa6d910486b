package ot

import (
	"math"
	"slices"
)

// market is a forward and reverse auction (Bertsekas and Castañon 1992) between
// the rows and the columns of a level. Both sides have prices; a free row bids
// for the column of least cost + price and raises its price to where the second
// best would suit as well, plus ε; a free column bids for rows in the same way.
// So a column that stands too dear after the coarser level gets cheaper by its
// own bid, instead of making all the others dearer until it suits.
type market struct {
	met      *metric
	row, col party
	bids     int
	leaves   int      // that their searches have gone through
	ahead    []choice // searched ahead of the bids, for a round of them
	round    int32    // that is bidding
	finest   bool     // the given problem itself
	leaving  int      // so many may stay without a mate when enough bids are made
}

// party is one side of the market.
type party struct {
	x     []float64 // points in kdOrder
	tree  *priceTree
	price []float64 // the other side pays cost + price
	mate  []int32   // −1: none
	free  []int32   // who may be without a mate
	near  []int32   // of the other side: the one that was best lately
	rose  []int32   // the round in which a price last rose
}

func newParty(met *metric, x, price []float64) party {
	n := len(price)
	p := party{x: x, tree: newPriceTree(met, x, price), price: price, mate: make([]int32, n), free: make([]int32, 0, n), near: make([]int32, n), rose: make([]int32, n)}
	for i := range p.near {
		p.near[i] = int32(i)
	}
	return p
}

// newMarket opens a market with the given prices of the columns.
func newMarket(met *metric, x, y, price []float64) *market {
	n := len(price)
	return &market{met: met, row: newParty(met, x, make([]float64, n)), col: newParty(met, y, price)}
}

// choose finds what member i of p likes best of q. The search starts where the
// last one ended.
func (p *party) choose(q *party, i int32) choice {
	d := q.tree.met.dim
	c := q.tree.best(p.x[int(i)*d:][:d], p.near[i])
	p.near[i] = c.at
	return c
}

const (
	// mostAhead is how many bids are searched ahead at most, and leastAhead how
	// many are worth a thread: 0.1 ms of work. Markets that never have the most
	// are over before a thread pays.
	mostAhead, leastAhead = 2048, 256
	// aheadBlock is how many searches are one piece of work for a thread.
	aheadBlock = 32
)

// bid lets every free member of p bid once for a member of q. Where there are
// many, all search before the first one bids, which threads can share; as prices
// of q only rise, a choice stays right unless one of its two has been bid for
// since. Some 5 of 100 have, and search again.
func (m *market) bid(w *watch, p, q *party, epsilon float64) {
	waiting := p.free
	free := waiting[:0]
	for len(waiting) > 0 {
		bidders := waiting[:min(len(waiting), mostAhead)]
		waiting = waiting[len(bidders):]
		m.round++
		ahead := m.searchAhead(w, p, q, bidders)
		for k, i := range bidders {
			var c choice
			if ahead != nil {
				c = ahead[k]
				m.leaves += c.leaves
			}
			if ahead == nil || q.rose[c.at] == m.round || q.rose[c.at2] == m.round {
				c = p.choose(q, i)
				m.leaves += c.leaves
			}
			q.rose[c.at] = m.round
			q.tree.raise(c.at, q.price[c.at]+(c.second-c.first)+epsilon)
			p.tree.lower(i, -(c.second + epsilon))
			former := q.mate[c.at]
			q.mate[c.at], p.mate[i] = i, c.at
			if former >= 0 {
				p.mate[former] = -1
				free = append(free, former)
			}
		}
	}
	p.free = free
}

// searchAhead finds what many members of p like best of q; nil for few.
func (m *market) searchAhead(w *watch, p, q *party, members []int32) []choice {
	if len(p.price) < mostAhead || len(members) < leastAhead {
		return nil
	}
	if m.ahead == nil {
		m.ahead = make([]choice, mostAhead)
	}
	inBlocks(threads(w.threads), len(members), aheadBlock, func() func(lo, hi int) {
		return func(lo, hi int) {
			for k := lo; k < hi; k++ {
				m.ahead[k] = p.choose(q, members[k])
			}
		}
	})
	return m.ahead
}

// stillFree leaves those on the list who are.
func (p *party) stillFree() {
	free := p.free[:0]
	for _, i := range p.free {
		if p.mate[i] < 0 {
			free = append(free, i)
		}
	}
	p.free = free
}

// enoughBids is how many bids n points have made when those who are still without
// a mate are better left to the finish. Where clusters are some points short, the
// prices of a whole cluster have to follow, by ε with each bid: that took 20 bids
// for each point and more, for the last three or so.
func enoughBids(n int) int { return n * (4 + int(math.Sqrt(float64(n)))/5) }

// assign starts from nobody having a mate and goes on until everybody has one,
// whose cost and prices are within ε of the best, until enough bids are made and
// few are left, or until the bids are spent.
func (m *market) assign(w *watch, epsilon float64) error {
	n := len(m.row.price)
	for _, p := range []*party{&m.row, &m.col} {
		p.free = p.free[:0]
		for i := range p.mate {
			p.mate[i] = -1
			p.free = append(p.free, int32(i))
		}
	}
	for i := range m.row.price {
		m.row.price[i] = math.Inf(1) // each row's first bid lowers it
	}
	m.row.tree.refresh()
	p, q := &m.row, &m.col
	looked, most, enough := m.bids, m.bids+maxBids(n)/2, m.bids+enoughBids(n)
	for len(p.free) > 0 {
		// Sides change when the number of pairs has grown: so both come to an end.
		for before := len(p.free); len(p.free) == before; {
			if before <= m.leaving && m.bids > enough {
				return nil
			}
			m.bids += before
			w.steps += before
			m.bid(w, p, q, epsilon)
			if m.bids-looked < auctionPatience {
				continue
			}
			looked = m.bids
			if err := w.stop(); err != nil {
				return err
			}
			if m.bids > min(most, maxBids(n)) || m.lost() {
				return errSpent
			}
			w.tell(2*n, math.NaN(), math.NaN(), 1-float64(before)/float64(n))
		}
		p, q = q, p
		p.stillFree()
	}
	return nil
}

// auctionPatience is how many bids are made between looks at the watch.
const auctionPatience = 1024

// lost says that boxes leave little out, because prices do not follow the costs:
// then a bid looks through 20 to 400 leaves, and 2 to 10 otherwise. In the plane,
// where leaves are larger, through 7 to 30 and 2 to 6; few points have no more, and
// the first bids of 20,000 that move far go through 7 and more, yet come to an end.
func (m *market) lost() bool {
	n := len(m.row.price)
	if m.col.tree.plane {
		if n <= wholeRows {
			return n > fewRows && m.leaves > 7*max(m.bids, 2*n)
		}
		return m.leaves > 14*max(m.bids, 6*n)
	}
	return m.leaves > 4*maxBids(n)
}

// pairing is what the market has come to.
func (m *market) pairing() *pairing {
	return &pairing{match: m.row.mate, g: negated(m.col.price)}
}

// tell reports the cost of the assignment, where it is complete, and the dual
// value of its prices. The searches for that leave no trace: the result must not depend on them.
func (m *market) tell(w *watch) {
	if !w.told() || !m.finest || slices.Contains(m.row.mate, -1) {
		return
	}
	d := m.met.dim
	var primal, dual accumulator
	for i, u := range leastOf(w, m.col.tree, m.row.x) {
		primal.add(m.col.tree.cost(m.row.x[i*d:][:d], m.row.mate[i]))
		dual.add(u)
		dual.add(-m.col.price[i])
	}
	w.tell(2*len(m.row.mate), w.pair*primal.value(), w.pair*dual.value(), 1)
}
