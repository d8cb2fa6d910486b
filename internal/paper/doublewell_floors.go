package paper

import (
	"pushforward/md"
	"pushforward/ot"
)

// measureFloors measures each test between things that are equal in law: what
// remains is the noise of the test.
func (e *doubleWell) measureFloors() (err error) {
	const stage = "noise floors"
	b, f := e.budget, &e.result.Floors
	// In units of the time that 600 points take; large clouds take four times
	// as long.
	all := 4*b.Repeats2D + 2*b.Repeats600
	if f.Joint, err = e.repeat(stage, 0, all/4, b.Repeats2D, func(i int) (float64, error) {
		d, err := e.joint(e.exact(exactDraws, i, b.Cloud), e.exact(otherExactDraws, i, b.Cloud))
		return d.Squared, err
	}); err != nil {
		return err
	}
	done := 4 * b.Repeats2D
	if f.Joint600, err = e.repeat(stage, done, all, b.Repeats600, func(i int) (float64, error) {
		d, err := e.joint(e.exact(otherExactDraws, 1000+i, timesteps), e.exact(exactDraws, 1000+i, b.Generated))
		return d.Squared, err
	}); err != nil {
		return err
	}
	// Correlated steps know less than as many independent draws.
	paths := make([][]float32, b.Repeats600)
	for i := range paths {
		if paths[i], err = e.trajectory(2000 + i); err != nil {
			return err
		}
	}
	done += b.Repeats600
	if f.Trajectory600, err = e.repeat(stage, done, all, b.Repeats600, func(i int) (float64, error) {
		d, err := e.joint(paths[i], e.exact(exactDraws, 2000+i, b.Generated))
		return d.Squared, err
	}); err != nil {
		return err
	}
	for c, to := range []struct{ trajectory, quantiles *Spread }{{&f.X1Trajectory, &f.X1}, {&f.X2Trajectory, &f.X2}} {
		if *to.trajectory, err = e.repeat(stage, all, all, b.Repeats600, func(i int) (float64, error) {
			d, err := marginal(paths[i], e.exact(exactDraws, 2000+i, b.Generated), c)
			return d.Squared, err
		}); err != nil {
			return err
		}
		if *to.quantiles, err = e.repeat(stage, all, all, b.Repeats1D, func(i int) (float64, error) {
			return e.fromQuantiles(e.exact(exactDraws, 3000+i, b.Generated), c).Squared, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// finite returns a cloud without the samples that are not finite, and how many
// those are: a flow that was badly learnt may overflow.
func finite(x []float32) (kept []float32, dropped int) {
	for i := 0; i < len(x); i += 2 {
		if a, b := x[i], x[i+1]; a-a == 0 && b-b == 0 {
			kept = append(kept, a, b)
		}
	}
	return kept, (len(x) - len(kept)) / 2
}

// measurePrinted makes the paper's tests with the flows that were trained on
// 600 steps.
func (e *doubleWell) measurePrinted() (err error) {
	n := e.budget.Generated
	for i, f := range e.printed {
		r, path := &e.result.AsPrinted.Runs[i], e.trajectories[i]
		x := make([]float32, 2*n)
		f.Sample(x, e.seed(generatedSamples, i), 0)
		x, r.NonFinite = finite(x)
		if i == 0 {
			e.samples = x
		}
		exact := e.exact(exactDraws, 4000+i, n)
		r.SignChanges, r.CoreChanges = md.CountTransitions(path, 2, core)
		r.IndependentSignChanges, _ = md.CountTransitions(x[:min(2*timesteps, len(x))], 2, core)
		var clouds [3]Distance
		pairs := [3][2][]float32{{path, x}, {path, exact}, {exact, x}}
		if _, err = e.repeat("distances as printed", 3*i, 3*len(e.printed), 3, func(k int) (float64, error) {
			var err error
			clouds[k], err = e.joint(pairs[k][0], pairs[k][1])
			return clouds[k].Squared, err
		}); err != nil {
			return err
		}
		r.Joint, r.PerfectJoint, r.ExactJoint = clouds[0], clouds[1], clouds[2]
		for c, to := range [2][3]*Distance{{&r.X1, &r.PerfectX1, &r.ExactX1}, {&r.X2, &r.PerfectX2, &r.ExactX2}} {
			if *to[0], err = marginal(path, x, c); err != nil {
				return err
			}
			if *to[1], err = marginal(path, exact, c); err != nil {
				return err
			}
			*to[2] = e.fromQuantiles(x, c)
		}
		floors := &e.result.Floors
		r.JointP = ot.NewFloor(floors.Trajectory600.Values).PValue(r.Joint.W2)
		r.X1P = ot.NewFloor(floors.X1Trajectory.Values).PValue(r.X1.W2)
		r.X2P = ot.NewFloor(floors.X2Trajectory.Values).PValue(r.X2.W2)
		r.Average = (r.X1.W2 + r.X2.W2) / 2
		r.AverageSq = (r.X1.Squared + r.X2.Squared) / 2
	}
	return nil
}
