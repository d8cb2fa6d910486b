package md

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Max(math.Abs(want), 1e-3)) {
		t.Errorf("%s = %.17g, want %.17g (off by %.2g)", what, got, want, got-want)
	}
}

func TestLawAgreesWithIntegralsTo30Digits(t *testing.T) {
	const tolerance = 1e-13
	for _, r := range readReference(t) {
		l := newLaw(t, r.Beta)
		near(t, "Z", l.Z(), r.Z, tolerance)
		near(t, "-log Z / β", -l.LogZ()/r.Beta, r.FreeEnergy, 1e-12)
		near(t, "E[x1²]", l.Moment(2, 0), r.E_x1_2, tolerance)
		near(t, "E[x1⁴]", l.Moment(4, 0), r.E_x1_4, tolerance)
		near(t, "E[x1⁶]", l.Moment(6, 0), r.E_x1_6, tolerance)
		near(t, "E[x2²]", l.Moment(0, 2), r.E_x2_2, tolerance)
		near(t, "E[x2⁴]", l.Moment(0, 4), r.E_x2_4, tolerance)
		near(t, "E[x1² x2²]", l.Moment(2, 2), r.E_x1_2*r.E_x2_2, tolerance)
		near(t, "E[x1³]", l.Moment(3, 0), 0, tolerance)
		near(t, "E[U]", l.MeanEnergy(), r.E_U, tolerance)
		near(t, "P(|x1| < 1/2)", l.CDF(0, 0.5)-l.CDF(0, -0.5), r.CoreShare, 1e-12)
		near(t, "density at 0", l.Density(0, 0), r.DensityAt0, tolerance)
		near(t, "passage -1 to 0", l.MeanFirstPassage(-1, 0), r.PassageTo0, 1e-12)
		near(t, "passage -1 to 1", l.MeanFirstPassage(-1, 1), r.PassageAcross, 1e-12)
		near(t, "passage -1/2 to 1/2", l.MeanFirstPassage(-0.5, 0.5), r.PassageCores, 1e-12)
		for i, x := range r.Grid {
			near(t, "density of x1", l.Density(0, x), r.PDF[i], 1e-12)
			near(t, "CDF of x1", l.CDF(0, x), r.CDF[i], 1e-12)
		}
	}
}

func TestEntropyAndLogZAtUnitTemperature(t *testing.T) {
	l := newLaw(t, 1)
	near(t, "entropy", l.Entropy(), 2.770782118481, 1e-11)
	near(t, "log Z", l.LogZ(), 2.031231442603414, 1e-14)
	// Integration by parts: E[x1⁴] - E[x1²] = 1/β.
	near(t, "E[x1⁴] - E[x1²]", l.Moment(4, 0)-l.Moment(2, 0), 1, 1e-13)
}

func TestLogDensityIntegratesToOne(t *testing.T) {
	l := newLaw(t, 3)
	const n, h = 160, 0.06
	var sum float64
	x, rho := make([]float64, 2*n), make([]float64, n)
	for j := range n {
		for i := range n {
			x[i] = h * (float64(i-n/2) + 0.5)
			x[n+i] = h * (float64(j-n/2) + 0.5)
		}
		l.LogDensities(rho, x, n, n)
		for _, v := range rho {
			sum += h * h * math.Exp(v)
		}
	}
	near(t, "integral of the density", sum, 1, 1e-10)
}

func TestQuantilesInvertTheCDF(t *testing.T) {
	for _, beta := range []float64{0.01, 0.5, 1, 8, 1000} {
		l := newLaw(t, beta)
		for c := range 2 {
			previous := math.Inf(-1)
			for _, p := range []float64{0, 1e-20, 1e-9, 1e-3, 0.1, 0.25, 0.4999, 0.5, 0.51, 0.75, 0.999, 1 - 1e-9, 1} {
				x := l.Quantile(c, p)
				if !(x > previous) {
					t.Errorf("β = %v: quantile of x%d at %v is %v, not above %v", beta, c+1, p, x, previous)
				}
				previous = x
				if back := l.CDF(c, x); math.Abs(back-p) > 1e-14+1e-11*p {
					t.Errorf("β = %v: CDF of x%d at its quantile of %v is %v", beta, c+1, p, back)
				}
			}
			near(t, "symmetry", l.Quantile(c, 0.25), -l.Quantile(c, 0.75), 1e-15)
		}
		near(t, "normal quantile", l.Quantile(1, 0.975), 1.959963984540054/math.Sqrt(beta), 1e-12)
	}
}

func TestPartialMeansOfTheLaw(t *testing.T) {
	for _, beta := range []float64{0.5, 1, 8} {
		l := newLaw(t, beta)
		for _, x := range []float64{-4, -1, -0.3, 0, 0.7, 2} {
			// The normal law: E[X; X ≤ x] = -variance × density.
			near(t, "partial mean of x2", l.PartialMean(1, x), -l.Density(1, x)/beta, 1e-13)
		}
		near(t, "symmetry", l.PartialMean(0, 0.6), l.PartialMean(0, -0.6), 0)
		near(t, "mean of x1", l.PartialMean(0, 9), 0, 0)
		// d/dx E[X; X ≤ x] = x times the density.
		const x, h = -0.8, 1e-4
		slope := (l.PartialMean(0, x+h) - l.PartialMean(0, x-h)) / (2 * h)
		near(t, "slope", slope, x*l.Density(0, x), 1e-7)
	}
}

func TestGaussRuleIsExactToDegree15(t *testing.T) {
	for p := range 16 {
		var x [8]float64
		half := gaussPoints(&x, 0, 2)
		for i := range x {
			x[i] = math.Pow(x[i], float64(p))
		}
		near(t, "integral of a power", gaussSum(&x, half), math.Pow(2, float64(p+1))/float64(p+1), 1e-14)
	}
}

func TestTemperaturesOutOfRangeAreRefused(t *testing.T) {
	for _, beta := range []float64{0, -1, math.NaN(), math.Inf(1), 1e-9} {
		if _, err := NewDoubleWellLaw(beta); err == nil {
			t.Errorf("β = %v was accepted", beta)
		}
	}
}
