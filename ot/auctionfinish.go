package ot

import "math"

// finish turns an assignment that is nearly optimal into an optimal one.
type finish struct {
	*offerLists
	n            int
	u            []float64 // potentials of the rows
	rowOf, colOf []int32
	choose       func(i int32) choice // of row i
	setPrice     func(j int32, p float64)
	path         pathSearch
	work, limit  int
	whole        rowCosts // nil: paths go over lists that grow
	wholePath    *denseSearch
}

// marketRows is the rows' view of a market.
type marketRows struct{ *market }

func (m marketRows) at(i int32) []float64 { return m.row.x[int(i)*m.met.dim:][:m.met.dim] }

func (m marketRows) cost(i, j int32) float64 { return m.col.tree.cost(m.at(i), j) }

func (m marketRows) few(i int32, limit float64, f []found) int {
	return m.col.tree.few(m.at(i), limit, f)
}

// newFinish starts from an assignment and prices. choices are the
// rows' under these; choose makes one anew, nil: by the lists; setPrice raises a price.
func newFinish(l *offerLists, rowOf, colOf []int32, choices []choice, choose func(i int32) choice, setPrice func(j int32, p float64)) *finish {
	n := len(l.price)
	// Bids without ε make ties: a row is to stay with what was its best before.
	l.byNumber = false
	f := &finish{offerLists: l, n: n, u: make([]float64, n), rowOf: rowOf, colOf: colOf, choose: choose, setPrice: setPrice, limit: finishWork * n}
	if choose == nil {
		f.choose = l.best
	}
	// Rows keep columns that are their very best; others take one that is free.
	wish := make([]int32, 0, n)
	for i, c := range choices {
		i := int32(i)
		f.u[i] = c.first
		j := colOf[i]
		if j >= 0 {
			if !(l.of.cost(i, j)+l.price[j] > c.first) {
				continue
			}
			rowOf[j] = -1
		}
		colOf[i] = c.at
		wish = append(wish, i)
	}
	f.path.free = wish[:0]
	for _, i := range wish {
		j := colOf[i]
		if rowOf[j] < 0 {
			rowOf[j] = i
		} else {
			colOf[i] = -1
			f.path.free = append(f.path.free, i)
		}
	}
	return f
}

// finishWork is how many columns' worth of work the finish may do for each row;
// clouds of samples take 2 to 6 in the plane, 20 to 60 elsewhere.
const finishWork = 100

// longestChain is how many rows displace each other, one after the other, before
// a path over whole rows is sooner found.
const longestChain = 30

// wholeWork is how many columns of a whole row are the work of one on a list.
const wholeWork = 128

// run assigns the free rows: most by bids without ε, the rest by shortest
// augmenting paths (Jonker and Volgenant 1987), over lists. Where a path needs
// more, these grow, or it looks through whole rows. It gives up when that takes
// too long.
func (f *finish) run(w *watch) error {
	free := f.reduce(f.path.free)
	f.path.prepare(f.n)
	for k, i := range free {
		if k%16 == 0 {
			if err := w.stop(); err != nil {
				return err
			}
		}
		ok := f.augment(i)
		if !ok && f.whole != nil {
			f.augmentWhole(i)
			ok = f.work <= f.limit
		}
		if !ok {
			return errSpent
		}
	}
	if !f.verify() {
		return errSpent
	}
	return nil
}

// augmentWhole finds a column for row i over whole rows of costs.
func (f *finish) augmentWhole(i int32) {
	s := f.wholePath
	if s == nil {
		s = newDenseSearch(f.n)
		f.wholePath = s
	}
	s.free = s.free[:0]
	for j, r := range f.rowOf {
		if r < 0 {
			s.free = append(s.free, int32(j))
		}
	}
	reached := s.augment(f.whole, f.price, f.colOf, f.rowOf, i, f.u[i])
	f.work += len(s.rows) * (1 + f.n/wholeWork)
	for _, c := range s.settled {
		f.setPrice(c.at, f.price[c.at]+(reached-c.distance))
	}
	for _, r := range s.rows {
		j := f.colOf[r.at]
		f.u[r.at] = f.of.cost(r.at, j) + f.price[j]
	}
}

// reduce lets free rows bid without ε: the price rises to where the second best
// is as good, so the new holder's arc stays tight. Rows that meet ties, or
// chase each other for long, stay free.
func (f *finish) reduce(free []int32) []int32 {
	left := make([]int32, 0, len(free))
	longest := math.MaxInt
	if f.whole != nil {
		longest = longestChain
	}
	chain, rest := 0, len(free)
	for limit := 4 * f.n; len(free) > 0; {
		// One row after the other bids, each with those that it has displaced.
		if chain++; len(free) < rest {
			chain, rest = 0, len(free)
		}
		i := free[len(free)-1]
		free = free[:len(free)-1]
		c := f.choose(i)
		former := f.rowOf[c.at]
		// Within rounding it is a tie: the price might not even rise.
		tie := c.second-c.first <= 0x1p-48*(math.Abs(c.first)+math.Abs(f.price[c.at]))
		if former >= 0 && (tie || chain > longest) || limit < 0 {
			left = append(left, i)
			continue
		}
		limit--
		f.work++
		f.u[i] = c.first
		if c.first < c.second && c.second < math.Inf(1) {
			f.setPrice(c.at, f.price[c.at]+(c.second-c.first))
			f.u[i] = c.second
		}
		f.rowOf[c.at], f.colOf[i] = i, c.at
		if former >= 0 {
			f.colOf[former] = -1
			free = append(free, former)
		}
	}
	for _, i := range left {
		f.u[i] = f.choose(i).first
	}
	return left
}

// verify looks whether the permutation is as good as its potentials, up to rounding.
func (f *finish) verify() bool {
	var slack, cost, size accumulator
	for i, j := range f.colOf {
		c := f.of.cost(int32(i), j)
		slack.add(math.Abs(c + f.price[j] - f.u[i]))
		cost.add(c)
		size.add(math.Abs(f.u[i]) + math.Abs(f.price[j]))
	}
	return slack.value() <= 1e-11*cost.value() || slack.value() <= 1e-15*size.value()
}
