package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"unsafe"

	"pushforward/internal/cli"
	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
)

// maxTrajectory is how many bytes of frames are kept in memory.
const maxTrajectory = 1 << 34

func simulateCommand() *cli.Command {
	c := &cli.Command{
		Name: "simulate", Args: "SYSTEM", MinArgs: 1, MaxArgs: 1,
		Summary: "Langevin dynamics of a system",
		Description: `Runs dynamics of many replicas side by side and writes a trajectory. Options
named with [well] are for double-well, those with [molecule] for molecules.

double-well is U = (x1^2 - 1)^2/4 + x2^2/2 in reduced units, with overdamped
Langevin dynamics, dx = -grad U dt + sqrt(2/beta) dW. A .npz file gets x of shape
(frames, replicas, 2), the frames' times t, and for each replica the number of
sign changes and of core-set transitions of x1 (between |x1| > 0.5 on either
side), counted over all steps after the burn-in. A .npy file gets x alone.

` + moleculeHelp + `

Molecules move by Langevin dynamics with masses (BAOAB), bonds to hydrogen being
rigid, or by velocity Verlet. --out gets frames: .npz holds positions (frames,
replicas, atoms, 3), time, step and the observables; .dcd one file for each
replica. --colvar gets torsions in PLUMED's format. Observables: potential,
kinetic, temperature, phi, psi, or torsions like 4-6-8-14, atoms counted from 0.

Ctrl-C writes the frames so far.`,
		Example: `pushforward simulate double-well --steps 20000 --every 10 --replicas 4 --out traj.npz
pushforward simulate alanine-dipeptide --replicas 8 --length 2 --interval 0.5 --out ala.npz
pushforward simulate alanine-dipeptide --length 1 --observables phi,psi --colvar COLVAR`,
	}
	out := c.Flags.String("out", "", "write the trajectory to `FILE` (.npz, [well] .npy, [molecule] .dcd)")
	replicas := cli.Count(&c.Flags, "replicas", 1, 1, "number of independent replicas")
	dt := cli.NonNegative(&c.Flags, "dt", 0, "time step; 0: 0.05 [well], 0.002 ps [molecule]")
	precision := cli.Choice(&c.Flags, "precision", "type of the positions", "float32", "float64")
	scheme := cli.Choice(&c.Flags, "scheme", "integrator: the system's own, overdamped [well], inertial [molecule]", "default",
		md.LeimkuhlerMatthews.String(), md.EulerMaruyama.String(), md.LangevinMiddle.String(), md.VelocityVerlet.String())
	well := addWellOptions(&c.Flags)
	molecule := addDynamicsOptions(&c.Flags)
	c.Run = func(ctx context.Context, env *cli.Env, args []string) error {
		isWell := args[0] == "double-well"
		if err := refuseOthers(&c.Flags, isWell); err != nil {
			return err
		}
		o := md.Options{Dt: *dt, Seed: env.Seed, Threads: env.Threads}
		if *scheme != "default" {
			s, err := md.ParseScheme(*scheme)
			if err != nil {
				return err
			}
			o.Scheme = s
		}
		double := *precision == "float64"
		if isWell {
			if *out == "" {
				return cli.Usagef("missing --out")
			}
			w, err := well.complete(*out, *replicas, o, *scheme == "default")
			if err != nil {
				return err
			}
			if double {
				return simulate(ctx, env, md.DoubleWell[float64]{}, w)
			}
			return simulate(ctx, env, md.DoubleWell[float32]{}, w)
		}
		d, err := molecule.complete(args[0], *out, *replicas, o, *scheme == "default")
		if err != nil {
			return err
		}
		if double {
			return simulateMolecule[float64](ctx, env, d)
		}
		return simulateMolecule[float32](ctx, env, d)
	}
	return c
}

// refuseOthers is an error where an option of the other kind of system is given.
func refuseOthers(flags *flag.FlagSet, isWell bool) (err error) {
	own, mark, kind := "[molecule]", "[well]", "double-well"
	if isWell {
		own, mark, kind = mark, own, "molecules"
	}
	flags.Visit(func(f *flag.Flag) {
		if strings.Contains(f.Usage, mark) && !strings.Contains(f.Usage, own) {
			err = cli.Usagef("--%s is for %s alone", f.Name, kind)
		}
	})
	return err
}

// wellOptions are the options of the double well alone.
type wellOptions struct {
	beta                 *float64
	steps, every, burnIn *int
	start                *[]float64
}

func addWellOptions(flags *flag.FlagSet) wellOptions {
	return wellOptions{
		beta:   cli.Positive(flags, "beta", 1, "inverse temperature, in units of 1/U [well]"),
		steps:  cli.Count(flags, "steps", 10_000, 1, "number of steps after the burn-in [well]"),
		every:  cli.Count(flags, "every", 1, 1, "steps from frame to frame [well]"),
		burnIn: cli.Count(flags, "burn-in", 1_000, 0, "steps before the first that counts [well]"),
		start:  cli.Numbers(flags, "start", "where every replica starts, default -1,0 [well]"),
	}
}

func (w wellOptions) complete(out string, replicas int, o md.Options, defaultScheme bool) (simulateOptions, error) {
	if !strings.HasSuffix(out, ".npz") && !strings.HasSuffix(out, ".npy") {
		return simulateOptions{}, cli.Usagef("--out %s: want a name that ends in .npz or .npy", out)
	}
	if defaultScheme {
		o.Scheme = md.LeimkuhlerMatthews
	}
	if o.Scheme != md.LeimkuhlerMatthews && o.Scheme != md.EulerMaruyama {
		return simulateOptions{}, cli.Usagef("--scheme %v is for molecules alone", o.Scheme)
	}
	if o.Dt == 0 {
		o.Dt = 0.05
	}
	o.Beta = *w.beta
	start := *w.start
	if len(start) == 0 {
		start = []float64{-1, 0}
	}
	return simulateOptions{out: out, steps: *w.steps, every: *w.every, replicas: replicas, burnIn: *w.burnIn, start: start, md: o}, nil
}

