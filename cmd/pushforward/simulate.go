package main

import (
	"context"
	"errors"
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
		Name: "simulate", Args: "double-well", MinArgs: 1, MaxArgs: 1,
		Summary: "Langevin dynamics of a system",
		Description: `Runs overdamped Langevin dynamics, dx = -grad U dt + sqrt(2/beta) dW, of many
replicas side by side and writes a trajectory. Systems:

  double-well   U = (x1^2 - 1)^2/4 + x2^2/2, in reduced units

A .npz file gets x of shape (frames, replicas, d), the frames' times t, and for
each replica the number of sign changes and of core-set transitions of x1
(between |x1| > 0.5 on either side), counted over all steps after the burn-in.
A .npy file gets x alone. Ctrl-C writes the frames so far.`,
		Example: `pushforward simulate double-well --steps 20000 --every 10 --replicas 4 --out traj.npz`,
	}
	var o simulateOptions
	out := c.Flags.String("out", "", "write the trajectory to `FILE` (.npz or .npy)")
	beta := cli.Positive(&c.Flags, "beta", 1, "inverse temperature, in units of 1/U")
	dt := cli.Positive(&c.Flags, "dt", 0.05, "time step")
	steps := cli.Count(&c.Flags, "steps", 10_000, 1, "number of steps after the burn-in")
	every := cli.Count(&c.Flags, "every", 1, 1, "steps from frame to frame")
	replicas := cli.Count(&c.Flags, "replicas", 1, 1, "number of independent replicas")
	burnIn := cli.Count(&c.Flags, "burn-in", 1_000, 0, "steps before the first that counts")
	start := cli.Numbers(&c.Flags, "start", "where every replica starts (default -1,0)")
	scheme := cli.Choice(&c.Flags, "scheme", "integrator", md.LeimkuhlerMatthews.String(), md.EulerMaruyama.String())
	precision := cli.Choice(&c.Flags, "precision", "type of the positions", "float32", "float64")
	c.Require("out")
	c.Run = func(ctx context.Context, env *cli.Env, args []string) error {
		if args[0] != "double-well" {
			return cli.Usagef("unknown system %q, want double-well", args[0])
		}
		if !strings.HasSuffix(*out, ".npz") && !strings.HasSuffix(*out, ".npy") {
			return cli.Usagef("--out %s: want a name that ends in .npz or .npy", *out)
		}
		s, err := md.ParseScheme(*scheme)
		if err != nil {
			return err
		}
		o = simulateOptions{
			out: *out, steps: *steps, every: *every, replicas: *replicas, burnIn: *burnIn, start: *start,
			md: md.Options{Dt: *dt, Beta: *beta, Scheme: s, Seed: env.Seed, Threads: env.Threads},
		}
		if len(o.start) == 0 {
			o.start = []float64{-1, 0}
		}
		if *precision == "float64" {
			return simulate(ctx, env, md.DoubleWell[float64]{}, o)
		}
		return simulate(ctx, env, md.DoubleWell[float32]{}, o)
	}
	return c
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
