package paper

import (
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"pushforward/kernels"
)

// Options say what [Run] does.
type Options struct {
	// Out is the folder for figures, numbers and the report; it is made if
	// need be. Empty: nothing is written.
	Out string
	// Experiment is "double-well", or empty for every experiment there is.
	Experiment string
	// Quick makes a run of a few seconds with fewer samples and repetitions.
	Quick bool
	// Seed names all random numbers of the run.
	Seed uint64
	// Threads is the number of goroutines; 0: GOMAXPROCS. No number but the
	// times depends on it.
	Threads int
	// Version of the program for the report; empty: unknown.
	Version string
	// Progress, where not nil, is called from the goroutine that runs.
	Progress func(Progress)
}

// Progress tells how far a run is.
type Progress struct {
	Stage    string  // what is going on
	Fraction float64 // of the whole run that is done, from 0 to 1
}

// Experiments are the names that Options.Experiment may have.
func Experiments() []string { return []string{"double-well"} }

// Files are what a run writes to its folder.
var Files = []string{"figure1.png", "figure1.svg", "results.json", "report.html"}

// Run repeats the paper's experiments and writes results to a folder. Nothing
// is written unless everything succeeds; files that exist are replaced.
func Run(ctx context.Context, o Options) (*Results, error) {
	if o.Experiment != "" && o.Experiment != "double-well" {
		return nil, fmt.Errorf("paper: unknown experiment %q, want one of %q", o.Experiment, Experiments())
	}
	if o.Threads < 0 {
		return nil, fmt.Errorf("paper: %d threads, want 0 or more", o.Threads)
	}
	if o.Out != "" {
		if err := os.MkdirAll(o.Out, 0o777); err != nil {
			return nil, fmt.Errorf("paper: %w", err)
		}
	}
	budget := fullBudget
	if o.Quick {
		budget = quickBudget
	}
	return run(ctx, o, budget)
}

// run is Run with a budget of its own.
func run(ctx context.Context, o Options, budget Budget) (*Results, error) {
	e, err := newExperiment(ctx, o, budget)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := e.doubleWell(); err != nil {
		return nil, err
	}
	r := &Results{Quick: o.Quick, Provenance: e.provenance(begin), DoubleWell: &e.result}
	if o.Out == "" {
		return r, nil
	}
	if err := e.stage("figure and report", 2, func() error { return e.write(r, begin) }); err != nil {
		return nil, fmt.Errorf("paper: writing to %s: %w", filepath.Clean(o.Out), err)
	}
	return r, nil
}

// stage runs one part of the experiment: it tells what goes on, takes the
// time, and stops where the context has ended. weight is the part's share of
// the whole run in hundredths, by experience.
func (e *experiment) stage(name string, weight float64, work func() error) error {
	if err := context.Cause(e.ctx); err != nil {
		return err
	}
	e.weight = weight
	e.report(name, 0)
	begin := time.Now()
	if err := work(); err != nil {
		return err
	}
	e.stages = append(e.stages, Stage{Name: name, Seconds: time.Since(begin).Seconds()})
	e.behind += weight
	e.report(name, 0)
	return nil
}

// report tells the caller that a fraction of the present stage is done.
func (e *experiment) report(name string, fraction float64) {
	if e.options.Progress == nil {
		return
	}
	e.done = max(e.done, min((e.behind+e.weight*fraction)/100, 1)) // never back
	e.options.Progress(Progress{Stage: name, Fraction: e.done})
}

func (e *experiment) threads() int {
	if e.options.Threads > 0 {
		return e.options.Threads
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
)

// seed derives the seed for one purpose, number by number, from the seed of
// the run.
func (e *experiment) seed(p purpose, number int) uint64 {
	s := e.options.Seed
	w := kernels.Philox4x32([4]uint32{uint32(number), uint32(p), 0, 0x7061_7065},
		[2]uint32{uint32(s), uint32(bits.RotateLeft64(s, 32))})
	return uint64(w[0]) | uint64(w[1])<<32
}
