package flow

import (
	"fmt"

	"pushforward/kernels"
)

// Potential is the energy U(x) = −log ρ(x)/β of which a flow's density ρ is the Boltzmann
// distribution at the inverse temperature β. With it a flow can drive a simulation: it has the
// methods of package md's interface of that name.
//
// Configurations come as panels: coordinate k of configuration i at x[k*ld+i]. The methods may be
// called from many goroutines at once, as long as nothing changes the flow's parameters; they do
// not allocate once every goroutine has called one.
type Potential[T kernels.Float] struct {
	flow  *Flow[T]
	beta  T
	tapes freelist[tape[T]]
}

// NewPotential returns the potential of the flow's density at the inverse temperature β. It panics
// unless β > 0.
func NewPotential[T kernels.Float](f *Flow[T], beta float64) *Potential[T] {
	if !(beta > 0) {
		panic(fmt.Sprintf("flow: NewPotential: beta = %v, want a positive number", beta))
	}
	return &Potential[T]{flow: f, beta: T(beta)}
}

// Dim returns the number of coordinates.
func (p *Potential[T]) Dim() int { return p.flow.arch.Dim }

// Energies writes −log ρ/β of the n configurations of the panel x to u.
func (p *Potential[T]) Energies(u []T, x []T, ld, n int) {
	p.flow.checkLen("Potential.Energies", "u", len(u), n)
	p.eachPanel("Energies", x, ld, n, func(tp *tape[T], lo, m int) {
		p.flow.inverse(tp.workspace, tp.logDet[:m], m)
		tp.addLogNormal(p.Dim(), m)
		for i, v := range tp.logDet[:m] {
			u[lo+i] = -T(v) / p.beta
		}
	})
}

// Gradients writes ∂U/∂x_k of configuration i of the panel x to g[k*ldg+i]. It goes through the
// flow and back once, at about three times the cost of Energies.
func (p *Potential[T]) Gradients(g []T, ldg int, x []T, ld, n int) {
	p.checkPanel("Gradients", "g", len(g), ldg, n)
	p.eachPanel("Gradients", x, ld, n, func(tp *tape[T], lo, m int) {
		p.flow.inverseOnTape(tp, m)
		// ∂/∂z of |z|²/2 is z itself.
		copy(tp.grad, tp.state)
		p.flow.backward(tp, -1, nil, m)
		for k := range p.Dim() {
			row := g[k*ldg+lo:][:m]
			for i, v := range tp.grad[k*tp.ld:][:m] {
				row[i] = v / p.beta
			}
		}
	})
}

// eachPanel loads the configurations lo, …, lo+m-1 of x into the state of a tape, for one part of
// x after the other, and calls work.
func (p *Potential[T]) eachPanel(method string, x []T, ld, n int, work func(tp *tape[T], lo, m int)) {
	p.checkPanel(method, "x", len(x), ld, n)
	tp := p.tapes.get()
	if tp == nil {
		tp = newTape(p.flow)
	}
	defer p.tapes.put(tp)
	for lo := 0; lo < n; lo += tp.lanes {
		m := min(tp.lanes, n-lo)
		for k := range p.Dim() {
			copy(tp.state[k*tp.ld:][:m], x[k*ld+lo:])
		}
		clear(tp.logDet[:m])
		work(tp, lo, m)
	}
}

func (p *Potential[T]) checkPanel(method, name string, length, ld, n int) {
	if n < 0 || ld < n || (n > 0 && length < (p.Dim()-1)*ld+n) {
		panic(fmt.Sprintf("flow: Potential.%s: %d columns of %s with row stride %d don't fit in len = %d",
			method, n, name, ld, length))
	}
}
