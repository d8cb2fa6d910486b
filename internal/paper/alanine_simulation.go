package paper

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"pushforward/md"
	"pushforward/md/molecules"
)

// The backbone torsions φ and ψ of alanine dipeptide.
var backbone = [][4]int{{4, 6, 8, 14}, {6, 8, 14, 16}}

// The converged simulation: friction hardly slows the torsions down, and heavy
// hydrogens, which leave the equilibrium law of positions as it is, allow for
// long steps.
const (
	convergedFriction = 1     // 1/ps
	convergedTimeStep = 0.004 // ps
	heavyHydrogen     = 3     // Da
)

const simulating = "molecular dynamics"

// simulate makes the six trajectories and the converged simulation side by side:
// six replicas fill a single vector, and so one thread.
func (e *alanine) simulate() error {
	b := &e.budget
	printed := &AlanineSimulation{
		Replicas: printedTrajectories, Friction: printedFriction, Dt: printedTimeStep,
		Length: float64(b.PrintedFrames) / 1000,
	}
	converged := &AlanineSimulation{
		Replicas: b.Replicas, Friction: convergedFriction, Dt: convergedTimeStep, Hydrogen: heavyHydrogen,
		BurnIn: float64(b.BurnIn), Length: float64(b.Frames) / 1000,
	}
	ctx, stop := context.WithCancel(e.ctx)
	defer stop()
	var done [2]atomic.Int64 // replicas' steps
	all := printed.steps() + converged.steps()
	var g errgroup.Group
	for i, s := range []*AlanineSimulation{printed, converged} {
		threads, into := 1, &e.printed
		if i == 1 {
			threads, into = e.threads(), &e.converged
		}
		g.Go(func() (err error) {
			defer func() {
				if err != nil {
					stop()
				}
			}()
			*into, err = s.run(ctx, e.seed(alanineNoise, i), threads, &done[i])
			return err
		})
	}
	finished := make(chan error, 1)
	go func() { finished <- g.Wait() }()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-finished:
			e.result.AsPrinted.Simulation, e.result.DoneWell.Simulation = *printed, *converged
			return err
		case <-tick.C:
			e.report(simulating, float64(done[0].Load()+done[1].Load())/float64(all))
		}
	}
}

// interval is the number of steps from frame to frame, a picosecond.
func (s *AlanineSimulation) interval() int { return int(1/s.Dt + 0.5) }

// steps is the number of steps of all replicas.
func (s *AlanineSimulation) steps() int {
	return s.Replicas * s.interval() * int(s.BurnIn+1000*s.Length+0.5)
}

// run makes the simulation, which s describes, from the lowest minimum of the
// energy, and completes s.
func (s *AlanineSimulation) run(ctx context.Context, seed uint64, threads int, done *atomic.Int64) (angles, error) {
	begin := time.Now()
	system, minimum := molecules.AlanineDipeptide()
	if s.Hydrogen > 0 {
		system.RepartitionHydrogenMass(s.Hydrogen)
	} else {
		s.Hydrogen = system.Atoms[0].Mass
	}
	system.ConstrainHydrogens()
	field, err := md.NewForceField[float32](system)
	if err != nil {
		return angles{}, err
	}
	x := make([]float32, 0, s.Replicas*len(minimum))
	for range s.Replicas {
		for _, v := range minimum {
			x = append(x, float32(v))
		}
	}
	sim, err := md.NewSimulation(field, x, md.Options{
		Dt: s.Dt, Beta: md.InverseTemperature(alanineTemperature), Scheme: md.LangevinMiddle, Friction: s.Friction,
		Masses: system.Masses(), Constraints: system.Constraints,
		Recentre: s.interval(), Seed: seed, Threads: threads,
	})
	if err != nil {
		return angles{}, err
	}
	before := 0
	progress := func(steps, _ int) { done.Store(int64(s.Replicas * (before + steps))) }
	every := s.interval()
	burnIn, frames := int(s.BurnIn+0.5), int(1000*s.Length+0.5)
	if err := sim.Run(ctx, every*burnIn, &md.Record[float32]{Progress: progress}); err != nil {
		return angles{}, err
	}
	before = every * burnIn
	record := &md.Record[float32]{
		Observables:  []md.Observable[float32]{md.TorsionAngles[float32](backbone...), sim.Temperature()},
		ObserveEvery: every, Progress: progress,
	}
	if err := sim.Run(ctx, every*frames, record); err != nil {
		return angles{}, err
	}
	a := angles{replicas: s.Replicas, frames: frames, x: make([]float32, 2*s.Replicas*frames)}
	for f := range frames {
		for r := range s.Replicas {
			copy(a.x[2*(r*frames+f):][:2], record.Values[0][2*(f*s.Replicas+r):])
		}
	}
	for _, t := range record.Values[1] {
		s.MeanTemperature += float64(t)
	}
	s.MeanTemperature /= float64(len(record.Values[1]))
	s.Temperature, s.Interval, s.Frames = alanineTemperature, 1, s.Replicas*frames
	s.Populations, s.Transitions = populationsOf(a), transitionsOf(a, 1)
	s.Seconds = time.Since(begin).Seconds()
	s.NsPerDay = float64(s.steps()) * s.Dt / 1000 / s.Seconds * 86400
	return a, nil
}
