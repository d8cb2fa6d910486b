package md

import (
	"fmt"
	"math"

	"pushforward/kernels"
)

// NoiseStream is the stream of the kernels' normals that drives simulations.
const NoiseStream uint32 = 0x6d640001

const (
	// blockReplicas is how many replicas one goroutine carries at a time; its
	// panels stay in the L1 cache for small d.
	blockReplicas = 256
	// blockStride is the row stride of a panel: not a power of two, lest rows
	// fight for the same cache sets.
	blockStride = blockReplicas + 16
	// noiseSteps is how many steps one call for normals serves: 4·d numbers
	// use every word of a Philox block whatever d is.
	noiseSteps = 4
)

// worker is the scratch memory of one goroutine: the gradient, and the normals
// of a group of noiseSteps steps and of the next group.
type worker[T kernels.Float] struct {
	gradient  []T
	now, next []T
	failures  []Failure
}

func (s *Simulation[T]) blocks() int { return (s.n + blockReplicas - 1) / blockReplicas }

// at returns the index in s.x of coordinate c of replica r.
func (s *Simulation[T]) at(r, c int) int {
	return (r/blockReplicas*s.d+c)*blockStride + r%blockReplicas
}

// copyBlock writes the positions of block b to their rows of dst, [n][d].
func (s *Simulation[T]) copyBlock(dst []T, b int) {
	x := s.x[b*s.d*blockStride:]
	first := b * blockReplicas
	for c := range s.d {
		for i, v := range x[c*blockStride:][:min(blockReplicas, s.n-first)] {
			dst[(first+i)*s.d+c] = v
		}
	}
}

// segment advances all replicas by m steps; done of the run's steps are behind.
func (s *Simulation[T]) segment(m, done int, rec *Record[T]) error {
	var frames []T // those of this segment
	if rec.Every > 0 {
		count := (done+m)/rec.Every - done/rec.Every
		size := count * s.n * s.d
		if s.n*s.d > 0 && size/(s.n*s.d) != count {
			return fmt.Errorf("md: %d frames of %d replicas do not fit in memory", count, s.n)
		}
		old := len(rec.Frames)
		rec.Frames = append(rec.Frames, make([]T, size)...)
		frames = rec.Frames[old:]
	}
	for len(s.workers) < min(workerCount(s.options.Threads), s.blocks()) {
		s.workers = append(s.workers, worker[T]{
			gradient: make([]T, s.d*blockStride),
			now:      make([]T, noiseSteps*s.d*blockStride),
			next:     make([]T, noiseSteps*s.d*blockStride),
		})
	}
	eachBlock(s.options.Threads, s.blocks(), func(w, b int) {
		s.runBlock(&s.workers[w], b, m, done, frames, rec)
	})
	for i := range s.workers {
		s.failures = append(s.failures, s.workers[i].failures...)
		s.workers[i].failures = s.workers[i].failures[:0]
	}
	s.step += uint64(m)
	return nil
}

// runBlock makes the m steps of a segment with the replicas of block b.
func (s *Simulation[T]) runBlock(w *worker[T], b, m, done int, frames []T, rec *Record[T]) {
	const ld = blockStride
	first := b * blockReplicas
	n := min(blockReplicas, s.n-first)
	x := s.x[b*s.d*ld:][:s.d*ld]
	h := T(s.options.Dt)
	sigma := math.Sqrt(2 * s.options.Dt / s.options.Beta)
	matthews := s.options.Scheme == LeimkuhlerMatthews
	if matthews {
		sigma /= 2
	}
	amplitude := T(sigma)
	watch := func() {
		if t := rec.Transitions; t != nil {
			observe(t, first, x[t.Coordinate*ld:][:n])
		}
	}
	if done == 0 {
		watch()
	}
	dead := 0
	for _, is := range s.dead[first : first+n] {
		if is {
			dead++
		}
	}
	for i := range m {
		k := s.step + uint64(i)
		phase := int(k % noiseSteps)
		if i == 0 {
			s.noise(w.now, first, n, k)
			if matthews {
				s.noise(w.next, first, n, k+noiseSteps)
			}
		} else if phase == 0 {
			if matthews {
				w.now, w.next = w.next, w.now
				s.noise(w.next, first, n, k+noiseSteps)
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
				if phase+1 < noiseSteps {
					later = w.now[((phase+1)*s.d+c)*ld:][:n]
				}
				bad += matthewsStep(row, g, xi, later, h, amplitude)
			} else {
				bad += eulerStep(row, g, xi, h, amplitude)
			}
		}
		if bad > dead*s.d {
			dead += s.bury(w, x, first, n, k+1)
		}
		watch()
		if rec.Every > 0 && (done+i+1)%rec.Every == 0 {
			f := (done+i+1)/rec.Every - done/rec.Every - 1
			s.copyBlock(frames[f*s.n*s.d:][:s.n*s.d], b)
		}
	}
}

// noise fills a panel with the normals of the group of steps that k lies in.
func (s *Simulation[T]) noise(dst []T, first, n int, k uint64) {
	sample := uint64(first) + k/noiseSteps<<32
	kernels.Normals(dst, blockStride, s.options.Seed, NoiseStream, sample, n, noiseSteps*s.d)
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

// bury finds replicas that left the finite numbers in the given step, sets all
// their coordinates to NaN, and returns how many there were.
func (s *Simulation[T]) bury(w *worker[T], x []T, first, n int, step uint64) (found int) {
	nan := T(math.NaN())
	for i := range n {
		if s.dead[first+i] {
			continue
		}
		for c := range s.d {
			v := x[c*blockStride+i]
			if v-v == 0 {
				continue
			}
			s.dead[first+i] = true
			found++
			w.failures = append(w.failures, Failure{Replica: first + i, Step: step})
			for c := range s.d {
				x[c*blockStride+i] = nan
			}
			break
		}
	}
	return found
}
