package brenier

// sum adds up in pieces of 1024, so that errors do not grow with the length.
func sum(v []float64) float64 {
	var s float64
	for len(v) > 0 {
		n := min(len(v), 1024)
		var part float64
		for _, x := range v[:n] {
			part += x
		}
		s += part
		v = v[n:]
	}
	return s
}

// sumProducts is Σ a_k b_k, added up as in sum, four pieces side by side.
func sumProducts(a, b []float64) float64 {
	const piece = 1024
	var s float64
	for ; len(a) >= 4*piece; a, b = a[4*piece:], b[4*piece:] {
		a0, a1, a2, a3 := a[:piece], a[piece:][:piece], a[2*piece:][:piece], a[3*piece:][:piece]
		b0, b1, b2, b3 := b[:piece], b[piece:][:piece], b[2*piece:][:piece], b[3*piece:][:piece]
		var p0, p1, p2, p3 float64
		for k := range piece {
			p0 += float64(a0[k] * b0[k])
			p1 += float64(a1[k] * b1[k])
			p2 += float64(a2[k] * b2[k])
			p3 += float64(a3[k] * b3[k])
		}
		s += p0
		s += p1
		s += p2
		s += p3
	}
	for len(a) > 0 {
		n := min(len(a), piece)
		var part float64
		for k, x := range a[:n] {
			part += float64(x * b[k])
		}
		s += part
		a, b = a[n:], b[n:]
	}
	return s
}
