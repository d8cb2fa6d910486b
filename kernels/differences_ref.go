package kernels

// coarse, with up to a third added or taken away, is a multiple of 2^-26 nm² in
// float32, and of 2^-55 nm² in float64.
const coarse = 0x1.8p-3

// minusParts is a - b, rounded, and the rest (Knuth's two-sum).
func (a vector3[T]) minusParts(b vector3[T]) (d, rest vector3[T]) {
	for c := range d {
		d[c] = a[c] - b[c]
		was := d[c] + b[c]
		rest[c] = (a[c] - was) + ((was - d[c]) - b[c])
	}
	return d, rest
}

// dotParts are high and low with high - coarse + low = a·b, for bonds: high is a sum
// of multiples without rounding, and low, which has the rest, is small.
func (a vector3[T]) dotParts(b vector3[T]) (high, low T) {
	h0 := fma(a[0], b[0], coarse)
	h1 := fma(a[1], b[1], h0)
	h2 := fma(a[2], b[2], h1)
	low = fma(a[0], b[0], coarse-h0)
	low += fma(a[1], b[1], h0-h1)
	low += fma(a[2], b[2], h1-h2)
	return h2, low
}

// crossParts is a × b of vectors that lack a rest each: what rounding leaves of a
// difference of products is small beside the difference, too.
func (a vector3[T]) crossParts(b, aRest, bRest vector3[T]) (r vector3[T]) {
	for c := range r {
		d, e := (c+1)%3, (c+2)%3
		product := T(a[d] * b[e])
		lack := fma(-a[d], b[e], product)
		lack = fma(-aRest[d], b[e], lack)
		lack = fma(a[e], bRest[d], lack)
		lack = fma(-a[d], bRest[e], lack)
		lack = fma(aRest[e], b[d], lack)
		r[c] = fma(-a[e], b[d], product) - lack
	}
	return r
}
