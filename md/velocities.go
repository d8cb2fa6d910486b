package md

import (
	"fmt"

	"pushforward/kernels"
)

// VelocityStream is the stream of the kernels' normals that velocities are drawn
// from.
const VelocityStream uint32 = 0x6d640002

// Velocities writes the velocities, row-major [n][d], to dst and returns it; a
// nil dst is allocated. It panics for a scheme that has none. LangevinMiddle's
// are those half a step before the positions, with what constraints will take
// from them still in them.
func (s *Simulation[T]) Velocities(dst []T) []T {
	s.wantVelocities("Velocities")
	return s.gather("Velocities", dst, s.v)
}

// SetVelocities makes v, row-major [n][d], the velocities. Coordinates of mass 0
// must have none.
func (s *Simulation[T]) SetVelocities(v []T) error {
	s.wantVelocities("SetVelocities")
	if len(v) != s.n*s.d {
		panic(fmt.Sprintf("md: SetVelocities: len(v) = %d, want n*d = %d", len(v), s.n*s.d))
	}
	for i, u := range v {
		r, c := i/s.d, i%s.d
		if u-u != 0 && !s.dead[r] {
			return fmt.Errorf("md: velocity %d of replica %d is %v, want a finite number", c, r, u)
		}
		if s.inertia.inverse[c] == 0 && u != 0 {
			return fmt.Errorf("md: velocity %d of replica %d is %v, want 0 where the mass is 0", c, r, u)
		}
	}
	s.spread(s.v, v)
	return nil
}

// DrawVelocities draws the velocities from the Maxwell–Boltzmann distribution: of
// those that constraints allow where there are any. They depend on the seed alone.
func (s *Simulation[T]) DrawVelocities() {
	s.wantVelocities("DrawVelocities")
	p := s.inertia
	s.prepare()
	eachBlock(s.options.Threads, s.blocks(), func(worker, b int) {
		first, n := s.span(b)
		n = whole[T](n)
		x, v := s.panel(s.x, b), s.panel(s.v, b)
		kernels.Normals(v, s.stride, s.options.Seed, VelocityStream, uint64(first), n, s.d)
		for c, sigma := range p.thermal {
			row := v[c*s.stride:][:n]
			for i, xi := range row {
				row[i] = T(sigma) * xi
			}
		}
		s.rattle(&s.workers[worker], v, x, first, n, s.step)
	})
	s.collectFailures()
}

func (s *Simulation[T]) wantVelocities(name string) {
	if s.inertia == nil {
		panic(fmt.Sprintf("md: %s: %v has no velocities", name, s.options.Scheme))
	}
}

// constrainStart moves the starting positions to where the constraints hold.
func (s *Simulation[T]) constrainStart() error {
	p := s.inertia
	if p.constraints == nil {
		return nil
	}
	before, sweeps := make([]T, s.d*s.stride), make([]T, s.block)
	for b := range s.blocks() {
		first, n := s.span(b)
		n = whole[T](n)
		x := s.panel(s.x, b)
		copy(before, x)
		kernels.Constrain(x, before, s.stride, n, p.constraints, p.near, maxSweeps, sweeps[:n])
		kernels.FiniteColumns(before[:n], x, s.stride, s.d)
		for i, k := range sweeps[:n] {
			if k == maxSweeps || before[i] != before[i] {
				return fmt.Errorf("md: replica %d starts where its constraints cannot be met", first+i)
			}
		}
	}
	return nil
}
