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

// sumProducts is Σ a_k b_k, added up as in sum.
func sumProducts(a, b []float64) float64 {
	var s float64
	for len(a) > 0 {
		n := min(len(a), 1024)
		var part float64
		for k, x := range a[:n] {
			part += float64(x * b[k])
		}
		s += part
		a, b = a[n:], b[n:]
	}
	return s
}
