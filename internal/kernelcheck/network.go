package kernelcheck

import "pushforward/kernels"

// bias draws a vector of biases or none.
func bias[T kernels.Float](in *Input, name string, n int) []T {
	if in.chance(3) {
		return nil
	}
	return vector[T](in, name, n)
}

func uniforms[T kernels.Float](in *Input) func() {
	n, d := in.samples(), in.features(13)
	seed, stream, first := in.word(), uint32(in.word()), sampleIndex(in)
	dst, ld := panel[T](in, "dst", d, n)
	return func() { kernels.Uniforms(dst, ld, seed, stream, first, n, d) }
}

func normals[T kernels.Float](in *Input) func() {
	n, d := in.samples(), in.features(13)
	seed, stream, first := in.word(), uint32(in.word()), sampleIndex(in)
	dst, ld := panel[T](in, "dst", d, n)
	return func() { kernels.Normals(dst, ld, seed, stream, first, n, d) }
}

// sampleIndex draws the index of a first sample: often one from which a few steps
// lead over 2^32 or 2^64.
func sampleIndex(in *Input) uint64 {
	switch i := uint64(in.below(200)); in.below(4) {
	case 0:
		return i
	case 1:
		return 1<<32 - i
	case 2:
		return -i
	}
	return in.word()
}

func dense[T kernels.Float](in *Input) func() {
	k, o, n, act := in.features(40), in.features(40), in.short(), activation(in)
	w, b := vector[T](in, "w", o*k), bias[T](in, "b", o)
	x, ldx := panel[T](in, "x", k, n)
	y, ldy := panel[T](in, "y", o, n)
	return func() { kernels.Dense(y, ldy, x, ldx, w, b, k, o, n, act) }
}

func denseBackwardInput[T kernels.Float](in *Input) func() {
	k, o, n := in.features(40), in.features(40), in.short()
	w := vector[T](in, "w", o*k)
	dy, lddy := panel[T](in, "dy", o, n)
	dx, lddx := panel[T](in, "dx", k, n)
	return func() { kernels.DenseBackwardInput(dx, lddx, dy, lddy, w, k, o, n) }
}

func denseBackwardWeights[T kernels.Float](in *Input) func() {
	k, o, n := in.features(40), in.features(40), in.short()
	if in.chance(2) { // the features are what lies in lanes here
		k, n = n, k
	}
	dw, db := vector[T](in, "dw", o*k), bias[T](in, "db", o)
	dy, lddy := panel[T](in, "dy", o, n)
	xT, ldxT := panel[T](in, "xT", n, k)
	return func() { kernels.DenseBackwardWeights(dw, db, dy, lddy, xT, ldxT, k, o, n) }
}

func ridge[T kernels.Float](in *Input) func() {
	hidden, n := in.features(140), in.short()
	w1, b1, w2 := vector[T](in, "w1", hidden), vector[T](in, "b1", hidden), vector[T](in, "w2", hidden)
	b2 := vector[T](in, "b2", 1)
	x := vector[T](in, "x", n)
	y, _ := like(in, "y", x, n, 1, n)
	return func() { kernels.Ridge(y, x, w1, b1, w2, b2[0]) }
}

func ridgeFlowForward[T kernels.Float](in *Input) func() {
	a, b, f, logdet := ridgeFlow[T](in)
	return func() { kernels.RidgeFlowForward(a, b, &f, logdet) }
}

func ridgeFlowInverse[T kernels.Float](in *Input) func() {
	a, b, f, logdet := ridgeFlow[T](in)
	return func() { kernels.RidgeFlowInverse(a, b, &f, logdet) }
}

// ridgeFlow draws a flow and samples for it.
func ridgeFlow[T kernels.Float](in *Input) (a, b []T, f kernels.RidgeFlow[T], logdet []float64) {
	n := in.short()
	f.Layers, f.Hidden = in.below(6), in.features(70)
	f.Params, f.Stride = panel[T](in, "params", f.Layers, 2*(3*f.Hidden+1))
	if !in.chance(4) {
		f.Alpha, f.AlphaStride = panel[T](in, "alpha", max(f.Layers, 1), 1)
		if in.chance(3) {
			f.AlphaStride = 0
		}
	}
	return vector[T](in, "a", n), vector[T](in, "b", n), f, logdets(in, n)
}

func ridgeBackward[T kernels.Float](in *Input) func() {
	hidden, n := in.features(140), in.short()
	w1, b1, w2 := vector[T](in, "w1", hidden), vector[T](in, "b1", hidden), vector[T](in, "w2", hidden)
	a, b := vector[T](in, "a", hidden), vector[T](in, "b", hidden)
	x, dy := vector[T](in, "x", n), vector[T](in, "dy", n)
	slope, _ := like(in, "slope", x, n, 1, n)
	if in.chance(4) {
		slope = dy
	}
	return func() { kernels.RidgeBackward(slope, a, b, dy, x, w1, b1, w2) }
}

func rowSums[T kernels.Float](in *Input) func() {
	rows, n := in.features(20), in.samples()
	dst := vector[T](in, "dst", rows)
	x, ld := panel[T](in, "x", rows, n)
	return func() { kernels.RowSums(dst, x, ld, rows, n) }
}
