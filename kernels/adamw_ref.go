package kernels

import "math"

func adamWSliceRef[T Float](p, g, m, v []T, h *AdamWStep[T]) {
	rest1, rest2 := 1-h.Beta1, 1-h.Beta2
	keep := fma(-h.Rate, h.Decay, 1)
	for i := range p {
		gi := T(g[i] * h.GradScale)
		mi := fma(h.Beta1, m[i], T(rest1*gi))
		vi := fma(h.Beta2, v[i], T(T(rest2*gi)*gi))
		m[i], v[i] = mi, vi
		step := T(mi*h.Correction1) / (sqrt(T(vi*h.Correction2)) + h.Epsilon)
		p[i] = fma(-h.Rate, step, T(p[i]*keep))
	}
}

// sqrt is correctly rounded: float64's 53 bits are more than twice float32's 24,
// so rounding twice does no harm.
func sqrt[T Float](x T) T { return T(math.Sqrt(float64(x))) }
