package kernels

import "pushforward/asm"

// A network with one input, one hidden layer of H ReLU units and one output is
// a sum of ridges: y = b2 + Σ w2[u]*relu(w1[u]*x + b1[u]). The kernels here run
// it in one pass, with the hidden units in registers.

// ridgeLanes is the number of virtual lanes of RidgeBackward's sums. There are
// two for each hidden unit, so 64 would not fit the registers of any machine.
const ridgeLanes = 16

// Ridge computes such a network at each x[i]; the weights have H elements each.
// It gives the same bits as two calls of Dense with ReLU between:
//
//	acc = b2
//	for u := range w1 { acc = fma(w2[u], relu(fma(w1[u], x[i], b1[u])), acc) }
//	y[i] = acc
//
// y may be x.
//
//go:noinline
func Ridge[T Float](y, x []T, w1, b1, w2 []T, b2 T) {
	const op = "Ridge"
	checkLen(op, "y", len(y), len(x), "len(x)")
	checkRidge(op, len(w1), len(b1), len(w2))
	step := ridgeChunk(len(w1))
	for i := 0; i < len(x); i += step {
		j := min(i+step, len(x))
		ridgeSlice(y[i:j], x[i:j], w1, b1, w2, b2)
	}
}

// RidgeBackward computes what the gradients of a Ridge network are made of, from
// dy = ∂L/∂y at each x. With h_u = fma(w1[u], x[i], b1[u]):
//
//	a[u]     = Σ_i  h_u > 0 ? dy[i]*x[i] : 0
//	b[u]     = Σ_i  h_u > 0 ? dy[i] : 0
//	slope[i] = Σ_u  h_u > 0 ? w1[u]*w2[u] : 0      (that is ∂y/∂x at x[i])
//
// Products are rounded. Sums over samples run in 16 virtual lanes: lane l
// starts at +0 and adds the terms of x[l], x[l+16], …; then the upper half of
// the lanes is added to the lower, 8, 4, 2, 1. slope starts at +0 and adds in
// increasing u. Nothing accumulates: a, b and slope are overwritten; slope
// may be x or dy.
//
// With MulAdd they make the gradients: ∂L/∂w1 = w2 a, ∂L/∂b1 = w2 b,
// ∂L/∂w2 = w1 a + b1 b, ∂L/∂x = dy slope; ∂L/∂b2 is the sum of dy (RowSums).
//
//go:noinline
func RidgeBackward[T Float](slope, a, b []T, dy, x []T, w1, b1, w2 []T) {
	const op = "RidgeBackward"
	checkLen(op, "slope", len(slope), len(x), "len(x)")
	checkLen(op, "dy", len(dy), len(x), "len(x)")
	checkRidge(op, len(w1), len(b1), len(w2))
	checkLen(op, "a", len(a), len(w1), "len(w1)")
	checkLen(op, "b", len(b), len(w1), "len(w1)")
	// The sums cannot be cut in samples, but in hidden units.
	units := max(4, denseWork/4/max(len(x), 1)&^3)
	for u := 0; u < len(w1); u += units {
		v := min(u+units, len(w1))
		ridgeSumsSlice(a[u:v], b[u:v], dy, x, w1[u:v], b1[u:v])
	}
	step := ridgeChunk(len(w1))
	for i := 0; i < len(x); i += step {
		j := min(i+step, len(x))
		ridgeSlopeSlice(slope[i:j], x[i:j], w1, b1, w2)
	}
}

// ridgeChunk is the number of samples in one call, for H hidden units.
func ridgeChunk(hidden int) int { return max(64, denseWork/max(hidden, 1)&^63) }

func checkRidge(op string, w1, b1, w2 int) {
	checkLen(op, "b1", b1, w1, "len(w1)")
	checkLen(op, "w2", w2, w1, "len(w1)")
}

//go:noinline
func ridgeSlice[T Float](y, x []T, w1, b1, w2 []T, b2 T) {
	if asm.Ridge(Active(), at(y), at(x), at(w1), at(b1), at(w2), b2, len(w1), len(x)) {
		return
	}
	ridgeSliceRef(y, x, w1, b1, w2, b2)
}

//go:noinline
func ridgeSumsSlice[T Float](a, b []T, dy, x []T, w1, b1 []T) {
	if asm.RidgeSums(Active(), at(a), at(b), at(dy), at(x), at(w1), at(b1), len(w1), len(x)) {
		return
	}
	ridgeSumsSliceRef(a, b, dy, x, w1, b1)
}

//go:noinline
func ridgeSlopeSlice[T Float](slope, x []T, w1, b1, w2 []T) {
	if asm.RidgeSlope(Active(), at(slope), at(x), at(w1), at(b1), at(w2), len(w1), len(x)) {
		return
	}
	ridgeSlopeSliceRef(slope, x, w1, b1, w2)
}
