package md

import (
	"fmt"
	"math"
	"sync"

	"pushforward/kernels"
)

// Regularized is the potential U_ε = h(U) of Theorem 1 of Rehman and Friesecke,
//
//	h(s) = s                          for s ≤ a = 1/ε
//	h(s) = a + a tanh((s − a)/a)      above
//
// which is U itself wherever U ≤ 1/ε, less than or equal to U everywhere, bounded
// by 2/ε, and once continuously differentiable: h'(a) = 1, 0 ≤ h' ≤ 1. So
// ‖ρ_ε − ρ‖ in L¹ is at most 2(Z_ε − Z)/Z_ε.
//
// The theorem's own (1 − ζ)U + ζ·2/ε is NaN where U = +Inf, and steeper than U in
// between. Here a collision, U = +Inf, has the energy 2/ε and the gradient 0,
// whatever ∇U is there; an energy that is not a number stays one.
type Regularized[T kernels.Float] struct {
	potential Potential[T]
	ceiling   T         // a
	scratch   sync.Pool // of *regularizedScratch[T]
}

// regularizedScratch holds a chunk's energies, and h' of them.
type regularizedScratch[T kernels.Float] struct{ energy, slope [64]T }

// Regularize returns U_ε of the potential U. It is an error unless ε, 1/ε and 2/ε
// are positive finite numbers of type T.
func Regularize[T kernels.Float](p Potential[T], epsilon float64) (*Regularized[T], error) {
	a := T(1 / epsilon)
	if !(a > 0) || math.IsInf(float64(2*a), 0) {
		return nil, fmt.Errorf("md: ε = %v, want a positive number with 1/ε and 2/ε finite", epsilon)
	}
	r := &Regularized[T]{potential: p, ceiling: a}
	r.scratch.New = func() any { return new(regularizedScratch[T]) }
	return r, nil
}

// Dim returns the number of coordinates.
func (r *Regularized[T]) Dim() int { return r.potential.Dim() }

// Energies writes U_ε of each configuration to u; see [Potential].
func (r *Regularized[T]) Energies(u []T, x []T, ld, n int) {
	r.potential.Energies(u, x, ld, n)
	r.eachChunk(n, func(s *regularizedScratch[T], lo, m int) { r.bend(u[lo:lo+m], s.slope[:m]) })
}

// Gradients writes ∇U_ε of each configuration to g; see [Potential].
func (r *Regularized[T]) Gradients(g []T, ldg int, x []T, ld, n int) {
	r.eachChunk(n, func(s *regularizedScratch[T], lo, m int) {
		r.chunk(s.energy[:m], s.slope[:m], g[lo:], ldg, x[lo:], ld)
	})
}

// EnergiesAndGradients writes U_ε to u and ∇U_ε to g, as Energies and Gradients do.
func (r *Regularized[T]) EnergiesAndGradients(u, g []T, ldg int, x []T, ldx, n int) {
	r.eachChunk(n, func(s *regularizedScratch[T], lo, m int) {
		r.chunk(u[lo:lo+m], s.slope[:m], g[lo:], ldg, x[lo:], ldx)
	})
}

func (r *Regularized[T]) eachChunk(n int, f func(s *regularizedScratch[T], lo, m int)) {
	s := r.scratch.Get().(*regularizedScratch[T])
	defer r.scratch.Put(s)
	for lo := 0; lo < n; lo += len(s.slope) {
		f(s, lo, min(len(s.slope), n-lo))
	}
}

// chunk does as many configurations as u has elements.
func (r *Regularized[T]) chunk(u, slope, g []T, ldg int, x []T, ldx int) {
	evaluate(r.potential, u, g, ldg, x, ldx, len(u))
	r.bend(u, slope)
	for k := range r.Dim() {
		row := g[k*ldg:][:len(u)]
		for i, h := range slope {
			if h == 0 {
				row[i] = 0 // where ∇U is not finite, too
			} else {
				row[i] *= h
			}
		}
	}
}

// bend replaces the energies u by h(u) and writes h'(u) to slope.
func (r *Regularized[T]) bend(u, slope []T) {
	a := r.ceiling
	for i, s := range u {
		slope[i] = (s - a) / a
	}
	kernels.Tanh(slope, slope)
	for i, s := range u {
		if s <= a {
			slope[i] = 1
			continue
		}
		t := slope[i]
		u[i] = a + T(a*t)
		slope[i] = 1 - T(t*t)
	}
}
