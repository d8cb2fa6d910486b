package brenier

import "math"

// solver runs the back-and-forth method on one grid. The potentials obey
// φ(y) + ψ(x) ≤ ½|x − y|²; φ belongs to ν and ψ to μ.
type solver struct {
	grid     Grid
	mu, nu   []float64 // masses of the cells
	phi, psi []float64
	savedPhi []float64
	savedPsi []float64
	residual []float64 // ν − T#μ, masses, or the like for the other half
	weight   []float64
	step     []float64
	c        *ctransform
	push     *push
	poisson  *multigrid
	damping  float64
	dual     float64 // ∫φ dν + ∫ψ dμ, half of W2²
	best     float64 // the greatest dual so far
	missing  float64 // half the total variation of the residual
}

const (
	startDamping = 1e-2
	leastDamping = 1e-8
	mostDamping  = 1e4
	// trials bounds how often one half step is tried again with more damping.
	trials = 4
	// slack is the part of the dual that a step may lose: residuals and duals
	// belong together but for errors of discretization.
	slack = 1e-6
)

func newSolver(g Grid, mu, nu []float64, t team) *solver {
	s := &solver{
		grid: g, mu: mu, nu: nu, damping: startDamping,
		c: newCTransform(g, t), push: newPush(g, t), poisson: newMultigrid(g, t),
	}
	for _, v := range []*[]float64{&s.phi, &s.psi, &s.savedPhi, &s.savedPsi, &s.residual, &s.weight, &s.step} {
		*v = make([]float64, g.Len())
	}
	return s
}

// start takes φ as the first potential.
func (s *solver) start(phi []float64) {
	copy(s.phi, phi)
	s.c.apply(s.psi, s.phi)
	s.dual = sumProducts(s.phi, s.nu) + sumProducts(s.psi, s.mu)
	s.best = s.dual
}

// iterate makes both halves of an iteration.
func (s *solver) iterate() {
	s.ascend(s.phi, s.psi, s.savedPhi, s.savedPsi, s.mu, s.nu)
	s.ascend(s.psi, s.phi, s.savedPsi, s.savedPhi, s.nu, s.mu)
}

// ascend makes one half: a step uphill for potential, which belongs to target,
// after which other is its c-transform. The gradient of the dual is the
// residual r = target − T#source; the step u solves
//
//	−div((ρ + λ max ρ) ∇u) = r,   ρ the greater of target and T#source.
//
// With λ = 0 that is nearly Newton's step, with λ large the gradient step of
// Jacobs and Léger of length 1/(λ max ρ). λ follows the gain as in Levenberg's
// and Marquardt's method, where theirs has Armijo's and Goldstein's rule.
func (s *solver) ascend(potential, other, saved, savedOther, source, target []float64) {
	area := s.grid.cellArea()
	s.push.apply(source, other, 1, func(k int, m float64) {
		s.residual[k] = target[k] - m
		s.weight[k] = max(target[k], m) / area
	})
	s.missing = 0
	var most float64
	for k, d := range s.residual {
		s.missing += math.Abs(d)
		most = max(most, s.weight[k])
	}
	s.missing /= 2
	copy(saved, potential)
	copy(savedOther, other)
	var added float64
	for range trials {
		more := float64((s.damping - added) * most)
		for k := range s.weight {
			s.weight[k] += more
		}
		added = s.damping
		s.poisson.weigh(s.weight)
		s.poisson.solve(s.step, s.residual)
		slope := sumProducts(s.residual, s.step)
		for k, u := range s.step {
			potential[k] += u
		}
		s.c.apply(other, potential)
		dual := sumProducts(potential, target) + sumProducts(other, source)
		gain := (dual - s.dual) / slope // ½ for Newton's step on a parabola
		level := dual > s.best-float64(slack*math.Abs(s.best))
		switch {
		case gain > 0.4:
			s.damping = max(s.damping/4, leastDamping)
		case gain < 0.2 && !level:
			s.damping = min(4*s.damping, mostDamping)
		}
		if gain >= 0.01 || level {
			s.dual, s.best = dual, max(s.best, dual)
			return
		}
		s.damping = min(4*s.damping, mostDamping)
		copy(potential, saved)
	}
	copy(other, savedOther)
}
