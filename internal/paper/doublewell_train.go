package paper

import (
	"errors"
	"time"

	"pushforward/flow"
)

// Training of the flow as printed: the paper names the loss alone, so these
// are the usual choices, with all 600 positions in every step.
const printedRate = 1e-3

// Training of the flow done well.
const (
	goodRate  = 3e-3
	evaluated = 250 // steps between two looks at the hold-out
)

// trainPrinted trains one flow on each trajectory.
func (e *doubleWell) trainPrinted() error {
	a := &e.result.AsPrinted
	a.Dt, a.TrainSteps, a.LearningRate = printedDt, e.budget.PrintedSteps, printedRate
	for i, data := range e.trajectories {
		f, err := e.newFlow(printedTraining, i)
		if err != nil {
			return err
		}
		report, err := e.train("training on 600 steps", f, data, flow.TrainConfig{
			Seed: e.seed(printedTraining, i), Steps: e.budget.PrintedSteps, Batch: timesteps,
			Optimizer: flow.AdamW{Rate: printedRate}, Schedule: flow.Constant,
		}, i, len(e.trajectories))
		// A loss that is not finite ends the training with the best model so
		// far, which is then what the experiment gives.
		var broken *flow.NonFiniteError
		if err != nil && !errors.As(err, &broken) {
			return err
		}
		e.printed = append(e.printed, f)
		a.Runs = append(a.Runs, PrintedRun{Parameters: f.NumParameters(), TrainLoss: report.Loss})
	}
	return nil
}

// trainGood trains the same network on the converged data.
func (e *doubleWell) trainGood() error {
	f, err := e.newFlow(training, 0)
	if err != nil {
		return err
	}
	begin := time.Now()
	report, err := e.train("training on converged data", f, e.goodData, flow.TrainConfig{
		Seed: e.seed(training, 0), Steps: e.budget.TrainSteps, Batch: e.budget.Batch,
		Optimizer: flow.AdamW{Rate: goodRate}, HoldOut: flow.HoldOut{Share: holdOut}, Every: evaluated,
	}, 0, 1)
	if err != nil {
		return err
	}
	e.good = f
	d := &e.result.DoneWell
	d.Parameters = f.NumParameters()
	d.TrainSteps, d.Batch, d.LearningRate = e.budget.TrainSteps, e.budget.Batch, goodRate
	d.TrainSeconds = time.Since(begin).Seconds()
	d.HoldOutNLL, d.BestStep = report.Loss, report.LossStep
	var sum float64
	n := len(e.goodData) / 2
	panel, logP := make([]float64, 2*n), make([]float64, n)
	for i := range n {
		panel[i], panel[n+i] = float64(e.goodData[2*i]), float64(e.goodData[2*i+1])
	}
	e.law.LogDensities(logP, panel, n, n)
	for _, v := range logP {
		sum -= v
	}
	d.ExactNLL = sum / float64(n)
	return nil
}
