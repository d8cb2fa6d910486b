package flow

import (
	"math"

	"pushforward/kernels"
)

// sums computes the gradient of a batch and applies it. Chunks of a fixed number of samples are
// differentiated side by side, each into a row of its own, and the rows are added in the chunks'
// order; sums over parameters go by ranges of a fixed size. So no bit depends on which goroutine
// did what.
type sums[T kernels.Float] struct {
	flow    *Flow[T]
	chunk   int // samples
	wave    int // chunks that are differentiated before their rows are added
	ld      int // of rows
	rows    []T // [1 + wave][parameters]; the first has the sum of the waves before
	views   [][]coupling[T]
	ones    []T
	grad    []T
	losses  []float64 // of a wave's chunks
	squares []float64 // of grad's ranges
	tapes   []*tape[T]

	// The work in progress.
	phase   phase
	data    []T
	samples []int32 // rows of data, those of the wave
	first   int     // row of rows at which the addition starts
	last    int
	trainer *Trainer[T]
	adamW   kernels.AdamWStep[T]
}

// parameterRange is the number of parameters in a block of additions and updates.
const parameterRange = 1 << 14

// waveMemory limits the numbers in sums.rows.
const waveMemory = 1 << 25

func newSums[T kernels.Float](f *Flow[T], batch int) sums[T] {
	p := len(f.params)
	s := sums[T]{flow: f, chunk: f.gradientChunk(), ld: paddedStride[T](p)}
	chunks := (batch + s.chunk - 1) / s.chunk
	s.wave = min(chunks, max(4, min(64, waveMemory/p)))
	s.rows = aligned[T]((1 + s.wave) * s.ld)
	for i := range s.wave {
		s.views = append(s.views, layout(f.arch, s.row(1+i)))
	}
	s.ones = filled(1+s.wave, T(1))
	s.grad = aligned[T](p)
	s.losses = make([]float64, s.wave)
	s.squares = make([]float64, s.ranges())
	return s
}

func (s *sums[T]) row(i int) []T { return s.rows[i*s.ld : i*s.ld+len(s.flow.params)] }

func (s *sums[T]) ranges() int {
	return (len(s.flow.params) + parameterRange - 1) / parameterRange
}

// bounds are those of a range of parameters.
func (s *sums[T]) bounds(block int) (lo, hi int) {
	return block * parameterRange, min((block+1)*parameterRange, len(s.flow.params))
}

type phase uint8

const (
	differentiating phase = iota
	adding
	updating
)

func (s *sums[T]) runBlock(block, worker int) {
	switch s.phase {
	case differentiating:
		s.differentiate(block, worker)
	case adding:
		s.add(block)
	case updating:
		s.updateRange(block)
	}
}

// gradient leaves in s.grad the gradient of the summed negative log-likelihood of the given rows of
// data, and returns the sum and the gradient's norm.
func (s *sums[T]) gradient(data []T, rows []int32) (loss, norm float64) {
	threads := s.flow.maxThreads()
	for len(s.tapes) < threads {
		s.tapes = append(s.tapes, newTape(s.flow))
	}
	s.data = data
	for wave := 0; len(rows) > 0; wave++ {
		s.samples = rows[:min(len(rows), s.wave*s.chunk)]
		rows = rows[len(s.samples):]
		chunks := (len(s.samples) + s.chunk - 1) / s.chunk
		s.phase = differentiating
		run(s, chunks, threads, 3*s.flow.work*len(s.samples))
		for _, l := range s.losses[:chunks] {
			loss += l
		}
		s.first, s.last = 1, 1+chunks
		if wave > 0 {
			s.first = 0
			copy(s.row(0), s.grad)
		}
		s.phase = adding
		run(s, s.ranges(), threads, len(s.grad)*chunks)
	}
	total := 0.0
	for _, q := range s.squares {
		total += q
	}
	return loss, math.Sqrt(total)
}

// differentiate computes one chunk's gradient.
func (s *sums[T]) differentiate(chunk, worker int) {
	rows := s.samples[chunk*s.chunk : min((chunk+1)*s.chunk, len(s.samples))]
	clear(s.row(1 + chunk))
	s.losses[chunk] = s.flow.addGradient(s.tapes[worker], s.views[chunk], s.data, rows)
}

// add adds a range of the rows in their order, and their squares. A dense layer whose weights are
// ones is just that sum.
func (s *sums[T]) add(block int) {
	lo, hi := s.bounds(block)
	k := s.last - s.first
	kernels.Dense(s.grad[lo:hi], hi-lo, s.rows[s.first*s.ld+lo:], s.ld, s.ones[:k], nil, k, 1, hi-lo, kernels.Identity)
	s.squares[block] = kernels.SumSquares(s.grad[lo:hi])
}

// update takes AdamW's step, and the moving average's.
func (s *sums[T]) update(t *Trainer[T], h kernels.AdamWStep[T]) {
	s.trainer, s.adamW = t, h
	s.phase = updating
	run(s, s.ranges(), s.flow.maxThreads(), 8*len(s.grad))
}

func (s *sums[T]) updateRange(block int) {
	lo, hi := s.bounds(block)
	t := s.trainer
	p := s.flow.params[lo:hi]
	kernels.AdamW(p, s.grad[lo:hi], t.mean[lo:hi], t.square[lo:hi], s.adamW)
	if t.average != nil {
		keep := T(t.cfg.Average)
		for i, a := range t.average.params[lo:hi] {
			t.average.params[lo+i] = T(keep*a) + T((1-keep)*p[i])
		}
	}
}
