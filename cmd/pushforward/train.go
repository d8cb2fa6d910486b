package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"pushforward/flow"
	"pushforward/internal/cli"
	"pushforward/kernels"
)

func trainCommand() *cli.Command {
	c := &cli.Command{
		Name:    "train",
		Summary: "fit a RealNVP flow to samples",
		Description: `Fits a RealNVP flow by maximum likelihood (AdamW on minibatches) and writes the
model. The result depends on the data, the options and the seed alone: the same
bits with any number of threads, on every CPU. With a hold-out the best model on
it is kept.

During training a checkpoint is kept beside the model; Ctrl-C, or a crash, loses
at most the steps since the last one. --resume continues to the bits that an
uninterrupted run reaches. A checkpoint is a model file too.

` + dataHelp,
		Example: `pushforward simulate double-well --steps 20000 --out traj.npz
pushforward train --data traj.npz --steps 200 --rate 3e-3 --holdout 0.1 --out m.safetensors`,
	}
	var o trainOptions
	c.Flags.StringVar(&o.data, "data", "", "samples, `FILE` (.npy or .npz)")
	c.Flags.StringVar(&o.out, "out", "", "write the model to `FILE` (.safetensors)")
	c.Flags.StringVar(&o.resume, "resume", "", "continue from the checkpoint `FILE`; the other options come from it")
	c.Flags.StringVar(&o.checkpoint, "checkpoint", "", "keep the checkpoint in `FILE` (default OUT.checkpoint, removed at the end)")
	checkpointEvery := cli.Count(&c.Flags, "checkpoint-every", 1000, 1, "steps between checkpoints")

	layers := cli.Count(&c.Flags, "layers", 6, 1, "coupling layers")
	hidden := cli.Counts(&c.Flags, "hidden", []int{128}, 1, "widths of the nets' hidden layers")
	layout := cli.Choice(&c.Flags, "layout", "nets see and give all coordinates, or their part of them", flow.Masked.String(), flow.Split.String())
	activation := cli.Choice(&c.Flags, "activation", "of the hidden layers", kernels.ReLU.String(), kernels.LeakyReLU.String(), kernels.TanhUnit.String(), kernels.SiLU.String())
	bound := cli.NonNegative(&c.Flags, "bound", 1, "greatest logarithm of a layer's scale, a*tanh(s); 0: no bound")
	learnBound := c.Flags.Bool("learn-bound", false, "learn the bound, starting from --bound")
	precision := cli.Choice(&c.Flags, "precision", "type of the parameters", "float32", "float64")

	steps := cli.Count(&c.Flags, "steps", 2000, 1, "training steps")
	batch := cli.Count(&c.Flags, "batch", 1024, 1, "samples in a step")
	rate := cli.Positive(&c.Flags, "rate", 1e-3, "highest learning rate")
	schedule := cli.Choice(&c.Flags, "schedule", "how the rate changes", flow.Cosine.String(), flow.Constant.String())
	warmUp := cli.Count(&c.Flags, "warm-up", 0, 0, "steps over which the rate rises")
	clip := cli.NonNegative(&c.Flags, "clip", 0, "greatest norm of the gradient; 0: no limit")
	decay := cli.NonNegative(&c.Flags, "decay", 0, "weight decay")
	average := cli.Share(&c.Flags, "average", 0, "decay of the moving average of the parameters; 0: none")
	holdOut := cli.Share(&c.Flags, "holdout", 0, "share of the samples that chooses the best model")
	patience := cli.Count(&c.Flags, "patience", 0, 0, "end after so many evaluations without a better model; 0: never")
	every := cli.Count(&c.Flags, "every", 100, 1, "steps between evaluations")
	c.Require("data", "out")

	c.Run = func(ctx context.Context, env *cli.Env, _ []string) error {
		o.checkpointEvery = *checkpointEvery
		if err := keepsInput(o.out, o.data); err != nil {
			return err
		}
		if o.checkpoint != "" {
			if err := keepsInput(o.checkpoint, o.data); err != nil {
				return err
			}
		}
		if *layers > flow.MaxLayers {
			return cli.Usagef("--layers %d, want at most %d", *layers, flow.MaxLayers)
		}
		if o.resume != "" {
			for _, name := range []string{"layers", "hidden", "layout", "activation", "bound", "learn-bound", "precision", "steps",
				"batch", "rate", "schedule", "warm-up", "clip", "decay", "average", "holdout", "patience", "every", "seed"} {
				if c.Given(name) {
					return cli.Usagef("--%s cannot be given with --resume: it comes from the checkpoint", name)
				}
			}
			return inPrecision(o.resume, func() error { return train[float32](ctx, env, o) },
				func() error { return train[float64](ctx, env, o) })
		}
		o.architecture = func(dim int) (flow.Architecture, error) {
			l, err := flow.ParseLayout(*layout)
			if err != nil {
				return flow.Architecture{}, err
			}
			a := flow.RealNVP(dim, *layers, l, *hidden...)
			a.Bound = flow.Bound{Factor: *bound, Learnt: *learnBound}
			a.Activation, err = kernels.ParseActivation(*activation)
			return a, err
		}
		o.config = flow.TrainConfig{
			Seed: env.Seed, Steps: *steps, Batch: *batch,
			Optimizer: flow.AdamW{Rate: *rate, Decay: *decay},
			WarmUp:    *warmUp, Clip: *clip, Average: *average, Every: *every,
			HoldOut: flow.HoldOut{Share: *holdOut, Patience: *patience},
		}
		var err error
		if o.config.Schedule, err = flow.ParseSchedule(*schedule); err != nil {
			return err
		}
		if *precision == "float64" {
			return train[float64](ctx, env, o)
		}
		return train[float32](ctx, env, o)
	}
	return c
}

