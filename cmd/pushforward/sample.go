package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"pushforward/flow"
	"pushforward/internal/atomicfile"
	"pushforward/internal/cli"
	"pushforward/internal/npy"
	"pushforward/kernels"
)

// sampleBlock is how many samples are in memory at a time.
const sampleBlock = 1 << 16

func sampleCommand() *cli.Command {
	c := &cli.Command{
		Name:    "sample",
		Summary: "draw samples from a model",
		Description: `Writes the samples offset ... offset+n-1 of the infinite sequence that the seed
names, shape (n, d), in the precision of the model. Any part of the sequence can
be drawn by itself, on any machine: parts fit together to the same bits.`,
		Example: `pushforward simulate double-well --out traj.npz
pushforward train --data traj.npz --steps 50 --out m.safetensors
pushforward sample --model m.safetensors --n 1000 --seed 1 --out x.npy
pushforward sample --model m.safetensors --n 500 --seed 1 --offset 500 --out second-half.npy`,
	}
	model := c.Flags.String("model", "", "model `FILE` (.safetensors)")
	out := c.Flags.String("out", "", "write the samples to `FILE` (.npy)")
	n := cli.Count(&c.Flags, "n", 0, 1, "number of samples")
	offset := c.Flags.Uint64("offset", 0, "number `K` of the first sample in the sequence")
	c.Require("model", "n", "out")
	c.Run = func(ctx context.Context, env *cli.Env, _ []string) error {
		if strings.HasSuffix(*out, ".npz") {
			return cli.Usagef("--out %s: want a .npy file", *out)
		}
		if *offset > math.MaxUint64-uint64(*n) {
			return cli.Usagef("--offset %d and --n %d go beyond the last sample, number 2^64-1", *offset, *n)
		}
		if err := keepsInput(*out, *model); err != nil {
			return err
		}
		o := sampleOptions{*model, *out, *n, env.Seed, *offset}
		return inPrecision(*model, func() error { return sample[float32](ctx, env, o) },
			func() error { return sample[float64](ctx, env, o) })
	}
	return c
}

// inPrecision runs the function of the precision in which a model was saved.
func inPrecision(model string, single, double func() error) error {
	bits, err := flow.Precision(model)
	if err != nil {
		return err
	}
	if bits == 64 {
		return double()
	}
	return single()
}

type sampleOptions struct {
	model, out   string
	n            int
	seed, offset uint64
}

func sample[T kernels.Float](ctx context.Context, env *cli.Env, o sampleOptions) error {
	f, err := flow.Load[T](o.model)
	if err != nil {
		return err
	}
	f.SetThreads(env.Threads)
	d := f.Dim()
	if !fits(8, o.n, d) {
		return cli.Usagef("--n %d: so many samples of %d coordinates fit into no file", o.n, d)
	}
	bar := env.Progress("sampling", "samples", o.n)
	start := time.Now()
	err = atomicfile.Write(o.out, func(w io.Writer) error {
		if err := npy.WriteHeader[T](w, o.n, d); err != nil {
			return err
		}
		x := make([]T, min(o.n, sampleBlock)*d)
		for done := 0; done < o.n; {
			if err := ctx.Err(); err != nil {
				return err
			}
			block := x[:min(o.n-done, sampleBlock)*d]
			f.Sample(block, o.seed, o.offset+uint64(done))
			if err := npy.WriteData(w, block); err != nil {
				return err
			}
			done += len(block) / d
			bar.Set(done)
		}
		return nil
	})
	if err != nil {
		if cli.Interrupted(ctx, err) {
			return ctx.Err()
		}
		return err
	}
	result := struct {
		Model   string  `json:"model"`
		Out     string  `json:"out"`
		N       int     `json:"n"`
		D       int     `json:"d"`
		Seed    uint64  `json:"seed"`
		Offset  uint64  `json:"offset"`
		Seconds float64 `json:"seconds"`
	}{o.model, o.out, o.n, d, o.seed, o.offset, time.Since(start).Seconds()}
	return env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %d samples, d = %d, from number %d of seed %d\n", o.out, o.n, d, o.offset, o.seed)
	})
}
