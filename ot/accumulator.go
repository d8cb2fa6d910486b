package ot

import "math"

// accumulator is a sum with a running compensation (Neumaier 1974): its error
// does not grow with the number of terms.
type accumulator struct{ sum, carry float64 }

func (s *accumulator) add(v float64) { *s = s.plus(v) }

// plus is the sum with v. Unlike what add changes, it stays in registers.
func (s accumulator) plus(v float64) accumulator {
	t := s.sum + v
	if math.Abs(s.sum) >= math.Abs(v) {
		return accumulator{t, s.carry + ((s.sum - t) + v)}
	}
	return accumulator{t, s.carry + ((v - t) + s.sum)}
}

func (s *accumulator) value() float64 { return s.sum + s.carry }
