package flow

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"pushforward/kernels"
)

// Trainer fits a flow to data by minimizing the mean negative log-likelihood with minibatches. Its
// numbers depend on the configuration, the data and the initial flow alone: not on threads, CPU,
// or on whether it was stopped and resumed from a checkpoint. It is not safe for concurrent use.
type Trainer[T kernels.Float] struct {
	// Progress, where set, is called after every evaluation, from the goroutine that trains.
	Progress func(Progress)
	// Checkpoint, where it has a path, is written during Run.
	Checkpoint Checkpoint

	target *Flow[T] // receives the result
	cfg    TrainConfig
	data   []T
	digest string // of the data, once it was needed
	train  []int32
	held   int // samples of the hold-out
	judges []T // samples that judge the model, [·][d]: the hold-out, or some of the training data
	order  *order
	rows   []int32 // of one batch

	current, best *Flow[T]
	average       *Flow[T] // nil where none is kept
	mean, square  []T      // AdamW's m and v
	sum           sums[T]
	logProb       []float64

	state  trainState
	pow    powers
	begin  time.Time
	broken bool // a loss stopped being finite
}

// trainState is what a checkpoint holds beside the parameters.
type trainState struct {
	step     int     // steps done
	bestStep int     // when the best model was
	bestLoss float64 // its loss; +Inf at first
	misses   int     // evaluations since then
	lastStep int     // the last evaluation
	lastLoss float64
	interval float64 // losses of the batches since the last evaluation, summed
	ended    bool    // early stopping
}

// Progress is what a trainer tells at an evaluation.
type Progress struct {
	Step, Steps int
	// Epoch is the number of times that training has seen the whole training data.
	Epoch float64
	// Loss is the mean negative log-likelihood of the minibatches since the last evaluation, in
	// nats.
	Loss float64
	// HoldOut is that of the hold-out; NaN where there is none.
	HoldOut float64
	// Best is the least loss of a model at an evaluation so far, on the hold-out or, where there is
	// none, on 4,096 samples of the training data; BestStep is the step at which it was reached.
	Best     float64
	BestStep int
	// Rate is the learning rate, GradNorm the gradient's norm before clipping, of the last step.
	Rate, GradNorm float64
	// Elapsed is the time since Run began.
	Elapsed time.Duration
}

// Checkpoint says where and how often Run writes a checkpoint.
type Checkpoint struct {
	Path string
	// Every is the number of steps between two; 0: only at the end of Run, however it ends.
	Every int
}

// Report is what became of a training.
type Report struct {
	// Steps done, over all runs.
	Steps int
	// Loss is the mean negative log-likelihood of the model that was kept, on the hold-out or,
	// where there is none, on 4,096 samples of the training data, in nats; LossStep is the step
	// after which it was measured.
	Loss     float64
	LossStep int
	// EarlyStop says that the hold-out ended training.
	EarlyStop bool
}

// NonFiniteError ends a training whose loss or gradient stopped being finite.
type NonFiniteError struct {
	Step  int    // the step, counted from 1
	What  string // what was not finite: "loss of", "gradient norm of" or "loss after" that step
	Value float64
}

func (e *NonFiniteError) Error() string {
	return fmt.Sprintf("flow: the %s training step %d is %v; the best model up to then was kept (a lower rate, clipping or a bound of the scale help)", e.What, e.Step, e.Value)
}

// Train fits f to data, row-major [n][d], and returns when it is done; f then has the parameters of
// the best model. See Trainer for more control.
func Train[T kernels.Float](ctx context.Context, f *Flow[T], data []T, cfg TrainConfig) (Report, error) {
	t, err := NewTrainer(f, data, cfg)
	if err != nil {
		return Report{}, err
	}
	return t.Run(ctx)
}

