package md

import (
	"fmt"
	"math"
)

// DoubleWellLaw is the Boltzmann distribution exp(-βU(x1, x2))/Z of the
// [DoubleWell]. The coordinates are independent: x2 is normal with variance
// 1/β, and x1 has the density exp(-β(x1²-1)²/4)/Z1.
//
// Integrals are made by Gauss–Legendre quadrature on a fixed grid, to about
// 1e-14, with the kernels' exponential and logarithm and rounded sums: they
// are the same bits on every CPU. A DoubleWellLaw is safe for concurrent use.
type DoubleWellLaw struct {
	beta     float64
	marginal [2]*marginal
}

// NewDoubleWellLaw returns the law at inverse temperature β, from 0.01 to
// 1000.
func NewDoubleWellLaw(beta float64) (*DoubleWellLaw, error) {
	if !(beta >= 0.01 && beta <= 1000) {
		return nil, fmt.Errorf("md: inverse temperature β = %v of the double well, want 0.01 to 1000", beta)
	}
	// The grids end where βV = 60.
	quartic := func(x float64) float64 {
		q := float64(x*x) - 1
		return 0.25 * float64(q*q)
	}
	quadratic := func(x float64) float64 { return 0.5 * float64(x*x) }
	return &DoubleWellLaw{beta: beta, marginal: [2]*marginal{
		newMarginal(beta, math.Sqrt(1+math.Sqrt(240/beta)), quartic),
		newMarginal(beta, math.Sqrt(120/beta), quadratic),
	}}, nil
}

// Beta returns the inverse temperature.
func (l *DoubleWellLaw) Beta() float64 { return l.beta }

// Z returns the normalizing constant, the integral of exp(-βU) over the plane.
func (l *DoubleWellLaw) Z() float64 { return float64(l.marginal[0].z * l.marginal[1].z) }

// LogZ returns log Z.
func (l *DoubleWellLaw) LogZ() float64 { return log1(l.Z()) }

// Moment returns E[x1^p x2^q] for p, q ≥ 0.
func (l *DoubleWellLaw) Moment(p, q int) float64 {
	if p < 0 || q < 0 {
		panic(fmt.Sprintf("md: Moment(%d, %d): want exponents of 0 or more", p, q))
	}
	return float64(l.marginal[0].moment(p) * l.marginal[1].moment(q))
}

// MeanEnergy returns E[U].
func (l *DoubleWellLaw) MeanEnergy() float64 {
	m2, m4 := l.Moment(2, 0), l.Moment(4, 0)
	return (m4-2*m2+1)/4 + l.Moment(0, 2)/2
}

// Entropy returns the differential entropy -E[log ρ] = βE[U] + log Z in nats:
// the least negative log-likelihood that a model can reach on average.
func (l *DoubleWellLaw) Entropy() float64 {
	return float64(l.beta*l.MeanEnergy()) + l.LogZ()
}

// LogDensities writes log ρ of n configurations, a panel [2][n] with row
// stride ld, to dst.
func (l *DoubleWellLaw) LogDensities(dst []float64, x []float64, ld, n int) {
	DoubleWell[float64]{}.Energies(dst, x, ld, n)
	logZ := l.LogZ()
	for i, u := range dst[:n] {
		dst[i] = -float64(l.beta*u) - logZ
	}
}

// Density returns the marginal density of one coordinate, 0 for x1 and 1 for
// x2, at x.
func (l *DoubleWellLaw) Density(coordinate int, x float64) float64 {
	return l.marginal[coordinate].density(x)
}

// CDF returns the probability that the coordinate is at most x.
func (l *DoubleWellLaw) CDF(coordinate int, x float64) float64 {
	return l.marginal[coordinate].probability(x)
}

// Quantile returns the number that the coordinate exceeds with probability
// 1 - p, for 0 ≤ p ≤ 1. At 0 and 1 it returns numbers beyond which the density
// is less than 1e-26 of its peak.
func (l *DoubleWellLaw) Quantile(coordinate int, p float64) float64 {
	if !(p >= 0 && p <= 1) {
		panic(fmt.Sprintf("md: Quantile(%d, %v): want a probability from 0 to 1", coordinate, p))
	}
	return l.marginal[coordinate].quantile(p)
}

// PartialMean returns E[X; X ≤ x] of the coordinate X, the integral of t times
// its density over all t ≤ x.
func (l *DoubleWellLaw) PartialMean(coordinate int, x float64) float64 {
	return l.marginal[coordinate].partialMean(x)
}

// MeanFirstPassage returns the mean time that the exact overdamped dynamics
// takes from x1 = a to the first visit of c ≥ a,
//
//	β ∫_a^c e^{βU(y)} ∫_{-∞}^y e^{-βU(z)} dz dy.
func (l *DoubleWellLaw) MeanFirstPassage(a, c float64) float64 {
	if !(a <= c) {
		panic(fmt.Sprintf("md: MeanFirstPassage(%v, %v): want a ≤ c", a, c))
	}
	const cells = 64
	m := l.marginal[0]
	var sum float64
	for k := range cells {
		var y, f [8]float64
		from := a + float64((c-a)*(float64(k)/cells))
		to := a + float64((c-a)*(float64(k+1)/cells))
		half := gaussPoints(&y, from, to)
		for i, v := range y {
			f[i] = exp1(l.beta*m.energy(v)) * m.below(v)
		}
		sum += gaussSum(&f, half)
	}
	return float64(l.beta * sum)
}
