package md

import "pushforward/kernels"

// DoubleWell is the potential of two wells in the plane
//
//	U(x1, x2) = (x1² - 1)²/4 + x2²/2
//
// with minima at (±1, 0), where U = 0, and a saddle at the origin, where
// U = 1/4.
type DoubleWell[T kernels.Float] struct{}

// Dim returns 2.
func (DoubleWell[T]) Dim() int { return 2 }

// Energies writes U of each configuration to u; see [Potential].
func (DoubleWell[T]) Energies(u []T, x []T, ld, n int) {
	checkPanel("DoubleWell.Energies: x", len(x), ld, 2, n)
	if len(u) < n {
		panic(panelMessage("DoubleWell.Energies: u", len(u), n, 1, n))
	}
	if n == 0 {
		return
	}
	u, x1, x2 := u[:n], x[:n], x[ld:ld+n]
	for i, a := range x1 {
		b := x2[i]
		q := T(a*a) - 1
		u[i] = T(T(q*q)*0.25) + T(T(b*b)*0.5)
	}
}

// Gradients writes (x1(x1² - 1), x2) of each configuration to g; see
// [Potential].
func (DoubleWell[T]) Gradients(g []T, ldg int, x []T, ld, n int) {
	checkPanel("DoubleWell.Gradients: x", len(x), ld, 2, n)
	checkPanel("DoubleWell.Gradients: g", len(g), ldg, 2, n)
	if n == 0 {
		return
	}
	g1, x1 := g[:n], x[:n]
	for i, a := range x1 {
		q := T(a*a) - 1
		g1[i] = q * a
	}
	copy(g[ldg:ldg+n], x[ld:ld+n])
}
