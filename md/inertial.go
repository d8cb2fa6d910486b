package md

import "pushforward/kernels"

// inertialBlock makes the m steps of a segment with the replicas of block b, by
// a scheme with velocities.
func (s *Simulation[T]) inertialBlock(w *worker[T], b, m int, c *capture[T]) {
	ld := s.stride
	first, n := s.span(b)
	wide := whole[T](n)
	home, v := s.panel(s.x, b), s.panel(s.v, b)
	x, moved := home, w.moved // they change places at each step
	if t := c.Transitions; t != nil && c.done == 0 {
		observe(t, first, x[t.Coordinate*ld:][:n])
	}
	if s.options.Scheme == VelocityVerlet {
		s.potential.Gradients(w.gradient, ld, x, ld, wide)
	}
	for i := range m {
		k := s.step + uint64(i)
		if s.options.Scheme == LangevinMiddle {
			s.middleStep(w, moved, x, v, first, wide, k, i == 0)
		} else {
			s.verletStep(w, moved, x, v, first, wide, k)
		}
		x, moved = moved, x
		kernels.FiniteColumns(w.finite[:n], x, ld, s.d)
		s.buryLost(w, first, n, k+1, x, v)
		if s.recentre(x, wide, k+1) && s.options.Scheme == VelocityVerlet && i+1 < m {
			// As a run that starts here would do.
			s.potential.Gradients(w.gradient, ld, x, ld, wide)
		}
		s.look(c, w, b, i, x, v)
	}
	if &x[0] != &home[0] {
		copy(home, x)
		w.moved = x
	}
}

// middleStep makes step k of LangevinMiddle, from x to y.
func (s *Simulation[T]) middleStep(w *worker[T], y, x, v []T, first, n int, k uint64, begins bool) {
	p, ld := s.inertia, s.stride
	phase := int(k % uint64(s.group))
	if begins || phase == 0 {
		s.noise(w.now, first, n, k)
	}
	s.potential.Gradients(w.gradient, ld, x, ld, n)
	kernels.AddScaledRows(v, ld, w.gradient, ld, p.kick, n)
	s.rattle(w, v, x, first, n, k+1)
	kernels.ThermalDrift(y, x, v, w.now[phase*s.d*ld:], ld, p.half, p.decay, p.noise, n)
	s.shake(w, y, x, v, first, n, k+1)
}

// verletStep makes a step of VelocityVerlet, from x to y; w.gradient is that at x
// and becomes that at y.
func (s *Simulation[T]) verletStep(w *worker[T], y, x, v []T, first, n int, k uint64) {
	p, ld := s.inertia, s.stride
	kernels.AddScaledRows(v, ld, w.gradient, ld, p.kick, n)
	copy(y, x)
	kernels.AddScaledRows(y, ld, v, ld, p.drift, n)
	s.shake(w, y, x, v, first, n, k+1)
	s.potential.Gradients(w.gradient, ld, y, ld, n)
	kernels.AddScaledRows(v, ld, w.gradient, ld, p.kick, n)
	s.rattle(w, v, y, first, n, k+1)
}

// shake moves y to where the constraints hold, and the velocities with it.
func (s *Simulation[T]) shake(w *worker[T], y, x, v []T, first, n int, step uint64) {
	p, ld := s.inertia, s.stride
	if p.constraints == nil {
		return
	}
	copy(w.free, y)
	kernels.Constrain(y, x, ld, n, p.constraints, p.near, maxSweeps, w.sweeps[:n])
	kernels.AddScaledDifferences(v, y, w.free, ld, p.rate, s.d, n)
	s.buryUnconstrained(w, first, n, step, y, v)
}

// rattle takes from velocities what would change constrained distances.
func (s *Simulation[T]) rattle(w *worker[T], v, x []T, first, n int, step uint64) {
	p := s.inertia
	if p.constraints == nil {
		return
	}
	kernels.ConstrainVelocities(v, x, s.stride, n, p.constraints, p.steady, maxSweeps, w.sweeps[:n])
	s.buryUnconstrained(w, first, n, step, x, v)
}

func (s *Simulation[T]) buryUnconstrained(w *worker[T], first, n int, step uint64, panels ...[]T) {
	for i, sweeps := range w.sweeps[:min(n, s.n-first)] {
		if sweeps == maxSweeps && !s.dead[first+i] {
			s.bury(w, first, i, step, Unconstrained, panels...)
		}
	}
}
