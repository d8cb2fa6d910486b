package main

import "pushforward/gen/vm"

// tile is the block of results that a dense kernel keeps in registers: rows
// outputs times columns vectors of samples, with the widths that finish a row.
type tile struct {
	rows   int
	widths []int
}

// fewRows is the number of rows of a tile that is one vector wide, when there
// are no more samples than that: as many chains as hide an FMA's latency.
const fewRows = 8

// tileOf is the one table of tiles. FMA has a latency of 4 cycles and two
// start in each, so at least 8 accumulators; a step over k loads rows +
// columns vectors for rows*columns FMAs, which must not be what limits it.
//
//	AVX-512: 16 accumulators, 4 columns, 4 weights of 32 registers
//	AVX2:    12 accumulators, 3 columns, 1 weight  of 16 registers
//	NEON:    16 accumulators, 4 columns, 4 weights of 32 registers
func tileOf(m *vm.Machine) tile {
	if m.Vectors == 16 {
		return tile{4, []int{3, 2, 1}}
	}
	return tile{4, []int{4, 2, 1}}
}
