package main

import "pushforward/gen/vm"

// tile is a block of results that a dense kernel keeps in registers: columns
// vectors of samples times rows outputs, as many as are left of them.
type tile struct {
	columns int
	rows    []int // falling; the last is 1
}

// tilesOf is the one table of tiles, the widest first. FMA has a latency of 4
// cycles and two start in each, so at least 8 accumulators; a step over k loads
// rows + columns vectors for rows*columns FMAs, which must not be what limits it.
//
//	AVX-512: 16 accumulators, 4 columns, 4 weights of 32 registers
//	AVX2:    12 accumulators, 3 columns, 1 weight  of 16 registers
//	NEON:    16 accumulators, 4 columns, 4 weights of 32 registers
func tilesOf(m *vm.Machine) []tile {
	rest := []tile{{2, []int{4, 2, 1}}, {1, []int{8, 4, 2, 1}}}
	if m.Vectors == 16 {
		return append([]tile{{3, []int{4, 2, 1}}}, rest...)
	}
	return append([]tile{{4, []int{4, 2, 1}}}, rest...)
}
