package kernels

func ridgeFlowForwardRef[T Float](a, b []T, f *RidgeFlow[T], logdet []float64, first, layers int) {
	for k := first; k < first+layers; k++ {
		scale, shift, alpha := f.layer(k)
		for i := range a {
			s, t := ridgeOf(scale, a[i:i+1]), ridgeOf(shift, a[i:i+1])
			couplingForwardPanelRef(b[i:], 1, b[i:], 1, s[:], t[:], 1, alpha, part(logdet, i, 1), 1, 1)
		}
		a, b = b, a
	}
}

func ridgeFlowInverseRef[T Float](a, b []T, f *RidgeFlow[T], logdet []float64, last, layers int) {
	for k := last; k > last-layers; k-- {
		scale, shift, alpha := f.layer(k)
		for i := range a {
			s, t := ridgeOf(scale, a[i:i+1]), ridgeOf(shift, a[i:i+1])
			couplingInversePanelRef(b[i:], 1, b[i:], 1, s[:], t[:], 1, alpha, part(logdet, i, 1), 1, 1)
		}
		a, b = b, a
	}
}

// ridgeOf is Ridge at one x, with a net's weights one after the other.
func ridgeOf[T Float](net, x []T) (y [1]T) {
	h := len(net) / 3
	ridgeSliceRef(y[:], x, net[:h], net[h:2*h], net[2*h:3*h], net[3*h])
	return y
}
