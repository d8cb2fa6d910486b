package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"pushforward/internal/cli"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molfile"
)

// dynamicsOptions are the options of molecules alone.
type dynamicsOptions struct {
	molecule                                      moleculeOptions
	temperature, friction, hydrogenMass, minimize *float64
	length, interval, equilibration               *float64
	constraints, observables, colvar              *string
	checkpoint, resume                            *string
}

func addDynamicsOptions(flags *flag.FlagSet) dynamicsOptions {
	return dynamicsOptions{
		molecule:      addMoleculeOptions(flags),
		temperature:   cli.Positive(flags, "temperature", 300, "temperature in K [molecule]"),
		friction:      cli.Positive(flags, "friction", 1, "friction of Langevin dynamics in 1/ps [molecule]"),
		length:        cli.Positive(flags, "length", 100, "length in ps, after the equilibration [molecule]"),
		interval:      cli.Positive(flags, "interval", 1, "time from frame to frame in ps [molecule]"),
		equilibration: cli.NonNegative(flags, "equilibration", 0, "time before the first that counts, in ps [molecule]"),
		constraints:   cli.Choice(flags, "constraints", "which bonds are rigid [molecule]", "hydrogens", "none"),
		hydrogenMass:  cli.NonNegative(flags, "hydrogen-mass", 0, "move mass from their neighbours to hydrogens until they have so many Da; 0: don't [molecule]"),
		minimize:      cli.NonNegative(flags, "minimize", 0, "minimize the energy first, until no force exceeds so many kJ/(mol nm); 0: don't [molecule]"),
		observables:   flags.String("observables", "", "`LIST` of quantities to record with each frame, comma-separated [molecule]"),
		colvar:        flags.String("colvar", "", "write the torsions among the observables to `FILE` in PLUMED's format [molecule]"),
		checkpoint:    flags.String("checkpoint", "", "write the state at the end to `FILE` (.npz) [molecule]"),
		resume:        flags.String("resume", "", "go on from the checkpoint `FILE` [molecule]"),
	}
}

// dynamics is a simulation of a molecule as asked for.
type dynamics struct {
	name, out                   string
	system, free                *md.System // free: without constraints
	positions                   []float64
	replicas                    int
	steps, every, equilibration int
	minimize, temperature       float64
	observables                 []observable
	colvar, checkpoint, resume  string
	md                          md.Options
}

// observable is one that --observables names.
type observable struct {
	name  string
	atoms [4]int // of a torsion
}

func (o observable) torsion() bool { return o.atoms != [4]int{} }

func (o dynamicsOptions) complete(name, out string, replicas int, options md.Options, defaultScheme bool) (*dynamics, error) {
	if out == "" && *o.colvar == "" {
		return nil, cli.Usagef("simulate %s: want --out or --colvar", name)
	}
	if out != "" && !strings.HasSuffix(out, ".npz") && !strings.HasSuffix(out, ".dcd") {
		return nil, cli.Usagef("--out %s: want a name that ends in .npz or .dcd", out)
	}
	if *o.checkpoint != "" && !strings.HasSuffix(*o.checkpoint, ".npz") {
		return nil, cli.Usagef("--checkpoint %s: want a name that ends in .npz", *o.checkpoint)
	}
	if *o.resume != "" && (*o.minimize > 0 || *o.equilibration > 0) {
		return nil, cli.Usagef("--resume goes on from where a simulation was, without --minimize and --equilibration")
	}
	s, positions, err := o.molecule.load(name)
	if err != nil {
		return nil, err
	}
	if positions == nil && *o.resume == "" {
		return nil, cli.Usagef("simulate %s: --coordinates is missing", name)
	}
	d := &dynamics{
		name: name, out: out, system: s, positions: positions, replicas: replicas, minimize: *o.minimize,
		temperature: *o.temperature, colvar: *o.colvar, checkpoint: *o.checkpoint, resume: *o.resume, md: options,
	}
	if d.observables, err = parseObservables(*o.observables, s); err != nil {
		return nil, err
	}
	if d.colvar != "" && len(d.torsions()) == 0 {
		return nil, cli.Usagef("--colvar %s: no torsions among the observables, want some, like --observables phi,psi", d.colvar)
	}
	if defaultScheme {
		d.md.Scheme = md.LangevinMiddle
	}
	if d.md.Scheme != md.LangevinMiddle && d.md.Scheme != md.VelocityVerlet {
		return nil, cli.Usagef("--scheme %v is for double-well alone", d.md.Scheme)
	}
	if d.md.Dt == 0 {
		d.md.Dt = 0.002
	}
	if d.every = count(*o.interval, d.md.Dt); d.every < 1 {
		return nil, cli.Usagef("--interval %g is less than the time step %g", *o.interval, d.md.Dt)
	}
	d.steps, d.equilibration = count(*o.length, d.md.Dt), count(*o.equilibration, d.md.Dt)
	if d.steps < d.every {
		return nil, cli.Usagef("--interval %g is more than --length %g: there would be no frame", *o.interval, *o.length)
	}
	if *o.hydrogenMass > 0 {
		s.RepartitionHydrogenMass(*o.hydrogenMass)
	}
	free := *s // bonds that are to be rigid still have their energy
	d.free = &free
	if *o.constraints == "hydrogens" {
		s.ConstrainHydrogens()
	}
	d.md.Masses, d.md.Constraints = s.Masses(), s.Constraints
	d.md.Beta = md.InverseTemperature(*o.temperature)
	d.md.Recentre = max(1, count(1, d.md.Dt))
	if d.md.Scheme == md.LangevinMiddle {
		d.md.Friction = *o.friction
	}
	return d, nil
}

