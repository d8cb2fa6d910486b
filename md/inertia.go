package md

import (
	"fmt"
	"math"
	"slices"
	"unsafe"

	"pushforward/kernels"
)

// inertia is what the schemes with velocities need beside positions, velocities
// and a potential: the factors of their steps, and the constraints.
type inertia[T kernels.Float] struct {
	inverse []float64 // 1/m of each coordinate, 0 for one that never moves
	thermal []float64 // √(1/(βm)) of each: the spread of its velocity
	// kick is what a gradient adds to a velocity, drift what a velocity adds to
	// a position, for each coordinate.
	kick, drift  []T
	half, decay  T   // dt/2 and exp(-γ dt)
	noise        []T // √(1 - decay²) of thermal
	rate         T   // 1/dt
	constraints  *kernels.ConstraintTable[T]
	near, steady T // tolerances of squared distances, and of their rates
	freedom      int
}

// maxSweeps is after how many sweeps over the constraints a replica counts as
// lost. A few suffice for bonds to hydrogen, some tens for whole chains.
const maxSweeps = 500

func newInertia[T kernels.Float](d int, o Options) (*inertia[T], error) {
	if o.Scheme == LangevinMiddle && (!(o.Friction > 0) || math.IsInf(o.Friction, 0)) {
		return nil, fmt.Errorf("md: friction %v, want a positive number for %v", o.Friction, o.Scheme)
	}
	if o.Scheme == VelocityVerlet && o.Friction != 0 {
		return nil, fmt.Errorf("md: friction %v, but %v has none", o.Friction, o.Scheme)
	}
	p := &inertia[T]{rate: T(1 / o.Dt)}
	if err := p.setMasses(d, o); err != nil {
		return nil, err
	}
	// decay is rounded first, so that noise and friction of that type balance.
	decay := []float64{-o.Friction * o.Dt}
	kernels.Exp(decay, decay)
	p.half, p.decay = T(o.Dt/2), T(decay[0])
	spread := math.Sqrt(1 - float64(float64(p.decay)*float64(p.decay)))
	h := o.Dt
	if o.Scheme == VelocityVerlet {
		h /= 2
	}
	for c, w := range p.inverse {
		p.kick = append(p.kick, T(-h*w))
		p.drift = append(p.drift, T(o.Dt))
		p.noise = append(p.noise, T(spread*p.thermal[c]))
	}
	return p, p.setConstraints(d, o)
}

func (p *inertia[T]) setMasses(d int, o Options) error {
	count := len(o.Masses)
	if o.Masses != nil && count != d && 3*count != d {
		return fmt.Errorf("md: %d masses for %d coordinates, want one for each or one for each three", count, d)
	}
	for c := range d {
		m := 1.0
		if count == d {
			m = o.Masses[c]
		} else if count > 0 {
			m = o.Masses[c/3]
		}
		if !(m >= 0) || math.IsInf(m, 0) {
			return fmt.Errorf("md: coordinate %d has mass %v, want 0 or a positive number", c, m)
		}
		inverse := 0.0
		if m > 0 {
			inverse = 1 / m
			p.freedom++
		}
		p.inverse = append(p.inverse, inverse)
		p.thermal = append(p.thermal, math.Sqrt(inverse/o.Beta))
	}
	if o.Recentre > 0 && p.freedom < d {
		return fmt.Errorf("md: recentring would move the coordinates of mass 0")
	}
	if p.freedom == 0 {
		return fmt.Errorf("md: all masses are 0, want one at least that is positive")
	}
	return nil
}

func (p *inertia[T]) setConstraints(d int, o Options) error {
	tolerance := o.Tolerance
	switch {
	case !(tolerance >= 0) || tolerance > 0.1:
		return fmt.Errorf("md: tolerance %v of constrained distances, want 0 to 0.1", tolerance)
	case tolerance == 0 && unsafe.Sizeof(T(0)) == 4:
		tolerance = 4e-6
	case tolerance == 0:
		tolerance = 1e-10
	}
	if len(o.Constraints) == 0 {
		return nil
	}
	p.near, p.steady = T(2*tolerance), T(tolerance/o.Dt)
	atoms := d / 3
	for k, c := range o.Constraints {
		if c.I == c.J || min(c.I, c.J) < 0 || max(c.I, c.J) >= atoms {
			return fmt.Errorf("md: constraint %d is between atoms %d and %d, want two of 0 to %d", k, c.I, c.J, atoms-1)
		}
		if !(c.Distance > 0) || math.IsInf(c.Distance, 0) {
			return fmt.Errorf("md: constraint %d has distance %v, want a positive number", k, c.Distance)
		}
		for _, a := range []int{c.I, c.J} {
			if w := p.inverse[3*a:][:3]; w[0] != w[1] || w[0] != w[2] {
				return fmt.Errorf("md: atom %d of constraint %d has different masses for its coordinates", a, k)
			}
		}
		if p.inverse[3*c.I]+p.inverse[3*c.J] == 0 {
			return fmt.Errorf("md: neither atom of constraint %d, %d and %d, can move", k, c.I, c.J)
		}
	}
	p.freedom -= len(o.Constraints)
	if p.freedom <= 0 {
		return fmt.Errorf("md: %d constraints leave no degree of freedom", len(o.Constraints))
	}
	p.constraints = new(kernels.ConstraintTable[T])
	for _, c := range independentFirst(o.Constraints) {
		p.constraints.Add(c.I, c.J, c.Distance, p.inverse[3*c.I], p.inverse[3*c.J])
	}
	return nil
}

// independentFirst orders constraints by colours: those of a colour share no
// atom, so that a core can work on several at once.
func independentFirst(list []Constraint) []Constraint {
	type coloured struct {
		Constraint
		colour int
	}
	taken := map[int]map[int]bool{} // colours of an atom's constraints
	mark := func(atom, colour int) {
		if taken[atom] == nil {
			taken[atom] = map[int]bool{}
		}
		taken[atom][colour] = true
	}
	var all []coloured
	for _, c := range list {
		colour := 0
		for taken[c.I][colour] || taken[c.J][colour] {
			colour++
		}
		mark(c.I, colour)
		mark(c.J, colour)
		all = append(all, coloured{c, colour})
	}
	slices.SortStableFunc(all, func(a, b coloured) int { return a.colour - b.colour })
	sorted := make([]Constraint, len(all))
	for i, c := range all {
		sorted[i] = c.Constraint
	}
	return sorted
}
