package kernels

// The scalar functions that these loops call, exp32 and so on, are the
// definitions; each has a file of its own.

func expOf[T Float](x T) T {
	if is32[T]() {
		return T(exp32(float32(x)))
	}
	return T(exp64(float64(x)))
}

func expBelowOf[T Float](x T) T {
	if is32[T]() {
		return T(expBelow32(float32(x)))
	}
	return T(expBelow64(float64(x)))
}

func logOf[T Float](x T) T {
	if is32[T]() {
		return T(log32(float32(x)))
	}
	return T(log64(float64(x)))
}

func tanhOf[T Float](x T) T {
	if is32[T]() {
		return T(tanh32(float32(x)))
	}
	return T(tanh64(float64(x)))
}

func sinCosOf[T Float](x T) (sin, cos T) {
	if is32[T]() {
		s, c := sincos32(float32(x))
		return T(s), T(c)
	}
	s, c := sincos64(float64(x))
	return T(s), T(c)
}

func atan2Of[T Float](y, x T) T {
	if is32[T]() {
		return T(atan232(float32(y), float32(x)))
	}
	return T(atan264(float64(y), float64(x)))
}

func acosOf[T Float](x T) T {
	if is32[T]() {
		return T(acos32(float32(x)))
	}
	return T(acos64(float64(x)))
}

func expSliceRef[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = expOf(v)
	}
}

func logSliceRef[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = logOf(v)
	}
}

func tanhSliceRef[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = tanhOf(v)
	}
}

func sinCosSliceRef[T Float](sin, cos, x []T) {
	for i, v := range x {
		sin[i], cos[i] = sinCosOf(v)
	}
}

func atan2SliceRef[T Float](dst, y, x []T) {
	for i, v := range x {
		dst[i] = atan2Of(y[i], v)
	}
}

func acosSliceRef[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = acosOf(v)
	}
}