// count is the number of steps that a time takes.
func count(time, dt float64) int { return int(math.Round(min(time/dt, 1<<52))) }

func (d *dynamics) torsions() (list []observable) {
	for _, o := range d.observables {
		if o.torsion() {
			list = append(list, o)
		}
	}
	return list
}

// parseObservables reads a list of names.
func parseObservables(text string, s *md.System) (list []observable, err error) {
	if text == "" {
		return nil, nil
	}
	for _, name := range strings.Split(text, ",") {
		o := observable{name: strings.TrimSpace(name)}
		switch o.name {
		case "potential", "kinetic", "temperature":
		case "phi", "psi":
			if o.atoms, err = backboneTorsion(o.name, s); err != nil {
				return nil, err
			}
		default:
			n, scanErr := fmt.Sscanf(o.name+"\n", "%d-%d-%d-%d\n", &o.atoms[0], &o.atoms[1], &o.atoms[2], &o.atoms[3])
			if n != 4 || scanErr != nil {
				return nil, cli.Usagef("unknown observable %q, want potential, kinetic, temperature, phi, psi or four atoms like 4-6-8-14", o.name)
			}
			for _, a := range o.atoms {
				if a < 0 || a >= len(s.Atoms) {
					return nil, cli.Usagef("observable %s: atom %d, want 0 to %d", o.name, a, len(s.Atoms)-1)
				}
			}
			if !o.torsion() {
				return nil, cli.Usagef("observable %s: want four atoms that differ", o.name)
			}
		}
		list = append(list, o)
	}
	return list, nil
}

// backboneTorsion finds the only phi (C-N-CA-C) or psi (N-CA-C-N) of a peptide.
func backboneTorsion(name string, s *md.System) (atoms [4]int, err error) {
	at := map[int]map[string]int{} // atoms by residue and name
	for i, a := range s.Atoms {
		if at[a.ResidueNumber] == nil {
			at[a.ResidueNumber] = map[string]int{}
		}
		at[a.ResidueNumber][a.Name] = i
	}
	found := 0
	for r, names := range at {
		wanted := [4]struct {
			residue map[string]int
			name    string
		}{{at[r-1], "C"}, {names, "N"}, {names, "CA"}, {names, "C"}}
		if name == "psi" {
			wanted = [4]struct {
				residue map[string]int
				name    string
			}{{names, "N"}, {names, "CA"}, {names, "C"}, {at[r+1], "N"}}
		}
		var quadruple [4]int
		complete := true
		for k, w := range wanted {
			i, is := w.residue[w.name]
			quadruple[k], complete = i, complete && is
		}
		if complete {
			atoms = quadruple
			found++
		}
	}
	if found != 1 {
		return atoms, cli.Usagef("observable %s: the molecule has %d such torsions, name the four atoms of one, like 4-6-8-14", name, found)
	}
	return atoms, nil
}

type dynamicsResult struct {
	System      string             `json:"system"`
	Out         string             `json:"out,omitempty"`
	Colvar      string             `json:"colvar,omitempty"`
	Checkpoint  string             `json:"checkpoint,omitempty"`
	Frames      int                `json:"frames"`
	Replicas    int                `json:"replicas"`
	Atoms       int                `json:"atoms"`
	Step        uint64             `json:"step"`
	Dt          float64            `json:"dt_ps"`
	Temperature float64            `json:"temperature_kelvin"`
	Friction    float64            `json:"friction_per_ps"`
	Scheme      string             `json:"scheme"`
	Seed        uint64             `json:"seed"`
	Means       map[string]float64 `json:"means"` // of observables other than torsions
	Seconds     float64            `json:"seconds"`
	NsPerDay    float64            `json:"ns_per_day"`
}