type trainOptions struct {
	data, out, resume, checkpoint string
	checkpointEvery               int
	architecture                  func(dim int) (flow.Architecture, error)
	config                        flow.TrainConfig
}

func train[T kernels.Float](ctx context.Context, env *cli.Env, o trainOptions) error {
	// Before an hour of work: can the result be written?
	temporary, err := o.checkTarget()
	if err != nil {
		return err
	}
	s, err := readSamples[T](o.data)
	if err != nil {
		return err
	}
	trainer, err := newTrainer(s, o, env)
	if err != nil {
		return err
	}
	if o.checkpoint != "" {
		if err := trainer.Save(o.checkpoint); err != nil {
			return err
		}
		trainer.Checkpoint = flow.Checkpoint{Path: o.checkpoint, Every: o.checkpointEvery}
	}
	config := trainer.Config()
	bar := env.Progress("training", "steps", config.Steps)
	trainer.Progress = func(p flow.Progress) {
		loss := p.HoldOut
		if math.IsNaN(loss) {
			loss = p.Loss
		}
		bar.Note("loss %.5f", loss)
		bar.Set(p.Step)
	}
	start := time.Now()
	report, err := trainer.Run(ctx)
	bar.Close()
	var notFinite *flow.NonFiniteError
	switch {
	case cli.Interrupted(ctx, err) && o.checkpoint != "":
		return fmt.Errorf("step %d of %d, continue with --resume %s: %w", report.Steps, config.Steps, o.checkpoint, ctx.Err())
	case errors.As(err, &notFinite):
		if saveErr := trainer.Flow().Save(o.out); saveErr != nil {
			return errors.Join(err, saveErr)
		}
		return fmt.Errorf("%w; it is in %s", err, o.out)
	case err != nil:
		return err
	}
	if err := trainer.Flow().Save(o.out); err != nil {
		return err
	}
	if temporary {
		os.Remove(o.checkpoint)
	}
	f := trainer.Flow()
	result := struct {
		Out        string  `json:"out"`
		Parameters int     `json:"parameters"`
		Samples    int     `json:"samples"`
		D          int     `json:"d"`
		Steps      int     `json:"steps"`
		Loss       float64 `json:"loss"`
		LossStep   int     `json:"loss_step"`
		HoldOut    float64 `json:"holdout"`
		EarlyStop  bool    `json:"early_stop"`
		Seed       uint64  `json:"seed"`
		Seconds    float64 `json:"seconds"`
	}{o.out, f.NumParameters(), s.n, s.d, report.Steps, report.Loss, report.LossStep,
		config.HoldOut.Share, report.EarlyStop, config.Seed, time.Since(start).Seconds()}
	return env.Result(result, func(w io.Writer) {
		on := "on the training data"
		if result.HoldOut > 0 {
			on = "on the hold-out"
		}
		fmt.Fprintf(w, "%s: %d parameters, negative log-likelihood %.6g nats %s after step %d of %d\n",
			o.out, result.Parameters, result.Loss, on, result.LossStep, config.Steps)
	})
}

func newTrainer[T kernels.Float](s samples[T], o trainOptions, env *cli.Env) (*flow.Trainer[T], error) {
	if o.resume != "" {
		t, err := flow.ResumeTrainer(o.resume, s.x)
		if err != nil {
			return nil, err
		}
		t.Flow().SetThreads(env.Threads)
		return t, nil
	}
	if s.d < 2 {
		return nil, fmt.Errorf("%s: shape: samples of %d coordinate, want 2 or more", o.data, s.d)
	}
	if s.n < 2 && o.config.HoldOut.Share > 0 {
		return nil, fmt.Errorf("%s: shape: 1 sample, want 2 or more to hold some out", o.data)
	}
	a, err := o.architecture(s.d)
	if err != nil {
		return nil, err
	}
	f, err := flow.New[T](a, o.config.Seed)
	if err != nil {
		return nil, err
	}
	f.SetThreads(env.Threads)
	return flow.NewTrainer(f, s.x, o.config)
}

// checkTarget looks at the file that the model goes to, and chooses where the
// checkpoint goes. temporary tells that it is to be removed at the end.
func (o *trainOptions) checkTarget() (temporary bool, err error) {
	info, err := os.Stat(o.out)
	switch {
	case err == nil && info.IsDir():
		return false, fmt.Errorf("%s: is a folder, want a file name", o.out)
	case err == nil && !info.Mode().IsRegular():
		return false, nil // a device has no file beside it
	}
	folder := filepath.Dir(o.out)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return false, fmt.Errorf("%s: there is no folder %s", o.out, folder)
	}
	if o.checkpoint != "" {
		return false, nil
	}
	o.checkpoint = o.out + ".checkpoint"
	return true, nil
}
