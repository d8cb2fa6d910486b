package paper

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options say what [Run] does.
type Options struct {
	// Out is the folder for figures, numbers and the report; it is made if
	// need be. Empty: nothing is written.
	Out string
	// Experiment is one of Experiments, or empty for all of them.
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

const (
	doubleWellName = "double-well"
	alanineName    = "alanine"
)

// Experiments are the names that Options.Experiment may have, in the order in which
// they run.
func Experiments() []string { return []string{doubleWellName, alanineName} }

// An experiment is one section of the paper.
type experiment interface {
	// parts are its stages, in order.
	parts() []part
	// record puts its numbers into r, when all parts are done.
	record(r *Results)
	// figure is drawn when all parts are done.
	figure() (figure, error)
	// section is its part of the report.
	section(f figure) (string, error)
}

// part is a stage of an experiment. Its weight is the time that it takes, by
// experience, in quarters of a second.
type part struct {
	name   string
	weight float64
	work   func() error
}

// figure is a drawing as PNG and as SVG, with the stem of the files' names.
type figure struct {
	name     string
	png, svg []byte
}

// budgets are those of the experiments.
type budgets struct {
	doubleWell Budget
	alanine    AlanineBudget
}

// Run repeats the paper's experiments and writes results to a folder. Nothing
// is written unless everything succeeds; files that exist are replaced.
func Run(ctx context.Context, o Options) (*Results, error) {
	if o.Experiment != "" && !slices.Contains(Experiments(), o.Experiment) {
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
	b := budgets{fullBudget, alanineFull}
	if o.Quick {
		b = budgets{quickBudget, alanineQuick}
	}
	return run(ctx, o, b)
}

// run is Run with budgets of its own.
func run(ctx context.Context, o Options, b budgets) (*Results, error) {
	s := &runner{ctx: ctx, options: o, begin: time.Now()}
	var list []experiment
	for _, name := range Experiments() {
		if o.Experiment != "" && o.Experiment != name {
			continue
		}
		switch name {
		case doubleWellName:
			e, err := newDoubleWell(s, b.doubleWell)
			if err != nil {
				return nil, err
			}
			list = append(list, e)
		case alanineName:
			list = append(list, newAlanine(s, b.alanine))
		}
	}
	const writing = 2
	s.whole = writing
	for _, e := range list {
		for _, p := range e.parts() {
			s.whole += p.weight
		}
	}
	r := &Results{Quick: o.Quick}
	for _, e := range list {
		for _, p := range e.parts() {
			if err := s.stage(p); err != nil {
				return nil, fmt.Errorf("paper: %s: %w", p.name, err)
			}
		}
		e.record(r)
	}
	r.Provenance = s.provenance()
	if o.Out == "" {
		return r, nil
	}
	if err := s.stage(part{"figures and report", writing, func() error { return s.write(r, list) }}); err != nil {
		return nil, fmt.Errorf("paper: writing to %s: %w", filepath.Clean(o.Out), err)
	}
	return r, nil
}

// Files are what a run of an experiment, or of all where the name is empty, writes to
// its folder.
func Files(experiment string) (names []string) {
	for i, name := range Experiments() {
		if experiment == "" || experiment == name {
			names = append(names, fmt.Sprintf("figure%d.png", i+1), fmt.Sprintf("figure%d.svg", i+1))
		}
	}
	return append(names, "results.json", "report.html")
}

// write draws the figures and writes all files.
func (s *runner) write(r *Results, list []experiment) error {
	var figures []figure
	var sections strings.Builder
	for _, e := range list {
		f, err := e.figure()
		if err != nil {
			return err
		}
		figures = append(figures, f)
		text, err := e.section(f)
		if err != nil {
			return err
		}
		sections.WriteString(text)
	}
	r.Provenance = s.provenance()
	return s.writeFiles(r, figures, sections.String())
}
