package ot

import (
	"math"
	"math/rand/v2"
	"testing"
)

// normalDensity is the density of N(0, 1) up to its factor.
func normalDensity(x float64) float64 { return math.Exp(-x * x / 2) }

func normalQuantile(u float64) float64 { return math.Sqrt2 * math.Erfinv(2*u-1) }

func mustDensity(t testing.TB, rho func(float64) float64, lo, hi float64) *Density {
	t.Helper()
	d, err := NewDensity(rho, lo, hi)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOnePointAgainstALawIsItsSecondMoment(t *testing.T) {
	d := mustDensity(t, normalDensity, -12, 12)
	for _, a := range []float64{0, 0.7, -3} {
		got, err := d.W2Squared([]float64{a})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "by density", got, 1+a*a, 1e-14*(1+a*a))
		got, err = QuantileW2Squared([]float64{a}, normalQuantile)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "by quantiles", got, 1+a*a, 1e-12*(1+a*a))
	}
}

func TestTwoPointsAgainstAUniformLaw(t *testing.T) {
	// ∫_0^½ (x1 − u)² + ∫_½^1 (x2 − u)²
	third := func(x, a, b float64) float64 { return (math.Pow(b-x, 3) - math.Pow(a-x, 3)) / 3 }
	x := []float64{0.9, 0.1} // unsorted
	want := third(0.1, 0, 0.5) + third(0.9, 0.5, 1)
	got, err := QuantileW2Squared(x, func(u float64) float64 { return u })
	if err != nil {
		t.Fatal(err)
	}
	near(t, "by quantiles", got, want, 1e-15)
	got, err = mustDensity(t, func(float64) float64 { return 3 }, 0, 1).W2Squared(x)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "by density", got, want, 1e-15)
}

func TestDensityAndQuantilesAgreeOnSamples(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	d := mustDensity(t, normalDensity, -12, 12)
	for _, n := range []int{2, 3, 10, 600, 10000} {
		x := make([]float64, n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		a, err := d.W2Squared(x)
		if err != nil {
			t.Fatal(err)
		}
		b, err := QuantileW2Squared(x, normalQuantile)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "W2²", a, b, 1e-13)
		rooted, _ := d.W2(x)
		near(t, "W2", rooted, math.Sqrt(a), 0)
	}
}

func TestAQuantileSampleComesCloserAtTheKnownRate(t *testing.T) {
	// Cell means of a uniform law: W2² = 1/(12 n²) exactly.
	d := mustDensity(t, func(float64) float64 { return 1 }, 0, 1)
	for _, n := range []int{1, 10, 1000} {
		x := make([]float64, n)
		for i := range x {
			x[i] = (float64(i) + 0.5) / float64(n)
		}
		got, err := d.W2Squared(x)
		if err != nil {
			t.Fatal(err)
		}
		want := 1 / (12 * float64(n) * float64(n))
		near(t, "W2²", got, want, 1e-12*want)
	}
}

func TestDoubleWellsMarginal(t *testing.T) {
	d := mustDensity(t, func(x float64) float64 { s := x*x - 1; return math.Exp(-s * s / 4) }, -8, 8)
	near(t, "E[x²]", d.Expect(func(x float64) float64 { return x * x }), 1.041797296, 1e-9)
	near(t, "E[x⁴] − E[x²]", d.Expect(func(x float64) float64 { return x*x*x*x - x*x }), 1, 1e-13)
	near(t, "log Z of both coordinates", math.Log(d.Normalizer())+math.Log(2*math.Pi)/2, 2.03123, 5e-6)
	for _, u := range []float64{0, 1e-12, 1e-4, 0.1, 0.25, 0.5, 0.9, 1} {
		near(t, "CDF(Quantile(u))", d.CDF(d.Quantile(u)), u, 1e-15)
	}
	near(t, "median", d.Quantile(0.5), 0, 1e-15)
}

func TestClosedFormsOnTheLine(t *testing.T) {
	var list []map[string]any
	readJSON(t, "closed.json", &list)
	normal := mustDensity(t, normalDensity, -7.5, 7.5) // further out its CDF rounds to 1
	for _, in := range list {
		num := func(k string) float64 { v, _ := in[k].(float64); return v }
		var target func(u float64) float64 // quantile function
		tol := 1e-6
		switch {
		case in["kind"] == "map1d_numeric":
			beta := num("beta")
			target = mustDensity(t, func(x float64) float64 { s := x*x - 1; return math.Exp(-beta * s * s / 4) }, -8, 8).Quantile
			tol = num("W2sq_tol")
		case in["kind"] != "map1d":
			continue
		case in["rate"] != nil:
			target = func(u float64) float64 { return -math.Log1p(-u) / num("rate") }
		case in["p"] != nil:
			target = func(u float64) float64 { return math.Pow(u, num("p")) }
		default:
			target = func(u float64) float64 { return math.Exp(num("mu") + num("sg")*normalQuantile(u)) }
			tol = 1e-7
		}
		cdf := func(u float64) float64 { return u }
		if in["source"] == "N(0,1)" {
			cdf = normal.CDF
		}
		x, tx := in["x"].([]any), in["Tx"].([]any)
		for k := range x {
			near(t, in["target"].(string)+": T(x)", target(cdf(x[k].(float64))), tx[k].(float64), 1e-7)
		}
		if in["source"] == "N(0,1)" {
			got := normal.Expect(func(x float64) float64 { d := target(cdf(x)) - x; return d * d })
			near(t, in["target"].(string)+": W2²", got, num("W2sq"), tol)
			continue
		}
		// Midpoints of n cells stand for the uniform source up to O(1/n²).
		const n = 4000
		s := make([]float64, n)
		for i := range s {
			s[i] = (float64(i) + 0.5) / n
		}
		got, err := QuantileW2Squared(s, target)
		if err != nil {
			t.Fatal(err)
		}
		near(t, in["target"].(string)+": W2²", got, num("W2sq"), tol)
	}
}
