package main

import (
	"fmt"
	"io"

	"pushforward/ot"
)

// w2Floor is what a distance is to be compared with.
type w2Floor struct {
	Repetitions int       `json:"repetitions"`
	Mean        float64   `json:"mean"`
	Std         float64   `json:"standard_deviation"`
	Quantiles   quantiles `json:"quantiles"`
	PValue      float64   `json:"p_value"`
	Values      []float64 `json:"values"`
}

type quantiles struct {
	Q05 float64 `json:"0.05"`
	Q50 float64 `json:"0.5"`
	Q95 float64 `json:"0.95"`
}

// noise measures the floor of a distance between x and y by a permutation test,
// where one was asked for.
func (o *w2Options) noise(x, y ot.Points, distance func(x, y ot.Points) (float64, error)) (*w2Floor, error) {
	if o.floor == 0 {
		return nil, nil
	}
	// One more: the test measures the samples as they are too.
	bar := o.env.Progress("noise floor", "distances", o.floor+1)
	t, err := ot.PermutationTest(x, y, o.floor, o.env.Seed, func(x, y ot.Points) (float64, error) {
		if err := o.ctx.Err(); err != nil {
			return 0, err
		}
		defer bar.Add(1)
		return distance(x, y)
	})
	if err != nil {
		return nil, err
	}
	f := t.Floor
	return &w2Floor{o.floor, f.Mean, f.Std, quantiles{f.Quantile(0.05), f.Quantile(0.5), f.Quantile(0.95)}, t.P, f.Values}, nil
}

// print writes a floor; nil is none.
func (f *w2Floor) print(w io.Writer) {
	if f == nil {
		return
	}
	fmt.Fprintf(w, "noise floor %.6g ± %.2g, 90 %% of %d between %.6g and %.6g; p-value %.3g\n",
		f.Mean, f.Std, f.Repetitions, f.Quantiles.Q05, f.Quantiles.Q95, f.PValue)
}
