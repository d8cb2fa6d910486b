package kernels

import "pushforward/asm"

// RidgeFlow holds the parameters of a flow of two features a and b whose nets are
// Ridge networks: coupling layers of which the first transforms b by nets of a,
// the next one a by nets of b, and so on.
type RidgeFlow[T Float] struct {
	Layers, Hidden int
	// Params has the parameters of layer k from k*Stride on: W1, B1 and W2 of the
	// net that gives the scale, Hidden elements each, and its B2; then those of the
	// net that gives the shift.
	Params []T
	Stride int
	// Alpha[k*AlphaStride] bounds the scale of layer k to alpha*tanh(s), as in
	// CouplingForward. A stride of 0 bounds all alike; nil leaves the bound out.
	Alpha       []T
	AlphaStride int
}

// RidgeFlowForward takes samples through all layers: sample i is (a[i], b[i]) and
// is replaced. It gives the same bits as, layer by layer,
//
//	Ridge(s, a, scale net)
//	Ridge(t, a, shift net)
//	CouplingForward(b, b, s, t, alpha, logdet)
//	a, b = b, a
//
// logdet, in float64, gets each layer's s added; nil leaves it out. a and b must
// not overlap.
//
// Nothing but the samples goes through memory, and the two chains of each sample
// over the hidden units run side by side: one sample alone waits for 4 cycles a
// unit, and for tanh and exp.
//
//go:noinline
func RidgeFlowForward[T Float](a, b []T, f *RidgeFlow[T], logdet []float64) {
	f.check("RidgeFlowForward", len(a), len(b), len(logdet), logdet == nil)
	samples, depth := f.chunk()
	for i := 0; i < len(a); i += samples {
		n := min(samples, len(a)-i)
		x, y := a[i:i+n], b[i:i+n]
		for k := 0; k < f.Layers; k += depth {
			layers := min(depth, f.Layers-k)
			ridgeFlowForwardPart(x, y, f, part(logdet, i, n), k, layers)
			if layers%2 == 1 {
				x, y = y, x
			}
		}
	}
}

// RidgeFlowInverse undoes RidgeFlowForward, the last layer first: a and b are the
// rows as they were given there. It gives the same bits as calls of Ridge and
// CouplingInverse; each layer's s is subtracted from logdet, unless that is nil.
//
//go:noinline
func RidgeFlowInverse[T Float](a, b []T, f *RidgeFlow[T], logdet []float64) {
	f.check("RidgeFlowInverse", len(a), len(b), len(logdet), logdet == nil)
	if f.Layers%2 == 0 {
		a, b = b, a // so that the last layer conditions on a
	}
	samples, depth := f.chunk()
	for i := 0; i < len(a); i += samples {
		n := min(samples, len(a)-i)
		x, y := a[i:i+n], b[i:i+n]
		for k := f.Layers; k > 0; k -= depth {
			layers := min(depth, k)
			ridgeFlowInversePart(x, y, f, part(logdet, i, n), k-1, layers)
			if layers%2 == 1 {
				x, y = y, x
			}
		}
	}
}

func (f *RidgeFlow[T]) check(op string, a, b, logdet int, noLogdet bool) {
	checkSize(op, "Layers", f.Layers)
	checkSize(op, "Hidden", f.Hidden)
	checkLen(op, "b", b, a, "len(a)")
	if !noLogdet {
		checkLen(op, "logdet", logdet, a, "len(a)")
	}
	if f.Layers == 0 {
		return
	}
	if f.Hidden > len(f.Params) { // the product below could overflow
		panicLen(op, "Params", len(f.Params), f.Hidden, "at least Hidden")
	}
	checkPanel(op, "Params", "Stride", len(f.Params), f.Stride, f.Layers, 2*(3*f.Hidden+1))
	switch {
	case f.Alpha == nil:
	case f.AlphaStride != 0:
		checkPanel(op, "Alpha", "AlphaStride", len(f.Alpha), f.AlphaStride, f.Layers, 1)
	default:
		checkPanel(op, "Alpha", "AlphaStride", len(f.Alpha), 1, 1, 1)
	}
}

// chunk is the number of samples and of layers in one call.
func (f *RidgeFlow[T]) chunk() (samples, layers int) {
	const coupling = 64 // tanh and exp in multiply-adds, about
	work := 4*f.Hidden + coupling
	layers = max(1, min(f.Layers, denseWork/64/work))
	return max(64, denseWork/(work*layers)&^63), layers
}

// layer is the scale and the shift net of layer k, and its alpha or nil.
func (f *RidgeFlow[T]) layer(k int) (scale, shift, alpha []T) {
	size := 3*f.Hidden + 1
	p := f.Params[k*f.Stride:]
	if f.Alpha != nil {
		alpha = f.Alpha[k*f.AlphaStride:][:1]
	}
	return p[:size], p[size : 2*size], alpha
}

// ridgeFlowForwardPart runs so many layers from the given one on.
//
//go:noinline
func ridgeFlowForwardPart[T Float](a, b []T, f *RidgeFlow[T], logdet []float64, first, layers int) {
	scale, _, alpha := f.layer(first)
	if asm.RidgeFlowForward(Active(), at(a), at(b), at(scale), f.Stride, at(alpha), f.AlphaStride,
		at(logdet), f.Hidden, layers, len(a)) {
		return
	}
	ridgeFlowForwardRef(a, b, f, logdet, first, layers)
}

// ridgeFlowInversePart runs so many layers from the given one backwards.
//
//go:noinline
func ridgeFlowInversePart[T Float](a, b []T, f *RidgeFlow[T], logdet []float64, last, layers int) {
	scale, _, alpha := f.layer(last)
	if asm.RidgeFlowInverse(Active(), at(a), at(b), at(scale), -f.Stride, at(alpha), -f.AlphaStride,
		at(logdet), f.Hidden, layers, len(a)) {
		return
	}
	ridgeFlowInverseRef(a, b, f, logdet, last, layers)
}
