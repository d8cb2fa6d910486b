package paper

import (
	"pushforward/md"
)

// makeTrajectories simulates the paper's data: single trajectories of 600
// positions, the first an exact draw, so that the chain is in equilibrium from
// the start and its transitions have a known law.
func (e *doubleWell) makeTrajectories() error {
	for i := range e.budget.Trajectories {
		x, err := e.trajectory(i)
		if err != nil {
			return err
		}
		e.trajectories = append(e.trajectories, x)
	}
	return nil
}

// trajectory returns trajectory number i, row-major [600][2].
func (e *doubleWell) trajectory(i int) ([]float32, error) {
	start := e.exact(trajectoryStart, i, 1)
	s, err := md.NewSimulation(md.DoubleWell[float32]{}, start, md.Options{
		Dt: printedDt, Beta: beta, Scheme: md.EulerMaruyama, Seed: e.seed(trajectoryNoise, i), Threads: 1,
	})
	if err != nil {
		return nil, err
	}
	rec := &md.Record[float32]{Every: 1, Frames: start}
	err = s.Run(e.ctx, timesteps-1, rec)
	return rec.Frames, err
}

// The simulation that gives the data for the flow done well. Its correlation
// time is 1.26.
const (
	dataDt      = 0.05
	burnInTime  = 20
	spacingTime = 2
	holdOut     = 0.1
)

// data simulates many replicas by the scheme with the accurate invariant law.
// They start in the wells, half in each, and are far from their start, and
// hardly correlated from frame to frame, when frames are taken. The samples
// are row-major [frames·replicas][2].
func (e *doubleWell) data() ([]float32, error) {
	start := make([]float32, 2*e.budget.Replicas)
	for r := range e.budget.Replicas {
		start[2*r] = float32(2*(r%2) - 1)
	}
	s, err := md.NewSimulation(md.DoubleWell[float32]{}, start, md.Options{
		Dt: dataDt, Beta: beta, Scheme: md.LeimkuhlerMatthews, Seed: e.seed(dataNoise, 0), Threads: e.options.Threads,
	})
	if err != nil {
		return nil, err
	}
	steps := func(time float64) int { return int(time/dataDt + 0.5) }
	if err := s.Run(e.ctx, steps(burnInTime), nil); err != nil {
		return nil, err
	}
	every := steps(spacingTime)
	rec := &md.Record[float32]{Every: every, Progress: func(done, steps int) {
		e.report("converged data", float64(done)/float64(steps))
	}}
	err = s.Run(e.ctx, every*e.budget.Frames, rec)
	return rec.Frames, err
}

// makeData simulates the data and compares it with the exact law.
func (e *doubleWell) makeData() error {
	x, err := e.data()
	if err != nil {
		return err
	}
	e.goodData = x
	n := len(x) / 2
	last := x[2*max(n-e.budget.Generated, 0):]
	d := Data{
		Samples: n, Replicas: e.budget.Replicas, Scheme: md.LeimkuhlerMatthews.String(),
		Dt: dataDt, BurnInTime: burnInTime, SpacingTime: spacingTime, HoldOut: holdOut,
		X1: e.fromQuantiles(last, 0), X2: e.fromQuantiles(last, 1),
	}
	for i := range n {
		a, b := float64(x[2*i]), float64(x[2*i+1])
		d.X1X1 += float64(a * a)
		d.X2X2 += float64(b * b)
	}
	d.X1X1 /= float64(n)
	d.X2X2 /= float64(n)
	e.result.DoneWell.Data = d
	return nil
}