type simulateOptions struct {
	out                            string
	steps, every, replicas, burnIn int
	start                          []float64
	md                             md.Options
}

type simulateResult struct {
	Out         string  `json:"out"`
	Frames      int     `json:"frames"`
	Replicas    int     `json:"replicas"`
	Dim         int     `json:"d"`
	Steps       int     `json:"steps"`
	BurnIn      int     `json:"burn_in"`
	Every       int     `json:"every"`
	Dt          float64 `json:"dt"`
	Beta        float64 `json:"beta"`
	Scheme      string  `json:"scheme"`
	Seed        uint64  `json:"seed"`
	SignChanges float64 `json:"mean_sign_changes"`
	CoreChanges float64 `json:"mean_core_changes"`
}

func simulate[T kernels.Float](ctx context.Context, env *cli.Env, potential md.Potential[T], o simulateOptions) error {
	d := potential.Dim()
	if len(o.start) != d {
		return cli.Usagef("--start has %d numbers, want %d", len(o.start), d)
	}
	frames := o.steps / o.every
	if frames == 0 {
		return cli.Usagef("--every %d is more than --steps %d: there would be no frame", o.every, o.steps)
	}
	if size := int(unsafe.Sizeof(T(0))); !fits(size, frames, o.replicas, d) || frames*o.replicas*d*size > maxTrajectory {
		return cli.Usagef("%d frames of %d replicas do not fit into %d GiB, raise --every or lower --steps or --replicas", frames, o.replicas, maxTrajectory>>30)
	}
	x0 := make([]T, 0, o.replicas*d)
	for range o.replicas {
		for _, v := range o.start {
			x0 = append(x0, T(v))
		}
	}
	sim, err := md.NewSimulation(potential, x0, o.md)
	if err != nil {
		return err
	}
	bar := env.Progress("burn-in", "steps", o.burnIn)
	if err := sim.Run(ctx, o.burnIn, &md.Record[T]{Progress: func(done, _ int) { bar.Set(done) }}); err != nil {
		return err
	}
	bar = env.Progress("simulating", "steps", o.steps)
	transitions := md.NewTransitions(o.replicas, 0, 0.5)
	record := md.Record[T]{
		Every:       o.every,
		Frames:      make([]T, 0, frames*o.replicas*d),
		Transitions: transitions,
		Progress:    func(done, _ int) { bar.Set(done) },
	}
	runErr := sim.Run(ctx, o.steps, &record)
	if runErr != nil && !cli.Interrupted(ctx, runErr) {
		return runErr
	}
	bar.Close()
	result := simulateResult{
		Out: o.out, Frames: len(record.Frames) / (o.replicas * d), Replicas: o.replicas, Dim: d,
		Steps: int(sim.Step()) - o.burnIn, BurnIn: o.burnIn, Every: o.every,
		Dt: o.md.Dt, Beta: o.md.Beta, Scheme: o.md.Scheme.String(), Seed: o.md.Seed,
		SignChanges: mean(transitions.SignChanges), CoreChanges: mean(transitions.CoreChanges),
	}
	if runErr != nil && result.Frames == 0 {
		return runErr
	}
	if err := writeTrajectory(result, record.Frames, transitions); err != nil {
		return err
	}
	if runErr != nil {
		return fmt.Errorf("%d of %d frames are in %s: %w", result.Frames, frames, o.out, runErr)
	}
	return env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %d frames of %d replicas, d = %d, %d steps of %g\n", o.out, result.Frames, o.replicas, d, result.Steps, o.md.Dt)
		fmt.Fprintf(w, "transitions of x1, mean over the replicas: %.6g sign changes, %.6g between the cores\n", result.SignChanges, result.CoreChanges)
	})
}

func writeTrajectory[T kernels.Float](r simulateResult, frames []T, transitions *md.Transitions) error {
	x := npy.Array[T]{Shape: []int{r.Frames, r.Replicas, r.Dim}, Data: frames}
	if strings.HasSuffix(r.Out, ".npy") {
		return npy.WriteFile(r.Out, x)
	}
	times := make([]float64, r.Frames)
	for i := range times {
		times[i] = float64(r.BurnIn+(i+1)*r.Every) * r.Dt
	}
	return npy.WriteArchive(r.Out, func(a *npy.ArchiveWriter) error {
		return errors.Join(
			npy.AddTo(a, "x", x),
			npy.AddTo(a, "t", npy.Array[float64]{Shape: []int{r.Frames}, Data: times}),
			npy.AddTo(a, "beta", npy.Array[float64]{Data: []float64{r.Beta}}),
			npy.AddTo(a, "dt", npy.Array[float64]{Data: []float64{r.Dt}}),
			npy.AddTo(a, "sign_changes", integers(transitions.SignChanges)),
			npy.AddTo(a, "core_changes", integers(transitions.CoreChanges)),
		)
	})
}

func integers(values []int) npy.Array[int64] {
	a := npy.Array[int64]{Shape: []int{len(values)}}
	for _, v := range values {
		a.Data = append(a.Data, int64(v))
	}
	return a
}

func mean(values []int) float64 {
	sum := 0
	for _, v := range values {
		sum += v
	}
	return float64(sum) / float64(len(values))
}
