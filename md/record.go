package md

import (
	"fmt"
	"slices"
	"unsafe"

	"pushforward/kernels"
)

// Record says what to keep of a run. The zero value keeps nothing.
type Record[T kernels.Float] struct {
	// Every is the interval of frames: one is taken after each Every-th step
	// of the run. 0: none.
	Every int
	// Frames receives the frames, row-major [frame][n][d]. Those of a new run
	// are appended.
	Frames []T
	// Sink, where not nil, is given the frames instead, one after the other,
	// from the calling goroutine. Its error ends the run.
	Sink func(Frame[T]) error
	// Observables are evaluated after each ObserveEvery-th step of the run.
	Observables  []Observable[T]
	ObserveEvery int
	// Values receives, for each observable, its values, row-major
	// [observation][n][width]. Those of a new run are appended.
	Values [][]T
	// Transitions, where not nil, counts transitions from the positions at
	// the start of the run on.
	Transitions *Transitions
	// Progress, where not nil, is called now and then from the calling
	// goroutine.
	Progress func(done, steps int)
}

// Frame is the positions of all replicas after a step.
type Frame[T kernels.Float] struct {
	Number    int    // from 0, in this run
	Step      uint64 // steps made since the simulation began
	Positions []T    // row-major [n][d]; valid until the sink returns
}

func (r *Record[T]) check(n, d int) error {
	if r.Every < 0 {
		return fmt.Errorf("md: a frame each %d steps, want 0 or more", r.Every)
	}
	if r.ObserveEvery < 0 || r.ObserveEvery == 0 && len(r.Observables) > 0 {
		return fmt.Errorf("md: observables each %d steps, want 1 or more", r.ObserveEvery)
	}
	if r.Values == nil {
		r.Values = make([][]T, len(r.Observables))
	}
	if len(r.Values) != len(r.Observables) {
		return fmt.Errorf("md: values of %d observables, want %d", len(r.Values), len(r.Observables))
	}
	if t := r.Transitions; t != nil {
		if len(t.sign) != n {
			return fmt.Errorf("md: transition counters for %d replicas, want %d", len(t.sign), n)
		}
		if t.Coordinate < 0 || t.Coordinate >= d {
			return fmt.Errorf("md: transitions of coordinate %d, want 0 to %d", t.Coordinate, d-1)
		}
	}
	return nil
}

// sinkBytes is about how much memory frames on their way to a sink may take.
const sinkBytes = 1 << 26

// segmentLength is how many steps may run between two looks at the context.
func (s *Simulation[T]) segmentLength(rec *Record[T], done int) int {
	m := segmentSteps
	if s.inertia != nil {
		m = segmentSteps / 4 // each is much work
	}
	if rec.Every > 0 && rec.Sink != nil {
		frames := max(1, sinkBytes/(s.n*s.d*int(unsafe.Sizeof(T(0)))))
		m = min(m, (done/rec.Every+frames)*rec.Every-done)
	}
	return m
}

// due is how often every-th steps come in the m steps after the first done.
func due(every, done, m int) int {
	if every == 0 {
		return 0
	}
	return (done+m)/every - done/every
}

// capture is what a segment records.
type capture[T kernels.Float] struct {
	*Record[T]
	done   int   // steps of the run before the segment
	frames []T   // of this segment
	values [][]T // of this segment, by observable
}

// begin makes room for what m steps record.
func (s *Simulation[T]) begin(rec *Record[T], m, done int) (*capture[T], error) {
	c := &capture[T]{Record: rec, done: done}
	room := func(dst *[]T, count, width int) ([]T, error) {
		size := count * s.n * width
		if width > 0 && size/(s.n*width) != count {
			return nil, fmt.Errorf("md: %d times %d numbers of %d replicas do not fit in memory", count, width, s.n)
		}
		old := len(*dst)
		*dst = slices.Grow(*dst, size)[:old+size]
		return (*dst)[old:], nil
	}
	frames := &rec.Frames
	if rec.Sink != nil {
		frames = new([]T)
	}
	var err error
	if c.frames, err = room(frames, due(rec.Every, done, m), s.d); err != nil {
		return nil, err
	}
	for i, o := range rec.Observables {
		values, err := room(&rec.Values[i], due(rec.ObserveEvery, done, m), o.Width())
		if err != nil {
			return nil, err
		}
		c.values = append(c.values, values)
	}
	return c, nil
}

// look records what is due of block b after i+1 steps of the segment; x and v are
// the block's panels.
func (s *Simulation[T]) look(c *capture[T], w *worker[T], b, i int, x, v []T) {
	first, n := s.span(b)
	if t := c.Transitions; t != nil {
		observe(t, first, x[t.Coordinate*s.stride:][:n])
	}
	made := c.done + i + 1
	if c.Every > 0 && made%c.Every == 0 {
		f := due(c.Every, c.done, i+1) - 1
		s.copyRows(c.frames[f*s.n*s.d:][:s.n*s.d], x, b, s.d)
	}
	if c.ObserveEvery == 0 || made%c.ObserveEvery != 0 {
		return
	}
	f := due(c.ObserveEvery, c.done, i+1) - 1
	for k, o := range c.Observables {
		width := o.Width()
		if len(w.observed) < width*s.stride {
			w.observed = make([]T, width*s.stride)
		}
		o.Observe(w.observed, s.stride, x, v, s.stride, n)
		s.copyRows(c.values[k][f*s.n*width:][:s.n*width], w.observed, b, width)
	}
}

// end gives the segment's frames to the sink; s.step is that after the segment.
func (s *Simulation[T]) end(c *capture[T], m int) error {
	if c.Sink == nil || c.Every == 0 {
		return nil
	}
	size := s.n * s.d
	for i := 0; i < len(c.frames); i += size {
		number := c.done/c.Every + i/size
		step := s.step - uint64(c.done+m-(number+1)*c.Every)
		if err := c.Sink(Frame[T]{Number: number, Step: step, Positions: c.frames[i:][:size]}); err != nil {
			return fmt.Errorf("md: frame %d: %w", number, err)
		}
	}
	return nil
}
