package flow

import "pushforward/kernels"

// halfLogTwoPi is ½ log 2π, by which the log-density of one standard normal feature differs from
// -x²/2.
const halfLogTwoPi = 0.918938533204672741780329736405617639861397473637783412817

// Forward pushes samples of the base forward to data: x = F(z). x and z are row-major [n][d] and
// may be the same slice. logDet, of length n, receives log |det J_F(z)|; nil leaves it out.
//
// It panics when the lengths don't agree. A sample that is not finite gives one that is not.
func (f *Flow[T]) Forward(x []T, logDet []float64, z []T) {
	f.batch(forwardOp, "Forward", "x", "z", x, z, logDet)
}

// Inverse pulls data back to the base: z = F⁻¹(x). z and x are row-major [n][d] and may be the
// same slice. logDet, of length n, receives log |det J_{F⁻¹}(x)| = -log |det J_F(z)|; nil leaves
// it out.
//
// It panics when the lengths don't agree.
func (f *Flow[T]) Inverse(z []T, logDet []float64, x []T) {
	f.batch(inverseOp, "Inverse", "z", "x", z, x, logDet)
}

// LogProb computes log ρ(x) of the density ρ = F#N(0, 1) at the samples x, row-major [n][d], by
// the change of variables (section 4 of the paper)
//
//	log ρ(x) = log N(F⁻¹(x)) + log |det J_{F⁻¹}(x)|.
//
// It panics unless logProb has length n.
func (f *Flow[T]) LogProb(logProb []float64, x []T) {
	n := f.samples("LogProb", "x", len(x))
	f.checkLen("LogProb", "logProb", len(logProb), n)
	c := f.newCall(logProbOp)
	c.src, c.numbers = x, logProb
	c.run(n)
}

// Sample draws independent samples of the flow: x, row-major [n][d], receives the samples offset,
// …, offset+n-1 of the infinite sequence that the seed names. So any part of it can be drawn by
// itself, and shards of one job fit together.
func (f *Flow[T]) Sample(x []T, seed, offset uint64) {
	f.sample("Sample", x, nil, seed, offset)
}

// SampleLogProb is Sample, and computes log ρ(x) of each sample, which costs no inverse. It panics
// unless logProb has length n.
func (f *Flow[T]) SampleLogProb(x []T, logProb []float64, seed, offset uint64) {
	f.checkLen("SampleLogProb", "logProb", len(logProb), f.samples("SampleLogProb", "x", len(x)))
	f.sample("SampleLogProb", x, logProb, seed, offset)
}

func (f *Flow[T]) sample(method string, x []T, logProb []float64, seed, offset uint64) {
	n := f.samples(method, "x", len(x))
	c := f.newCall(sampleOp)
	c.dst, c.numbers, c.seed, c.offset = x, logProb, seed, offset
	c.run(n)
}

func (f *Flow[T]) batch(op operation, method, dstName, srcName string, dst, src []T, logDet []float64) {
	n := f.samples(method, srcName, len(src))
	f.checkLen(method, dstName, len(dst), len(src))
	if logDet != nil {
		f.checkLen(method, "logDet", len(logDet), n)
	}
	c := f.newCall(op)
	c.dst, c.src, c.numbers = dst, src, logDet
	c.run(n)
}

type operation uint8

const (
	forwardOp operation = iota
	inverseOp
	logProbOp
	sampleOp
)

// call is one call of a batch method: a task of the crew.
type call[T kernels.Float] struct {
	flow         *Flow[T]
	op           operation
	dst, src     []T
	numbers      []float64 // log-determinants or log-densities; nil: none wanted
	seed, offset uint64
	n, lanes     int
	own          *workspace[T]   // of worker 0
	spaces       []*workspace[T] // of each other worker, fetched when it comes
}

func (f *Flow[T]) newCall(op operation) *call[T] {
	c := f.calls.get()
	if c == nil {
		c = &call[T]{flow: f, own: newWorkspace(f)}
	}
	c.op = op
	return c
}

// run runs the call for n samples and frees it.
func (c *call[T]) run(n int) {
	f := c.flow
	threads := 1
	if n > 64 {
		threads = f.maxThreads()
	}
	c.n, c.lanes = n, f.blockLanes(n, threads)
	for len(c.spaces) < threads-1 {
		c.spaces = append(c.spaces, nil)
	}
	run(c, (n+c.lanes-1)/c.lanes, threads, n*f.work)
	for i, w := range c.spaces {
		if w != nil {
			f.spaces.put(w)
			c.spaces[i] = nil
		}
	}
	c.dst, c.src, c.numbers = nil, nil, nil
	f.calls.put(c)
}

// runBlock takes one block of the call through the flow.
func (c *call[T]) runBlock(block, worker int) {
	f := c.flow
	w := c.workspace(worker)
	d, lo := f.arch.Dim, block*c.lanes
	n := min(c.lanes, c.n-lo)
	var numbers []float64
	if c.numbers != nil {
		numbers = c.numbers[lo : lo+n]
		clear(numbers)
	}
	switch c.op {
	case forwardOp:
		w.load(c.src[lo*d:(lo+n)*d], d, n)
		f.forward(w, numbers, n)
	case inverseOp:
		w.load(c.src[lo*d:(lo+n)*d], d, n)
		f.inverse(w, numbers, n)
	case logProbOp:
		w.load(c.src[lo*d:(lo+n)*d], d, n)
		f.inverse(w, numbers, n)
		w.baseLogProb(d, n)
		for i, q := range w.square[:n] {
			numbers[i] += q
		}
	case sampleOp:
		kernels.Normals(w.state, w.ld, c.seed, streamSample, c.offset+uint64(lo), n, d)
		if numbers != nil {
			w.baseLogProb(d, n)
		}
		f.forward(w, numbers, n)
		for i, logDet := range numbers {
			numbers[i] = w.square[i] - logDet
		}
	}
	if c.dst != nil {
		w.store(c.dst[lo*d:(lo+n)*d], d, n)
	}
}

func (c *call[T]) workspace(worker int) *workspace[T] {
	if worker == 0 {
		return c.own
	}
	w := &c.spaces[worker-1]
	if *w == nil {
		if *w = c.flow.spaces.get(); *w == nil {
			*w = newWorkspace(c.flow)
		}
	}
	return *w
}

// baseLogProb writes log N(z) of the state's n lanes to w.square.
func (w *workspace[T]) baseLogProb(d, n int) {
	q := w.square[:n]
	clear(q)
	for k := range d {
		for i, z := range w.state[k*w.ld : k*w.ld+n] {
			q[i] += float64(float64(z) * float64(z))
		}
	}
	norm := float64(float64(d) * halfLogTwoPi)
	for i := range q {
		q[i] = float64(-0.5*q[i]) - norm
	}
}

// addLogNormal adds log N(z) of the state's lanes to w.logDet.
func (w *workspace[T]) addLogNormal(d, n int) {
	w.baseLogProb(d, n)
	for i, q := range w.square[:n] {
		w.logDet[i] += q
	}
}
