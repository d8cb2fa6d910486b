package ot

import (
	"fmt"
	"math"
	"sort"
)

// CircleCost is the p-th power of the Wasserstein distance of order p ≥ 1
// between two laws on a circle of the given period, with distance wrapped to
// at most half of it. Points may lie anywhere, samples may differ in number; a
// and b are weights, nil for uniform ones.
//
// The optimal plan is monotone once the circle is cut at the right shift θ of
// one law's quantiles, and the cost ∫ |F⁻¹(u + θ) − G⁻¹(u)|^p du is convex and
// piecewise linear in θ (Delon, Salomon and Sobolevski 2010): with integer
// masses bisection on its slope finds the exact minimum.
func CircleCost(x, y, a, b []float64, period, p float64) (float64, error) {
	if !(period > 0) || math.IsInf(period, 0) {
		return math.NaN(), fmt.Errorf("ot: the period is %v, want a finite positive number", period)
	}
	cx, cy := append([]float64(nil), x...), append([]float64(nil), y...)
	for _, s := range [][]float64{cx, cy} {
		for _, v := range s {
			if math.IsInf(v, 0) {
				// Wrapping would hide it: let the check on the given data name it.
				return LineCost(x, y, a, b, p)
			}
		}
		wrapAll(s, []float64{period})
	}
	l, err := newLine(cx, cy, a, b, p)
	if err != nil {
		return math.NaN(), err
	}
	c := circle{l, period}
	// At −total every point of x lies before all of y's, at +total after: the
	// minimum is between.
	lo, hi := -l.total, l.total
	for lo < hi {
		mid := lo + (hi-lo)/2
		if c.slope(mid) >= 0 {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return finiteCost(c.cost(lo))
}

// CircleW2Squared is the square of the Wasserstein distance of order 2 between
// two uniform samples on a circle.
func CircleW2Squared(x, y []float64, period float64) (float64, error) {
	return CircleCost(x, y, nil, nil, period, 2)
}

// CircleW2 is the Wasserstein distance of order 2 on a circle, the root of
// CircleW2Squared.
func CircleW2(x, y []float64, period float64) (float64, error) {
	c, err := CircleW2Squared(x, y, period)
	return math.Sqrt(c), err
}

// circle is a pair of samples in [0, period]; x goes on periodically on both sides.
type circle struct {
	*line
	period float64
}

// seek finds the point of the periodic x in which quantile shift falls: its
// index, how many turns it is away, and the mass left in it.
func (c *circle) seek(shift int64) (i int, turn float64, rest int64) {
	if shift < 0 {
		shift += c.total
		turn = -1
	} else if shift >= c.total {
		shift -= c.total
		turn = 1
	}
	if shift == c.total {
		shift, turn = 0, turn+1
	}
	i = sort.Search(len(c.x.at), func(i int) bool { return c.x.end(i) > shift })
	return i, turn, c.x.end(i) - shift
}

func (c *circle) at(i int, turn float64) float64 { return c.x.at[i] + float64(turn*c.period) }

// next is the point of the periodic x after i.
func (c *circle) next(i int, turn float64) (int, float64) {
	if i++; i == len(c.x.at) {
		return 0, turn + 1
	}
	return i, turn
}

// walk goes through the pieces of mass on which x, shifted, and y are constant.
func (c *circle) walk(shift int64, visit func(i int, turn float64, j int, w int64, lastOfX bool)) {
	i, turn, rest := c.seek(shift)
	for j := range c.y.at {
		for need := c.y.mass(j); need > 0; {
			w := min(rest, need)
			rest -= w
			need -= w
			visit(i, turn, j, w, rest == 0)
			if rest == 0 {
				i, turn = c.next(i, turn)
				rest = c.x.mass(i)
			}
		}
	}
}

// cost is that of the coupling at a shift.
func (c *circle) cost(shift int64) float64 {
	var s accumulator
	c.walk(shift, func(i int, turn float64, j int, w int64, _ bool) {
		s.add(float64(c.power.of(c.at(i, turn)-c.y.at[j]) * float64(w)))
	})
	return s.value() / float64(c.total)
}

// slope is the change of cost per unit of mass when the shift grows by one
// unit: the last unit of each piece of x that ends goes to the next point.
func (c *circle) slope(shift int64) float64 {
	// With one unit more, position u takes the quantile of u + 1: what changes
	// are the last units of every point of x.
	var s accumulator
	c.walk(shift, func(i int, turn float64, j int, _ int64, last bool) {
		if last {
			k, t := c.next(i, turn)
			s.add(c.power.of(c.at(k, t)-c.y.at[j]) - c.power.of(c.at(i, turn)-c.y.at[j]))
		}
	})
	return s.value()
}
