package md

import "math"

// grain is what recentring moves by multiples of, in nm. Positions in float32 are
// multiples of 2⁻²³ nm where they are 1 nm off, so a sum with a multiple of the
// grain is exact but for atoms that it brings further from the origin.
const grain = 1. / 256

// recentre moves the n replicas of a panel to the origin if the number of steps
// made is one after which that is due, and tells if it is.
func (s *Simulation[T]) recentre(x []T, n int, step uint64) bool {
	if s.options.Recentre == 0 || step%uint64(s.options.Recentre) != 0 {
		return false
	}
	atoms := s.d / 3
	for i := range n {
		for c := range 3 {
			sum := 0.0
			for a := range atoms {
				sum += float64(x[(3*a+c)*s.stride+i])
			}
			shift := T(math.RoundToEven(sum/float64(atoms)/grain) * grain)
			if shift == 0 {
				continue
			}
			for a := range atoms {
				x[(3*a+c)*s.stride+i] -= shift
			}
		}
	}
	return true
}
