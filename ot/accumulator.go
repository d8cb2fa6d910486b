package ot

import "math"

// accumulator is a sum with a running compensation (Neumaier 1974): its error
// does not grow with the number of terms.
type accumulator struct{ sum, carry float64 }

func (s *accumulator) add(v float64) {
	t := s.sum + v
	if math.Abs(s.sum) >= math.Abs(v) {
		s.carry += (s.sum - t) + v
	} else {
		s.carry += (v - t) + s.sum
	}
	s.sum = t
}

func (s *accumulator) value() float64 { return s.sum + s.carry }
