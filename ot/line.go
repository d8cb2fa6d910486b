package ot

import (
	"errors"
	"math"
	"runtime"
	"sync"
)

// LineCost is the p-th power of the Wasserstein distance of order p ≥ 1 between
// two laws on the line, W_p^p = ∫_0^1 |F⁻¹(u) − G⁻¹(u)|^p du, found by sorting.
// The samples may differ in number; a and b are their weights, nil for uniform
// ones, divided by their sums. Errors name the element that is wrong.
func LineCost(x, y, a, b []float64, p float64) (float64, error) {
	l, err := newLine(x, y, a, b, p)
	if err != nil {
		return math.NaN(), err
	}
	return finiteCost(l.cost())
}

// LineW2Squared is the square of the Wasserstein distance of order 2 between
// two uniform samples on the line, of equal or different sizes.
func LineW2Squared(x, y []float64) (float64, error) { return LineCost(x, y, nil, nil, 2) }

// LineW2 is the Wasserstein distance of order 2, the root of LineW2Squared.
func LineW2(x, y []float64) (float64, error) {
	c, err := LineW2Squared(x, y)
	return math.Sqrt(c), err
}

// finiteCost turns a cost that overflows into an error.
func finiteCost(c float64) (float64, error) {
	if math.IsNaN(c) || math.IsInf(c, 0) {
		return math.NaN(), errors.New("ot: the cost overflows float64: scale the coordinates down")
	}
	return c, nil
}

// line is a pair of sorted samples with integer masses.
type line struct {
	x, y  side1D
	total int64
	power power
}

// side1D is a sample on the line: its points in order, and the mass up to and
// with each of them.
type side1D struct {
	at   []float64
	upTo []int64 // nil: one unit each
}

// end is the mass of the points 0 … i.
func (s *side1D) end(i int) int64 {
	if s.upTo == nil {
		return int64(i + 1)
	}
	return s.upTo[i]
}

// mass is that of point i.
func (s *side1D) mass(i int) int64 {
	if i == 0 {
		return s.end(0)
	}
	return s.end(i) - s.end(i-1)
}

func newLine(x, y, a, b []float64, p float64) (*line, error) {
	power, err := newPower(p)
	if err != nil {
		return nil, err
	}
	if err := (Points{X: x, Dim: 1}).check("x"); err != nil {
		return nil, err
	}
	if err := (Points{X: y, Dim: 1}).check("y"); err != nil {
		return nil, err
	}
	w, err := newLineMasses(len(x), len(y), a, b)
	if err != nil {
		return nil, err
	}
	l := &line{x: w.x.room(len(x)), y: w.y.room(len(y)), total: w.total, power: power}
	sides := [2]func(*bucketSort){
		func(s *bucketSort) { w.x.take(&l.x, x, s) },
		func(s *bucketSort) { w.y.take(&l.y, y, s) },
	}
	if len(x)+len(y) < 1<<14 || runtime.GOMAXPROCS(0) == 1 {
		sorter := new(bucketSort)
		sides[0](sorter)
		sides[1](sorter)
		return l, nil
	}
	var wait sync.WaitGroup
	for _, f := range sides {
		wait.Go(func() { f(new(bucketSort)) })
	}
	wait.Wait()
	return l, nil
}

// cost is that of the monotone coupling.
func (l *line) cost() float64 {
	var s accumulator
	x, y := l.x.at, l.y.at
	square := l.power == power{whole: 2}
	if l.x.upTo == nil && l.y.upTo == nil {
		y = y[:len(x)]
		if !square {
			for i, v := range x {
				s.add(l.power.of(v - y[i]))
			}
			return s.value() / float64(len(x))
		}
		return squaredDifferences(x, y) / float64(len(x))
	}
	// Which side ends first is as good as random: steps instead of branches.
	upToX, upToY := l.x.upTo[:len(x)], l.y.upTo[:len(y)]
	for i, j, at := 0, 0, int64(0); i < len(x) && j < len(y); {
		endX, endY := upToX[i], upToY[j]
		end := min(endX, endY)
		d := x[i] - y[j]
		if square {
			d = float64(d * d)
		} else {
			d = l.power.of(d)
		}
		s.add(float64(d * float64(end-at)))
		at = end
		stepX, stepY := 0, 0
		if endX == end {
			stepX = 1
		}
		if endY == end {
			stepY = 1
		}
		i += stepX
		j += stepY
	}
	return s.value() / float64(l.total)
}

// squaredDifferences is the sum of (x_i - y_i)²: four sums, for each term of one has
// to wait for the one before.
func squaredDifferences(x, y []float64) float64 {
	var s0, s1, s2, s3 accumulator
	n := len(x) &^ 3
	for i := 0; i < n; i += 4 {
		a, b := (*[4]float64)(x[i:]), (*[4]float64)(y[i:])
		s0 = s0.plus(square(a[0] - b[0]))
		s1 = s1.plus(square(a[1] - b[1]))
		s2 = s2.plus(square(a[2] - b[2]))
		s3 = s3.plus(square(a[3] - b[3]))
	}
	for i, v := range x[n:] {
		s0 = s0.plus(square(v - y[n+i]))
	}
	for _, s := range []accumulator{s1, s2, s3} {
		s0 = s0.plus(s.sum).plus(s.carry)
	}
	return s0.value()
}

func square(d float64) float64 { return float64(d * d) }
