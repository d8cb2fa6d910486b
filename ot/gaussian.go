package ot

import (
	"errors"
	"fmt"
	"math"

	"pushforward/kernels"
)

// Gaussian is a normal law: d means, and a covariance matrix, row-major [d][d],
// symmetric without negative eigenvalues.
type Gaussian struct {
	Mean, Cov []float64
}

// GaussianW2Squared is the square of the Wasserstein distance of order 2
// between two normal laws,
//
//	|m₀ − m₁|² + tr(S₀ + S₁ − 2 (S₀^½ S₁ S₀^½)^½)
//
// (Dowson and Landau 1982; also called Bures' distance, or Fréchet's). It is
// computed as |m₀ − m₁|² + ‖S₀^½ − Qᵀ S₁^½‖² with Q the orthogonal polar factor of
// S₁^½ S₀^½, which keeps its digits where the laws are close, and needs no
// inverse. Errors say which law is none: sizes that do not fit, numbers that are
// not finite, a covariance that is not symmetric or has a negative eigenvalue.
func GaussianW2Squared(p, q Gaussian) (float64, error) {
	g, err := newGaussians(p, q)
	if err != nil {
		return math.NaN(), err
	}
	// Qᵀ = Σ v uᵀ.
	d := g.d
	qt := make([]float64, d*d)
	for k := range d {
		for i := range d {
			for j := range d {
				qt[i*d+j] += float64(g.v[k*d+i] * g.u[k*d+j])
			}
		}
	}
	turned := product(qt, g.root1, d)
	var s accumulator
	g.addMeans(&s)
	for k, v := range g.root0 {
		s.add(float64((v - turned[k]) * (v - turned[k])))
	}
	return finiteCost(s.value())
}

// GaussianW2 is the Wasserstein distance of order 2 between two normal laws, the
// root of GaussianW2Squared.
func GaussianW2(p, q Gaussian) (float64, error) {
	c, err := GaussianW2Squared(p, q)
	return math.Sqrt(c), err
}

// GaussianEntropicCost is the entropic transport cost between two normal laws
// for the squared distance, min ⟨P, |x−y|²⟩ + ε KL(P | p⊗q): what Sinkhorn's Cost
// tends to with the number of points (Janati, Muzellec, Peyré, Cuturi 2020,
// theorem 1, with ε = 2σ²):
//
//	|m₀ − m₁|² + tr S₀ + tr S₁ − Σ_k (d_k − σ² − σ² log((d_k + σ²)/2σ²)),  d_k = √(4 s_k² + σ⁴),
//
// where s_k are the singular values of S₁^½ S₀^½. Errors as for GaussianW2Squared.
func GaussianEntropicCost(p, q Gaussian, epsilon float64) (float64, error) {
	if !(epsilon > 0) || math.IsInf(epsilon, 0) {
		return math.NaN(), fmt.Errorf("ot: epsilon is %v, want a finite positive number in the unit of squared distances", epsilon)
	}
	g, err := newGaussians(p, q)
	if err != nil {
		return math.NaN(), err
	}
	var s accumulator
	g.addMeans(&s)
	variance := epsilon / 2
	for k := range g.d {
		s.add(p.Cov[k*g.d+k])
		s.add(q.Cov[k*g.d+k])
		// d − σ² = 4s²/(d + σ²), and its share u of 2σ².
		t := 2 * g.sigma[k] / variance
		root := math.Sqrt(float64(t*t) + 1)
		u := float64(t*t) / (root + 1) / 2
		s.add(-float64(variance * (2*u - log1p(u))))
	}
	return finiteCost(s.value())
}

// log1p is log(1 + u) for u ≥ 0, right where 1 + u rounds too.
func log1p(u float64) float64 {
	w := [1]float64{1 + u}
	if rounded := w[0] - 1; rounded > 0 && !math.IsInf(u, 0) {
		kernels.Log(w[:], w[:])
		return float64(w[0] * (u / rounded))
	}
	return u
}

// Affine is a map x ↦ To + A (x − From), with A row-major [d][d].
type Affine struct {
	A        []float64
	From, To []float64
}

// GaussianMap is the optimal (Brenier) map from one normal law to another,
//
//	T(x) = m₁ + A (x − m₀),   A = S₀^-½ (S₀^½ S₁ S₀^½)^½ S₀^-½,
//
// whose A is symmetric. Beside GaussianW2Squared's, it is an error if S₀ is
// singular: then there need not be a map.
func GaussianMap(p, q Gaussian) (*Affine, error) {
	g, err := newGaussians(p, q)
	if err != nil {
		return nil, err
	}
	d := g.d
	largest := 0.0
	for _, v := range g.values0 {
		largest = max(largest, v)
	}
	for _, v := range g.values0 {
		if !(v > float64(float64(d)*epsilon)*largest) {
			return nil, errors.New("ot: the first covariance is singular: no map from it is determined")
		}
	}
	inverse := spectral(g.vectors0, d, func(k int) float64 { return 1 / math.Sqrt(g.values0[k]) })
	middle := spectral(g.v, d, func(k int) float64 { return g.sigma[k] })
	a := product(product(inverse, middle, d), inverse, d)
	for i := range d {
		for j := range i {
			a[i*d+j] = (a[i*d+j] + a[j*d+i]) / 2
			a[j*d+i] = a[i*d+j]
		}
	}
	return &Affine{A: a, From: append([]float64(nil), p.Mean...), To: append([]float64(nil), q.Mean...)}, nil
}

