package paper

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"pushforward/ot"
)

// joint returns the exact distance between two clouds in the plane, row-major
// [·][2], each with uniform weights, and notes how far its certificate leaves
// it open.
func (e *doubleWell) joint(x, y []float32) (Distance, error) {
	r, err := ot.Solve(ot.NewPoints(widen(x), 2), ot.NewPoints(widen(y), 2), nil, nil, ot.SquaredEuclidean, ot.WithContext(e.ctx))
	if err != nil {
		return Distance{}, err
	}
	e.gap.note(r.RelativeGap())
	return fromSquare(r.W2Squared()), nil
}

// largest is the largest of numbers that several goroutines note.
type largest struct {
	mu    sync.Mutex
	value float64
}

func (l *largest) note(v float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.value = max(l.value, v)
}

// marginal returns the distance between one coordinate of two clouds.
func marginal(x, y []float32, coordinate int) (Distance, error) {
	squared, err := ot.W2Squared(ot.NewPoints(column(x, coordinate), 1), ot.NewPoints(column(y, coordinate), 1))
	return fromSquare(squared), err
}

// widen converts numbers to float64.
func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// column returns one coordinate of a cloud.
func column(x []float32, coordinate int) []float64 {
	y := make([]float64, len(x)/2)
	for i := range y {
		y[i] = float64(x[2*i+coordinate])
	}
	return y
}

// repeat returns the spread of a squared distance over so many repetitions,
// which run side by side. done is how many of all the stage's repetitions
// there were before, and all how many there will be.
func (s *runner) repeat(stage string, done, all, times int, squared func(i int) (float64, error)) (Spread, error) {
	values := make([]float64, times)
	finished := make(chan struct{}, times)
	var g errgroup.Group
	g.SetLimit(s.threads())
	go func() {
		for i := range times {
			g.Go(func() (err error) {
				defer func() { finished <- struct{}{} }()
				if err = context.Cause(s.ctx); err == nil {
					values[i], err = squared(i)
				}
				return err
			})
		}
	}()
	for i := range times {
		<-finished
		s.report(stage, float64(done+i+1)/float64(all))
	}
	if err := g.Wait(); err != nil {
		return Spread{}, err
	}
	return spreadOf(values), nil
}
