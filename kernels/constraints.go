package kernels

import (
	"fmt"

	"pushforward/asm"
)

// ConstraintTable holds distances of atoms that are fixed.
type ConstraintTable[T Float] struct {
	// Atoms has the two atoms of each constraint.
	Atoms []int
	// Params has three numbers for each constraint: the squared distance, and
	// what share of a correction the first and the second atom take. Shares
	// are as the inverse masses, and their sum is 1.
	Params []T
}

// Add adds a constraint: the distance of atoms i and j, whose inverse masses are
// given, 0 for an atom that never moves. One of the two must move.
func (t *ConstraintTable[T]) Add(i, j int, distance, inverseI, inverseJ float64) {
	sum := inverseI + inverseJ
	if i == j || min(i, j) < 0 || !(distance > 0 && inverseI >= 0 && inverseJ >= 0 && sum > 0) {
		panic(fmt.Sprintf("kernels: ConstraintTable: distance %v of atoms %d and %d with inverse masses %v and %v: want a positive one of two atoms of which one moves",
			distance, i, j, inverseI, inverseJ))
	}
	t.Atoms = append(t.Atoms, i, j)
	t.Params = append(t.Params, T(distance*distance), T(inverseI/sum), T(inverseJ/sum))
}

// Len is the number of constraints.
func (t *ConstraintTable[T]) Len() int { return len(t.Atoms) / 2 }

func (t *ConstraintTable[T]) check(op string, lengthY, lengthZ, ld, n, sweeps int) {
	checkSize(op, "n", n)
	checkLen(op, "sweeps", sweeps, n, "n")
	checkLen(op, "Params", len(t.Params), 3*t.Len(), "3*constraints")
	last := -1
	for _, a := range t.Atoms {
		if a < 0 {
			panic(fmt.Sprintf("kernels: %s: a constraint has atom %d, want 0 or more", op, a))
		}
		last = max(last, a)
	}
	checkPanel(op, "y", "ld", lengthY, ld, 3*(last+1), n)
	checkPanel(op, "z", "ld", lengthZ, ld, 3*(last+1), n)
}

// Constrain moves the atoms of n replicas until the constraints of t hold: the
// algorithm SHAKE (Ryckaert, Ciccotti, Berendsen, J. Comput. Phys. 23, 327,
// 1977). Coordinate c of atom a of replica i is x[(3a+c)*ld+i], and the same of
// before, the positions that the step started from. The constraints are met one
// after the other in the table's order, again and again: for one between atoms i
// and j at the distance d,
//
//	r = x_i - x_j,  r0 = before_i - before_j,  lack = d² - r·r
//	where |lack| > tolerance d²:
//		λ = ½ lack / (r·r0)
//		x_i += λ share_i r0,  x_j -= λ share_j r0
//
// until a whole sweep over the table corrects nothing. tolerance is that of the
// squared distance, twice the relative one of the distance. sweeps[i] is
// the number of sweeps that corrected something in replica i; limit where they
// did not suffice. A replica's result does not depend on the others. A
// NaN violates nothing.
//
// In float32 positions are multiples of about 1e-7 nm where their magnitude is
// between 1 and 2 nm, and a distance of 0.1 nm cannot be met better than to
// 2e-6: a tolerance below 4e-6 may never be reached there.
//
//go:noinline
func Constrain[T Float](x, before []T, ld, n int, t *ConstraintTable[T], tolerance T, limit int, sweeps []T) {
	t.check("Constrain", len(x), len(before), ld, n, len(sweeps))
	clear(sweeps)
	for made := 0; made < limit; {
		m := min(sweepsPerCall(t.Len()), limit-made)
		step := lanesPerCall(t.Len(), m)
		for i := 0; i < n; i += step {
			constrainPanel(x[i:], before[i:], ld, t, tolerance, m, sweeps[i:min(i+step, n)])
		}
		if made += m; !anyEqual(sweeps, T(made)) {
			break
		}
	}
}

// ConstrainVelocities takes from the velocities v of n replicas what would change
// distances that the constraints of t fix, x being positions where they hold: the
// algorithm RATTLE (Andersen, J. Comput. Phys. 52, 24, 1983). With shares as the
// inverse masses it projects orthogonally in the metric of the masses. Layout,
// sweeps and limit are those of [Constrain]; for each constraint
//
//	r = x_i - x_j,  rate = r·(v_i - v_j)
//	where |rate| > tolerance d²:
//		λ = -rate / (r·r)
//		v_i += λ share_i r,  v_j -= λ share_j r
//
// so tolerance is the largest rate at which a distance may change, relative to
// the distance.
//
//go:noinline
func ConstrainVelocities[T Float](v, x []T, ld, n int, t *ConstraintTable[T], tolerance T, limit int, sweeps []T) {
	t.check("ConstrainVelocities", len(v), len(x), ld, n, len(sweeps))
	clear(sweeps)
	for made := 0; made < limit; {
		m := min(sweepsPerCall(t.Len()), limit-made)
		step := lanesPerCall(t.Len(), m)
		for i := 0; i < n; i += step {
			constrainVelocitiesPanel(v[i:], x[i:], ld, t, tolerance, m, sweeps[i:min(i+step, n)])
		}
		if made += m; !anyEqual(sweeps, T(made)) {
			break
		}
	}
}

// One call corrects some 8,192 constraints in vectors of lanes at most. Whoever
// has used all sweeps of a call goes on in the next, from where it was.
func sweepsPerCall(constraints int) int { return min(max(1, 8192/max(constraints, 1)), 64) }

func lanesPerCall(constraints, sweeps int) int {
	return 64 * max(1, 8192/(8*max(constraints, 1)*sweeps))
}

func anyEqual[T Float](x []T, v T) bool {
	for _, w := range x {
		if w == v {
			return true
		}
	}
	return false
}

//go:noinline
func constrainPanel[T Float](x, before []T, ld int, t *ConstraintTable[T], tolerance T, limit int, sweeps []T) {
	if asm.Constrain(Active(), at(x), at(before), ld, at(t.Atoms), at(t.Params), t.Len(), tolerance, limit, at(sweeps), len(sweeps)) {
		return
	}
	constrainPanelRef(x, before, ld, t, tolerance, limit, sweeps)
}

//go:noinline
func constrainVelocitiesPanel[T Float](v, x []T, ld int, t *ConstraintTable[T], tolerance T, limit int, sweeps []T) {
	if asm.ConstrainVelocities(Active(), at(v), at(x), ld, at(t.Atoms), at(t.Params), t.Len(), tolerance, limit, at(sweeps), len(sweeps)) {
		return
	}
	constrainVelocitiesPanelRef(v, x, ld, t, tolerance, limit, sweeps)
}
