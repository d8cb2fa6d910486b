package paper

import (
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

// doubleWell is one run of the experiment of section 6.1.
type doubleWell struct {
	*runner
	budget Budget
	law    *md.DoubleWellLaw

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

func newDoubleWell(s *runner, budget Budget) (*doubleWell, error) {
	law, err := md.NewDoubleWellLaw(beta)
	if err != nil {
		return nil, err
	}
	e := &doubleWell{runner: s, budget: budget, law: law, tables: tables{of: map[[2]int]*quantileTable{}}}
	e.result.Paper = published
	e.result.Budget = budget
	e.result.Exact = Exact{
		Beta: beta, LogZ: law.LogZ(), Entropy: law.Entropy(),
		X1X1: law.Moment(2, 0), X2X2: law.Moment(0, 2),
	}
	e.result.Exact.SignChanges, e.result.Exact.SignChangesSD = signChangeLaw(law, printedDt, timesteps)
	return e, nil
}

func (e *doubleWell) parts() []part {
	return []part{
		{"trajectories of 600 steps", 0, e.makeTrajectories},
		{"training on 600 steps", 4, e.trainPrinted},
		{"converged data", 1, e.makeData},
		{"training on converged data", 7, e.trainGood},
		{"density and effective sample size", 2, e.measureDensities},
		{"noise floors", 36, e.measureFloors},
		{"distances as printed", 24, e.measurePrinted},
		{"distances done well", 21, e.measureGood},
		{"dynamics", 3, e.measureDynamics},
	}
}

func (e *doubleWell) record(r *Results) {
	e.result.LargestGap = e.gap.value
	e.result.Aims = e.aims()
	r.DoubleWell = &e.result
}

// architecture is the paper's: 6 coupling layers with 128 hidden units, 7,704
// parameters.
func architecture() flow.Architecture { return flow.RealNVP(2, 6, flow.Masked, 128) }

// newFlow returns the untrained network.
func (e *doubleWell) newFlow(p purpose, number int) (*flow.Flow[float32], error) {
	f, err := flow.New[float32](architecture(), e.seed(p, number))
	if err != nil {
		return nil, err
	}
	f.SetThreads(e.options.Threads)
	return f, nil
}

// exact returns n exact draws, row-major [n][2], of a sequence of their own.
func (e *doubleWell) exact(p purpose, number, n int) []float32 {
	x := make([]float32, 2*n)
	md.Draw(e.law, x, e.seed(p, number), 0)
	return x
}
