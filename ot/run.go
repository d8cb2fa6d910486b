package ot

import (
	"fmt"
	"math"
	"slices"
)

// run chooses a method, solves, and completes the result.
func (f *frame) run(set *settings) (*Result, error) {
	if err := set.checkWarmStart(len(f.mass.a), len(f.mass.b)); err != nil {
		return nil, err
	}
	f.threads = set.threads
	axis := f.axis()
	method, err := f.choose(set, axis)
	if err != nil {
		return nil, err
	}
	warm := f.warmStart(set)
	r, err := f.runMethod(set, method, axis, warm)
	if method == Sorting && set.method == Automatic && err == nil && f.met.dim > 1 && math.Abs(r.Gap) > 1e-11*r.Cost {
		// A line to within rounding that is not good enough.
		return f.runMethod(set, f.quickest(), nil, warm)
	}
	return r, err
}

func (f *frame) runMethod(set *settings, method Method, axis []float64, warm *warmStart) (*Result, error) {
	w := newWatch(set, method, f.toUnit)
	var s *solution
	var err error
	switch method {
	case Sorting:
		s = f.solveSorted(axis)
	case Auction:
		var ok bool
		if s, ok, err = f.solveAuction(w, warm); ok {
			break
		}
		method = f.simplex()
		w.method = method
		s, err = f.solveSimplex(w, warm)
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

// choose settles the method: the one named, if it applies, or the fastest.
func (f *frame) choose(set *settings, axis []float64) (Method, error) {
	switch set.method {
	case Automatic:
		if axis != nil {
			return Sorting, nil
		}
		return f.quickest(), nil
	case Sorting:
		if axis == nil {
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
