package ot

import (
	"math"
	"slices"

	"pushforward/kernels"
)

// dense is a small problem with all its costs, solved by shortest
// augmenting paths (Jonker and Volgenant 1987): columns start at their least
// cost, rows bid without ε, and the few that remain free find paths.
type dense struct {
	n            int
	c            []float64 // row-major
	u, price     []float64
	rowOf, colOf []int32
}

// newDense is the problem with costs c, row-major.
func newDense(c []float64, n int) *dense {
	return &dense{n: n, c: c, u: make([]float64, n), price: make([]float64, n), rowOf: make([]int32, n), colOf: make([]int32, n)}
}

// best finds the two columns of least cost + price for row i.
func (a *dense) best(i int32) choice {
	n := a.n
	row := a.c[int(i)*n:][:n]
	var least [2]float64
	var at [2]int
	kernels.RowMinSum(least[:1], at[:1], row, n, 1, n, a.price)
	p := a.price[at[0]]
	a.price[at[0]] = math.Inf(1)
	kernels.RowMinSum(least[1:], at[1:], row, n, 1, n, a.price)
	a.price[at[0]] = p
	c := choice{at: int32(at[0]), at2: int32(at[1]), first: least[0], second: least[1]}
	if n == 1 {
		c.at2 = -1
	}
	return c
}

func (a *dense) solve() {
	n := a.n
	least := make([]int32, n)
	for j := range n {
		a.price[j] = math.Inf(1)
		a.rowOf[j], a.colOf[j] = -1, -1
	}
	for i := range n {
		for j, v := range a.c[i*n:][:n] {
			if v < a.price[j] {
				a.price[j] = v
				least[j] = int32(i)
			}
		}
	}
	free := make([]int32, 0, n)
	for j := range n {
		a.price[j] = -a.price[j]
	}
	for j := n - 1; j >= 0; j-- {
		if i := least[j]; a.colOf[i] < 0 {
			a.colOf[i], a.rowOf[j] = int32(j), i
		}
	}
	for i := range int32(n) {
		if a.colOf[i] < 0 {
			free = append(free, i)
		}
	}
	for range 2 {
		free = a.reduce(free)
	}
	s := newDenseSearch(n)
	for j := range int32(n) {
		if a.rowOf[j] < 0 {
			s.free = append(s.free, j)
		}
	}
	costs := &costTable{a.c, n}
	for _, i := range free {
		reached := s.augment(costs, a.price, a.colOf, a.rowOf, i, a.best(i).first)
		for _, c := range s.settled {
			a.price[c.at] += reached - c.distance
		}
	}
	for i, j := range a.colOf {
		a.u[i] = a.c[i*n+int(j)] + a.price[j]
	}
}

func (a *dense) reduce(free []int32) []int32 {
	var left []int32
	limit := a.n
	for k := 0; k < len(free); {
		i := free[k]
		k++
		c := a.best(i)
		if c.at2 >= 0 && !(c.first < c.second) && a.rowOf[c.at] >= 0 && a.rowOf[c.at2] < 0 {
			c.at = c.at2
		}
		former := a.rowOf[c.at]
		if c.first < c.second && c.second < math.Inf(1) {
			a.price[c.at] += c.second - c.first
		} else if former >= 0 {
			left = append(left, i)
			continue
		}
		a.rowOf[c.at], a.colOf[i] = i, c.at
		if former >= 0 {
			a.colOf[former] = -1
			if limit--; limit > 0 && c.first < c.second {
				k--
				free[k] = former
			} else {
				left = append(left, former)
			}
		}
	}
	return left
}

// denseSearch finds shortest augmenting paths over all columns. Which row a
// distance comes from is found afterwards, for the columns on the path alone.
type denseSearch struct {
	price    []float64 // +Inf for the settled ones
	distance []float64 // +Inf for the settled ones
	rows     []denseRow
	settled  []denseColumn
	free     []int32 // columns
}

// denseRow is a row of the tree, with its distance less its potential.
type denseRow struct {
	at   int32
	base float64
}

// denseColumn is a settled column.
type denseColumn struct {
	at       int32
	distance float64
}

func newDenseSearch(n int) *denseSearch {
	return &denseSearch{price: make([]float64, n), distance: make([]float64, n), rows: make([]denseRow, 0, n), settled: make([]denseColumn, 0, n)}
}

// augment finds a column for row start, whose least cost + price is u. Prices
// then have to rise by how much nearer than reached the settled columns are.
func (s *denseSearch) augment(costs rowCosts, prices []float64, colOf, rowOf []int32, start int32, u float64) (reached float64) {
	n := len(prices)
	distance, price := s.distance[:n], s.price[:n]
	copy(price, prices)
	for j := range distance {
		distance[j] = math.Inf(1)
	}
	s.rows, s.settled = s.rows[:0], s.settled[:0]
	i, base := start, -u
	for {
		s.rows = append(s.rows, denseRow{i, base})
		least, at := kernels.RelaxRow(distance, costs.row(i), price, base)
		for _, j := range s.free {
			if distance[j] == least {
				at = int(j) // of equal ones, one that ends the path
			}
		}
		reached = max(reached, least)
		s.settled = append(s.settled, denseColumn{int32(at), reached})
		if i = rowOf[at]; i < 0 {
			break
		}
		base = reached - (costs.cost(i, int32(at)) + price[at])
		price[at], distance[at] = math.Inf(1), math.Inf(1)
	}
	s.flip(costs, prices, colOf, rowOf)
	end := slices.Index(s.free, s.settled[len(s.settled)-1].at)
	s.free = slices.Delete(s.free, end, end+1)
	return reached
}

// flip gives the column that was settled last to the row that reached it first, the
// column that this row had to the one before, and so on up to the start.
func (s *denseSearch) flip(costs rowCosts, prices []float64, colOf, rowOf []int32) {
	for k := len(s.settled) - 1; ; {
		c := s.settled[k].at
		from, least := 0, math.Inf(1)
		for r, row := range s.rows[:k+1] {
			if v := row.base + (costs.cost(row.at, c) + prices[c]); v < least {
				from, least = r, v
			}
		}
		i := s.rows[from].at
		colOf[i], rowOf[c] = c, i
		if from == 0 {
			return
		}
		k = from - 1 // row number k+1 was reached through column number k
	}
}
