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

func checkPanel(what string, length, ld, rows, n int) {
	if n < 0 || ld < n || (n > 0 && length < (rows-1)*ld+n) {
		panic(panelMessage(what, length, ld, rows, n))
	}
}

func panelMessage(what string, length, ld, rows, n int) string {
	return fmt.Sprintf("md: %s: a panel of %d rows × %d columns with row stride %d does not fit in len = %d",
		what, rows, n, ld, length)
}
