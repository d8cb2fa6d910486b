package md

import (
	"sync"

	"pushforward/kernels"
)

// An Observable is one or more numbers of each replica, such as a torsion angle
// or an energy.
//
// Its methods may be called from several goroutines at once. Panels are as a
// [Potential] has them.
type Observable[T kernels.Float] interface {
	// Width is how many numbers a replica has.
	Width() int
	// Observe writes number k of replica i to y[k*ldy+i], for the positions x
	// and the velocities v, nil where there are none. It may change neither.
	Observe(y []T, ldy int, x, v []T, ld, n int)
}

// PositionObservable is an Observable that a function of the positions computes.
type PositionObservable[T kernels.Float] struct {
	Numbers int // of each replica
	Compute func(y []T, ldy int, x []T, ld, n int)
}

// Width returns Numbers.
func (o PositionObservable[T]) Width() int { return o.Numbers }

// Observe calls Compute; see [Observable].
func (o PositionObservable[T]) Observe(y []T, ldy int, x, _ []T, ld, n int) {
	o.Compute(y, ldy, x, ld, n)
}

// PotentialEnergy is the observable of the potential's energy.
func (s *Simulation[T]) PotentialEnergy() Observable[T] {
	return PositionObservable[T]{1, func(y []T, _ int, x []T, ld, n int) { s.potential.Energies(y, x, ld, n) }}
}

// KineticEnergy is the observable Σ ½mv², less what constraints forbid. That of
// LangevinMiddle belongs to the time half a step before the positions; its mean
// is that of equipartition to higher order of the time step.
func (s *Simulation[T]) KineticEnergy() Observable[T] {
	s.wantVelocities("KineticEnergy")
	return s.kinetic(1)
}

// Temperature is the observable 2/(k_B f) of the kinetic energy, in K, f being the
// number of [Simulation.DegreesOfFreedom].
func (s *Simulation[T]) Temperature() Observable[T] {
	s.wantVelocities("Temperature")
	return s.kinetic(2 / (BoltzmannConstant * float64(s.inertia.freedom)))
}

// DegreesOfFreedom is the number of coordinates that have a mass, less that of the
// constraints. The motion of a molecule as a whole counts. It panics for a scheme
// without velocities.
func (s *Simulation[T]) DegreesOfFreedom() int {
	s.wantVelocities("DegreesOfFreedom")
	return s.inertia.freedom
}

func (s *Simulation[T]) kinetic(factor float64) Observable[T] {
	k := &kinetic[T]{inertia: s.inertia, factor: factor}
	k.scratch.New = func() any { return new([]T) }
	return k
}

// kinetic is the kinetic energy times a factor.
type kinetic[T kernels.Float] struct {
	inertia *inertia[T]
	factor  float64
	scratch sync.Pool // of *[]T
}

func (k *kinetic[T]) Width() int { return 1 }

func (k *kinetic[T]) Observe(y []T, _ int, x, v []T, ld, n int) {
	p := k.inertia
	if p.constraints != nil {
		scratch := k.scratch.Get().(*[]T)
		defer k.scratch.Put(scratch)
		*scratch = append(append((*scratch)[:0], v...), y[:n]...)
		v = (*scratch)[:len(v)]
		kernels.ConstrainVelocities(v, x, ld, n, p.constraints, p.steady, maxSweeps, (*scratch)[len(v):])
	}
	for i := range n {
		sum := 0.0
		for c, w := range p.inverse {
			if w > 0 {
				u := float64(v[c*ld+i])
				sum += float64(u*u) / w
			}
		}
		y[i] = T(k.factor * 0.5 * sum)
	}
}

// TorsionAngles is the observable of dihedral angles, in radians in (-π, π], in the
// convention that [Torsion] has: one for each quadruple of atoms.
func TorsionAngles[T kernels.Float](quadruples ...[4]int) Observable[T] {
	var atoms []int
	for _, q := range quadruples {
		atoms = append(atoms, q[:]...)
	}
	return PositionObservable[T]{len(quadruples), func(y []T, ldy int, x []T, ld, n int) {
		kernels.TorsionAngles(y, ldy, x, ld, n, atoms)
	}}
}
