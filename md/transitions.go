package md

import (
	"fmt"

	"pushforward/kernels"
)

// Transitions counts, for each replica of a simulation, how often one
// coordinate goes from one side to the other. Two counts are kept.
//
// SignChanges counts steps over which the coordinate changes its sign (zero
// counts as positive). It counts recrossings at the top of the barrier, and
// grows without bound as the time step is made smaller.
//
// CoreChanges counts transitions between the core sets x ≤ -Core and x ≥ Core:
// a new one begins only when the other core is reached. It has a limit as the
// time step goes to zero.
type Transitions struct {
	Coordinate  int     // the coordinate that is watched, from 0
	Core        float64 // half the distance between the core sets
	SignChanges []int   // for each replica
	CoreChanges []int   // for each replica

	sign, core []int8 // last sign and last core visited; 0: none yet
}

// NewTransitions returns counters at zero for n replicas.
func NewTransitions(n, coordinate int, core float64) *Transitions {
	return &Transitions{
		Coordinate:  coordinate,
		Core:        core,
		SignChanges: make([]int, n),
		CoreChanges: make([]int, n),
		sign:        make([]int8, n),
		core:        make([]int8, n),
	}
}

// CountTransitions counts sign changes and core-set transitions along one
// path: x[0], x[stride], x[2*stride], …
func CountTransitions[T kernels.Float](x []T, stride int, core float64) (signs, cores int) {
	if stride < 1 {
		panic(fmt.Sprintf("md: CountTransitions: stride = %d, want 1 or more", stride))
	}
	t := NewTransitions(1, 0, core)
	for i := 0; i < len(x); i += stride {
		observe(t, 0, x[i:i+1])
	}
	return t.SignChanges[0], t.CoreChanges[0]
}

// observe takes one more position of the replicas first, first+1, …
// A NaN is on no side: it is passed over.
func observe[T kernels.Float](t *Transitions, first int, x []T) {
	hi, lo := T(t.Core), T(-t.Core)
	sign := t.sign[first : first+len(x)]
	core := t.core[first : first+len(x)]
	for i, v := range x {
		s := int8(1)
		if v < 0 {
			s = -1
		}
		if v != v {
			continue
		}
		if s != sign[i] {
			if sign[i] != 0 {
				t.SignChanges[first+i]++
			}
			sign[i] = s
		}
		if v >= hi || v <= lo {
			if s != core[i] {
				if core[i] != 0 {
					t.CoreChanges[first+i]++
				}
				core[i] = s
			}
		}
	}
}
