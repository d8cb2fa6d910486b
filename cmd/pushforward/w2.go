package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"pushforward/internal/cli"
	"pushforward/ot"
)

func w2Command() *cli.Command {
	c := &cli.Command{
		Name: "w2", Args: "A.npy B.npy", MinArgs: 2, MaxArgs: 2,
		Summary: "Wasserstein distance W2 between two sets of samples",
		Description: `Prints the Wasserstein distance of order 2 between the uniform laws on two sets
of samples, and its square: POT's emd2 and wasserstein_1d(p=2) give the square.
The sets may have different sizes. Two sets of samples of the same law are not
at distance 0: compare with the distance between two independent sets.

` + dataHelp,
		Example: `pushforward simulate double-well --seed 1 --out a.npz
pushforward simulate double-well --seed 2 --out b.npz
pushforward w2 --method 1d a.npz b.npz`,
		NoRandomness: true,
	}
	method := cli.Choice(&c.Flags, "method", "exact solves the transport problem, with a proof by duality; 1d compares each coordinate by itself", "exact", "1d")
	period := cli.Numbers(&c.Flags, "period", "periods of the coordinates, or one for all; 0 for a coordinate without")
	c.Run = func(ctx context.Context, env *cli.Env, args []string) error {
		a, err := readSamples[float64](args[0])
		if err != nil {
			return err
		}
		b, err := readSamples[float64](args[1])
		if err != nil {
			return err
		}
		if a.d != b.d {
			return fmt.Errorf("%s has %d coordinates, %s has %d: want the same number", args[0], a.d, args[1], b.d)
		}
		periods := *period
		switch {
		case len(periods) == 1:
			for len(periods) < a.d {
				periods = append(periods, periods[0])
			}
		case len(periods) > 1 && len(periods) != a.d:
			return cli.Usagef("%d periods, want 1 or %d", len(periods), a.d)
		}
		for _, p := range periods {
			if p < 0 {
				return cli.Usagef("a period of %g, want 0 or more", p)
			}
		}

		env.Working("transporting")
		if *method == "1d" {
			return marginalW2(ctx, env, a, b, periods)
		}
		r, err := solve(ctx, ot.NewPoints(a.x, a.d), ot.NewPoints(b.x, b.d), periods)
		if err != nil {
			return err
		}
		result := w2Result{
			W2: r.W2(), W2Squared: r.W2Squared(), Gap: &r.Gap,
			Method: *method, N: a.n, M: b.n, D: a.d, Periods: periods,
		}
		return env.Result(result, func(w io.Writer) {
			fmt.Fprintf(w, "W2          %.9g\nW2 squared  %.9g\n", result.W2, result.W2Squared)
			fmt.Fprintf(w, "exact: no plan costs less than W2 squared - %.2g (%d against %d samples, d = %d)\n", max(r.Gap, 0), a.n, b.n, a.d)
		})
	}
	return c
}

type w2Result struct {
	W2        float64   `json:"w2"`
	W2Squared float64   `json:"w2_squared"`
	Gap       *float64  `json:"gap,omitempty"`
	Method    string    `json:"method"`
	N         int       `json:"n"`
	M         int       `json:"m"`
	D         int       `json:"d"`
	Periods   []float64 `json:"periods,omitempty"`
}

func solve(ctx context.Context, x, y ot.Points, periods []float64) (*ot.Result, error) {
	cost := ot.SquaredEuclidean
	if len(periods) > 0 {
		cost = cost.OnTorus(periods...)
	}
	return ot.Solve(x, y, nil, nil, cost, ot.WithContext(ctx))
}

// marginalW2 compares the laws of each coordinate alone.
func marginalW2(ctx context.Context, env *cli.Env, a, b samples[float64], periods []float64) error {
	type marginal struct {
		Coordinate int     `json:"coordinate"`
		W2         float64 `json:"w2"`
		W2Squared  float64 `json:"w2_squared"`
	}
	result := struct {
		Marginals []marginal `json:"marginals"`
		Method    string     `json:"method"`
		N         int        `json:"n"`
		M         int        `json:"m"`
		D         int        `json:"d"`
		Periods   []float64  `json:"periods,omitempty"`
	}{Method: "1d", N: a.n, M: b.n, D: a.d, Periods: periods}
	for k := range a.d {
		if err := ctx.Err(); err != nil {
			return err
		}
		var squared float64
		var err error
		if len(periods) > 0 && periods[k] > 0 {
			squared, err = ot.CircleW2Squared(a.coordinate(k), b.coordinate(k), periods[k])
		} else {
			squared, err = ot.LineW2Squared(a.coordinate(k), b.coordinate(k))
		}
		if err != nil {
			return err
		}
		result.Marginals = append(result.Marginals, marginal{k + 1, math.Sqrt(squared), squared})
	}
	return env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "coordinate  %-15s W2 squared\n", "W2")
		for _, m := range result.Marginals {
			fmt.Fprintf(w, "%-11d %-15.9g %.9g\n", m.Coordinate, m.W2, m.W2Squared)
		}
	})
}

func (s samples[T]) coordinate(k int) []float64 {
	x := make([]float64, s.n)
	for i := range x {
		x[i] = float64(s.x[i*s.d+k])
	}
	return x
}
