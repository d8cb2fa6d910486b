package flow

import "pushforward/kernels"

// inverseOnTape takes the n samples in tp's state to the base as inverse does, with the same bits,
// and keeps what backward needs. tp.logDet receives log |det J_{F⁻¹}|.
func (f *Flow[T]) inverseOnTape(tp *tape[T], n int) {
	clear(tp.logDet[:n])
	ld := tp.ld
	for k := len(f.layers) - 1; k >= 0; k-- {
		c, l := &f.layers[k], &tp.layers[k]
		copyRows(l.cond, tp.state, ld, c.conditioning, n)
		f.record(&c.scale, l.s, l.cond, ld, n, &l.scale)
		f.record(&c.shift, tp.t, l.cond, ld, n, &l.shift)
		b := gather(tp.trans, tp.state, ld, c.transformed, n)
		kernels.CouplingInverse(l.trans, ld, b, ld, l.s, tp.t, ld, c.alpha, tp.logDet[:n], len(c.transformed), n)
		for r, i := range c.transformed {
			copy(tp.state[i*ld:i*ld+n], l.trans[r*ld:])
		}
	}
}

// record computes a net's outputs as apply does and keeps its hidden layers, unless the net is
// 1 → H → 1 with ReLU.
func (f *Flow[T]) record(n *net[T], y, x []T, ld, lanes int, tape *netTape[T]) {
	if f.stretches != nil {
		first, last := n.linears[0], n.linears[1]
		kernels.Ridge(y[:lanes], x[:lanes], first.w, first.b, last.w, last.b[0])
		return
	}
	act, last := f.arch.Activation, len(n.linears)-1
	for j, l := range n.linears {
		switch {
		case j == last:
			kernels.Dense(y, ld, x, ld, l.w, l.b, l.in, l.out, lanes, kernels.Identity)
		case tape.in != nil:
			kernels.Dense(tape.in[j], ld, x, ld, l.w, l.b, l.in, l.out, lanes, kernels.Identity)
			kernels.Activate(act, tape.out[j], tape.in[j])
			x = tape.out[j]
		default:
			kernels.Dense(tape.out[j], ld, x, ld, l.w, l.b, l.in, l.out, lanes, act)
			x = tape.out[j]
		}
	}
}

// backward takes tp.grad = ∂L/∂z back to ∂L/∂x through what inverseOnTape recorded, for a loss L
// that depends on the n samples' z and, with the same derivative g for each, on their
// log-determinants. It adds the gradient with respect to the parameters to the views grads, unless
// these are nil.
func (f *Flow[T]) backward(tp *tape[T], g T, grads []coupling[T], n int) {
	ld := tp.ld
	for k := range f.layers {
		c, l := &f.layers[k], &tp.layers[k]
		rows := len(c.transformed)
		var dc coupling[T]
		if grads != nil {
			dc = grads[k]
		}
		db := gather(tp.trans, tp.grad, ld, c.transformed, n)
		kernels.CouplingInverseBackward(db, ld, tp.ds, tp.dt, ld, db, ld, l.trans, ld, l.s, ld, g, rows, n)
		scatter(tp.grad, db, ld, c.transformed, n)
		if c.alpha != nil {
			var dalpha []T
			if f.arch.Bound.Learnt {
				dalpha = dc.alpha
			}
			kernels.BoundBackward(tp.ds, ld, dalpha, l.s, ld, c.alpha, rows, n)
		}
		f.backwardNet(tp, c, l, &c.scale, &dc.scale, &l.scale, tp.ds, n)
		f.backwardNet(tp, c, l, &c.shift, &dc.shift, &l.shift, tp.dt, n)
	}
}

// backwardNet adds a net's gradients, given dy with respect to its outputs: to dn with respect to
// its parameters (where it has any linears), to tp.grad with respect to its inputs.
func (f *Flow[T]) backwardNet(tp *tape[T], c *coupling[T], l *layerTape[T], n, dn *net[T], hidden *netTape[T], dy []T, lanes int) {
	if f.stretches != nil {
		f.backwardRidge(tp, c.conditioning[0], l.cond[:lanes], n, dn, dy[:lanes])
		return
	}
	ld := tp.ld
	for j := len(n.linears) - 1; j >= 0; j-- {
		lin := n.linears[j]
		x, dx := l.cond, tp.dcond
		if j > 0 {
			x, dx = hidden.out[j-1], tp.dh[j%2]
		}
		if dn.linears != nil {
			kernels.Transpose(tp.xT, tp.ldT, x, ld, lin.in, lanes)
			kernels.DenseBackwardWeights(dn.linears[j].w, dn.linears[j].b, dy, ld, tp.xT, tp.ldT, lin.in, lin.out, lanes)
		}
		kernels.DenseBackwardInput(dx, ld, dy, ld, lin.w, lin.in, lin.out, lanes)
		if j > 0 {
			// One call for the whole panel, padding included, costs less than one for each row.
			size := (lin.in-1)*ld + lanes
			kernels.ActivateBackward(f.arch.Activation, dx[:size], dx[:size], hidden.saved(j - 1)[:size])
		}
		dy = dx
	}
	for r, k := range c.conditioning {
		kernels.MulAdd(tp.grad[k*ld:k*ld+lanes], tp.dcond[r*ld:r*ld+lanes], tp.ones[:lanes])
	}
}

// backwardRidge is backwardNet for a net 1 → H → 1 with ReLU, whose hidden units are computed
// again instead of kept.
func (f *Flow[T]) backwardRidge(tp *tape[T], feature int, x []T, n, dn *net[T], dy []T) {
	first, last := n.linears[0], n.linears[1]
	units := first.out
	a, b, slope := tp.a[:units], tp.b[:units], tp.slope[:len(x)]
	kernels.RidgeBackward(slope, a, b, dy, x, first.w, first.b, last.w)
	kernels.MulAdd(tp.grad[feature*tp.ld:feature*tp.ld+len(x)], dy, slope)
	if dn.linears == nil {
		return
	}
	d1, d2 := dn.linears[0], dn.linears[1]
	kernels.MulAdd(d1.w, last.w, a)
	kernels.MulAdd(d1.b, last.w, b)
	kernels.MulAdd(d2.w, first.b, b)
	kernels.MulAdd(d2.w, first.w, a)
	kernels.RowSums(d2.b, dy, len(dy), 1, len(dy))
}

// gradientChunk is the number of samples whose gradients are summed before any other's are added:
// a part of the definition of a training step, so it depends on the architecture alone.
func (f *Flow[T]) gradientChunk() int {
	if f.stretches != nil {
		return 256
	}
	return 128
}

// addGradient adds to grads the gradient of the negative log-likelihood of the samples of the given
// rows of data, [·][d], summed over them, and returns its value.
func (f *Flow[T]) addGradient(tp *tape[T], grads []coupling[T], data []T, rows []int32) float64 {
	loss := 0.0
	for len(rows) > 0 {
		n := min(tp.lanes, len(rows))
		tp.loadRows(data, rows[:n], f.arch.Dim)
		f.inverseOnTape(tp, n)
		tp.baseLogProb(f.arch.Dim, n)
		for i := range n {
			loss -= tp.square[i] + tp.logDet[i]
		}
		// ∂/∂z of |z|²/2 is z itself.
		copy(tp.grad, tp.state)
		f.backward(tp, -1, grads, n)
		rows = rows[n:]
	}
	return loss
}
