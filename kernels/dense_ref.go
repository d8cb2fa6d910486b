package kernels

// The loops over samples are innermost, which is quick and changes no chain.

func densePanelRef[T Float](y []T, ldy int, x []T, ldx int, w, b []T, in, out, n int, act Activation) {
	for o := range out {
		acc := row(y, o, ldy, n)
		var start T
		if b != nil {
			start = b[o]
		}
		for i := range acc {
			acc[i] = start
		}
		for k, wk := range row(w, o, in, in) {
			for i, v := range row(x, k, ldx, n) {
				acc[i] = fma(wk, v, acc[i])
			}
		}
		if act != Identity {
			activateSliceRef(act, acc, acc)
		}
	}
}

func denseBackwardInputPanelRef[T Float](dx []T, lddx int, dy []T, lddy int, w []T, ldw, in, out, n int) {
	for k := range in {
		acc := row(dx, k, lddx, n)
		clear(acc)
		for o := range out {
			wo := w[o*ldw+k]
			for i, v := range row(dy, o, lddy, n) {
				acc[i] = fma(wo, v, acc[i])
			}
		}
	}
}

func denseBackwardWeightsPanelRef[T Float](dw, dy []T, lddy int, xT []T, ldxT int, in, out, n int) {
	for o := range out {
		acc := row(dw, o, in, in)
		for i, g := range row(dy, o, lddy, n) {
			for k, v := range row(xT, i, ldxT, in) {
				acc[k] = fma(g, v, acc[k])
			}
		}
	}
}
