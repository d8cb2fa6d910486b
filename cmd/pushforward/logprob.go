package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"pushforward/flow"
	"pushforward/internal/cli"
	"pushforward/internal/npy"
	"pushforward/kernels"
)

func logProbCommand() *cli.Command {
	c := &cli.Command{
		Name:    "logprob",
		Summary: "log-density of a model at given samples",
		Description: `Writes log rho(x) in nats for each sample, shape (n,), float64, and prints the
mean negative log-likelihood.

` + dataHelp,
		Example: `pushforward simulate double-well --out traj.npz
pushforward train --data traj.npz --steps 50 --out m.safetensors
pushforward logprob --model m.safetensors --in traj.npz --out lp.npy`,
		NoRandomness: true,
	}
	model := c.Flags.String("model", "", "model `FILE` (.safetensors)")
	in := c.Flags.String("in", "", "samples, `FILE` (.npy or .npz)")
	out := c.Flags.String("out", "", "write the log-densities to `FILE` (.npy)")
	c.Require("model", "in", "out")
	c.Run = func(ctx context.Context, env *cli.Env, _ []string) error {
		if strings.HasSuffix(*out, ".npz") {
			return cli.Usagef("--out %s: want a .npy file", *out)
		}
		if err := keepsInput(*out, *model, *in); err != nil {
			return err
		}
		return inPrecision(*model, func() error { return logProb[float32](ctx, env, *model, *in, *out) },
			func() error { return logProb[float64](ctx, env, *model, *in, *out) })
	}
	return c
}

func logProb[T kernels.Float](ctx context.Context, env *cli.Env, model, in, out string) error {
	f, err := flow.Load[T](model)
	if err != nil {
		return err
	}
	f.SetThreads(env.Threads)
	s, err := readSamples[T](in)
	if err != nil {
		return err
	}
	if s.d != f.Dim() {
		return fmt.Errorf("%s: shape: samples of %d coordinates, want %d as %s has", in, s.d, f.Dim(), model)
	}
	bar := env.Progress("log-densities", "samples", s.n)
	logProb := make([]float64, s.n)
	for done := 0; done < s.n; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(s.n-done, sampleBlock)
		f.LogProb(logProb[done:done+n], s.x[done*s.d:(done+n)*s.d])
		done += n
		bar.Set(done)
	}
	if err := npy.WriteFile(out, npy.Array[float64]{Shape: []int{s.n}, Data: logProb}); err != nil {
		return err
	}
	sum := 0.0
	for _, v := range logProb {
		sum += v
	}
	result := struct {
		Model string  `json:"model"`
		In    string  `json:"in"`
		Out   string  `json:"out"`
		N     int     `json:"n"`
		NLL   float64 `json:"mean_nll"`
	}{model, in, out, s.n, -sum / float64(s.n)}
	return env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "%s: log-densities of %d samples, mean negative log-likelihood %.9g nats\n", out, s.n, result.NLL)
	})
}
