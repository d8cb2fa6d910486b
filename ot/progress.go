package ot

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// Progress is what a solver knows while it works. What it does not know is NaN.
type Progress struct {
	Method Method
	Points int     // points of both sides at the present level, coarse to fine
	Steps  int     // pivots or bids so far
	Primal float64 // cost of the best plan so far, in the unit of the cost
	Dual   float64 // what no plan can cost less than, as far as is known
	Done   float64 // share of the present level's work, 0 … 1
}

// ErrLimit is the error of a solve that WithLimit stopped.
var ErrLimit = errors.New("the limit of steps is reached")

// watch is what a solver looks at while it works: whether it should stop, and
// whom it may tell how far it is.
type watch struct {
	ctx     context.Context
	method  Method
	steps   int // pivots or bids so far
	limit   int
	threads int
	report  func(Progress)
	last    time.Time
	every   time.Duration
	toUnit  func(float64) float64 // takes a cost of the frame to the given unit
	primal  float64               // the best known of the given problem, in the frame; NaN: none
	dual    float64
	pair    float64 // mass of a pair of an assignment
}

func newWatch(s *settings, method Method, toUnit func(float64) float64) *watch {
	w := &watch{ctx: s.ctx, method: method, limit: s.limit, threads: s.threads, report: s.progress, every: s.every, toUnit: toUnit, primal: math.NaN(), dual: math.NaN()}
	if w.limit <= 0 {
		w.limit = math.MaxInt
	}
	if w.report != nil {
		w.last = time.Now()
	}
	return w
}

// stop is the reason to stop, or nil. Call it every millisecond or so, with
// steps up to date.
func (w *watch) stop() error {
	if w.steps >= w.limit {
		return ErrLimit
	}
	return w.ctx.Err()
}

// due says whether it is time for a report: nobody computes a gap to no purpose.
func (w *watch) due() bool {
	return w.report != nil && time.Since(w.last) >= w.every
}

// told says whether anybody is told: nobody else needs bounds on the way.
func (w *watch) told() bool { return w.report != nil }

// learn takes note of a plan's cost and of a dual value of the given problem, in
// the frame, NaN where unknown; all later reports show the best ones.
func (w *watch) learn(primal, dual float64) {
	if !(w.primal <= primal) && !math.IsNaN(primal) {
		w.primal = primal
	}
	if !(w.dual >= dual) && !math.IsNaN(dual) {
		w.dual = dual
	}
}

// tell reports, when due; primal and dual are learnt.
func (w *watch) tell(points int, primal, dual, done float64) {
	w.learn(primal, dual)
	if !w.due() {
		return
	}
	w.report(Progress{Method: w.method, Points: points, Steps: w.steps, Primal: w.toUnit(w.primal), Dual: w.toUnit(w.dual), Done: done})
	w.last = time.Now()
}

// stopped is the error of a solve that ended early.
func stopped(r *Result, reason error) error {
	return fmt.Errorf("ot: stopped before the optimum, at a gap of %.3g in a cost of %.6g: %w", r.Gap, r.Cost, reason)
}