// NewTrainer prepares to fit f to data, row-major [n][d], starting from f's parameters. f changes
// only when Run ends. The data must not change meanwhile. A NaN or an infinity in the data is an
// error that names its row and column.
func NewTrainer[T kernels.Float](f *Flow[T], data []T, cfg TrainConfig) (*Trainer[T], error) {
	t, err := newTrainer(f, data, cfg)
	if err != nil {
		return nil, err
	}
	t.pow = powers{1, 1}
	t.state.bestLoss, t.state.lastLoss = math.Inf(1), math.Inf(1)
	if loss := t.judge(); finite(loss) {
		t.state.bestLoss, t.state.lastLoss = loss, loss
	}
	return t, nil
}

// maxJudges is the number of training samples that judge the model where there is no hold-out.
const maxJudges = 4096

func newTrainer[T kernels.Float](f *Flow[T], data []T, cfg TrainConfig) (*Trainer[T], error) {
	d := f.arch.Dim
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if len(data)%d != 0 {
		return nil, fmt.Errorf("flow: the data has %d numbers, want a multiple of the dimension %d", len(data), d)
	}
	n := len(data) / d
	if n > math.MaxInt32 {
		return nil, fmt.Errorf("flow: %d samples of data, want at most %d", n, math.MaxInt32)
	}
	if err := CheckFinite(data, d); err != nil {
		return nil, err
	}
	held := int(float64(n) * cfg.HoldOut.Share)
	if cfg.HoldOut.Share > 0 && n > 1 {
		held = max(held, 1)
	}
	if n-held < 1 {
		return nil, fmt.Errorf("flow: %d samples of data, %d of them held out: none to train with", n, held)
	}
	t := &Trainer[T]{target: f, cfg: cfg.withDefaults(n - held), data: data, begin: time.Now()}
	t.current, t.best = f.Clone(), f.Clone()
	if cfg.Average > 0 {
		t.average = f.Clone()
	}
	all := make([]int32, n)
	permute(all, make([]float64, 1024), cfg.Seed, streamHoldOut, 0)
	t.held, t.train = held, all[held:]
	judges := all[:held]
	if held == 0 {
		judges = t.train[:min(n, maxJudges)]
	}
	for _, r := range judges {
		t.judges = append(t.judges, data[int(r)*d:int(r+1)*d]...)
	}
	t.logProb = make([]float64, len(judges))
	t.order = newOrder(n-held, cfg.Seed)
	t.rows = make([]int32, t.cfg.Batch)
	p := len(f.params)
	t.mean, t.square = aligned[T](p), aligned[T](p)
	t.sum = newSums(t.current, t.cfg.Batch)
	return t, nil
}

// Flow returns the flow that receives the result.
func (t *Trainer[T]) Flow() *Flow[T] { return t.target }

// Config returns the configuration with its defaults filled in.
func (t *Trainer[T]) Config() TrainConfig { return t.cfg }

// Run trains until the last step, the early stop, a loss that is not finite (a *NonFiniteError), or
// the end of ctx (its error). In every case the flow then has the parameters of the best model so
// far, and the checkpoint, where one is wanted, is written.
func (t *Trainer[T]) Run(ctx context.Context) (report Report, err error) {
	t.begin = time.Now()
	t.current.threads.Store(t.target.threads.Load())
	for !t.done() {
		if err = context.Cause(ctx); err != nil {
			break
		}
		if err = t.Step(); err != nil {
			break
		}
		if c := t.Checkpoint; c.Path != "" && c.Every > 0 && t.state.step%c.Every == 0 && !t.done() {
			if err = t.Save(c.Path); err != nil {
				break
			}
		}
	}
	var notFinite *NonFiniteError
	t.broken = errors.As(err, &notFinite)
	t.target.SetParameters(t.result(t.broken).params)
	if t.Checkpoint.Path != "" {
		err = errors.Join(err, t.Save(t.Checkpoint.Path))
	}
	s := t.state
	report = Report{Steps: s.step, Loss: s.lastLoss, LossStep: s.lastStep, EarlyStop: s.ended}
	if t.held > 0 || t.broken {
		report.Loss, report.LossStep = s.bestLoss, s.bestStep
	}
	return report, err
}

