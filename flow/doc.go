// Package flow learns and samples distributions with RealNVP normalizing flows.
//
// A flow is a bijection F of ℝᵈ that pushes the standard normal distribution forward to a
// distribution of data, such as the Boltzmann distribution of a molecule. Once F is known, one pass
// through it turns independent normal numbers into an independent sample.
//
// # The map
//
// F is a composition F⁽ˡ⁾ ∘ … ∘ F⁽¹⁾ of coupling layers (Dinh, Sohl-Dickstein, Bengio: Density
// estimation using Real NVP, ICLR 2017). A layer's mask parts the features into x_a, which pass
// through unchanged, and x_b, which are scaled and shifted by nets that see x_a alone:
//
//	y_a = x_a,   y_b = x_b ⊙ exp(s(x_a)) + t(x_a),   log |det J| = Σ s
//
// so the inverse is explicit, x_b = (y_b − t(x_a)) ⊙ exp(−s(x_a)), and the density follows from the
// change of variables: log ρ(x) = log N(F⁻¹(x)) + log |det J_{F⁻¹}(x)|.
//
// The scale may be bounded, s = α·tanh(s_raw), with a fixed or a learnt α (see Bound).
//
// # The same bits everywhere
//
// Forward, Inverse, LogProb, Sample and training give the same bits on every CPU, with every
// instruction set, and with any number of goroutines. A sample's result depends on that sample
// alone, not on its place in a batch; samples are an infinite sequence that a seed names, any part
// of which can be drawn by itself. Training adds the gradients of chunks of a fixed size in a fixed
// order.
//
// Numbers are float32 or float64, by the type parameter. Log-determinants and log-densities are
// summed in float64 in both.
package flow
