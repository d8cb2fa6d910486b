package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pushforward/internal/cli"
	"pushforward/internal/kernelcheck"
	"pushforward/kernels"
)

func checkCommand() *cli.Command {
	c := &cli.Command{
		Name:    "check",
		Summary: "hold every kernel against its definition on this CPU",
		Description: `Runs every kernel on random arguments, on every instruction set that this CPU
has, and compares the results with those of the definition in plain Go, bit for
bit. A difference is printed with the seed that shows it again.`,
		Example: "pushforward check --for 2s",
	}
	duration := c.Flags.Duration("for", 10*time.Second, "run for this `DURATION`, such as 90s or 10m")
	c.Run = func(ctx context.Context, env *cli.Env, _ []string) error {
		if *duration <= 0 {
			return cli.Usagef("--for %v, want more than 0", *duration)
		}
		isas := kernels.Available()[1:]
		var names []string
		for _, isa := range isas {
			names = append(names, isa.String())
		}
		result := struct {
			Kernels int      `json:"kernels"`
			Calls   int      `json:"calls"`
			ISAs    []string `json:"isas"`
			Seed    uint64   `json:"seed"`
			Seconds float64  `json:"seconds"`
		}{Kernels: len(kernelcheck.Table), ISAs: names, Seed: env.Seed}

		start := time.Now()
		clock := env.Working("checking")
		limited, cancel := context.WithTimeout(ctx, *duration)
		defer cancel()
		err := kernelcheck.Run(limited, isas, env.Seed, func(calls int) {
			result.Calls = calls
			clock.Note("%d calls", calls)
		})
		result.Seconds = time.Since(start).Seconds()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("no difference in %d calls until then: %w", result.Calls, ctx.Err())
		}
		return env.Result(result, func(w io.Writer) {
			if len(isas) == 0 {
				fmt.Fprintln(w, "this CPU runs the definition itself: nothing to compare")
				return
			}
			fmt.Fprintf(w, "%d kernels on %v: the same bits as the definition in %d calls (seed %d, %.1f s)\n",
				result.Kernels, names, result.Calls, result.Seed, result.Seconds)
		})
	}
	return c
}
