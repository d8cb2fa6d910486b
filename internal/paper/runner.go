package paper

import (
	"context"
	"math/bits"
	"runtime"
	"time"

	"pushforward/kernels"
)

// runner is what the experiments of a run share.
type runner struct {
	ctx     context.Context
	options Options
	begin   time.Time

	stages                []Stage
	weight, behind, whole float64 // of the present part, of those before, and of all
	done                  float64 // share of the run that was reported last
}

// stage runs one part of an experiment: it tells what goes on, takes the time,
// and stops where the context has ended.
func (s *runner) stage(p part) error {
	if err := context.Cause(s.ctx); err != nil {
		return err
	}
	s.weight = p.weight
	s.report(p.name, 0)
	begin := time.Now()
	if err := p.work(); err != nil {
		return err
	}
	s.stages = append(s.stages, Stage{Name: p.name, Seconds: time.Since(begin).Seconds()})
	s.behind += p.weight
	s.report(p.name, 0)
	return nil
}

// report tells the caller that a fraction of the present part is done.
func (s *runner) report(name string, fraction float64) {
	if s.options.Progress == nil {
		return
	}
	s.done = max(s.done, min((s.behind+s.weight*fraction)/s.whole, 1)) // never back
	s.options.Progress(Progress{Stage: name, Fraction: s.done})
}

func (s *runner) threads() int {
	if s.options.Threads > 0 {
		return s.options.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// purpose tells apart the seeds of the parts of a run.
type purpose uint32

const (
	trajectoryNoise purpose = iota
	trajectoryStart
	printedTraining
	generatedSamples
	dataNoise
	training
	exactDraws
	otherExactDraws
	essSamples
	dynamicsNoise
	dynamicsStart
	freeNoise
	freeStart
	permutationOrder
	alanineNoise
	alanineVelocities
	alanineTraining
	alanineSamples
	alanineOrder
)

// seed derives the seed for one purpose, number by number, from the seed of
// the run.
func (s *runner) seed(p purpose, number int) uint64 {
	from := s.options.Seed
	w := kernels.Philox4x32([4]uint32{uint32(number), uint32(p), 0, 0x7061_7065},
		[2]uint32{uint32(from), uint32(bits.RotateLeft64(from, 32))})
	return uint64(w[0]) | uint64(w[1])<<32
}
