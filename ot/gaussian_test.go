package ot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// gaussianCase is a closed form of testdata/gaussian.json.
type gaussianCase struct {
	Kind          string
	D             int
	M0, M1, Mt    []float64
	S0, S1, A, St [][]float64
	X, Tx         [][]float64
	W2sq, T       float64
	W2Part        float64 `json:"W2_0t"`
	Eps, Value    float64
}

func (in *gaussianCase) laws() (p, q Gaussian) {
	return Gaussian{in.M0, slices.Concat(in.S0...)}, Gaussian{in.M1, slices.Concat(in.S1...)}
}

func TestGaussianClosedFormsOfOtherPrograms(t *testing.T) {
	var list []gaussianCase
	readJSON(t, "gaussian.json", &list)
	seen := map[string]int{}
	for _, in := range list {
		seen[in.Kind]++
		name := fmt.Sprint(in.Kind, " ", in.D)
		p, q := in.laws()
		if in.Kind == "gaussian_entropic" {
			c, err := GaussianEntropicCost(p, q, in.Eps)
			if err != nil {
				t.Fatal(err)
			}
			near(t, name, c, in.Value, 1e-13*in.Value)
			continue
		}
		c, err := GaussianW2Squared(p, q)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" W2²", c, in.W2sq, 1e-11*in.W2sq)
		m, err := GaussianMap(p, q)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range slices.Concat(in.A...) {
			near(t, name+" A", m.A[k], want, 1e-9)
		}
		y := m.Apply(NewPoints(slices.Concat(in.X...), in.D))
		for k, want := range slices.Concat(in.Tx...) {
			near(t, name+" T(x)", y.X[k], want, 1e-9)
		}
		g, err := GaussianInterpolation(p, q, in.T)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range slices.Concat(in.St...) {
			near(t, name+" covariance at t", g.Cov[k], want, 1e-9)
		}
		for k, want := range in.Mt {
			near(t, name+" mean at t", g.Mean[k], want, 1e-14)
		}
		part, err := GaussianW2(p, g)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" W2 to t", part, in.W2Part, 1e-9*in.W2Part)
		near(t, name+" W2 to t", part, in.T*math.Sqrt(c), 1e-9*part)
	}
	if seen["gaussian_affine"] != 6 || seen["gaussian_entropic"] != 2 {
		t.Errorf("cases %v", seen)
	}
}

// randomLaw has a covariance of the given rank with eigenvalues over some decades.
func randomLaw(d, rank int, r *rand.Rand) Gaussian {
	g := Gaussian{make([]float64, d), make([]float64, d*d)}
	for k := range g.Mean {
		g.Mean[k] = r.NormFloat64()
	}
	for range rank {
		v := make([]float64, d)
		for k := range v {
			v[k] = r.NormFloat64()
		}
		s := math.Exp(3 * r.NormFloat64())
		for i := range d {
			for j := range d {
				g.Cov[i*d+j] += s * (v[i] * v[j])
			}
		}
	}
	return g
}

func mustW2Squared(t *testing.T, p, q Gaussian) float64 {
	t.Helper()
	c, err := GaussianW2Squared(p, q)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGaussianDistanceOfDiagonalAndSingularLaws(t *testing.T) {
	// Commuting covariances: Σ (√a − √b)². Half of these eigenvalues are 0.
	a, b := []float64{4, 0, 9, 0}, []float64{1, 16, 0, 0}
	p, q := Gaussian{make([]float64, 4), make([]float64, 16)}, Gaussian{[]float64{0, 0, 0, 3}, make([]float64, 16)}
	for k := range 4 {
		p.Cov[5*k], q.Cov[5*k] = a[k], b[k]
	}
	near(t, "diagonal", mustW2Squared(t, p, q), 1+16+9+9, 1e-13)
	if _, err := GaussianMap(p, q); err == nil {
		t.Error("a singular law has a map")
	}
	point := Gaussian{make([]float64, 4), make([]float64, 16)}
	near(t, "to a point", mustW2Squared(t, p, point), 13, 1e-13)
	near(t, "point to point", mustW2Squared(t, point, Gaussian{[]float64{3, 0, 4, 0}, point.Cov}), 25, 0)

	r := rand.New(rand.NewPCG(31, 31))
	for _, d := range []int{1, 2, 5, 20} {
		for _, rank := range []int{1, d/2 + 1, 2 * d} {
			p, q, s := randomLaw(d, rank, r), randomLaw(d, 2*d, r), randomLaw(d, rank, r)
			pq, qp := mustW2Squared(t, p, q), mustW2Squared(t, q, p)
			near(t, "symmetry", pq, qp, 1e-11*pq)
			// The trace formula, with the eigenvalues of S₀^½ S₁ S₀^½.
			g, err := newGaussians(p, q)
			if err != nil {
				t.Fatal(err)
			}
			values, _ := symmetricEigen(product(product(g.root0, q.Cov, d), g.root0, d), d)
			want := 0.0
			for k := range d {
				want += (p.Mean[k]-q.Mean[k])*(p.Mean[k]-q.Mean[k]) + p.Cov[k*d+k] + q.Cov[k*d+k] - 2*math.Sqrt(max(values[k], 0))
			}
			near(t, fmt.Sprintf("trace formula, d = %d, rank %d", d, rank), pq, want, 1e-6*want)
			ps, sq := mustW2Squared(t, p, s), mustW2Squared(t, s, q)
			if math.Sqrt(pq) > math.Sqrt(ps)+math.Sqrt(sq)+1e-9 {
				t.Errorf("d = %d: triangle inequality fails", d)
			}
			trace := 0.0
			for k := range d {
				trace += p.Cov[k*d+k]
			}
			near(t, "a law and itself", mustW2Squared(t, p, p), 0, 1e-14*trace)
		}
	}
}

func TestGaussianDistanceKeepsItsDigitsWhereLawsAreClose(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 32))
	p := randomLaw(6, 12, r)
	q := Gaussian{p.Mean, slices.Clone(p.Cov)}
	const h = 1e-9 // (1+h)² S: the map is (1+h) I, and W2² = h² tr S
	trace := 0.0
	for k := range q.Cov {
		q.Cov[k] *= 1 + 2*h + h*h
		if k%7 == 0 {
			trace += p.Cov[k]
		}
	}
	near(t, "W2²", mustW2Squared(t, p, q), h*h*trace, 1e-5*h*h*trace)
}

