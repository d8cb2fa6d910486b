package md

import (
	"math"

	"pushforward/kernels"
)

// overdampedBlock makes the m steps of a segment with the replicas of block b.
func (s *Simulation[T]) overdampedBlock(w *worker[T], b, m int, c *capture[T]) {
	ld := s.stride
	first, n := s.span(b)
	x := s.panel(s.x, b)
	h := T(s.options.Dt)
	sigma := math.Sqrt(2 * s.options.Dt / s.options.Beta)
	matthews := s.options.Scheme == LeimkuhlerMatthews
	if matthews {
		sigma /= 2
	}
	amplitude := T(sigma)
	if t := c.Transitions; t != nil && c.done == 0 {
		observe(t, first, x[t.Coordinate*ld:][:n])
	}
	dead := s.deadIn(first, n)
	for i := range m {
		k := s.step + uint64(i)
		phase := int(k % uint64(s.group))
		if i == 0 {
			s.noise(w.now, first, n, k)
			if matthews {
				s.noise(w.next, first, n, k+uint64(s.group))
			}
		} else if phase == 0 {
			if matthews {
				w.now, w.next = w.next, w.now
				s.noise(w.next, first, n, k+uint64(s.group))
			} else {
				s.noise(w.now, first, n, k)
			}
		}
		s.potential.Gradients(w.gradient, ld, x, ld, n)
		bad := 0
		for c := range s.d {
			xi := w.now[(phase*s.d+c)*ld:][:n]
			row, g := x[c*ld:][:n], w.gradient[c*ld:][:n]
			if matthews {
				later := w.next[c*ld:][:n]
				if phase+1 < s.group {
					later = w.now[((phase+1)*s.d+c)*ld:][:n]
				}
				bad += matthewsStep(row, g, xi, later, h, amplitude)
			} else {
				bad += eulerStep(row, g, xi, h, amplitude)
			}
		}
		if bad > dead*s.d {
			kernels.FiniteColumns(w.finite[:n], x, ld, s.d)
			dead += s.buryLost(w, first, n, k+1, x)
		}
		s.recentre(x, n, k+1)
		s.look(c, w, b, i, x, nil)
	}
}

// deadIn is how many of n replicas are lost.
func (s *Simulation[T]) deadIn(first, n int) (dead int) {
	for _, is := range s.dead[first : first+n] {
		if is {
			dead++
		}
	}
	return dead
}

// buryLost buries the replicas that w.finite tells have left the finite numbers
// in the given step, and returns how many there are.
func (s *Simulation[T]) buryLost(w *worker[T], first, n int, step uint64, panels ...[]T) (found int) {
	for i, v := range w.finite[:n] {
		if v != v && !s.dead[first+i] {
			s.bury(w, first, i, step, NotFinite, panels...)
			found++
		}
	}
	return found
}

// eulerStep makes x = (x - h·g) + a·ξ, every product and sum rounded, and
// returns how many of the results are not finite.
func eulerStep[T kernels.Float](x, g, xi []T, h, a T) (bad int) {
	g, xi = g[:len(x)], xi[:len(x)]
	for i, v := range x {
		v = (v - T(h*g[i])) + T(a*xi[i])
		x[i] = v
		if v-v != 0 {
			bad++
		}
	}
	return bad
}

// matthewsStep makes x = (x - h·g) + a·(ξ + ξ'), rounded and counted in the
// same way.
func matthewsStep[T kernels.Float](x, g, xi, later []T, h, a T) (bad int) {
	g, xi, later = g[:len(x)], xi[:len(x)], later[:len(x)]
	for i, v := range x {
		v = (v - T(h*g[i])) + T(a*(xi[i]+later[i]))
		x[i] = v
		if v-v != 0 {
			bad++
		}
	}
	return bad
}
