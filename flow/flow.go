package flow

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"pushforward/kernels"
)

// Random streams of this package: normals of Sample, uniforms of New, of the shuffles, of the
// hold-out split, and the check points of model files. One seed serves all of them.
const (
	streamSample uint32 = iota
	streamInit
	streamShuffle
	streamHoldOut
	streamCheck
)

// Flow is a RealNVP normalizing flow F: a bijection that pushes the standard normal distribution
// forward to the distribution of data. Its methods may be called from many goroutines at once, as
// long as nothing changes its parameters.
type Flow[T kernels.Float] struct {
	arch      Architecture
	params    []T // acting parameters, in the order of layout
	layers    []coupling[T]
	stretches []stretch[T] // what takes samples through the layers, or nil
	threads   atomic.Int64
	work      int // multiply-adds for one sample
	spaces    freelist[workspace[T]]
	calls     freelist[call[T]]
}

// New returns a flow that starts at the identity: the last linear map of every net is zero, the
// others are uniform in ±1/√in (in: acting inputs), drawn from the seed.
func New[T kernels.Float](a Architecture, seed uint64) (*Flow[T], error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	f := newZero[T](a)
	tensor := uint64(0)
	for k := range f.layers {
		c := &f.layers[k]
		for _, n := range []net[T]{c.scale, c.shift} {
			for j, l := range n.linears {
				if j < len(n.linears)-1 {
					bound := 1 / math.Sqrt(float64(l.in))
					initUniform(l.w, bound, seed, tensor)
					initUniform(l.b, bound, seed, tensor+1)
				}
				tensor += 2
			}
		}
		if a.Bound.Learnt {
			copy(c.alpha, filled(len(c.alpha), T(a.Bound.Factor)))
		}
	}
	return f, nil
}

// newZero returns the flow of a checked architecture with all parameters zero.
func newZero[T kernels.Float](a Architecture) *Flow[T] {
	f := &Flow[T]{arch: a.clone(), params: aligned[T](a.NumActing())}
	f.layers = layout(f.arch, f.params)
	f.stretches = stretches(f.arch, f.layers, f.params)
	for _, c := range f.layers {
		for _, n := range []net[T]{c.scale, c.shift} {
			for _, l := range n.linears {
				f.work += l.in*l.out + l.out
			}
		}
		f.work += 16 * len(c.transformed)
	}
	return f
}

// initUniform fills dst with numbers uniform in ±bound: those of the given tensor under the seed.
func initUniform[T kernels.Float](dst []T, bound float64, seed, tensor uint64) {
	kernels.Uniforms(dst, 1, seed, streamInit, tensor, 1, len(dst))
	for i, u := range dst {
		dst[i] = T(T(2*u)-1) * T(bound)
	}
}

// Architecture returns what the flow was built from.
func (f *Flow[T]) Architecture() Architecture { return f.arch.clone() }

// Dim returns the number of features d.
func (f *Flow[T]) Dim() int { return f.arch.Dim }

// NumParameters returns the number of parameters, acting or not; see Architecture.
func (f *Flow[T]) NumParameters() int { return f.arch.NumParameters() }

// NumActing returns the number of parameters that act.
func (f *Flow[T]) NumActing() int { return len(f.params) }

// Parameters copies the acting parameters into dst, layer by layer: scale net, shift net, α where
// it is learnt; in each net weights, row-major [out][in], before biases. It panics unless dst has
// NumActing elements.
func (f *Flow[T]) Parameters(dst []T) {
	f.checkLen("Parameters", "dst", len(dst), len(f.params))
	copy(dst, f.params)
}

// SetParameters sets the acting parameters, in the order of Parameters. No other method may run
// meanwhile.
func (f *Flow[T]) SetParameters(src []T) {
	f.checkLen("SetParameters", "src", len(src), len(f.params))
	copy(f.params, src)
}

// Clone returns an independent copy.
func (f *Flow[T]) Clone() *Flow[T] {
	g := newZero[T](f.arch)
	copy(g.params, f.params)
	g.threads.Store(f.threads.Load())
	return g
}

// Convert returns the same flow in another precision. From float32 to float64 the parameters are
// exact.
func Convert[To, From kernels.Float](f *Flow[From]) *Flow[To] {
	g := newZero[To](f.arch)
	for i, p := range f.params {
		g.params[i] = To(p)
	}
	g.threads.Store(f.threads.Load())
	return g
}

// SetThreads limits the number of goroutines that one call uses; 0, the default, means
// runtime.GOMAXPROCS. Results do not depend on it.
func (f *Flow[T]) SetThreads(n int) { f.threads.Store(int64(max(n, 0))) }

func (f *Flow[T]) maxThreads() int {
	procs := runtime.GOMAXPROCS(0)
	if n := int(f.threads.Load()); n > 0 {
		return min(n, procs)
	}
	return procs
}

// Equal reports whether both flows have the same architecture and bitwise the same parameters,
// NaNs and the sign of zero aside.
func (f *Flow[T]) Equal(g *Flow[T]) bool {
	a, b := f.arch, g.arch
	return a.Dim == b.Dim && a.Layout == b.Layout && a.Activation == b.Activation && a.Bound == b.Bound &&
		slices.Equal(a.Hidden, b.Hidden) && slices.EqualFunc(a.Masks, b.Masks, slices.Equal[Mask]) &&
		slices.Equal(f.params, g.params)
}

// checkLen panics when a caller's slice has not the length it must have.
func (f *Flow[T]) checkLen(method, name string, got, want int) {
	if got != want {
		panic(fmt.Sprintf("flow: %s: len(%s) = %d, want %d", method, name, got, want))
	}
}

// samples returns n of a row-major [n][d] slice.
func (f *Flow[T]) samples(method, name string, length int) int {
	if length%f.arch.Dim != 0 {
		panic(fmt.Sprintf("flow: %s: len(%s) = %d, want a multiple of the dimension %d", method, name, length, f.arch.Dim))
	}
	return length / f.arch.Dim
}
