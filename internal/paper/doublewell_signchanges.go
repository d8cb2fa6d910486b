package paper

import (
	"math"

	"pushforward/kernels"
	"pushforward/md"
)

// signChangeLaw is the mean and the standard deviation of the number of sign
// changes of x1 along so many positions of the Euler–Maruyama chain
//
//	x' = x - h x(x² - 1) + sqrt(2h/β) ξ
//
// whose first position is drawn from the exact law. The chain's transition
// density is tabulated on the points of the midpoint rule, which is as good as
// exact for Gaussians a few points wide; then the moments of the count, split
// by the position of the chain, are carried from step to step.
func signChangeLaw(law *md.DoubleWellLaw, h float64, positions int) (mean, sd float64) {
	const reach, n = 4.0, 320 // 0.025 from point to point; beyond, the density is below 1e-24
	const spacing = 2 * reach / n
	sigma := math.Sqrt(2 * h / law.Beta())
	point := func(i int) float64 { return -reach + float64(spacing*(float64(i)+0.5)) }
	kernel := make([]float64, n*n) // from i to j
	for i := range n {
		x := point(i)
		to := x - float64(h*float64(x*(float64(x*x)-1)))
		row := kernel[i*n:][:n]
		for j := range row {
			z := (point(j) - to) / sigma
			row[j] = float64(-0.5 * float64(z*z))
		}
		kernels.Exp(row, row)
		for j := range row {
			row[j] *= spacing / (sigma * math.Sqrt(2*math.Pi))
		}
	}
	// E[Nᵖ; x] of the count N up to here, by power p and point x.
	var now, next [3][n]float64
	for i := range n {
		now[0][i] = law.Density(0, point(i)) * spacing
	}
	for range positions - 1 {
		next = [3][n]float64{}
		for i := range n {
			m0, m1, m2 := now[0][i], now[1][i], now[2][i]
			// After one more change: N+1.
			c1, c2 := m1+m0, m2+float64(2*m1)+m0
			for j, p := range kernel[i*n:][:n] {
				next[0][j] += float64(p * m0)
				if (i < n/2) == (j < n/2) {
					next[1][j] += float64(p * m1)
					next[2][j] += float64(p * m2)
				} else {
					next[1][j] += float64(p * c1)
					next[2][j] += float64(p * c2)
				}
			}
		}
		now = next
	}
	var square float64
	for i := range n {
		mean += now[1][i]
		square += now[2][i]
	}
	return mean, math.Sqrt(square - float64(mean*mean))
}
