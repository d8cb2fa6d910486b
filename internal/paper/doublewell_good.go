package paper

import "time"

// measureGood measures the flow that was trained on enough data.
func (e *doubleWell) measureGood() (err error) {
	const stage = "distances done well"
	b, d := e.budget, &e.result.DoneWell
	begin := time.Now()
	e.goodSamples = e.generated(0)
	d.SampleSeconds = time.Since(begin).Seconds()
	if d.Joint, err = e.repeat(stage, 0, b.Repeats2D, b.Repeats2D, func(i int) (float64, error) {
		d, err := e.joint(e.generated(i)[:2*b.Cloud], e.exact(exactDraws, 5000+i, b.Cloud))
		return d.Squared, err
	}); err != nil {
		return err
	}
	for c, to := range []*Spread{&d.X1, &d.X2} {
		if *to, err = e.repeat(stage, 1, 1, b.Repeats1D, func(i int) (float64, error) {
			return e.fromQuantiles(e.generated(i), c).Squared, nil
		}); err != nil {
			return err
		}
	}
	for i, of := range []struct {
		p                *float64
		distances, floor Spread
	}{{&d.JointP, d.Joint, e.result.Floors.Joint}, {&d.X1P, d.X1, e.result.Floors.X1}, {&d.X2P, d.X2, e.result.Floors.X2}} {
		if *of.p, err = e.excess(permutationOrder, 2+i, b.Permutations, of.distances.Values, of.floor.Values); err != nil {
			return err
		}
	}
	untrained, err := e.newFlow(training, 0)
	if err != nil {
		return err
	}
	x := e.exact(exactDraws, 6000, b.Generated)
	d.RoundTrip = RoundTrip{Trained: e.good.RoundTrip(x).Largest, Untrained: untrained.RoundTrip(x).Largest, Samples: b.Generated}
	l := e.good.BiLipschitz(x[:2*b.Lipschitz])
	d.Lipschitz = Lipschitz{Map: l.Largest, Inverse: 1 / l.Smallest, Samples: b.Lipschitz}
	return nil
}

// generated returns batch number i of samples of the good flow.
func (e *doubleWell) generated(i int) []float32 {
	n := e.budget.Generated
	x := make([]float32, 2*n)
	e.good.Sample(x, e.seed(generatedSamples, 1000), uint64(i)*uint64(n))
	return x
}
