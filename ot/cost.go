package ot

import (
	"fmt"
	"math"
	"slices"
)

// Cost is the price of moving a unit of mass from x to y: a distance or its
// square, in free space or on a torus. The zero value is SquaredEuclidean.
type Cost struct {
	kind    costKind
	periods []float64
}

type costKind uint8

const (
	squaredEuclidean costKind = iota
	euclidean
	cityBlock
)

var (
	// SquaredEuclidean is c(x, y) = |x − y|², whose transport cost is W2².
	SquaredEuclidean = Cost{kind: squaredEuclidean}
	// Euclidean is c(x, y) = |x − y|, whose transport cost is W1.
	Euclidean = Cost{kind: euclidean}
	// CityBlock is c(x, y) = Σ_k |x_k − y_k|, whose transport cost is W1 in that metric.
	CityBlock = Cost{kind: cityBlock}
)

// OnTorus is the same cost where coordinate k is periodic: every difference is
// wrapped to [−P_k/2, P_k/2]. A period of 0 leaves its coordinate free; one
// single period holds for all coordinates. Points may lie anywhere: they are wrapped.
func (c Cost) OnTorus(periods ...float64) Cost {
	c.periods = slices.Clone(periods)
	return c
}

// Power is p for a cost that is the p-th power of a distance: 2 or 1.
func (c Cost) Power() int {
	if c.kind == squaredEuclidean {
		return 2
	}
	return 1
}

func (c Cost) String() string {
	s := [...]string{"squared Euclidean", "Euclidean", "city block"}[c.kind]
	if c.periods != nil {
		s += fmt.Sprintf(" on the torus with periods %v", c.periods)
	}
	return s
}

// forDim is the list of d periods, or nil when every coordinate is free.
func (c Cost) forDim(d int) ([]float64, error) {
	if c.periods == nil {
		return nil, nil
	}
	if len(c.periods) != d && len(c.periods) != 1 {
		return nil, fmt.Errorf("ot: %d periods for points of dimension %d, want %d or 1", len(c.periods), d, d)
	}
	p := make([]float64, d)
	any := false
	for k := range p {
		p[k] = c.periods[k%len(c.periods)]
		if math.IsNaN(p[k]) || math.IsInf(p[k], 0) || p[k] < 0 {
			return nil, fmt.Errorf("ot: period %d is %v, want a finite number ≥ 0 (0 for a free coordinate)", k, p[k])
		}
		any = any || p[k] > 0
	}
	if !any {
		return nil, nil
	}
	return p, nil
}

// metric computes costs between points whose periodic coordinates lie in [0, P].
type metric struct {
	kind   costKind
	dim    int
	period []float64 // nil: all free
}

// wrap is the distance on a circle of circumference p between two numbers that
// are d apart; p = 0 stands for the line.
func wrap(d, p float64) float64 {
	d = math.Abs(d)
	if 2*d > p && p > 0 {
		return math.Abs(p - d)
	}
	return d
}

// between is the cost from x to y.
func (t *metric) between(x, y []float64) float64 {
	var s float64
	for k, v := range x {
		d := v - y[k]
		if t.period != nil {
			d = wrap(d, t.period[k])
		}
		if t.kind == cityBlock {
			s += math.Abs(d)
		} else {
			s += float64(d * d)
		}
	}
	if t.kind == euclidean {
		return math.Sqrt(s)
	}
	return s
}
