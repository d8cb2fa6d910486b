package ot

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Density is a law on an interval [lo, hi] with a density known up to a
// factor, tabulated so finely that ten Gauss–Legendre points integrate it on
// every panel to rounding. It is safe for concurrent use if the density is.
type Density struct {
	rho  func(float64) float64
	edge []float64 // of the panels
	mass []float64 // of ρ below each edge
	z    float64
}

// NewDensity tabulates the law whose density is proportional to rho on
// [lo, hi]; outside there must be nothing that matters. An error says where rho
// is NaN, Inf or negative, or that its integral is not positive.
func NewDensity(rho func(x float64) float64, lo, hi float64) (*Density, error) {
	if !(lo < hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return nil, fmt.Errorf("ot: density on [%v, %v], want a finite interval", lo, hi)
	}
	var bad error
	d := &Density{rho: rho}
	checked := func(x float64) float64 {
		v := rho(x)
		if (math.IsNaN(v) || math.IsInf(v, 0) || v < 0) && bad == nil {
			bad = fmt.Errorf("ot: the density is %v at %v, want a finite number ≥ 0", v, x)
		}
		return v
	}
	const panels = 64
	var rough float64
	for k := range panels {
		a, b := d.panel(lo, hi, k, panels)
		rough += gaussLegendre(checked, a, b)
	}
	if bad != nil {
		return nil, bad
	}
	var sum accumulator
	d.edge, d.mass = []float64{lo}, []float64{0}
	var refine func(a, b float64, depth int)
	refine = func(a, b float64, depth int) {
		m := a + (b-a)/2
		left, right := gaussLegendre(checked, a, m), gaussLegendre(checked, m, b)
		whole := gaussLegendre(checked, a, b)
		if depth < 30 && math.Abs(left+right-whole) > 1e-16*rough {
			refine(a, m, depth+1)
			refine(m, b, depth+1)
			return
		}
		sum.add(left)
		sum.add(right)
		d.edge = append(d.edge, b)
		d.mass = append(d.mass, sum.value())
	}
	for k := range panels {
		a, b := d.panel(lo, hi, k, panels)
		refine(a, b, 0)
	}
	if bad != nil {
		return nil, bad
	}
	if d.z = sum.value(); !(d.z > 0) || math.IsInf(d.z, 0) {
		return nil, fmt.Errorf("ot: the density integrates to %v over [%v, %v], want a finite positive number", d.z, lo, hi)
	}
	return d, nil
}

func (d *Density) panel(lo, hi float64, k, panels int) (a, b float64) {
	at := func(k int) float64 {
		if k == panels {
			return hi
		}
		return lo + float64((hi-lo)*(float64(k)/float64(panels)))
	}
	return at(k), at(k + 1)
}

// Normalizer is the integral of rho, by which the density is divided.
func (d *Density) Normalizer() float64 { return d.z }

// CDF is the share of the law below x.
func (d *Density) CDF(x float64) float64 {
	last := len(d.edge) - 1
	if x <= d.edge[0] {
		return 0
	}
	if x >= d.edge[last] {
		return 1
	}
	k := sort.SearchFloat64s(d.edge, x) - 1
	return (d.mass[k] + gaussLegendre(d.rho, d.edge[k], x)) / d.z
}

// Quantile is the point below which the share u in [0, 1] of the law lies.
func (d *Density) Quantile(u float64) float64 {
	want := float64(u * d.z)
	last := len(d.edge) - 1
	k := sort.SearchFloat64s(d.mass, want) - 1
	if k < 0 {
		return d.edge[0]
	}
	if k >= last {
		return d.edge[last]
	}
	// Newton's steps, with bisection where they leave the bracket.
	a, b := d.edge[k], d.edge[k+1]
	lo, hi := a, b
	x := a + float64((b-a)*((want-d.mass[k])/(d.mass[k+1]-d.mass[k])))
	for range 60 {
		f := d.mass[k] + gaussLegendre(d.rho, a, x) - want
		if f > 0 {
			hi = x
		} else {
			lo = x
		}
		next := x - f/d.rho(x)
		if !(next > lo && next < hi) {
			next = lo + (hi-lo)/2
		}
		if math.Abs(next-x) <= 4*epsilon*max(math.Abs(x), b-a) {
			return next
		}
		x = next
	}
	return x
}

// Expect is the mean of f under the law; f should be smooth.
func (d *Density) Expect(f func(x float64) float64) float64 {
	var sum accumulator
	g := func(x float64) float64 { return float64(f(x) * d.rho(x)) }
	for k := 1; k < len(d.edge); k++ {
		a, b := d.edge[k-1], d.edge[k]
		m := a + (b-a)/2
		sum.add(gaussLegendre(g, a, m))
		sum.add(gaussLegendre(g, m, b))
	}
	return sum.value() / d.z
}

// W2Squared is the square of the Wasserstein distance of order 2 between the
// uniform law on a sample and this one, without sampling error on this side:
//
//	Σ_i ∫_{q_i}^{q_{i+1}} (x_(i) − t)² ρ(t) dt   with q_i = Quantile(i/n).
//
// It integrates in t, where the density is smooth, so tails need no care.
func (d *Density) W2Squared(x []float64) (float64, error) {
	if err := (Points{X: x, Dim: 1}).check("x"); err != nil {
		return math.NaN(), err
	}
	s := slices.Clone(x)
	slices.Sort(s)
	n := len(s)
	var sum accumulator
	panel, a := 1, d.edge[0]
	for i, xi := range s {
		f := func(t float64) float64 { return float64((xi-t)*(xi-t)) * d.rho(t) }
		end := d.edge[len(d.edge)-1]
		if i+1 < n {
			end = d.Quantile(float64(i+1) / float64(n))
		}
		for a < end {
			b := min(end, d.edge[panel])
			sum.add(gaussLegendre(f, a, b))
			if a = b; b == d.edge[panel] && panel+1 < len(d.edge) {
				panel++
			}
		}
	}
	return sum.value() / d.z, nil
}

// W2 is the Wasserstein distance of order 2, the root of W2Squared.
func (d *Density) W2(x []float64) (float64, error) {
	c, err := d.W2Squared(x)
	return math.Sqrt(c), err
}
