package flow

import "pushforward/kernels"

// stretch is a number of successive layers of a flow of two features whose nets are all 1 → H → 1
// with ReLU, and whose masks alternate: package kernels takes samples through them in one call.
// Most such flows are one stretch.
type stretch[T kernels.Float] struct {
	kernels.RidgeFlow[T]
	first int // the feature that its first layer conditions on
}

// stretches cuts a flow into them; it returns nil where a net is of another kind.
func stretches[T kernels.Float](a Architecture, layers []coupling[T], params []T) (all []stretch[T]) {
	if a.Dim != 2 || len(a.Hidden) != 1 || a.Activation != kernels.ReLU {
		return nil
	}
	size := len(params) / len(layers)
	for k := range layers {
		c := &layers[k]
		if k == 0 || c.conditioning[0] == layers[k-1].conditioning[0] {
			s := stretch[T]{first: c.conditioning[0]}
			s.Hidden, s.Params, s.Stride, s.Alpha = a.Hidden[0], params[k*size:], size, c.alpha
			if a.Bound.Learnt {
				nets := 2 * (3*a.Hidden[0] + 1)
				s.Alpha, s.AlphaStride = s.Params[nets:], size
			}
			all = append(all, s)
		}
		all[len(all)-1].Layers++
	}
	return all
}

// rows are the n samples' features in w's state, first the one that the first layer conditions on.
func (s *stretch[T]) rows(w *workspace[T], n int) (a, b []T) {
	x := [2][]T{w.state[:n], w.state[w.ld : w.ld+n]}
	return x[s.first], x[1-s.first]
}
