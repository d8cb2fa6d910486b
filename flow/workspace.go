package flow

import "pushforward/kernels"

// maxLanes is the greatest number of samples in a block of Forward, Inverse, LogProb and Sample.
// Lanes don't mix there, so no result depends on how a batch is cut.
const maxLanes = 256

// workspace is what one goroutine needs to take a block through the flow: panels of lanes samples.
type workspace[T kernels.Float] struct {
	lanes, ld int
	state     []T // the block, [d][ld]
	cond      []T // conditioning features where they are not neighbours
	trans     []T // transformed features, likewise
	s, t      []T // outputs of the nets
	hidden    [2][]T
	logDet    []float64
	square    []float64
}

// panelLanes is the number of lanes of the flow's largest blocks: enough for nets of few units to
// amortize a call, few enough for wide ones to stay in the first cache.
func (f *Flow[T]) panelLanes() int {
	if f.stretches != nil {
		return maxLanes
	}
	return 64
}

// blockLanes cuts a batch of n samples among so many threads: several blocks for each where that
// leaves them full.
func (f *Flow[T]) blockLanes(n, threads int) int {
	lanes := (n/(4*threads) + 63) &^ 63
	return min(max(lanes, 64), f.panelLanes())
}

func newWorkspace[T kernels.Float](f *Flow[T]) *workspace[T] {
	lanes := f.panelLanes()
	w := &workspace[T]{lanes: lanes, ld: stride[T](lanes)}
	da, db, widest := 0, 0, 0
	for _, c := range f.layers {
		da, db = max(da, len(c.conditioning)), max(db, len(c.transformed))
	}
	for _, width := range f.arch.Hidden {
		widest = max(widest, width)
	}
	if f.stretches != nil {
		widest = 0
	}
	d := f.arch.Dim
	w.state = aligned[T](d * w.ld)
	w.cond = aligned[T](da * w.ld)
	w.trans = aligned[T](db * w.ld)
	w.s, w.t = aligned[T](db*w.ld), aligned[T](db*w.ld)
	for i := range w.hidden {
		w.hidden[i] = aligned[T](widest * w.ld)
	}
	w.logDet = make([]float64, lanes)
	w.square = make([]float64, lanes)
	return w
}

// neighbours reports whether the features lie beside each other, so that their rows are a panel
// as they are.
func neighbours(features []int) bool {
	return features[len(features)-1]-features[0] == len(features)-1
}

// gather returns the rows of the given features of a panel as a panel: in place where they are
// neighbours, else copied into buf.
func gather[T kernels.Float](buf, state []T, ld int, features []int, n int) []T {
	if neighbours(features) {
		return state[features[0]*ld:]
	}
	for r, k := range features {
		copy(buf[r*ld:r*ld+n], state[k*ld:])
	}
	return buf
}

// scatter copies the rows of a panel back to where gather took them from.
func scatter[T kernels.Float](state, panel []T, ld int, features []int, n int) {
	if neighbours(features) {
		return
	}
	for r, k := range features {
		copy(state[k*ld:k*ld+n], panel[r*ld:])
	}
}

// load copies n row-major samples into the state's lanes. For one alone that is no work for a
// kernel.
func (w *workspace[T]) load(x []T, d, n int) {
	if n == 1 {
		for k, v := range x {
			w.state[k*w.ld] = v
		}
		return
	}
	kernels.Transpose(w.state, w.ld, x, d, n, d)
}

// store copies the state's lanes to n row-major samples.
func (w *workspace[T]) store(x []T, d, n int) {
	if n == 1 {
		for k := range x {
			x[k] = w.state[k*w.ld]
		}
		return
	}
	kernels.Transpose(x, d, w.state, w.ld, d, n)
}
