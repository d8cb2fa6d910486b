package paper

import (
	"slices"
	"sync"
)

// fromQuantiles returns the exact distance between one coordinate of a cloud,
// with uniform weights, and its exact law. There is no sampling noise but that
// of the cloud.
func (e *doubleWell) fromQuantiles(x []float32, coordinate int) Distance {
	return fromSquare(e.table(coordinate, len(x)/2).squared(column(x, coordinate)))
}

// quantileTable is what the distance of n points on the line from an exact law
// needs to know of that law.
//
// On the line the least cost pairs the i-th smallest of the points with the
// i-th of n slices of equal probability: W2² = Σ ∫ (x_i - Q(u))² du over
// (i-1)/n ≤ u ≤ i/n, where Q is the quantile function. With the means of the
// slices, A_i = ∫ Q(u) du, it is Σ x_i²/n - 2 Σ x_i A_i + E[X²]. This is what
// package ot's QuantileW2Squared integrates for any law; with the slices' means
// at hand, each of many repetitions costs no more than sorting.
type quantileTable struct {
	means  []float64 // A_i
	second float64   // E[X²]
}

func (t *quantileTable) squared(x []float64) float64 {
	slices.Sort(x)
	var squares, cross float64
	for i, v := range x {
		squares += float64(v * v)
		cross += float64(v * t.means[i])
	}
	return max(squares/float64(len(x))-2*cross+t.second, 0)
}

// table returns the table for n points, which is made once.
func (e *doubleWell) table(coordinate, n int) *quantileTable {
	e.tables.Lock()
	defer e.tables.Unlock()
	key := [2]int{coordinate, n}
	t := e.tables.of[key]
	if t == nil {
		t = &quantileTable{means: make([]float64, n), second: e.law.Moment(2*(1-coordinate), 2*coordinate)}
		before := 0.0
		for i := range n {
			after := 0.0 // E[X] of the whole
			if i < n-1 {
				after = e.law.PartialMean(coordinate, e.law.Quantile(coordinate, float64(i+1)/float64(n)))
			}
			t.means[i] = after - before
			before = after
		}
		e.tables.of[key] = t
	}
	return t
}

// tables keeps the quantile tables by coordinate and number of points.
type tables struct {
	sync.Mutex
	of map[[2]int]*quantileTable
}
