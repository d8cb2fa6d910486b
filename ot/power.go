package ot

import (
	"fmt"
	"math"
	"math/bits"

	"pushforward/kernels"
)

// power raises a distance to an order p ≥ 1, to the same bits on every machine:
// its whole part by squaring, what is left of it by the kernels' Exp and Log.
type power struct {
	whole uint64
	part  float64 // p − whole, in [0, 1)
}

func newPower(p float64) (power, error) {
	if !(p >= 1 && p <= maxOrder) {
		return power{}, fmt.Errorf("ot: order p is %v, want a number from 1 to %d", p, maxOrder)
	}
	whole := math.Floor(p)
	return power{uint64(whole), p - whole}, nil
}

// maxOrder is far beyond any use, and keeps the whole part exact.
const maxOrder = 1 << 20

// order is p.
func (p *power) order() float64 { return float64(p.whole) + p.part }

// of is |d|^p.
func (p *power) of(d float64) float64 {
	d = math.Abs(d)
	switch {
	case p.part != 0:
		return float64(whole(d, p.whole) * fraction(d, p.part))
	case p.whole == 1:
		return d
	case p.whole == 2:
		return float64(d * d)
	}
	return whole(d, p.whole)
}

// root is v^(1/p) for v ≥ 0.
func (p *power) root(v float64) float64 {
	switch {
	case p.part == 0 && p.whole == 1:
		return v
	case p.part == 0 && p.whole == 2:
		return math.Sqrt(v)
	}
	return fraction(v, 1/p.order())
}

// whole is d^k for k ≥ 1, from the highest bit of k down: d², d³ = d²·d, …
func whole(d float64, k uint64) float64 {
	v := d
	for bit := bits.Len64(k) - 2; bit >= 0; bit-- {
		v = float64(v * v)
		if k>>bit&1 != 0 {
			v = float64(v * d)
		}
	}
	return v
}

// fraction is d^q for d ≥ 0 and 0 < q ≤ 1.
func fraction(d, q float64) float64 {
	if d == 0 {
		return 0
	}
	v := [1]float64{d}
	kernels.Log(v[:], v[:])
	v[0] = float64(v[0] * q)
	kernels.Exp(v[:], v[:])
	return v[0]
}
