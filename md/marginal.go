package md

import (
	"math"
	"sort"

	"pushforward/kernels"
)

// marginal is the law on the line with density exp(-βV(x))/z for an even
// energy V, tabulated by Gauss–Legendre quadrature on a grid of cells.
type marginal struct {
	beta   float64
	energy func(x float64) float64
	reach  float64   // the density is below 1e-26 of its peak beyond ±reach
	cdf    []float64 // the integral of exp(-βV) from -reach to node k
	first  []float64 // that of x·exp(-βV)
	z      float64
}

// marginalCells is the number of cells of the grid on [-reach, reach].
const marginalCells = 512

func newMarginal(beta, reach float64, energy func(float64) float64) *marginal {
	m := &marginal{beta: beta, energy: energy, reach: reach}
	m.cdf = make([]float64, marginalCells+1)
	m.first = make([]float64, marginalCells+1)
	for k := range marginalCells {
		m.cdf[k+1] = m.cdf[k] + m.integrate(m.node(k), m.node(k+1), 0)
		m.first[k+1] = m.first[k] + m.integrate(m.node(k), m.node(k+1), 1)
	}
	m.z = m.cdf[marginalCells]
	return m
}

// node returns the left end of cell k. The grid is symmetric to the bit.
func (m *marginal) node(k int) float64 {
	return float64(m.reach * (float64(2*k-marginalCells) / marginalCells))
}

// integrate returns the integral of x^p exp(-βV) over [a, b].
func (m *marginal) integrate(a, b float64, p int) float64 {
	var x, w [8]float64
	half := gaussPoints(&x, a, b)
	for i, v := range x {
		w[i] = -m.beta * m.energy(v)
	}
	kernels.Exp(w[:], w[:])
	for i, v := range x {
		for range p {
			w[i] *= v
		}
	}
	return gaussSum(&w, half)
}

// weight returns exp(-βV(x)).
func (m *marginal) weight(x float64) float64 { return exp1(-m.beta * m.energy(x)) }

func (m *marginal) density(x float64) float64 { return m.weight(x) / m.z }

// moment returns E[x^p].
func (m *marginal) moment(p int) float64 {
	if p%2 == 1 {
		return 0
	}
	var s float64
	for k := range marginalCells {
		s += m.integrate(m.node(k), m.node(k+1), p)
	}
	return s / m.z
}

// below returns the integral of exp(-βV) over all numbers up to x.
func (m *marginal) below(x float64) float64 {
	switch {
	case x <= -m.reach:
		return 0
	case x >= m.reach:
		return m.z
	}
	k := m.cell(x)
	return m.cdf[k] + m.integrate(m.node(k), x, 0)
}

// cell returns the cell that holds x, or the nearest.
func (m *marginal) cell(x float64) int {
	k := int((x + m.reach) / (2 * m.reach) * marginalCells)
	return min(max(k, 0), marginalCells-1)
}

// partialMean returns E[X; X ≤ x], the integral of t times the density over
// all t up to x.
func (m *marginal) partialMean(x float64) float64 {
	if x = -math.Abs(x); x <= -m.reach { // an even function
		return 0
	}
	k := m.cell(x)
	return (m.first[k] + m.integrate(m.node(k), x, 1)) / m.z
}

// probability returns P(X ≤ x).
func (m *marginal) probability(x float64) float64 {
	if x > 0 { // by way of the smaller tail, which the table knows best
		return 1 - m.below(-x)/m.z
	}
	return m.below(x) / m.z
}

// quantile returns the x with P(X ≤ x) = p, for 0 ≤ p ≤ 1.
func (m *marginal) quantile(p float64) float64 {
	switch {
	case p > 0.5:
		return -m.quantile(1 - p)
	case p == 0.5:
		return 0
	}
	target := float64(p * m.z)
	k := sort.SearchFloat64s(m.cdf, target)
	if k == 0 {
		return -m.reach
	}
	start, base := m.node(k-1), m.cdf[k-1]
	lo, hi := start, m.node(k)
	x := lo + float64((hi-lo)*((target-base)/(m.cdf[k]-base)))
	for range 60 { // Newton's method, kept inside a bracket
		f := base + m.integrate(start, x, 0) - target
		if f > 0 {
			hi = x
		} else {
			lo = x
		}
		next := x - f/m.weight(x)
		if !(next > lo && next < hi) {
			next = lo + (hi-lo)/2
		}
		if math.Abs(next-x) <= 1e-15*m.reach {
			return next
		}
		x = next
	}
	return x
}

// exp1 and log1 are the kernels' functions of one number.
func exp1(x float64) float64 {
	v := [1]float64{x}
	kernels.Exp(v[:], v[:])
	return v[0]
}

func log1(x float64) float64 {
	v := [1]float64{x}
	kernels.Log(v[:], v[:])
	return v[0]
}
