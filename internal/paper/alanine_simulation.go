package paper

import (
	"context"
	"math"
	"slices"
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
		BurnIn: float64(b.BurnIn), Length: float64(b.Frames) / 1000, Biased: true,
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

// deepest returns the minima of the energy in each basin.
func deepest(ctx context.Context, system *md.System, lowest []float64) (list [][]float64, err error) {
	field, err := md.NewForceField[float64](system)
	if err != nil {
		return nil, err
	}
	for _, b := range basins {
		x := slices.Clone(lowest)
		for k, torsion := range backbone {
			if err := system.SetTorsion(x, torsion, b.core[k]*math.Pi/180); err != nil {
				return nil, err
			}
		}
		m, err := md.Minimize(ctx, field, x, md.MinimizeOptions{Force: 1})
		if err != nil {
			return nil, err
		}
		list = append(list, m.Positions)
	}
	return list, nil
}

// run makes the simulation, which s describes, and completes s. Replicas start from
// the lowest minimum of the energy or, biased, from the minima of α_R, P_II and C5 by
// turns, and every 32nd from that of α_L.
func (s *AlanineSimulation) run(ctx context.Context, seed uint64, threads int, done *atomic.Int64) (angles, error) {
	begin := time.Now()
	system, minimum := molecules.AlanineDipeptide()
	minima := [][]float64{minimum}
	if s.Biased {
		var err error
		if minima, err = deepest(ctx, system, minimum); err != nil {
			return angles{}, err
		}
	}
	if s.Hydrogen > 0 {
		system.RepartitionHydrogenMass(s.Hydrogen)
	} else {
		s.Hydrogen = system.Atoms[0].Mass
	}
	system.ConstrainHydrogens()
	if s.Biased {
		addBias(system)
	}
	field, err := md.NewForceField[float32](system)
	if err != nil {
		return angles{}, err
	}
	x := make([]float32, 0, s.Replicas*len(minimum))
	for r := range s.Replicas {
		from := minima[r%min(len(minima), 3)]
		if r%32 == 31 && len(minima) > 3 {
			from = minima[3]
		}
		for _, v := range from {
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
	s.EffectiveFrames = float64(s.Frames)
	if s.Biased {
		a.weight = make([]float64, s.Frames)
		for i := range a.weight {
			a.weight[i] = biasWeight(a.x[2*i])
		}
		s.EffectiveFrames = effectiveFrames(a.weight)
	}
	s.Populations, s.Transitions = populationsOf(a), transitionsOf(a, 1)
	s.Seconds = time.Since(begin).Seconds()
	s.NsPerDay = float64(s.steps()) * s.Dt / 1000 / s.Seconds * 86400
	return a, nil
}
