package md

import (
	"fmt"

	"pushforward/kernels"
)

// A Potential is an energy function of d coordinates, evaluated for many
// configurations at once.
//
// Configurations come as a panel x: coordinate k of configuration i at
// x[k*ld+i], 0 ≤ i < n ≤ ld. Methods may be called from several goroutines at
// once, and must treat each configuration alone: a NaN in one leaves the
// others' results untouched.
type Potential[T kernels.Float] interface {
	// Dim returns d, the number of coordinates of a configuration.
	Dim() int
	// Energies writes the energy of configuration i to u[i].
	Energies(u []T, x []T, ld, n int)
	// Gradients writes ∂U/∂x_k at configuration i to g[k*ldg+i].
	Gradients(g []T, ldg int, x []T, ld, n int)
}

// energiesAndGradients is what a potential may have besides, where both together
// cost less than one after the other. The arguments are those of Energies and
// Gradients.
type energiesAndGradients[T kernels.Float] interface {
	EnergiesAndGradients(u, g []T, ldg int, x []T, ldx, n int)
}

// evaluate writes energies to u and gradients to g by the cheapest way.
func evaluate[T kernels.Float](p Potential[T], u, g []T, ldg int, x []T, ldx, n int) {
	if p, ok := p.(energiesAndGradients[T]); ok {
		p.EnergiesAndGradients(u, g, ldg, x, ldx, n)
		return
	}
	p.Energies(u, x, ldx, n)
	p.Gradients(g, ldg, x, ldx, n)
}

func checkPanel(what string, length, ld, rows, n int) {
	if n < 0 || ld < n || (n > 0 && length < (rows-1)*ld+n) {
		panic(panelMessage(what, length, ld, rows, n))
	}
}

func panelMessage(what string, length, ld, rows, n int) string {
	return fmt.Sprintf("md: %s: a panel of %d rows × %d columns with row stride %d does not fit in len = %d",
		what, rows, n, ld, length)
}
