package flow

import "pushforward/kernels"

// apply computes a net's outputs y for n lanes of its inputs x, layer by layer; hidden are two
// panels for the hidden layers.
func (n net[T]) apply(y, x []T, ld, lanes int, act kernels.Activation, hidden *[2][]T) {
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

// forward takes the n samples in w's state from the base to the data, one coupling layer after
// the other, and adds log |det J_F| of each to logDet, unless that is nil.
func (f *Flow[T]) forward(w *workspace[T], logDet []float64, n int) {
	for i := range f.stretches {
		s := &f.stretches[i]
		a, b := s.rows(w, n)
		kernels.RidgeFlowForward(a, b, &s.RidgeFlow, logDet)
	}
	if f.stretches != nil {
		return
	}
	for k := range f.layers {
		c := &f.layers[k]
		b := f.nets(c, w, n)
		kernels.CouplingForward(b, w.ld, b, w.ld, w.s, w.t, w.ld, c.alpha, logDet, len(c.transformed), n)
		scatter(w.state, b, w.ld, c.transformed, n)
	}
}

// inverse takes the n samples in w's state from the data to the base, the last coupling layer
// first, and adds log |det J_{F⁻¹}| of each to logDet, unless that is nil.
func (f *Flow[T]) inverse(w *workspace[T], logDet []float64, n int) {
	for i := len(f.stretches) - 1; i >= 0; i-- {
		s := &f.stretches[i]
		a, b := s.rows(w, n)
		kernels.RidgeFlowInverse(a, b, &s.RidgeFlow, logDet)
	}
	if f.stretches != nil {
		return
	}
	for k := len(f.layers) - 1; k >= 0; k-- {
		c := &f.layers[k]
		b := f.nets(c, w, n)
		kernels.CouplingInverse(b, w.ld, b, w.ld, w.s, w.t, w.ld, c.alpha, logDet, len(c.transformed), n)
		scatter(w.state, b, w.ld, c.transformed, n)
	}
}

// nets computes w.s and w.t of a layer and returns the panel of the features that it transforms.
func (f *Flow[T]) nets(c *coupling[T], w *workspace[T], n int) []T {
	a := gather(w.cond, w.state, w.ld, c.conditioning, n)
	c.scale.apply(w.s, a, w.ld, n, f.arch.Activation, &w.hidden)
	c.shift.apply(w.t, a, w.ld, n, f.arch.Activation, &w.hidden)
	return gather(w.trans, w.state, w.ld, c.transformed, n)
}
