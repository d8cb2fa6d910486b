package ot

import (
	"fmt"
	"math"

	"pushforward/kernels"
)

// Entropic is a solution of the entropic transport problem
//
//	OT_ε(μ, ν) = min Σ_ij P_ij c(x_i, y_j) + ε KL(P | a⊗b)   over P ≥ 0 with marginals a and b,
//	KL(P | a⊗b) = Σ_ij P_ij log(P_ij / (a_i b_j)) − P_ij + a_i b_j,
//
// whose plan has the form P_ij = a_i b_j exp((F_i + G_j − c(x_i, y_j))/ε)
// (Cuturi 2013). Cost, Transport, Dual, F, G and Epsilon are in the unit of the
// cost: for SquaredEuclidean in that of a squared distance.
type Entropic struct {
	// Cost is OT_ε: Transport + ε KL of the plan.
	Cost float64
	// Transport is Σ P_ij c(x_i, y_j), which is above the transport cost without ε.
	Transport float64
	// KL is the divergence of the plan from a⊗b, without a unit.
	KL float64
	// Dual is Σ a_i F_i + Σ b_j G_j − ε (Σ P_ij − 1): a lower bound of OT_ε for any
	// potentials, which these reach up to MarginalError.
	Dual float64
	// F and G are the potentials, defined up to a constant that goes from one to
	// the other; here Σ a_i F_i = Σ b_j G_j.
	F, G []float64
	// Epsilon is ε as it was given.
	Epsilon float64
	// MarginalError is Σ_i |Σ_j P_ij − a_i| + Σ_j |Σ_i P_ij − b_j|, of total masses 1.
	MarginalError float64
	// Iterations counts updates of both potentials, on all levels of ε together.
	Iterations int
	// Status says whether MarginalError has come down to the tolerance.
	Status SinkhornStatus

	s *sinkhorn
}

// SinkhornStatus says how a run of Sinkhorn's algorithm ended.
type SinkhornStatus uint8

const (
	// Converged means that the marginals are within the tolerance.
	Converged SinkhornStatus = iota
	// NotConverged means that the limit came first, or the context's end:
	// MarginalError says how far from a plan the result is.
	NotConverged
)

func (s SinkhornStatus) String() string {
	return [...]string{"converged", "not converged"}[s]
}

// WithTolerance sets the marginal error (see Entropic) at which Sinkhorn stops;
// without it that is 1e-9.
func WithTolerance(marginalError float64) Option {
	return func(s *settings) { s.tolerance = marginalError }
}

const (
	defaultTolerance  = 1e-9
	defaultIterations = 10000
)

// Sinkhorn solves the entropic transport problem, see Entropic for what it is
// and gives, between two clouds by Sinkhorn's algorithm in the log domain,
//
//	F_i ← −ε log Σ_j b_j exp((G_j − c_ij)/ε),   G_j ← −ε log Σ_i a_i exp((F_i − c_ij)/ε),
//
// which neither overflows nor underflows at any ε. epsilon is absolute, in the
// unit of the cost, and never rescaled. On the way the algorithm is run at
// larger values, from the greatest cost down by factors of 4 (ε-scaling), which
// changes the time, not the result. a and b are weights as for Solve, nil for
// uniform ones.
//
// Of the options, WithTolerance, WithLimit (of iterations, 10,000 without it),
// WithWarmStart, WithContext and WithThreads apply. A run that does not reach
// the tolerance is no error: Status and MarginalError say so. The end of the
// context gives what there is, and an error that wraps the context's.
//
// An exact solution by Solve is often cheaper than this approximation, whose
// iterations grow in number like 1/ε.
func Sinkhorn(x, y Points, a, b []float64, cost Cost, epsilon float64, options ...Option) (*Entropic, error) {
	set := newSettings(options)
	s, err := newSinkhorn(x, y, a, b, cost, epsilon, &set)
	if err != nil {
		return nil, err
	}
	return s.run()
}

// Row writes row i of the plan to dst, P_ij for all j, and returns it; a nil dst
// is allocated. It panics when dst has another length.
func (e *Entropic) Row(i int, dst []float64) []float64 {
	s := e.s
	if dst == nil {
		dst = make([]float64, s.m)
	}
	if len(dst) != s.m {
		panic(fmt.Sprintf("ot: a row of length %d for %d points", len(dst), s.m))
	}
	s.planRow(i, s.rows.block(i, 1, make([]float64, s.m)), dst)
	return dst
}

// Dense is the whole plan, row-major [n][m].
func (e *Entropic) Dense() []float64 {
	p := make([]float64, e.s.n*e.s.m)
	for i := range e.s.n {
		e.Row(i, p[i*e.s.m:][:e.s.m])
	}
	return p
}

// planRow computes row i of the plan from its costs.
func (s *sinkhorn) planRow(i int, costs, dst []float64) {
	at := s.f[i]/s.epsilon + s.logA[i]
	for j, c := range costs[:s.m] {
		dst[j] = (s.g[j]-c)/s.epsilon + s.logB[j] + at
	}
	kernels.Exp(dst, dst)
}

// entropic makes the result from the potentials.
func (s *sinkhorn) entropic(status SinkhornStatus) (*Entropic, error) {
	e := &Entropic{Epsilon: s.epsilon, Iterations: s.iterations, s: s}
	r, c := make([]float64, s.n), s.columnMarginal()
	var transport, entropy, dual, total, miss accumulator
	per := make([]float64, s.n) // Σ_j P_ij c_ij
	s.parallel(s.n, 1, 2, func(buffer []float64, i, _ int) {
		costs, p := s.rows.block(i, 1, buffer), buffer[s.m:]
		s.planRow(i, costs, p)
		var sum accumulator
		for j, v := range p {
			sum.add(float64(v * costs[j]))
		}
		per[i] = sum.value()
		kernels.RowSums(r[i:i+1], p, s.m, 1, s.m)
	})
	for i, v := range r {
		u := s.offset(s.x, i, 1)
		transport.add(per[i])
		transport.add(float64(v * u))
		entropy.add(float64(v * s.f[i]))
		entropy.add(-per[i])
		dual.add(float64(s.a[i] * (s.f[i] + u)))
		total.add(v)
		miss.add(math.Abs(v - s.a[i]))
	}
	left := dual.value()
	for j, v := range c {
		u := s.offset(s.y, j, -1)
		transport.add(float64(v * u))
		entropy.add(float64(v * s.g[j]))
		dual.add(float64(s.b[j] * (s.g[j] + u)))
		miss.add(math.Abs(v - s.b[j]))
	}
	half := dual.value()/2 - left // what F gets and G gives
	e.F, e.G = make([]float64, s.n), make([]float64, s.m)
	for i, v := range s.f {
		e.F[i] = v + s.offset(s.x, i, 1) + half
	}
	for j, v := range s.g {
		e.G[j] = v + s.offset(s.y, j, -1) - half
	}
	excess := total.value() - 1
	e.Transport = transport.value()
	e.KL = entropy.value()/s.epsilon - excess
	e.Cost = e.Transport + float64(s.epsilon*e.KL)
	e.Dual = dual.value() - float64(s.epsilon*excess)
	e.MarginalError = miss.value()
	if e.Status = status; e.MarginalError > 2*s.tolerance {
		e.Status = NotConverged
	}
	if _, err := finiteCost(e.Cost); err != nil {
		return nil, err
	}
	if err := s.ctx.Err(); err != nil && e.Status == NotConverged {
		return e, fmt.Errorf("ot: Sinkhorn's algorithm stopped with a marginal error of %v: %w", e.MarginalError, err)
	}
	return e, nil
}
