package kernels

func activate[T Float](a Activation, x T) T {
	switch a {
	case ReLU:
		if 0 > x {
			return 0
		}
	case LeakyReLU:
		if 0 > x {
			return T(T(leakySlope) * x)
		}
	case TanhUnit:
		return tanhOf(x)
	case SiLU:
		return x / (1 + expOf(-x))
	}
	return x
}

func activateBackward[T Float](a Activation, dy, z T) T {
	switch a {
	case ReLU:
		if z > 0 {
			return dy
		}
		return 0
	case LeakyReLU:
		if z > 0 {
			return dy
		}
		return T(T(leakySlope) * dy)
	case TanhUnit:
		return T(dy * fma(-z, z, 1))
	case SiLU:
		s := 1 / (1 + expOf(-z))
		return T(dy * T(s*fma(z, 1-s, 1)))
	}
	return dy
}

func activateSliceRef[T Float](a Activation, dst, x []T) {
	for i, v := range x {
		dst[i] = activate(a, v)
	}
}

func activateBackwardSliceRef[T Float](a Activation, dx, dy, z []T) {
	for i, v := range dy {
		dx[i] = activateBackward(a, v, z[i])
	}
}