func TestGaussianMapPushesOneLawToTheOther(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 33))
	for _, d := range []int{1, 3, 8} {
		p, q := randomLaw(d, 3*d, r), randomLaw(d, 3*d, r)
		m, err := GaussianMap(p, q)
		if err != nil {
			t.Fatal(err)
		}
		pushed := product(product(m.A, p.Cov, d), m.A, d)
		for k, v := range pushed {
			near(t, "A S₀ A", v, q.Cov[k], 1e-8*slices.Max(q.Cov))
		}
		values, _ := symmetricEigen(m.A, d)
		if slices.Min(values) <= 0 {
			t.Errorf("A has the eigenvalue %v: it is no gradient of a convex function", slices.Min(values))
		}
	}
}

func TestGaussianEntropicCostGoesFromW2ToIndependence(t *testing.T) {
	r := rand.New(rand.NewPCG(34, 34))
	p, q := randomLaw(4, 8, r), randomLaw(4, 8, r)
	small, err := GaussianEntropicCost(p, q, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	w := mustW2Squared(t, p, q)
	near(t, "ε → 0", small, w, 1e-6*w)
	want := 0.0
	for k := range 4 {
		want += (p.Mean[k]-q.Mean[k])*(p.Mean[k]-q.Mean[k]) + p.Cov[5*k] + q.Cov[5*k]
	}
	large, err := GaussianEntropicCost(p, q, 1e12)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ε → ∞", large, want, 1e-6*want)
	if _, err := GaussianEntropicCost(p, q, 0); err == nil {
		t.Error("ε = 0 passes")
	}
}

func TestGaussianErrorsSayWhatIsWrong(t *testing.T) {
	one := Gaussian{[]float64{0, 0}, []float64{1, 0, 0, 1}}
	for _, c := range []struct {
		p, q Gaussian
		want string
	}{
		{one, Gaussian{[]float64{0}, []float64{1}}, "dimensions 2 and 1"},
		{Gaussian{}, one, "first law has no mean"},
		{Gaussian{[]float64{0, 0}, []float64{1, 0, 0}}, one, "first covariance has 3 elements for a mean of 2, want 4"},
		{one, Gaussian{[]float64{0, math.NaN()}, one.Cov}, "second mean[1] is NaN"},
		{one, Gaussian{one.Mean, []float64{1, 0, math.Inf(1), 1}}, "second covariance[1][0] is +Inf"},
		{one, Gaussian{one.Mean, []float64{1, 0.5, 0.4, 1}}, "second covariance is not symmetric: [0][1] is 0.5 and [1][0] is 0.4"},
		{Gaussian{one.Mean, []float64{0.00001, 1, 1, 0.00001}}, one, "first covariance is indefinite: it has the eigenvalue -0.9999"},
	} {
		_, err := GaussianW2(c.p, c.q)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}

func BenchmarkGaussianW2(b *testing.B) {
	r := rand.New(rand.NewPCG(35, 35))
	for _, d := range []int{2, 66} {
		p, q := randomLaw(d, 2*d, r), randomLaw(d, 2*d, r)
		b.Run(fmt.Sprint(d), func(b *testing.B) {
			for b.Loop() {
				if _, err := GaussianW2(p, q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
