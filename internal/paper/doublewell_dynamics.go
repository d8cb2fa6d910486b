package paper

import (
	"errors"
	"math"

	"pushforward/flow"
	"pushforward/md"
)

// measureDynamics compares the true dynamics with Langevin dynamics in the
// learnt potentials.
func (e *doubleWell) measureDynamics() error {
	for i, f := range e.printed {
		r := &e.result.AsPrinted.Runs[i]
		// The very trajectory of the data: its start and its noise.
		signs, cores, failed, err := e.count(flow.NewPotential(f, beta), 1, e.seed(trajectoryStart, i), e.seed(trajectoryNoise, i))
		if err != nil {
			return err
		}
		r.LearntSignChanges, r.LearntCoreChanges, r.LearntLeft = signs[0], cores[0], failed > 0
	}
	e.report("dynamics", 0.1)
	truth, err := e.trueDynamics()
	if err != nil {
		return err
	}
	e.report("dynamics", 0.3)
	if e.result.DoneWell.Dynamics, err = e.dynamics(e.good, truth); err != nil {
		return err
	}
	e.report("dynamics", 0.7)
	e.result.AsPrinted.Dynamics, err = e.dynamics(e.printed[0], truth)
	return err
}

// ensembles are the counts of two independent ensembles of the true dynamics:
// one to be compared with, and one that shows what chance does.
type ensembles struct{ signs, cores, otherSigns, otherCores []int }

func (e *doubleWell) trueDynamics() (t ensembles, err error) {
	n := e.budget.Runs
	well := md.DoubleWell[float32]{}
	if t.signs, t.cores, _, err = e.count(well, n, e.seed(dynamicsStart, 0), e.seed(dynamicsNoise, 0)); err != nil {
		return t, err
	}
	t.otherSigns, t.otherCores, _, err = e.count(well, n, e.seed(dynamicsStart, 1), e.seed(dynamicsNoise, 1))
	return t, err
}

// dynamics compares the true ensemble with that of a learnt potential, once
// driven by the same noise from the same starts, and once by its own.
func (e *doubleWell) dynamics(f *flow.Flow[float32], truth ensembles) (Dynamics, error) {
	d := Dynamics{Runs: e.budget.Runs, Positions: timesteps, Dt: printedDt, Core: core}
	learnt := flow.NewPotential(f, beta)
	signs, cores, failed, err := e.count(learnt, d.Runs, e.seed(dynamicsStart, 0), e.seed(dynamicsNoise, 0))
	if err != nil {
		return d, err
	}
	freeSigns, freeCores, freeFailed, err := e.count(learnt, d.Runs, e.seed(freeStart, 0), e.seed(freeNoise, 0))
	if err != nil {
		return d, err
	}
	d.Failed = failed + freeFailed
	p := e.budget.Permutations
	d.Sign = comparePair(truth.signs, truth.otherSigns, signs, freeSigns, p, e.seed(permutationOrder, 0))
	d.CoreSet = comparePair(truth.cores, truth.otherCores, cores, freeCores, p, e.seed(permutationOrder, 1))
	return d, nil
}

// count runs n replicas of 600 positions, from exact draws on, and returns the
// transitions of each, and how many left the finite numbers.
func (e *doubleWell) count(p md.Potential[float32], n int, start, noise uint64) (signs, cores []int, failed int, err error) {
	x := make([]float32, 2*n)
	md.Draw(e.law, x, start, 0)
	s, err := md.NewSimulation(p, x, md.Options{
		Dt: printedDt, Beta: beta, Scheme: md.EulerMaruyama, Seed: noise, Threads: e.options.Threads,
	})
	if err != nil {
		return nil, nil, 0, err
	}
	rec := &md.Record[float32]{Transitions: md.NewTransitions(n, 0, core)}
	err = s.Run(e.ctx, timesteps-1, rec)
	// A badly learnt potential may throw replicas out: their counts end there.
	var unstable *md.UnstableError
	if errors.As(err, &unstable) {
		failed, err = len(unstable.Failures), nil
	}
	return rec.Transitions.SignChanges, rec.Transitions.CoreChanges, failed, err
}

// comparePair compares the counts of the true dynamics, and of others that are
// independent of it, with those of the learnt dynamics with the same noise and
// with noise of its own.
func comparePair(truth, other, same, free []int, permutations int, seed uint64) Pair {
	p := Pair{True: countOf(truth), Learnt: countOf(same), LearntFree: countOf(free)}
	differences := make([]int, len(truth))
	for i, v := range truth {
		if same[i] == v {
			p.EqualShare += 1 / float64(len(truth))
		}
		if other[i] == v {
			p.EqualByChance += 1 / float64(len(truth))
		}
		differences[i] = same[i] - v
	}
	mean, sd := meanAndSD(differences)
	p.MeanDifference, p.MeanDifferenceSE = mean, sd/math.Sqrt(float64(len(truth)))
	p.SameLaw = compareCounts(truth, free, permutations, seed)
	return p
}
