package md

// The Gauss–Legendre rule of 8 points on [-1, 1], positive half: exact for
// polynomials up to degree 15.
var (
	gaussNodes = [4]float64{
		0.1834346424956498049394761, 0.5255324099163289858177390,
		0.7966664774136267395915539, 0.9602898564975362316835609,
	}
	gaussWeights = [4]float64{
		0.3626837833783619829651504, 0.3137066458778872873379622,
		0.2223810344533744705443560, 0.1012285362903762591525314,
	}
)

// gaussPoints writes the rule's eight points on [a, b] to x, in pairs about
// the middle, and returns half the length of the interval.
func gaussPoints(x *[8]float64, a, b float64) (half float64) {
	half = (b - a) / 2
	middle := a + half
	for i, t := range gaussNodes {
		x[2*i] = middle - float64(half*t)
		x[2*i+1] = middle + float64(half*t)
	}
	return half
}

// gaussSum returns the integral from the values at the points. No product is
// fused with a sum, here or where this is inlined, so that it is the same on
// every CPU.
func gaussSum(f *[8]float64, half float64) float64 {
	var s float64
	for i, w := range gaussWeights {
		s += float64(w * (f[2*i] + f[2*i+1]))
	}
	return float64(half * s)
}
