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

// side1D is a sample on the line: its points in order, their masses, or one
// that they all have.
type side1D struct {
	at   []float64
	mass []int64 // nil: each
	each int64
}

func (s *side1D) massOf(i int) int64 {
	if s.mass == nil {
		return s.each
	}
	return s.mass[i]
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
	l := &line{total: w.total, power: power}
	sides := [2]func(){
		func() { l.x = w.x.take(x) },
		func() { l.y = w.y.take(y) },
	}
	if len(x)+len(y) < 1<<14 || runtime.GOMAXPROCS(0) == 1 {
		sides[0]()
		sides[1]()
		return l, nil
	}
	var wait sync.WaitGroup
	for _, f := range sides {
		wait.Go(f)
	}
	wait.Wait()
	return l, nil
}

// lineMasses are integer masses of two samples on a line.
type lineMasses struct {
	x, y  sideMasses
	total int64
}

// sideMasses are the masses of one sample: those of the points that have any,
// or one that all points have.
type sideMasses struct {
	used []int32 // nil: every point
	mass []int64 // of the used points; nil: each
	each int64
}

// newLineMasses is integerMasses without lists of n equal numbers.
func newLineMasses(n, m int, a, b []float64) (*lineMasses, error) {
	if a == nil && b == nil {
		g := gcd(int64(n), int64(m))
		return &lineMasses{sideMasses{each: int64(m) / g}, sideMasses{each: int64(n) / g}, int64(n) * (int64(m) / g)}, nil
	}
	w, err := integerMasses(n, m, a, b)
	if err != nil {
		return nil, err
	}
	side := func(mass []int64) sideMasses {
		used := withMass(mass)
		if len(used) == len(mass) {
			return sideMasses{mass: mass}
		}
		s := sideMasses{used: used, mass: make([]int64, len(used))}
		for k, i := range used {
			s.mass[k] = mass[i]
		}
		return s
	}
	return &lineMasses{side(w.a), side(w.b), w.total}, nil
}

// take copies the points that have mass, in order.
func (w *sideMasses) take(x []float64) side1D {
	n := len(x)
	if w.used != nil {
		n = len(w.used)
	}
	s := side1D{at: make([]float64, n), each: w.each}
	if w.mass != nil {
		s.mass = make([]int64, n)
	}
	sorter := sorters.Get().(*bucketSort)
	w.takeInto(&s, x, sorter)
	sorters.Put(sorter)
	return s
}

// sorters keeps scratch space between calls.
var sorters = sync.Pool{New: func() any { return new(bucketSort) }}

// takeInto is take into a side that has the room.
func (w *sideMasses) takeInto(s *side1D, x []float64, sorter *bucketSort) {
	if w.used == nil {
		copy(s.at, x)
	} else {
		for k, i := range w.used {
			s.at[k] = x[i]
		}
	}
	copy(s.mass, w.mass)
	sorter.sort(s.at, s.mass)
}

// cost is that of the monotone coupling.
func (l *line) cost() float64 {
	var s accumulator
	x, y, pow := l.x.at, l.y.at, &l.power
	if l.x.mass == nil && l.y.mass == nil && l.x.each == l.y.each {
		y = y[:len(x)]
		if pow.whole == 2 && pow.part == 0 {
			for i, v := range x {
				d := v - y[i]
				s.add(float64(d * d))
			}
		} else {
			for i, v := range x {
				s.add(pow.of(v - y[i]))
			}
		}
		return s.value() / float64(len(x))
	}
	i, j := 0, 0
	restA, restB := l.x.massOf(0), l.y.massOf(0)
	for {
		w := min(restA, restB)
		s.add(float64(pow.of(x[i]-y[j]) * float64(w)))
		restA -= w
		restB -= w
		if restA == 0 {
			if i++; i == len(x) {
				return s.value() / float64(l.total)
			}
			restA = l.x.massOf(i)
		}
		if restB == 0 {
			j++
			restB = l.y.massOf(j)
		}
	}
}
