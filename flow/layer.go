package flow

import "pushforward/kernels"

// linear is an affine map of a net: w is row-major [out][in], b has out elements; both are views
// of the flow's parameters.
type linear[T kernels.Float] struct {
	in, out int
	w, b    []T
}

// net is one of the two nets of a coupling layer, cut down to what acts: it sees the conditioning
// features and gives the transformed ones.
type net[T kernels.Float] struct {
	linears []linear[T]
}

// coupling is one layer of the flow.
type coupling[T kernels.Float] struct {
	conditioning, transformed []int // features, increasing
	scale, shift              net[T]
	alpha                     []T // bound of the scale for each transformed feature; nil: none
}

// layout cuts one flat slice of parameters into the layers' views, in the order in which they are
// stored: for each layer the scale net, the shift net and, where it is learnt, α; for each net and
// linear map the weights, then the biases.
func layout[T kernels.Float](a Architecture, params []T) []coupling[T] {
	take := func(n int) []T {
		part := params[:n:n]
		params = params[n:]
		return part
	}
	takeNet := func(in, out int) net[T] {
		var n net[T]
		for j := 0; j <= len(a.Hidden); j++ {
			width := out
			if j < len(a.Hidden) {
				width = a.Hidden[j]
			}
			n.linears = append(n.linears, linear[T]{in: in, out: width, w: take(in * width), b: take(width)})
			in = width
		}
		return n
	}
	layers := make([]coupling[T], len(a.Masks))
	for k, mask := range a.Masks {
		c := &layers[k]
		c.conditioning, c.transformed = mask.split()
		da, db := len(c.conditioning), len(c.transformed)
		c.scale, c.shift = takeNet(da, db), takeNet(da, db)
		switch {
		case a.Bound.Learnt:
			c.alpha = take(db)
		case a.Bound.Factor != 0:
			c.alpha = filled(db, T(a.Bound.Factor))
		}
	}
	return layers
}

func filled[T any](n int, value T) []T {
	s := make([]T, n)
	for i := range s {
		s[i] = value
	}
	return s
}
