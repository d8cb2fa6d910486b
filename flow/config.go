package flow

import (
	"fmt"
	"math"

	"pushforward/kernels"
)

// TrainConfig says how to train; together with the data and the initial flow it determines the
// result to the last bit. A field left zero takes the default given with it.
type TrainConfig struct {
	// Seed names the shuffles and the choice of the hold-out.
	Seed uint64 `json:"seed"`
	// Steps is the number of steps; 2,000.
	Steps int `json:"steps"`
	// Batch is the number of samples in a step; 1,024, or all if there are fewer.
	Batch int `json:"batch"`

	// Optimizer has the numbers of AdamW.
	Optimizer AdamW `json:"optimizer"`
	// Schedule says how the rate changes: Cosine.
	Schedule Schedule `json:"schedule"`
	// WarmUp is the number of steps over which the rate rises linearly; none.
	WarmUp int `json:"warm_up"`
	// Clip limits the Euclidean norm of the gradient of the mean negative log-likelihood; 0: no
	// limit.
	Clip float64 `json:"clip"`

	// HoldOut keeps some of the data away from training, to choose the best model with.
	HoldOut HoldOut `json:"hold_out"`
	// Average, if above 0, is the decay a of an exponential moving average of the parameters,
	// p̄ ← a·p̄ + (1-a)·p after every step. The average is then what is evaluated and returned.
	Average float64 `json:"average"`
	// Every is the number of steps between evaluations: of the hold-out, and reports of progress;
	// 100.
	Every int `json:"every"`
}

// AdamW has the numbers of the optimizer (Loshchilov, Hutter: Decoupled weight decay
// regularization, ICLR 2019; see kernels.AdamW).
type AdamW struct {
	Rate    float64 `json:"rate"`    // highest learning rate; 1e-3
	Beta1   float64 `json:"beta1"`   // 0.9
	Beta2   float64 `json:"beta2"`   // 0.999
	Epsilon float64 `json:"epsilon"` // 1e-8
	Decay   float64 `json:"decay"`   // weight decay; 0
}

// HoldOut is the part of the data that judges the model instead of training it.
type HoldOut struct {
	// Share of the samples, at least 0 and below 1. With 0 the result is the last model; with
	// more it is the one with the least negative log-likelihood on the hold-out.
	Share float64 `json:"share"`
	// Patience ends training after so many evaluations without a better model; 0: never.
	Patience int `json:"patience"`
}

// withDefaults fills in what was left zero, for so many training samples.
func (c TrainConfig) withDefaults(samples int) TrainConfig {
	setDefault(&c.Steps, 2000)
	setDefault(&c.Batch, 1024)
	c.Batch = min(c.Batch, samples)
	setDefault(&c.Every, 100)
	setDefault(&c.Optimizer.Rate, 1e-3)
	setDefault(&c.Optimizer.Beta1, 0.9)
	setDefault(&c.Optimizer.Beta2, 0.999)
	setDefault(&c.Optimizer.Epsilon, 1e-8)
	return c
}

func setDefault[N int | float64](v *N, value N) {
	if *v == 0 {
		*v = value
	}
}

// check returns an error that names the field that makes no sense.
func (c TrainConfig) check() error {
	o := c.Optimizer
	for _, f := range []struct {
		name string
		ok   bool
		got  any
		want string
	}{
		{"Steps", c.Steps >= 0 && c.Steps <= 1<<31-1, c.Steps, "0 to 2³¹-1"},
		{"Batch", c.Batch >= 0 && c.Batch <= 1<<30, c.Batch, "0 to 2³⁰"},
		{"Every", c.Every >= 0, c.Every, "0 or more"},
		{"WarmUp", c.WarmUp >= 0, c.WarmUp, "0 or more"},
		{"Schedule", c.Schedule <= Constant, c.Schedule, "Cosine or Constant"},
		{"Clip", c.Clip >= 0, c.Clip, "0 or more"},
		{"Average", c.Average >= 0 && c.Average < 1, c.Average, "0 or more and below 1"},
		{"HoldOut.Share", c.HoldOut.Share >= 0 && c.HoldOut.Share < 1, c.HoldOut.Share, "0 or more and below 1"},
		{"HoldOut.Patience", c.HoldOut.Patience >= 0, c.HoldOut.Patience, "0 or more"},
		{"Optimizer.Rate", o.Rate >= 0 && !math.IsInf(o.Rate, 1), o.Rate, "a finite rate"},
		{"Optimizer.Beta1", o.Beta1 >= 0 && o.Beta1 < 1, o.Beta1, "0 or more and below 1"},
		{"Optimizer.Beta2", o.Beta2 >= 0 && o.Beta2 < 1, o.Beta2, "0 or more and below 1"},
		{"Optimizer.Epsilon", o.Epsilon >= 0 && !math.IsInf(o.Epsilon, 1), o.Epsilon, "0 or more"},
		{"Optimizer.Decay", o.Decay >= 0 && !math.IsInf(o.Decay, 1), o.Decay, "0 or more"},
	} {
		if !f.ok {
			return fmt.Errorf("flow: TrainConfig.%s is %v, want %s", f.name, f.got, f.want)
		}
	}
	return nil
}

// CheckFinite returns an error that names the row and the column, both counted from 0, of the first
// number of x, row-major [n][d], that is NaN or infinite.
func CheckFinite[T kernels.Float](x []T, d int) error {
	for i, v := range x {
		if v-v != 0 {
			return fmt.Errorf("flow: the data's row %d, column %d (from 0) is %v, want finite numbers", i/d, i%d, v)
		}
	}
	return nil
}