func (t *Trainer[T]) done() bool { return t.state.step >= t.cfg.Steps || t.state.ended }

// model is what training has now: the average, where one is kept.
func (t *Trainer[T]) model() *Flow[T] {
	if t.average != nil {
		return t.average
	}
	return t.current
}

// result is the model to keep: the best, where a hold-out says which that is or where training went
// wrong, else the last.
func (t *Trainer[T]) result(broken bool) *Flow[T] {
	if t.held > 0 || broken {
		return t.best
	}
	return t.model()
}

// Step takes one step of AdamW, and evaluates when it is time to. Run is the usual way to train;
// Step is for loops of one's own, and leaves Flow as it is.
func (t *Trainer[T]) Step() error {
	s, c := &t.state, &t.cfg
	t.order.read(t.rows, int64(s.step)*int64(c.Batch))
	for i, r := range t.rows {
		t.rows[i] = t.train[r]
	}
	loss, norm := t.sum.gradient(t.data, t.rows)
	loss /= float64(c.Batch)
	norm /= float64(c.Batch)
	if !finite(loss) {
		return &NonFiniteError{Step: s.step + 1, What: "loss of", Value: loss}
	}
	if !finite(norm) {
		return &NonFiniteError{Step: s.step + 1, What: "gradient norm of", Value: norm}
	}
	scale := 1 / float64(c.Batch)
	if c.Clip > 0 && norm > c.Clip {
		scale *= c.Clip / norm
	}
	rate := float64(c.Optimizer.Rate * c.rateFactor(s.step))
	t.pow.next(c.Optimizer)
	t.sum.update(t, kernels.AdamWStep[T]{
		Rate: T(rate), Beta1: T(c.Optimizer.Beta1), Beta2: T(c.Optimizer.Beta2),
		Epsilon: T(c.Optimizer.Epsilon), Decay: T(c.Optimizer.Decay),
		Correction1: T(1 / (1 - t.pow.beta1)), Correction2: T(1 / (1 - t.pow.beta2)),
		GradScale: T(scale),
	})
	s.step++
	s.interval += loss
	if s.step%c.Every == 0 || s.step == c.Steps {
		return t.evaluate(Progress{Rate: rate, GradNorm: norm, Elapsed: time.Since(t.begin)})
	}
	return nil
}

// evaluate measures the model, keeps it if it is the best, and reports. A model whose loss is not
// finite ends the training.
func (t *Trainer[T]) evaluate(p Progress) error {
	s, c := &t.state, &t.cfg
	steps := s.step % c.Every
	if steps == 0 {
		steps = c.Every
	}
	p.Loss, p.HoldOut = s.interval/float64(steps), math.NaN()
	s.interval = 0
	loss := t.judge()
	if !finite(loss) {
		return &NonFiniteError{Step: s.step, What: "loss after", Value: loss}
	}
	if t.held > 0 {
		p.HoldOut = loss
	}
	s.lastLoss, s.lastStep = loss, s.step
	if s.misses++; loss < s.bestLoss {
		s.bestLoss, s.bestStep, s.misses = loss, s.step, 0
		copy(t.best.params, t.model().params)
	}
	s.ended = t.held > 0 && c.HoldOut.Patience > 0 && s.misses >= c.HoldOut.Patience
	if t.Progress != nil {
		p.Step, p.Steps = s.step, c.Steps
		p.Epoch = float64(s.step) * float64(c.Batch) / float64(len(t.train))
		p.Best, p.BestStep = s.bestLoss, s.bestStep
		t.Progress(p)
	}
	return nil
}

// judge is the mean negative log-likelihood of the judges under the model.
func (t *Trainer[T]) judge() float64 {
	m := t.model()
	m.threads.Store(t.current.threads.Load())
	m.LogProb(t.logProb, t.judges)
	sum := 0.0
	for _, l := range t.logProb {
		sum -= l
	}
	return sum / float64(len(t.logProb))
}

func finite(x float64) bool { return x-x == 0 }
