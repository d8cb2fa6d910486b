package paper

import (
	"errors"
	"math"
	"time"

	"pushforward/flow"
)

// The flows done well: the paper's network, and one of more and wider layers.
var goodNetworks = []struct{ layers, hidden int }{{printedLayers, printedHidden}, {12, 128}}

const (
	alanineRate    = 3e-3
	alanineHoldOut = 0.1
)

// trainPrinted trains the paper's network on all frames of the six trajectories.
func (e *alanine) trainPrinted() (err error) {
	p := &e.result.AsPrinted
	e.printedFlow, p.Training, err = e.fit("training on six trajectories", e.printed.x, printedLayers, printedHidden, flow.TrainConfig{
		Seed: e.seed(alanineTraining, 0), Steps: e.budget.PrintedSteps, Batch: e.budget.Batch,
		Optimizer: flow.AdamW{Rate: printedRate}, Schedule: flow.Constant,
	}, 0, 1)
	if err != nil {
		return err
	}
	e.printedSamples, p.Generated = e.sample(e.printedFlow, atPi, 0)
	return nil
}

// trainGood trains on the converged simulation, on angles that run from where the
// density is smallest.
func (e *alanine) trainGood() error {
	frames := e.converged.equilibrium()
	e.opened = sparsest(frames)
	for k, v := range e.opened {
		e.result.DoneWell.Cut[k] = math.Round(v * 180 / math.Pi)
	}
	data := e.opened.open(frames)
	for i, n := range goodNetworks {
		f, t, err := e.fit("training on the converged simulation", data, n.layers, n.hidden, flow.TrainConfig{
			Seed: e.seed(alanineTraining, 1+i), Steps: e.budget.TrainSteps, Batch: e.budget.Batch,
			Optimizer: flow.AdamW{Rate: alanineRate}, HoldOut: flow.HoldOut{Share: alanineHoldOut}, Every: evaluated,
		}, i, len(goodNetworks))
		if err != nil {
			return err
		}
		x, g := e.sample(f, e.opened, 1+i)
		e.flows, e.samples = append(e.flows, f), append(e.samples, x)
		e.result.DoneWell.Flows = append(e.result.DoneWell.Flows, AlanineFlow{Training: t, Generated: g})
	}
	return nil
}

// fit is training number i of a stage that has so many.
func (e *alanine) fit(stage string, data []float32, layers, hidden int, c flow.TrainConfig, i, of int) (*flow.Flow[float32], AlanineTraining, error) {
	begin := time.Now()
	f, err := flow.New[float32](flow.RealNVP(2, layers, flow.Split, hidden), c.Seed)
	if err != nil {
		return nil, AlanineTraining{}, err
	}
	f.SetThreads(e.options.Threads)
	report, err := e.train(stage, f, data, c, i, of)
	// A loss that is not finite ends the training with the best model so far.
	var broken *flow.NonFiniteError
	if err != nil && !errors.As(err, &broken) {
		return nil, AlanineTraining{}, err
	}
	return f, AlanineTraining{
		Parameters: f.NumParameters(), Layers: layers, Hidden: hidden,
		Steps: c.Steps, Batch: c.Batch, LearningRate: c.Optimizer.Rate,
		Loss: report.Loss, Seconds: time.Since(begin).Seconds(),
	}, nil
}
