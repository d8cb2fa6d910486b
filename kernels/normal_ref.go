package kernels

import "math"

// uniform32 is a random word as a number in (0, 1].
func uniform32(word uint32) float32 {
	return float32(float32(int32(word>>1|1)) * 0x1p-31)
}

// uniform64 is a random word as a number in (0, 1].
func uniform64(word uint64) float64 {
	return 2 - math.Float64frombits(word>>12|0x3ff0000000000000)
}

// normalPair32 is a pair of standard normal numbers from two random words.
func normalPair32(w0, w1 uint32) (a, b float32) {
	r := float32(math.Sqrt(float64(-2 * log32(uniform32(w0)))))
	v := w1 + 1<<29
	t := float32(float32(int32(v&0x3fffffff)-1<<29) * (math.Pi / 0x1p31))
	s, c := quadrant32(t, v)
	return r * c, r * s
}

// normalPair64 is a pair of standard normal numbers from two random words.
func normalPair64(w0, w1 uint64) (a, b float64) {
	r := math.Sqrt(-2 * log64(uniform64(w0)))
	v := w1 + 1<<61
	t := math.Float64frombits(v<<2>>12|0x4330000000000000) - 0x1.8p52
	s, c := quadrant64(float64(t*(math.Pi/0x1p53)), v)
	return r * c, r * s
}
