package paper

import (
	"math"

	"pushforward/flow"
)

// Settings that the paper fixes; the friction, the time step and the constraints
// are those of the data set that it took (msmbuilder's AlanineDipeptide).
const (
	alanineTemperature  = 300 // K
	printedTrajectories = 6
	printedFriction     = 91    // 1/ps
	printedTimeStep     = 0.002 // ps
	printedLayers       = 6
	printedHidden       = 64
)

// alanine is one run of the experiment of section 6.2.
type alanine struct {
	*runner
	budget AlanineBudget

	printed   angles // six trajectories as printed
	converged angles
	opened    cut // for the flows done well

	printedFlow    *flow.Flow[float32]
	flows          []*flow.Flow[float32] // done well: the paper's network, and a larger one
	printedSamples []float32             // finite samples of each, in the plane
	samples        [][]float32

	large  int // points of the large clouds
	gap    largest
	result Alanine
}

func newAlanine(s *runner, budget AlanineBudget) *alanine {
	e := &alanine{runner: s, budget: budget}
	e.result.Paper, e.result.Budget = alaninePublished, budget
	return e
}

func (e *alanine) parts() []part {
	return []part{
		{simulating, 320, e.simulate},
		{"training on six trajectories", 6, e.trainPrinted},
		{"training on the converged simulation", 40, e.trainGood},
		{"distances on the torus", 50, e.measure},
	}
}

func (e *alanine) record(r *Results) {
	e.result.LargestGap = e.gap.value
	e.result.Aims = e.aims()
	r.Alanine = &e.result
}

// sample draws from a flow and keeps what is finite.
func (e *alanine) sample(f *flow.Flow[float32], c cut, number int) ([]float32, AlanineGenerated) {
	x := make([]float32, 2*e.budget.Samples)
	f.Sample(x, e.seed(alanineSamples, number), 0)
	var g AlanineGenerated
	x, g.NonFinite = finite(x)
	g.Outside = c.outside(x)
	g.Populations = populationsOfSamples(x)
	return x, g
}

func (e *alanine) aims() []Aim {
	d := &e.result.DoneWell
	largest := 0.0
	for _, p := range d.Simulation.Populations {
		largest = max(largest, p.SE)
	}
	list := []Aim{
		atMost("standard error of the simulation's populations", Number(largest), 0.01),
		within("W2 on the torus at "+thousands(e.budget.Small)+" points, degrees", d.Flows[0].Small, d.SmallFloor),
	}
	best := d.Flows[len(d.Flows)-1]
	list = append(list,
		within("the same at "+thousands(e.budget.Large)+" points, larger network", best.Large, d.LargeFloor),
		atMost("samples outside the torus, larger network", Number(best.Generated.Outside), 0.01))
	worst := 0.0
	for i, p := range best.Generated.Populations {
		m := d.Simulation.Populations[i]
		worst = max(worst, math.Abs(p.Share-m.Share)/math.Hypot(m.SE, p.SE))
	}
	return append(list, atMost("populations of flow and simulation, in standard errors", Number(worst), 2))
}
