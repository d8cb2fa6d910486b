package ot

// Nodes on (0, 1) and weights of the ten-point Gauss–Legendre rule on [−1, 1];
// the other nodes are their negatives. Exact for polynomials of degree 19.
var (
	legendreNode = [...]float64{
		0.148874338981631215706,
		0.433395394129247213399,
		0.679409568299024435589,
		0.865063366688984536346,
		0.973906528517171743431,
	}
	legendreWeight = [...]float64{
		0.295524224714752870025,
		0.269266719309996349629,
		0.219086362515982041588,
		0.149451349150580586889,
		0.066671344308688137992,
	}
)

// gaussLegendre integrates f over [a, b] by the ten-point rule.
func gaussLegendre(f func(float64) float64, a, b float64) float64 {
	mid, half := a+(b-a)/2, (b-a)/2
	var s float64
	for k, t := range legendreNode {
		h := float64(half * t)
		s += float64(legendreWeight[k] * (f(mid-h) + f(mid+h)))
	}
	return float64(s * half)
}
