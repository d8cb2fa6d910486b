package md

import "pushforward/kernels"

// evaluateBlock is how many configurations a goroutine takes at a time.
const evaluateBlock = 256

// Evaluate writes the energies of n configurations to u and their gradients to g,
// as the methods of [Potential] do, on so many goroutines (0: GOMAXPROCS).
func Evaluate[T kernels.Float](p Potential[T], threads int, u, g []T, ldg int, x []T, ldx, n int) {
	checkPanel("Evaluate: u", len(u), n, 1, n)
	checkPanel("Evaluate: g", len(g), ldg, p.Dim(), n)
	checkPanel("Evaluate: x", len(x), ldx, p.Dim(), n)
	eachBlock(threads, (n+evaluateBlock-1)/evaluateBlock, func(_, b int) {
		lo := b * evaluateBlock
		m := min(evaluateBlock, n-lo)
		evaluate(p, u[lo:lo+m], g[lo:], ldg, x[lo:], ldx, m)
	})
}
