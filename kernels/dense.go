package kernels

import "pushforward/asm"

// denseWork is the number of multiply-adds that one call into assembly does at
// most (if a row of w is no longer than that): 70 µs on a core that does 60
// GFLOP/s.
const denseWork = 1 << 21

// denseRows is the number of rows of x that one pass over the outputs reads: a
// tile's vectors of them, two cache lines a row on AVX2 and four on AVX-512,
// stay in the first-level cache beside the weights. Longer chains go on in the
// next pass from where they were stored, which changes no bit. (With 256 rows in
// one pass, float64 on a Zen 3 reached 82 % of its peak, in two 88 %.)
const denseRows = 128

// Dense computes a layer of a network for n samples, y = act(W x + b). x is a
// panel of in rows (features) of n samples, ldx apart; y one of out rows, ldy
// apart, which must not overlap it. w is W, row-major [out][in]; b has out
// elements, or is nil for none.
//
// Each output is one chain of fused multiply-adds in increasing k:
//
//	acc = b[o]
//	for k := range in { acc = fma(w[o*in+k], x[k*ldx+i], acc) }
//	y[o*ldy+i] = act(acc)
//
//go:noinline
func Dense[T Float](y []T, ldy int, x []T, ldx int, w, b []T, in, out, n int, act Activation) {
	const op = "Dense"
	checkActivation(op, act)
	checkSize(op, "in", in)
	checkSize(op, "out", out)
	checkSize(op, "n", n)
	checkMatrix(op, "w", len(w), out, in, "out*in")
	if b != nil {
		checkLen(op, "b", len(b), out, "out")
	}
	checkPanel(op, "y", "ldy", len(y), ldy, out, n)
	checkPanel(op, "x", "ldx", len(x), ldx, in, n)
	cols, rows := denseChunk(in, out)
	for i := 0; i < n; i += cols {
		for o := 0; o < out; o += rows {
			p := min(rows, out-o)
			densePanel(y[o*ldy+i:], ldy, from(x, i), ldx, w[o*in:(o+p)*in], part(b, o, p), in, p, min(cols, n-i), act)
		}
	}
}

// DenseBackwardInput computes the gradient with respect to a layer's input,
// dx = Wᵀ dy, from the gradient dy with respect to W x + b: panels as in Dense.
// dx must not overlap dy.
//
//	acc = 0
//	for o := range out { acc = fma(w[o*in+k], dy[o*lddy+i], acc) }
//	dx[k*lddx+i] = acc
//
//go:noinline
func DenseBackwardInput[T Float](dx []T, lddx int, dy []T, lddy int, w []T, in, out, n int) {
	const op = "DenseBackwardInput"
	checkSize(op, "in", in)
	checkSize(op, "out", out)
	checkSize(op, "n", n)
	checkMatrix(op, "w", len(w), out, in, "out*in")
	checkPanel(op, "dx", "lddx", len(dx), lddx, in, n)
	checkPanel(op, "dy", "lddy", len(dy), lddy, out, n)
	cols, rows := denseChunk(out, in)
	for i := 0; i < n; i += cols {
		for k := 0; k < in; k += rows {
			denseBackwardInputPanel(dx[k*lddx+i:], lddx, from(dy, i), lddy, from(w, k), in, min(rows, in-k), out, min(cols, n-i))
		}
	}
}

// DenseBackwardWeights adds the gradients with respect to a layer's weights and
// biases to dw, row-major [out][in], and to db: dW += dy xᵀ, db += Σ dy. db may
// be nil to leave it out. dy is a panel of out rows of n samples, lddy apart;
// xT is the layer's input with samples as rows, [n][in], ldxT apart (see
// Transpose).
//
//	acc = dw[o*in+k]
//	for i := range n { acc = fma(dy[o*lddy+i], xT[i*ldxT+k], acc) }
//	dw[o*in+k] = acc
//
// and db by RowSums.
//
//go:noinline
func DenseBackwardWeights[T Float](dw, db []T, dy []T, lddy int, xT []T, ldxT int, in, out, n int) {
	const op = "DenseBackwardWeights"
	checkSize(op, "in", in)
	checkSize(op, "out", out)
	checkSize(op, "n", n)
	checkMatrix(op, "dw", len(dw), out, in, "out*in")
	checkPanel(op, "dy", "lddy", len(dy), lddy, out, n)
	checkPanel(op, "xT", "ldxT", len(xT), ldxT, n, in)
	if db != nil {
		checkLen(op, "db", len(db), out, "out")
		RowSums(db, dy, lddy, out, n)
	}
	samples, rows := denseChunk(in, out)
	for i := 0; i < n && in > 0; i += samples {
		for o := 0; o < out; o += rows {
			p := min(rows, out-o)
			denseBackwardWeightsPanel(dw[o*in:(o+p)*in], dy[o*lddy+i:], lddy, xT[i*ldxT:], ldxT, in, p, min(samples, n-i))
		}
	}
}

// denseChunk cuts a product of n samples with an out×in matrix into calls of
// cols samples and rows outputs. No order of summation depends on it.
func denseChunk(in, out int) (cols, rows int) {
	in, out = max(in, 1), max(out, 1)
	cols = max(64, denseWork/in/out&^63)
	rows = max(8, denseWork/in/cols&^7)
	return cols, rows
}

//go:noinline
func densePanel[T Float](y []T, ldy int, x []T, ldx int, w, b []T, in, out, n int, act Activation) {
	fused := count(act == ReLU)
	if denseAsm(y, ldy, x, ldx, w, in, 1, b, out, in, n, 0, fused) {
		if fused == 0 && act != Identity {
			for o := range out {
				activateSlice(act, y[o*ldy:][:n], y[o*ldy:][:n])
			}
		}
		return
	}
	densePanelRef(y, ldy, x, ldx, w, b, in, out, n, act)
}

// denseBackwardInputPanel computes k rows of dx; w's rows are ldw apart. (Copying
// w's columns first, eight at a time, lost a quarter of the speed at 256 rows:
// dy then comes from the second-level cache for each eight.)
//
//go:noinline
func denseBackwardInputPanel[T Float](dx []T, lddx int, dy []T, lddy int, w []T, ldw, k, out, n int) {
	if denseAsm(dx, lddx, dy, lddy, w, 1, ldw, nil, k, out, n, 0, 0) {
		return
	}
	denseBackwardInputPanelRef(dx, lddx, dy, lddy, w, ldw, k, out, n)
}

//go:noinline
func denseBackwardWeightsPanel[T Float](dw, dy []T, lddy int, xT []T, ldxT int, in, out, n int) {
	if denseAsm(dw, in, xT, ldxT, dy, lddy, 1, nil, out, n, in, 1, 0) {
		return
	}
	denseBackwardWeightsPanelRef(dw, dy, lddy, xT, ldxT, in, out, n)
}

// denseAsm is asm.Dense, denseRows rows of x at a time. It reports whether the
// active instruction set has the kernel.
//
//go:noinline
func denseAsm[T Float](y []T, ldy int, x []T, ldx int, w []T, wo, wk int, b []T, out, in, n, accumulate, relu int) bool {
	isa := Active()
	for in > denseRows {
		if !asm.Dense(isa, at(y), ldy, at(x), ldx, at(w), wo, wk, at(b), out, denseRows, n, accumulate, 0) {
			return false
		}
		x, w, in = x[denseRows*ldx:], w[denseRows*wk:], in-denseRows
		b, accumulate = nil, 1
	}
	return asm.Dense(isa, at(y), ldy, at(x), ldx, at(w), wo, wk, at(b), out, in, n, accumulate, relu)
}
