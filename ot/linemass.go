package ot

import "slices"

// lineMasses are integer masses of two samples on a line.
type lineMasses struct {
	x, y  sideMasses
	total int64
}

// sideMasses are the masses of one sample.
type sideMasses struct {
	used []int32 // the points that have mass; nil: every point
	mass []int64 // of the used points; nil where all have the same
	upTo []int64 // their running sums where all have the same; nil: one unit each
}

// newLineMasses is integerMasses in the form that sorting needs.
func newLineMasses(n, m int, a, b []float64) (*lineMasses, error) {
	if a == nil && b == nil {
		if n == m {
			return &lineMasses{total: int64(n)}, nil
		}
		g := gcd(int64(n), int64(m))
		return &lineMasses{sameMasses(n, int64(m)/g), sameMasses(m, int64(n)/g), int64(n) * (int64(m) / g)}, nil
	}
	w, err := integerMasses(n, m, a, b)
	if err != nil {
		return nil, err
	}
	return &lineMasses{givenMasses(w.a), givenMasses(w.b), w.total}, nil
}

func sameMasses(n int, each int64) sideMasses {
	upTo := make([]int64, n)
	for i := range upTo {
		upTo[i] = int64(i+1) * each
	}
	return sideMasses{upTo: upTo}
}

func givenMasses(mass []int64) sideMasses {
	if !slices.Contains(mass, 0) {
		return sideMasses{mass: mass}
	}
	s := sideMasses{used: withMass(mass)}
	s.mass = make([]int64, len(s.used))
	for k, i := range s.used {
		s.mass[k] = mass[i]
	}
	return s
}

// room is a side for n points, of which it holds those that have mass.
func (w *sideMasses) room(n int) side1D {
	if w.used != nil {
		n = len(w.used)
	}
	s := side1D{at: make([]float64, n), upTo: w.upTo}
	if w.mass != nil {
		s.upTo = make([]int64, n)
	}
	return s
}

// take sorts the points that have mass into a side made by room.
func (w *sideMasses) take(s *side1D, x []float64, sorter *bucketSort) {
	if w.mass == nil {
		sorter.sort(s.at, x, nil, nil)
		return
	}
	if w.used == nil {
		sorter.sort(s.at, x, s.upTo, w.mass)
	} else {
		for k, i := range w.used {
			s.at[k] = x[i]
		}
		copy(s.upTo, w.mass)
		sorter.sort(s.at, s.at, s.upTo, s.upTo)
	}
	var sum int64
	for k, v := range s.upTo {
		sum += v
		s.upTo[k] = sum
	}
}
