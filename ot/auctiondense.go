package ot

import "math"

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
	c := noChoice
	price := a.price
	for j, v := range a.c[int(i)*a.n:][:a.n] {
		if v += price[j]; v < c.second {
			if v < c.first {
				c.at2, c.second = c.at, c.first
				c.at, c.first = int32(j), v
			} else {
				c.at2, c.second = int32(j), v
			}
		}
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
	for _, i := range free {
		s.augment(a, i)
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

// denseSearch finds shortest augmenting paths over all columns.
type denseSearch struct {
	distance []float64
	from     []int32
	open     []int32 // columns not yet settled
	settled  []int32
}

func newDenseSearch(n int) *denseSearch {
	return &denseSearch{distance: make([]float64, n), from: make([]int32, n), open: make([]int32, n), settled: make([]int32, 0, n)}
}

func (s *denseSearch) augment(a *dense, start int32) {
	n := a.n
	for j := range s.open {
		s.open[j] = int32(j)
		s.distance[j] = math.Inf(1)
	}
	open, settled := s.open, s.settled[:0]
	i, reached := start, 0.0
	base := -a.best(start).first
	var end int32
	for {
		row := a.c[int(i)*n:][:n]
		at, least := 0, math.Inf(1)
		for k, j := range open {
			v := base + (row[j] + a.price[j])
			if v < s.distance[j] {
				s.distance[j] = v
				s.from[j] = i
			} else {
				v = s.distance[j]
			}
			if v < least || v == least && a.rowOf[j] < 0 {
				at, least = k, v
			}
		}
		j := open[at]
		open[at] = open[len(open)-1]
		open = open[:len(open)-1]
		reached = max(reached, least)
		s.distance[j] = reached
		if a.rowOf[j] < 0 {
			end = j
			break
		}
		settled = append(settled, j)
		i = a.rowOf[j]
		base = reached - (a.c[int(i)*n+int(j)] + a.price[j])
	}
	for _, j := range settled {
		a.price[j] += reached - s.distance[j]
	}
	for j := end; ; {
		i := s.from[j]
		next := a.colOf[i]
		a.colOf[i], a.rowOf[j] = j, i
		if i == start {
			return
		}
		j = next
	}
}
