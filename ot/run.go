package ot

import (
	"fmt"
	"slices"
)

// run chooses a method, solves, and completes the result.
func (f *frame) run(set *settings) (*Result, error) {
	if err := set.checkWarmStart(len(f.mass.a), len(f.mass.b)); err != nil {
		return nil, err
	}
	method, err := f.choose(set)
	if err != nil {
		return nil, err
	}
	var warm *warmStart
	if set.warm {
		warm = &warmStart{f.enframe(set.f, f.x, 1), f.enframe(set.g, f.y, -1)}
	}
	w := newWatch(set, method, f.toUnit)
	var s *solution
	switch method {
	case Sorting:
		s = f.solveSorted()
	default:
		s, err = f.solveSimplex(w, warm)
	}
	if err != nil {
		return nil, err
	}
	s.method = method
	r, err := f.result(s)
	if err == nil && s.stopped != nil {
		err = stopped(r, s.stopped)
	}
	return r, err
}

// warmStart are potentials in the frame, numbered as given.
type warmStart struct{ f, g []float64 }

// choose settles the method: the one named, if it applies, or the fastest.
func (f *frame) choose(set *settings) (Method, error) {
	sortable := f.given == nil && f.met.dim == 1 && f.met.period == nil
	switch set.method {
	case Automatic:
		if sortable {
			return Sorting, nil
		}
		return f.quickest(), nil
	case Sorting:
		if !sortable {
			return 0, fmt.Errorf("ot: sorting solves points on a line; these are not")
		}
	case Auction:
		if !f.balanced() {
			return 0, fmt.Errorf("ot: the auction needs as many rows as columns, all of the same mass")
		}
	case ColumnGeneration, SmallSide:
	default:
		return 0, fmt.Errorf("ot: no method %v", set.method)
	}
	return set.method, nil
}

// balanced says whether all points have the same mass: an assignment is optimal.
func (f *frame) balanced() bool {
	a, b := f.mass.a, f.mass.b
	return len(a) == len(b) && slices.Min(a) == slices.Max(a) && slices.Min(b) == slices.Max(b)
}