// Apply maps every point. It panics when the points have another dimension.
func (m *Affine) Apply(x Points) Points {
	d := len(m.From)
	if x.Dim != d {
		panic(fmt.Sprintf("ot: a map of dimension %d applied to points of dimension %d", d, x.Dim))
	}
	out := make([]float64, len(x.X))
	centred := make([]float64, d)
	for i := range x.Len() {
		for k, v := range x.At(i) {
			centred[k] = v - m.From[k]
		}
		for k := range d {
			out[i*d+k] = m.To[k] + dot(m.A[k*d:][:d], centred)
		}
	}
	return NewPoints(out, d)
}

// GaussianInterpolation is the law a share t of the way from p to q on the
// shortest path (McCann 1997), normal too, with mean (1−t) m₀ + t m₁ and covariance
// B S₀ B where B = (1−t) I + t A: its distance from p is t times that of q. Errors
// as for GaussianMap.
func GaussianInterpolation(p, q Gaussian, t float64) (Gaussian, error) {
	m, err := GaussianMap(p, q)
	if err != nil {
		return Gaussian{}, err
	}
	d := len(p.Mean)
	g := Gaussian{Mean: make([]float64, d)}
	b := make([]float64, d*d)
	for i := range d {
		g.Mean[i] = float64((1-t)*p.Mean[i]) + float64(t*q.Mean[i])
		for j := range d {
			b[i*d+j] = float64(t * m.A[i*d+j])
		}
		b[i*d+i] += 1 - t
	}
	g.Cov = product(product(b, p.Cov, d), b, d)
	for i := range d {
		for j := range i {
			g.Cov[i*d+j] = (g.Cov[i*d+j] + g.Cov[j*d+i]) / 2
			g.Cov[j*d+i] = g.Cov[i*d+j]
		}
	}
	return g, nil
}

// gaussians are two normal laws with the square roots of their covariances,
// the eigenvalues and vectors of the first, and S₁^½ S₀^½ = Σ σ_k u_k v_kᵀ.
type gaussians struct {
	d                 int
	p, q              Gaussian
	root0, root1      []float64
	values0, vectors0 []float64
	sigma, u, v       []float64
}

func newGaussians(p, q Gaussian) (*gaussians, error) {
	d := len(p.Mean)
	if d == 0 {
		return nil, errors.New("ot: the first law has no mean, want at least one dimension")
	}
	if len(q.Mean) != d {
		return nil, fmt.Errorf("ot: the laws have dimensions %d and %d, want the same", d, len(q.Mean))
	}
	g := &gaussians{d: d, p: p, q: q}
	var err error
	if g.root0, g.values0, g.vectors0, err = p.root("first"); err != nil {
		return nil, err
	}
	if g.root1, _, _, err = q.root("second"); err != nil {
		return nil, err
	}
	g.sigma, g.u, g.v = singularValues(product(g.root1, g.root0, d), d)
	return g, nil
}

func (g *gaussians) addMeans(s *accumulator) {
	for k, v := range g.p.Mean {
		s.add(float64((v - g.q.Mean[k]) * (v - g.q.Mean[k])))
	}
}

// root is the symmetric square root of the covariance, and its eigenvalues and
// vectors, or what is wrong with the law.
func (g Gaussian) root(name string) (root, values, vectors []float64, err error) {
	d := len(g.Mean)
	if len(g.Cov) != d*d {
		return nil, nil, nil, fmt.Errorf("ot: the %s covariance has %d elements for a mean of %d, want %d", name, len(g.Cov), d, d*d)
	}
	largest := 0.0
	for k, v := range g.Mean {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil, nil, fmt.Errorf("ot: the %s mean[%d] is %v, want a finite number", name, k, v)
		}
	}
	for k, v := range g.Cov {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil, nil, fmt.Errorf("ot: the %s covariance[%d][%d] is %v, want a finite number", name, k/d, k%d, v)
		}
		largest = max(largest, math.Abs(v))
	}
	s := make([]float64, d*d)
	for i := range d {
		for j := range d {
			v, w := g.Cov[i*d+j], g.Cov[j*d+i]
			if !(math.Abs(v-w) <= 1e-9*largest) {
				return nil, nil, nil, fmt.Errorf("ot: the %s covariance is not symmetric: [%d][%d] is %v and [%d][%d] is %v", name, i, j, v, j, i, w)
			}
			s[i*d+j] = v/2 + w/2
		}
	}
	values, vectors = symmetricEigen(s, d)
	for k, v := range values {
		if v < -1e-9*largest {
			return nil, nil, nil, fmt.Errorf("ot: the %s covariance is indefinite: it has the eigenvalue %v", name, v)
		}
		values[k] = max(v, 0)
	}
	return spectral(vectors, d, func(k int) float64 { return math.Sqrt(values[k]) }), values, vectors, nil
}
