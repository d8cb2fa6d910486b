package paper

import (
	"context"
	"fmt"

	"pushforward/flow"
	"pushforward/md"
)

// Settings of the experiment that the paper fixes, or that were chosen so that
// 600 steps have about 41 transitions.
const (
	beta      = 1.0
	printedDt = 0.05
	timesteps = 600
	core      = 0.5
)

// experiment is one run of the double well.
type experiment struct {
	ctx     context.Context
	options Options
	budget  Budget
	law     *md.DoubleWellLaw

	stages         []Stage
	weight, behind float64 // of the present stage, and of those before
	done           float64 // share of the run that was reported last

	trajectories [][]float32 // as printed: positions, row-major [600][2]
	printed      []*flow.Flow[float32]
	good         *flow.Flow[float32]
	samples      []float32 // of the first printed flow
	goodSamples  []float32 // of the good one
	goodData     []float32 // what it learns from, row-major [n][2]

	tables tables
	gap    largest
	result DoubleWell
}

func newExperiment(ctx context.Context, o Options, budget Budget) (*experiment, error) {
	law, err := md.NewDoubleWellLaw(beta)
	if err != nil {
		return nil, err
	}
	return &experiment{ctx: ctx, options: o, budget: budget, law: law,
		tables: tables{of: map[[2]int]*quantileTable{}}}, nil
}

// doubleWell runs all parts.
func (e *experiment) doubleWell() error {
	l := e.law
	e.result.Paper = published
	e.result.Budget = e.budget
	e.result.Exact = Exact{
		Beta: beta, LogZ: l.LogZ(), Entropy: l.Entropy(),
		X1X1: l.Moment(2, 0), X2X2: l.Moment(0, 2),
	}
	e.result.Exact.SignChanges, e.result.Exact.SignChangesSD = signChangeLaw(l, printedDt, timesteps)
	for _, part := range []struct {
		name   string
		weight float64
		work   func() error
	}{
		{"trajectories of 600 steps", 0, e.makeTrajectories},
		{"training on 600 steps", 4, e.trainPrinted},
		{"converged data", 1, e.makeData},
		{"training on converged data", 7, e.trainGood},
		{"density and effective sample size", 2, e.measureDensities},
		{"noise floors", 36, e.measureFloors},
		{"distances as printed", 24, e.measurePrinted},
		{"distances done well", 21, e.measureGood},
		{"dynamics", 3, e.measureDynamics},
	} {
		if err := e.stage(part.name, part.weight, part.work); err != nil {
			return fmt.Errorf("paper: %s: %w", part.name, err)
		}
	}
	e.result.LargestGap = e.gap.value
	e.result.Aims = e.aims()
	return nil
}

// architecture is the paper's: 6 coupling layers with 128 hidden units, 7,704
// parameters.
func architecture() flow.Architecture { return flow.RealNVP(2, 6, flow.Masked, 128) }

// newFlow returns the untrained network.
func (e *experiment) newFlow(p purpose, number int) (*flow.Flow[float32], error) {
	f, err := flow.New[float32](architecture(), e.seed(p, number))
	if err != nil {
		return nil, err
	}
	f.SetThreads(e.options.Threads)
	return f, nil
}

// exact returns n exact draws, row-major [n][2], of a sequence of their own.
func (e *experiment) exact(p purpose, number, n int) []float32 {
	x := make([]float32, 2*n)
	md.Draw(e.law, x, e.seed(p, number), 0)
	return x
}
