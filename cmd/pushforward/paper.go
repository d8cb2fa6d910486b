package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"pushforward/internal/cli"
	"pushforward/internal/paper"
)

func paperCommand() *cli.Command {
	c := &cli.Command{
		Name:    "paper",
		Summary: "the paper's experiments, with figures and a report",
		Description: `Makes the data, trains, samples and measures, first as the paper prints it, then
with enough data, and puts the paper's numbers, ours and the noise floor side by
side. Writes ` + strings.Join(paper.Files(""), ", ") + `
to a folder; report.html stands alone. All numbers but the times follow from the
seed, on every machine.`,
		Example: "pushforward paper --experiment double-well --quick --out results",
	}
	out := c.Flags.String("out", "results", "write to the folder `DIR`")
	experiment := cli.Choice(&c.Flags, "experiment", "which experiment", append([]string{"all"}, paper.Experiments()...)...)
	quick := c.Flags.Bool("quick", false, "take some seconds: fewer samples and repetitions, and the report says so")
	c.Run = func(ctx context.Context, env *cli.Env, _ []string) error {
		if *out == "" {
			return cli.Usagef("--out is empty, want a folder")
		}
		const whole = 1000
		bar := env.Progress("paper", "", whole)
		o := paper.Options{
			Out: *out, Quick: *quick, Seed: env.Seed, Threads: env.Threads, Version: version(),
			Progress: func(p paper.Progress) {
				bar.Note("%s", p.Stage)
				bar.Set(int(p.Fraction * whole))
			},
		}
		if *experiment != "all" {
			o.Experiment = *experiment
		}
		r, err := paper.Run(ctx, o)
		if err != nil {
			return err
		}
		return env.Result(r, func(w io.Writer) {
			fmt.Fprintf(w, "%.1f s on %s\n", r.Provenance.Seconds, r.Provenance.ISA)
			if r.DoubleWell != nil {
				printAims(w, "double well", r.DoubleWell.Aims)
			}
			if r.Alanine != nil {
				printAims(w, "alanine dipeptide", r.Alanine.Aims)
			}
			if r.Quick {
				fmt.Fprintln(w, "  (a quick run: fewer samples and repetitions than the aims are meant for)")
			}
			for _, name := range paper.Files(o.Experiment) {
				fmt.Fprintf(w, "%s\n", filepath.Join(*out, name))
			}
		})
	}
	return c
}

func printAims(w io.Writer, title string, aims []paper.Aim) {
	fmt.Fprintln(w, title)
	for _, a := range aims {
		met := "met"
		if !a.Met {
			met = "not met"
		}
		fmt.Fprintf(w, "  %-56s %10s   aim %-19s %s\n", a.Name, a.Shown, a.Want, met)
	}
}
