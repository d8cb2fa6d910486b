package kernels

import "pushforward/asm"

// Philox4x32 is the generator Philox4x32-10: ten rounds that turn a counter
// and a key into four words (Salmon, Moraes, Dror, Shaw: Parallel random
// numbers: as easy as 1, 2, 3; SC'11). The numbers below come from
//
//	ctr = {low and high word of the sample's index i, block b, stream}
//	key = {low and high word of the seed}
func Philox4x32(ctr [4]uint32, key [2]uint32) [4]uint32 { return philox4x32(ctr, key) }

// Uniforms fills a panel with numbers that are uniform in (0, 1]: number j of
// sample first+i goes to dst[j*ld+i], i < n, j < d. It depends on seed, stream,
// the sample and j alone, so any part of the sequence can be drawn by itself.
//
// float32: block b of a sample is the numbers 4b … 4b+3, a word w each:
// ((w>>1)|1) rounded to float32, times 2^-31.
// float64: block b is the numbers 2b and 2b+1, two words each, the low one
// first: 2 - 1.m, where the fraction m is their upper 52 bits.
//
//go:noinline
func Uniforms[T Float](dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int) {
	checkSize("Uniforms", "n", n)
	checkSize("Uniforms", "d", d)
	checkPanel("Uniforms", "dst", "ld", len(dst), ld, d, n)
	cols := randomChunk(d)
	for i := 0; i < n && d > 0; i += cols {
		uniformPanel(dst[i:], ld, seed, stream, first+uint64(i), min(cols, n-i), d)
	}
}

// Normals fills a panel with standard normal numbers: number j of sample
// first+i goes to dst[j*ld+i], i < n, j < d. It depends on seed, stream, the
// sample and j alone. Under one seed and stream, Normals and Uniforms use the
// same words: draw them from different streams.
//
// They come in pairs by Box and Muller's method from the words of Uniforms'
// blocks (float32: words 0 and 1, words 2 and 3; float64: words 0, 1 and 2, 3):
// with u the uniform of the first and an angle 2π·second/2^32 (or 2^64), number
// 2p is sqrt(-2 log u) cos, number 2p+1 is sqrt(-2 log u) sin.
//
//go:noinline
func Normals[T Float](dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int) {
	checkSize("Normals", "n", n)
	checkSize("Normals", "d", d)
	checkPanel("Normals", "dst", "ld", len(dst), ld, d, n)
	cols := randomChunk(d)
	for i := 0; i < n && d > 0; i += cols {
		normalPanel(dst[i:], ld, seed, stream, first+uint64(i), min(cols, n-i), d)
	}
}

// randomChunk is the number of samples in one call: 2^14 numbers or so.
func randomChunk(d int) int {
	return max(64, (chunk*2)/max(d, 1)&^63)
}

//go:noinline
func uniformPanel[T Float](dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int) {
	if asm.Uniforms(Active(), at(dst), ld, seed, int(stream), first, n, d) {
		return
	}
	uniformPanelRef(dst, ld, seed, stream, first, n, d)
}

//go:noinline
func normalPanel[T Float](dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int) {
	if asm.Normals(Active(), at(dst), ld, seed, int(stream), first, n, d) {
		return
	}
	normalPanelRef(dst, ld, seed, stream, first, n, d)
}
