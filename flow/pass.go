package flow

import "pushforward/kernels"

// apply computes a net's outputs y for n lanes of its inputs x; hidden are two panels for the
// hidden layers.
func (n net[T]) apply(y, x []T, ld, lanes int, act kernels.Activation, hidden *[2][]T) {
	if act == kernels.ReLU && n.ridge() {
		first, last := n.linears[0], n.linears[1]
		kernels.Ridge(y[:lanes], x[:lanes], first.w, first.b, last.w, last.b[0])
		return
	}
	n.applyDense(y, x, ld, lanes, act, hidden)
}

// applyDense is apply for nets of any shape, layer by layer.
func (n net[T]) applyDense(y, x []T, ld, lanes int, act kernels.Activation, hidden *[2][]T) {
	last := len(n.linears) - 1
	for j, l := range n.linears {
		out := y
		if j < last {
			out = hidden[j%2]
		} else {
			act = kernels.Identity
		}
		kernels.Dense(out, ld, x, ld, l.w, l.b, l.in, l.out, lanes, act)
		x = out
	}
}

// wholeVectors rounds a number of lanes up to full vectors of any machine. In narrow nets, parts of
// vectors cost more than what the lanes beyond n, where something of earlier blocks may stand, add.
func (f *Flow[T]) wholeVectors(n int) int {
	if f.ridge {
		return (n + 15) &^ 15
	}
	return n
}

// forward takes the n samples in w's state from the base to the data, one coupling layer after
// the other, and adds log |det J_F| of each to w.logDet.
func (f *Flow[T]) forward(w *workspace[T], n int) {
	n = f.wholeVectors(n)
	for k := range f.layers {
		c := &f.layers[k]
		b := f.nets(c, w, n)
		kernels.CouplingForward(b, w.ld, b, w.ld, w.s, w.t, w.ld, c.alpha, w.logDet[:n], len(c.transformed), n)
		scatter(w.state, b, w.ld, c.transformed, n)
	}
}

// inverse takes the n samples in w's state from the data to the base, the last coupling layer
// first, and adds log |det J_{F⁻¹}| of each to w.logDet.
func (f *Flow[T]) inverse(w *workspace[T], n int) {
	n = f.wholeVectors(n)
	for k := len(f.layers) - 1; k >= 0; k-- {
		c := &f.layers[k]
		b := f.nets(c, w, n)
		kernels.CouplingInverse(b, w.ld, b, w.ld, w.s, w.t, w.ld, c.alpha, w.logDet[:n], len(c.transformed), n)
		scatter(w.state, b, w.ld, c.transformed, n)
	}
}

// fewLanes is the number of samples up to which the two nets of a narrow layer run side by side:
// a sample is a chain of FMAs, which a few samples alone wait for.
const fewLanes = 16

// nets computes w.s and w.t of a layer and returns the panel of the features that it transforms.
func (f *Flow[T]) nets(c *coupling[T], w *workspace[T], n int) []T {
	a := gather(w.cond, w.state, w.ld, c.conditioning, n)
	if f.ridge && n <= fewLanes {
		kernels.RidgePair(w.s[:n], w.t[:n], a[:n], c.scale.asRidge(), c.shift.asRidge())
	} else {
		c.scale.apply(w.s, a, w.ld, n, f.arch.Activation, &w.hidden)
		c.shift.apply(w.t, a, w.ld, n, f.arch.Activation, &w.hidden)
	}
	return gather(w.trans, w.state, w.ld, c.transformed, n)
}
