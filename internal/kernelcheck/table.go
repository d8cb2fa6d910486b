package kernelcheck

import (
	"slices"

	"pushforward/kernels"
)

// Table lists every kernel, each in float32 and in float64.
var Table = slices.Concat(general, bonded, lanePairs, born, constraints, partners)

var general = table(
	entry("Exp", exp[float32], exp[float64]),
	entry("Log", log[float32], log[float64]),
	entry("Tanh", tanh[float32], tanh[float64]),
	entry("SinCos", sinCos[float32], sinCos[float64]),
	entry("Activate", activate[float32], activate[float64]),
	entry("ActivateBackward", activateBackward[float32], activateBackward[float64]),
	entry("MulAdd", mulAdd[float32], mulAdd[float64]),
	entry("Uniforms", uniforms[float32], uniforms[float64]),
	entry("Normals", normals[float32], normals[float64]),
	entry("Dense", dense[float32], dense[float64]),
	entry("DenseBackwardInput", denseBackwardInput[float32], denseBackwardInput[float64]),
	entry("DenseBackwardWeights", denseBackwardWeights[float32], denseBackwardWeights[float64]),
	entry("Ridge", ridge[float32], ridge[float64]),
	entry("RidgeFlowForward", ridgeFlowForward[float32], ridgeFlowForward[float64]),
	entry("RidgeFlowInverse", ridgeFlowInverse[float32], ridgeFlowInverse[float64]),
	entry("RidgeBackward", ridgeBackward[float32], ridgeBackward[float64]),
	entry("RowSums", rowSums[float32], rowSums[float64]),
	entry("SumSquares", sumSquares[float32], sumSquares[float64]),
	entry("CouplingForward", couplingForward[float32], couplingForward[float64]),
	entry("CouplingInverse", couplingInverse[float32], couplingInverse[float64]),
	entry("CouplingForwardBackward", couplingForwardBackward[float32], couplingForwardBackward[float64]),
	entry("CouplingInverseBackward", couplingInverseBackward[float32], couplingInverseBackward[float64]),
	entry("BoundBackward", boundBackward[float32], boundBackward[float64]),
	entry("AdamW", adamW[float32], adamW[float64]),
	entry("SquaredDistances", squaredDistances[float32], squaredDistances[float64]),
	entry("RowMin", rowMin[float32], rowMin[float64]),
	entry("RowMinSum", rowMinSum[float32], rowMinSum[float64]),
	entry("BlockMinSum", blockMinSum[float32], blockMinSum[float64]),
	entry("LaneMinSum", laneMinSum[float32], laneMinSum[float64]),
	entry("RelaxRow", relaxRow[float32], relaxRow[float64]),
	entry("PlaneNearestFew", planeNearestFew[float32], planeNearestFew[float64]),
	entry("NearestSum", nearestSum[float32], nearestSum[float64]),
	entry("RowLogSumExp", rowLogSumExp[float32], rowLogSumExp[float64]),
	entry("RowLogSumExpAffine", rowLogSumExpAffine[float32], rowLogSumExpAffine[float64]),
	entry("Transpose", transpose[float32], transpose[float64]),
	entry("SortColumns", sortColumns[float32], sortColumns[float64]),
)

// entry is a kernel's pair of entries. The functions draw the arguments of a call
// and return the call.
func entry(name string, single, double func(*Input) func()) [2]Kernel {
	return [2]Kernel{{name, "float32", single}, {name, "float64", double}}
}

func table(pairs ...[2]Kernel) (list []Kernel) {
	for _, p := range pairs {
		list = append(list, p[0], p[1])
	}
	return list
}

func exp[T kernels.Float](in *Input) func() {
	n := in.samples()
	x := vector[T](in, "x", n)
	dst, _ := like(in, "dst", x, n, 1, n)
	return func() { kernels.Exp(dst, x) }
}

func log[T kernels.Float](in *Input) func() {
	n := in.samples()
	x := vector[T](in, "x", n)
	dst, _ := like(in, "dst", x, n, 1, n)
	return func() { kernels.Log(dst, x) }
}

func tanh[T kernels.Float](in *Input) func() {
	n := in.samples()
	x := vector[T](in, "x", n)
	dst, _ := like(in, "dst", x, n, 1, n)
	return func() { kernels.Tanh(dst, x) }
}

func sinCos[T kernels.Float](in *Input) func() {
	n := in.samples()
	x := vector[T](in, "x", n)
	sin := vector[T](in, "sin", n)
	cos, _ := like(in, "cos", x, n, 1, n)
	if in.chance(2) {
		sin, cos = cos, sin
	}
	return func() { kernels.SinCos(sin, cos, x) }
}

func activation(in *Input) kernels.Activation {
	return kernels.Activation(in.below(int(kernels.SiLU) + 1))
}

func activate[T kernels.Float](in *Input) func() {
	n, a := in.samples(), activation(in)
	x := vector[T](in, "x", n)
	dst, _ := like(in, "dst", x, n, 1, n)
	return func() { kernels.Activate(a, dst, x) }
}

func activateBackward[T kernels.Float](in *Input) func() {
	n, a := in.samples(), activation(in)
	dy := vector[T](in, "dy", n)
	z := vector[T](in, "z", n)
	dx, _ := like(in, "dx", dy, n, 1, n)
	if in.chance(4) {
		dx = z
	}
	return func() { kernels.ActivateBackward(a, dx, dy, z) }
}

func mulAdd[T kernels.Float](in *Input) func() {
	n := in.samples()
	dst := vector[T](in, "dst", n)
	a, _ := like(in, "a", dst, n, 1, n)
	b, _ := like(in, "b", dst, n, 1, n)
	return func() { kernels.MulAdd(dst, a, b) }
}

func adamW[T kernels.Float](in *Input) func() {
	n := in.samples()
	p, g := vector[T](in, "p", n), vector[T](in, "g", n)
	m, v := vector[T](in, "m", n), vector[T](in, "v", n)
	h := kernels.AdamWStep[T]{
		Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Decay: 0.01,
		Correction1: 1 / (1 - 0.81), Correction2: 500, GradScale: 0.7,
	}
	if in.chance(2) {
		h.Decay, h.GradScale, h.Rate = 0, 1, drawn[T](in, -20, 0)
	}
	return func() { kernels.AdamW(p, g, m, v, h) }
}

func sumSquares[T kernels.Float](in *Input) func() {
	x := vector[T](in, "x", in.samples())
	sum := vector[float64](in, "sum", 1)
	return func() { sum[0] = kernels.SumSquares(x) }
}
