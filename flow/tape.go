package flow

import (
	"unsafe"

	"pushforward/kernels"
)

// tape keeps what the backward pass needs of a block's inverse pass, and the memory of both. One
// goroutine uses it at a time.
type tape[T kernels.Float] struct {
	*workspace[T]
	layers []layerTape[T]
	rows   []T // the block as row-major samples

	grad   []T // ∂L/∂(state), [d][ld]
	ds, dt []T // gradients of the nets' outputs
	dcond  []T // gradient of a net's input
	dh     [2][]T
	xT     []T // a linear map's input, samples as rows, ldT apart
	ldT    int
	ones   []T

	slope, a, b []T // of RidgeBackward
}

// layerTape is what one coupling layer leaves on the tape.
type layerTape[T kernels.Float] struct {
	cond, trans []T // what the nets saw; the transformed features after the inverse
	s           []T // after the bound
	scale       netTape[T]
	shift       netTape[T]
}

// netTape has the hidden layers of one net, and their inputs where the activation's derivative
// wants these.
type netTape[T kernels.Float] struct {
	out, in [][]T
}

// saved is what ActivateBackward wants of hidden layer j.
func (n *netTape[T]) saved(j int) []T {
	if n.in != nil {
		return n.in[j]
	}
	return n.out[j]
}

func newTape[T kernels.Float](f *Flow[T]) *tape[T] {
	tp := &tape[T]{workspace: newWorkspace(f)}
	ld, lanes, d := tp.ld, tp.lanes, f.arch.Dim
	panel := func(rows int) []T { return aligned[T](rows * ld) }
	netPanels := func() (n netTape[T]) {
		for _, width := range f.arch.Hidden {
			n.out = append(n.out, panel(width))
			if f.arch.Activation.SavesInput() {
				n.in = append(n.in, panel(width))
			}
		}
		return n
	}
	widest, units := d, 0
	for _, width := range f.arch.Hidden {
		widest, units = max(widest, width), max(units, width)
	}
	for _, c := range f.layers {
		l := layerTape[T]{
			cond:  panel(len(c.conditioning)),
			trans: panel(len(c.transformed)),
			s:     panel(len(c.transformed)),
		}
		if f.stretches == nil {
			l.scale, l.shift = netPanels(), netPanels()
		}
		tp.layers = append(tp.layers, l)
	}
	tp.rows = aligned[T](lanes * d)
	tp.grad, tp.ds, tp.dt, tp.dcond = panel(d), panel(d), panel(d), panel(d)
	tp.ones = filled(lanes, T(1))
	if f.stretches != nil {
		tp.slope, tp.a, tp.b = aligned[T](lanes), aligned[T](units), aligned[T](units)
		return tp
	}
	tp.dh = [2][]T{panel(units), panel(units)}
	tp.ldT = paddedStride[T](widest)
	tp.xT = aligned[T](lanes * tp.ldT)
	return tp
}

// paddedStride is a stride for rows of n elements that are read along and written across: padded
// by one vector, so that writing a column does not meet the same cache sets again and again.
func paddedStride[T kernels.Float](n int) int {
	var t T
	line := cacheLine / int(unsafe.Sizeof(t))
	return stride[T]((n+line-1)/line*line + line)
}

// loadRows copies the samples with the given row numbers into the tape's lanes.
func (tp *tape[T]) loadRows(data []T, rows []int32, d int) {
	if d == 2 {
		first, second := tp.state[:len(rows)], tp.state[tp.ld:tp.ld+len(rows)]
		for i, r := range rows {
			x := data[2*int(r) : 2*int(r)+2]
			first[i], second[i] = x[0], x[1]
		}
		return
	}
	for i, r := range rows {
		copy(tp.rows[i*d:(i+1)*d], data[int(r)*d:])
	}
	tp.load(tp.rows, d, len(rows))
}

// copyRows copies the rows of the given features of a panel to a panel of their own.
func copyRows[T kernels.Float](dst, state []T, ld int, features []int, n int) {
	for r, k := range features {
		copy(dst[r*ld:r*ld+n], state[k*ld:])
	}
}
