package kernels

func ridgeSliceRef[T Float](y, x []T, w1, b1, w2 []T, b2 T) {
	for i, v := range x {
		acc := b2
		for u, w := range w1 {
			acc = fma(w2[u], activate(ReLU, fma(w, v, b1[u])), acc)
		}
		y[i] = acc
	}
}

func ridgeSumsSliceRef[T Float](a, b []T, dy, x []T, w1, b1 []T) {
	for u, w := range w1 {
		var sa, sb [ridgeLanes]T
		for i, v := range x {
			if fma(w, v, b1[u]) > 0 {
				sa[i%ridgeLanes] += T(dy[i] * v)
				sb[i%ridgeLanes] += dy[i]
			}
		}
		a[u], b[u] = foldRidge(&sa), foldRidge(&sb)
	}
}

func ridgeSlopeSliceRef[T Float](slope, x []T, w1, b1, w2 []T) {
	for i, v := range x {
		var sum T
		for u, w := range w1 {
			if fma(w, v, b1[u]) > 0 {
				sum += T(w * w2[u])
			}
		}
		slope[i] = sum
	}
}

func foldRidge[T Float](acc *[ridgeLanes]T) T {
	for h := ridgeLanes / 2; h > 0; h /= 2 {
		for l := range h {
			acc[l] += acc[l+h]
		}
	}
	return acc[0]
}
