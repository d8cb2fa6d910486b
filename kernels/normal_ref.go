package kernels

import "math"

// uniform32 is a random word as a number in (0, 1]: an odd number of 31 bits,
// rounded, over 2^31. Zero, of which Box and Muller need the logarithm, does
// not occur.
func uniform32(word uint32) float32 {
	return float32(int32(word>>1|1)) * 0x1p-31
}

// uniform64 is a random word as a number in (0, 1], a multiple of 2^-52.
func uniform64(word uint64) float64 {
	return 2 - math.Float64frombits(word>>12|0x3ff0000000000000)
}

// normalPair32 is a pair of standard normal numbers from two random words: a
// radius sqrt(-2 ln u) and the angle 2π·w1/2^32, the right angle nearest to
// which is split off in integers (Box and Muller, A note on the generation of
// random normal deviates, Ann. Math. Statist. 29, 1958).
func normalPair32(w0, w1 uint32) (a, b float32) {
	m, e := split32(uniform32(w0)) // the logarithm's argument is positive and normal
	r := float32(math.Sqrt(float64(-2 * logProduct32(m, e))))
	v := w1 + 1<<29                  // the quadrant, then the angle from -π/4 on
	k := int32(v&0x3fffffff) - 1<<29 // the angle in units of 2π/2^32
	t := float32(float32(k) * (math.Pi / 0x1p31))
	s, c := quadrant32(t, v)
	return float32(r * c), float32(r * s)
}

// normalPair64 is a pair of standard normal numbers from two random words. The
// angle is 2π·w1/2^64 without w1's lowest ten bits.
func normalPair64(w0, w1 uint64) (a, b float64) {
	m, e := split64(uniform64(w0))
	r := math.Sqrt(-2 * logProduct64(m, e))
	v := w1 + 1<<61
	k := math.Float64frombits(v<<2>>12|0x4330000000000000) - 0x1.8p52 // in units of 2π/2^54, exact
	t := float64(k * (math.Pi / 0x1p53))
	s, c := quadrant64(t, v)
	return float64(r * c), float64(r * s)
}
