package md

import (
	"fmt"
	"math"
	"unsafe"

	"pushforward/kernels"
)

// NoiseStream is the stream of the kernels' normals that drives simulations.
const NoiseStream uint32 = 0x6d640001

const (
	// blockReplicas is how many replicas one goroutine carries at a time at
	// most; their panels stay in the L1 cache for small d.
	blockReplicas = 256
	// blockNumbers is how many numbers a panel has at most, if that leaves 32
	// replicas: positions, velocities, gradients and noise of a molecule then
	// stay in the L2 cache.
	blockNumbers = 8192
	// vectorReplicas fill the vectors of any instruction set; blocks have a
	// multiple of them.
	vectorReplicas = 16
	// blockPad makes the row stride of a panel other than a power of two, lest
	// rows fight for the same cache sets.
	blockPad = 16
	// overdampedSteps is how many steps one call for normals serves: 4·d
	// numbers use every word of a Philox block whatever d is.
	overdampedSteps = 4
	// segmentSteps is how many steps run between two looks at the context at
	// most. All replicas make a segment's steps before the next one starts, so
	// that a cancelled run leaves every replica at the same step.
	segmentSteps = 256
)

// blockSize is the number of replicas in a block of n with d coordinates, so that
// each of the threads has one. Results do not depend on it.
func blockSize(n, d, threads int) int {
	most := blockReplicas
	for most > 32 && most*d > blockNumbers {
		most /= 2
	}
	share := (n + threads - 1) / threads
	return min(most, max(1, (share+vectorReplicas-1)/vectorReplicas)*vectorReplicas)
}

// wholeBlocks is the least number of steps with d normals each that use whole
// Philox blocks, of four or of two numbers.
func wholeBlocks(d int) int { return [...]int{1, 4, 2, 4}[d%4] }

// worker is the scratch memory of one goroutine: the gradient, the normals of a
// group of steps and of the next group, and for schemes with velocities the
// positions after a step, the same before constraints, what finds lost replicas,
// and the sweeps that constraints took.
type worker[T kernels.Float] struct {
	gradient    []T
	now, next   []T
	moved, free []T
	finite      []T
	sweeps      []T
	observed    []T
	failures    []Failure
}

func (s *Simulation[T]) newWorker() worker[T] {
	size := s.d * s.stride
	w := worker[T]{gradient: make([]T, size), finite: make([]T, s.block)}
	switch s.options.Scheme {
	case LeimkuhlerMatthews:
		w.next = make([]T, s.group*size)
		fallthrough
	case EulerMaruyama:
		w.now = make([]T, s.group*size)
	case LangevinMiddle:
		w.now = make([]T, s.group*size)
		fallthrough
	case VelocityVerlet:
		w.moved, w.free, w.sweeps = make([]T, size), make([]T, size), make([]T, s.block)
	}
	return w
}

func (s *Simulation[T]) blocks() int { return (s.n + s.block - 1) / s.block }

// span is the first replica of block b and how many it has.
func (s *Simulation[T]) span(b int) (first, n int) {
	first = b * s.block
	return first, min(s.block, s.n-first)
}

// whole is how many columns of a block of n replicas are moved: those of whole
// vectors, which is faster than to leave some alone. The columns behind the last
// replica start like that, have noise of their own, and are seen by nobody.
func whole[T kernels.Float](n int) int {
	var x T
	lanes := max(1, kernels.Active().VectorBytes()/int(unsafe.Sizeof(x)))
	return (n + lanes - 1) / lanes * lanes
}

// panel is the part of s.x or s.v that block b has.
func (s *Simulation[T]) panel(x []T, b int) []T {
	size := s.d * s.stride
	return x[b*size:][:size:size]
}

// copyRows writes the replicas of block b, columns of a panel with the given
// number of rows, to their places in dst, row-major [n][rows].
func (s *Simulation[T]) copyRows(dst, x []T, b, rows int) {
	first, n := s.span(b)
	for c := range rows {
		for i, v := range x[c*s.stride:][:n] {
			dst[(first+i)*rows+c] = v
		}
	}
}

// gather writes all blocks' panels to dst, row-major [n][d].
func (s *Simulation[T]) gather(name string, dst, x []T) []T {
	if dst == nil {
		dst = make([]T, s.n*s.d)
	}
	if len(dst) != s.n*s.d {
		panic(fmt.Sprintf("md: %s: len(dst) = %d, want n*d = %d", name, len(dst), s.n*s.d))
	}
	for b := range s.blocks() {
		s.copyRows(dst, s.panel(x, b), b, s.d)
	}
	return dst
}

// spread is gather's inverse.
func (s *Simulation[T]) spread(x, src []T) {
	for r := range s.n {
		p := s.panel(x, r/s.block)
		for c, v := range src[r*s.d:][:s.d] {
			p[c*s.stride+r%s.block] = v
		}
	}
	first, n := s.span(s.blocks() - 1)
	last := s.panel(x, first/s.block)
	for c := range s.d {
		row := last[c*s.stride:][:whole[T](n)]
		for i := n; i < len(row); i++ {
			row[i] = row[n-1]
		}
	}
}

// prepare makes sure that every goroutine has its scratch memory.
func (s *Simulation[T]) prepare() {
	for len(s.workers) < min(workerCount(s.options.Threads), s.blocks()) {
		s.workers = append(s.workers, s.newWorker())
	}
}

// segment advances all replicas by m steps; done of the run's steps are behind.
func (s *Simulation[T]) segment(m, done int, rec *Record[T]) error {
	c, err := s.begin(rec, m, done)
	if err != nil {
		return err
	}
	s.prepare()
	run := s.overdampedBlock
	if s.inertia != nil {
		run = s.inertialBlock
	}
	eachBlock(s.options.Threads, s.blocks(), func(w, b int) { run(&s.workers[w], b, m, c) })
	s.collectFailures()
	s.step += uint64(m)
	return s.end(c, m)
}

func (s *Simulation[T]) collectFailures() {
	for i := range s.workers {
		s.failures = append(s.failures, s.workers[i].failures...)
		s.workers[i].failures = s.workers[i].failures[:0]
	}
}

// noise fills a panel with the normals of the group of steps that k lies in.
func (s *Simulation[T]) noise(dst []T, first, n int, k uint64) {
	g := uint64(s.group)
	kernels.Normals(dst, s.stride, s.options.Seed, NoiseStream, uint64(first)+k/g<<32, n, s.group*s.d)
}

// bury writes down that replica i of the block that starts with first is lost,
// and sets its columns of the panels to NaN.
func (s *Simulation[T]) bury(w *worker[T], first, i int, step uint64, cause FailureCause, panels ...[]T) {
	s.dead[first+i] = true
	w.failures = append(w.failures, Failure{Replica: first + i, Step: step, Cause: cause})
	for _, x := range panels {
		for c := range s.d {
			x[c*s.stride+i] = T(math.NaN())
		}
	}
}