func simulateMolecule[T kernels.Float](ctx context.Context, env *cli.Env, d *dynamics) error {
	field, err := md.NewForceField[T](d.system)
	if err != nil {
		return err
	}
	sim, err := startDynamics(ctx, env, field, d)
	if err != nil {
		return err
	}
	bar := env.Progress("equilibration", "steps", d.equilibration)
	if err := sim.Run(ctx, d.equilibration, &md.Record[T]{Progress: func(done, _ int) { bar.Set(done) }}); err != nil {
		return err
	}
	bar = env.Progress("simulating", "steps", d.steps)
	record := &md.Record[T]{Every: d.every, ObserveEvery: d.every, Progress: func(done, _ int) { bar.Set(done) }}
	for _, o := range d.observables {
		switch {
		case o.torsion():
			record.Observables = append(record.Observables, md.TorsionAngles[T](o.atoms))
		case o.name == "potential":
			record.Observables = append(record.Observables, sim.PotentialEnergy())
		case o.name == "kinetic":
			record.Observables = append(record.Observables, sim.KineticEnergy())
		default:
			record.Observables = append(record.Observables, sim.Temperature())
		}
	}
	if len(d.observables) == 0 {
		record.ObserveEvery = 0
	}
	files, err := createTrajectories[T](d, sim.N(), int(sim.Step())+d.every)
	if err != nil {
		return err
	}
	record.Sink = func(f md.Frame[T]) error { return files.add(f, record.Values) }
	begin, first := time.Now(), sim.Step()
	runErr := sim.Run(ctx, d.steps, record)
	interrupted := runErr != nil && cli.Interrupted(ctx, runErr)
	var unstable *md.UnstableError
	some := errors.As(runErr, &unstable) && len(unstable.Failures) < unstable.Replicas
	if runErr != nil && !interrupted && !some { // of the replicas that are not lost, frames are kept
		files.discard()
		return runErr
	}
	bar.Close()
	seconds := time.Since(begin).Seconds()
	if err := files.close(record.Values); err != nil {
		return err
	}
	if d.checkpoint != "" {
		if err := sim.WriteCheckpoint(d.checkpoint); err != nil {
			return err
		}
	}
	if runErr != nil {
		return fmt.Errorf("%d of %d frames are written: %w", files.frames, d.steps/d.every, runErr)
	}
	r := dynamicsResult{
		System: d.name, Out: d.out, Colvar: d.colvar, Checkpoint: d.checkpoint,
		Frames: files.frames, Replicas: sim.N(), Atoms: len(d.system.Atoms), Step: sim.Step(), Dt: d.md.Dt,
		Temperature: d.temperature, Friction: d.md.Friction, Scheme: d.md.Scheme.String(), Seed: d.md.Seed,
		Means: map[string]float64{}, Seconds: seconds,
		NsPerDay: float64(sim.Step()-first) * float64(sim.N()) * d.md.Dt / 1000 / seconds * 86400,
	}
	for i, o := range d.observables {
		if o.torsion() {
			continue
		}
		sum := 0.0
		for _, v := range record.Values[i] {
			sum += float64(v)
		}
		r.Means[o.name] = sum / float64(len(record.Values[i]))
	}
	return env.Result(r, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %d frames of %d replicas, %d atoms, %d steps of %g ps, %.0f ns/day\n", d.name, r.Frames, r.Replicas, r.Atoms, r.Step-first, r.Dt, r.NsPerDay)
		for _, o := range d.observables {
			if mean, is := r.Means[o.name]; is {
				fmt.Fprintf(w, "mean %s: %.6g\n", o.name, mean)
			}
		}
		for _, name := range []string{d.out, d.colvar, d.checkpoint} {
			switch {
			case name == "":
			case sim.N() == 1 || strings.HasSuffix(name, ".npz"):
				fmt.Fprintln(w, name)
			default: // one for each replica
				fmt.Fprintf(w, "%s … %s\n", molfile.ReplicaPath(name, 0, sim.N()), molfile.ReplicaPath(name, sim.N()-1, sim.N()))
			}
		}
	})
}

// startDynamics begins a simulation, or goes on with one.
func startDynamics[T kernels.Float](ctx context.Context, env *cli.Env, field *md.ForceField[T], d *dynamics) (*md.Simulation[T], error) {
	if d.resume != "" {
		return md.ResumeSimulation(field, d.resume, d.md)
	}
	x := make([]T, 0, d.replicas*len(d.positions))
	for range d.replicas {
		for _, v := range d.positions {
			x = append(x, T(v))
		}
	}
	if d.minimize > 0 {
		free, err := md.NewForceField[T](d.free)
		if err != nil {
			return nil, err
		}
		m, err := md.Minimize(ctx, free, x[:len(d.positions)], md.MinimizeOptions{Force: d.minimize, Threads: d.md.Threads})
		if err != nil {
			return nil, err
		}
		if !m.Converged[0] {
			return nil, fmt.Errorf("%s: after %d steps of minimization the largest force is %.3g kJ/(mol nm), want %g: try a larger one, or --precision float64",
				d.name, m.Steps[0], m.Forces[0], d.minimize)
		}
		env.Notef("minimized in %d steps: %.6f kJ/mol", m.Steps[0], m.Energies[0])
		for r := range d.replicas {
			copy(x[r*len(m.Positions):], m.Positions)
		}
	}
	return md.NewSimulation(field, x, d.md)
}
