package molfile

import "math"

// sixthRoot computes x^(1/6) for x > 0 to about an ULP by exact operations alone:
// math.Pow and math.Cbrt differ between machines in the last bit.
func sixthRoot(x float64) float64 {
	fraction, exponent := math.Frexp(math.Sqrt(x)) // in [0.5, 1)
	for exponent%3 != 0 {
		fraction /= 2
		exponent++
	}
	// Newton's method for the cube root of a number in [0.125, 1).
	y := 0.25 + float64(0.75*fraction)
	for range 8 {
		y = (float64(2*y) + fraction/float64(y*y)) / 3
	}
	return math.Ldexp(y, exponent/3)
}
