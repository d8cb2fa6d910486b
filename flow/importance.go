package flow

import (
	"math"

	"pushforward/kernels"
)

// Energy is a target density exp(-E(x)) up to its normalizing constant. E is the reduced energy,
// U/kT, without a unit.
type Energy interface {
	// ReducedEnergies writes E of n samples x, row-major [n][d], to dst of length n. +Inf is
	// allowed: such a sample has weight 0.
	ReducedEnergies(dst []float64, x []float64)
}

// EnergyFunc makes an Energy of a function.
type EnergyFunc func(dst []float64, x []float64)

// ReducedEnergies calls the function.
func (e EnergyFunc) ReducedEnergies(dst []float64, x []float64) { e(dst, x) }

// Importance compares a flow's density ρ with a target exp(-E)/Z by the weights
// w = exp(-E(x))/ρ(x) of samples x of the flow.
type Importance struct {
	// N is the number of samples.
	N int
	// ESS is Kish's effective sample size as a share of N, (Σw)²/(N Σw²): 1 for a perfect flow.
	ESS float64
	// LogZ estimates log Z by the logarithm of the mean weight, LogZError its standard error.
	LogZ, LogZError float64
	// ReverseKL estimates KL(ρ ‖ target) = log Z - mean(log w), in nats.
	ReverseKL float64
	// MaxShare is the greatest weight's share of the sum of all.
	MaxShare float64
}

// Importance draws n samples of the flow, offset, …, offset+n-1 of the sequence that the seed
// names, and weighs them. A NaN energy gives NaN; n must be at least 1.
func (f *Flow[T]) Importance(energy Energy, n int, seed, offset uint64) Importance {
	if n < 1 {
		panic("flow: Importance: n is below 1")
	}
	const batch = 1 << 14
	d := f.arch.Dim
	logWeights := make([]float64, n)
	x, wide := make([]T, min(n, batch)*d), make([]float64, min(n, batch)*d)
	logProb, energies := make([]float64, min(n, batch)), make([]float64, min(n, batch))
	for lo := 0; lo < n; lo += batch {
		m := min(batch, n-lo)
		f.SampleLogProb(x[:m*d], logProb[:m], seed, offset+uint64(lo))
		for i, v := range x[:m*d] {
			wide[i] = float64(v)
		}
		energy.ReducedEnergies(energies[:m], wide[:m*d])
		for i := range m {
			logWeights[lo+i] = -energies[i] - logProb[i]
		}
	}
	return weigh(logWeights)
}

// weigh makes the statistics of log w; it overwrites them.
func weigh(logWeights []float64) Importance {
	n := float64(len(logWeights))
	top, mean := math.Inf(-1), 0.0
	for _, l := range logWeights {
		if exceeds(l, top) {
			top = l
		}
		mean += l / n
	}
	if math.IsInf(top, -1) {
		return Importance{N: len(logWeights), LogZ: top, LogZError: math.Inf(1), ReverseKL: math.Inf(1)}
	}
	w := logWeights
	for i := range w {
		w[i] -= top
	}
	kernels.Exp(w, w)
	sum, squares, largest := 0.0, 0.0, 0.0
	for _, v := range w {
		sum += v
		squares += float64(v * v)
		largest = max(largest, v)
	}
	r := Importance{N: len(w)}
	r.ESS = sum * sum / squares / n
	var logMean [1]float64
	kernels.Log(logMean[:], []float64{sum / n})
	r.LogZ = top + logMean[0]
	// The relative variance of the mean weight is (1/ESS - 1)/n.
	r.LogZError = math.Sqrt(max(1/r.ESS-1, 0) / n)
	r.ReverseKL = r.LogZ - mean
	r.MaxShare = largest / sum
	return r
}
