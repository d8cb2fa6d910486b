package kernels

import "pushforward/asm"

// RidgeNet holds the weights of a Ridge network: H elements each, and b2.
type RidgeNet[T Float] struct {
	W1, B1, W2 []T
	B2         T
}

// RidgePair computes two Ridge networks with the same number of hidden units at
// each x[i], to the same bits as two calls of Ridge:
//
//	y = Ridge(f, x), z = Ridge(g, x)
//
// For a few samples it takes the time of one: each sample is a chain over the
// hidden units, and the two chains run side by side. y, but not z, may be x.
//
//go:noinline
func RidgePair[T Float](y, z, x []T, f, g RidgeNet[T]) {
	const op = "RidgePair"
	checkLen(op, "y", len(y), len(x), "len(x)")
	checkLen(op, "z", len(z), len(x), "len(x)")
	checkRidge(op, len(f.W1), len(f.B1), len(f.W2))
	checkRidge(op, len(g.W1), len(g.B1), len(g.W2))
	checkLen(op, "g.W1", len(g.W1), len(f.W1), "len(f.W1)")
	step := ridgeChunk(2 * len(f.W1))
	for len(x) > step {
		ridgePairSlice(y[:step], z[:step], x[:step], &f, &g)
		y, z, x = y[step:], z[step:], x[step:]
	}
	ridgePairSlice(y, z, x, &f, &g)
}

//go:noinline
func ridgePairSlice[T Float](y, z, x []T, f, g *RidgeNet[T]) {
	if asm.RidgePair(Active(), at(y), at(z), at(x), at(f.W1), at(f.B1), at(f.W2), f.B2,
		at(g.W1), at(g.B1), at(g.W2), g.B2, len(f.W1), len(x)) {
		return
	}
	ridgeSliceRef(z, x, g.W1, g.B1, g.W2, g.B2)
	ridgeSliceRef(y, x, f.W1, f.B1, f.W2, f.B2)
}
