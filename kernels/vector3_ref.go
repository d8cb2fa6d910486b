package kernels

// Vectors of three coordinates, as the definitions of molecular terms use them.

type vector3[T Float] [3]T

// position is where atom a of replica i is in a panel of 3·atoms rows.
func position[T Float](x []T, ld, a, i int) (r vector3[T]) {
	for c := range r {
		r[c] = x[(3*a+c)*ld+i]
	}
	return r
}

// addGradient adds f to row 3a, 3a+1 and 3a+2 of replica i.
func addGradient[T Float](g []T, ld, a, i int, f vector3[T]) {
	for c := range f {
		g[(3*a+c)*ld+i] += f[c]
	}
}

// subGradient subtracts f there.
func subGradient[T Float](g []T, ld, a, i int, f vector3[T]) {
	for c := range f {
		g[(3*a+c)*ld+i] -= f[c]
	}
}

// fmaGradient adds f·d there.
func fmaGradient[T Float](g []T, ld, a, i int, f T, d vector3[T]) {
	for c := range d {
		at := &g[(3*a+c)*ld+i]
		*at = fma(f, d[c], *at)
	}
}

func (a vector3[T]) plus(b vector3[T]) vector3[T] {
	return vector3[T]{a[0] + b[0], a[1] + b[1], a[2] + b[2]}
}

// times is s·a, each product rounded.
func (a vector3[T]) times(s T) vector3[T] {
	return vector3[T]{T(s * a[0]), T(s * a[1]), T(s * a[2])}
}

// plusTimes is fma(s, b, a).
func (a vector3[T]) plusTimes(s T, b vector3[T]) vector3[T] {
	return vector3[T]{fma(s, b[0], a[0]), fma(s, b[1], a[1]), fma(s, b[2], a[2])}
}

func (a vector3[T]) dot(b vector3[T]) T {
	return dot[T](a, b)
}

// cross is a × b, the first product of each difference rounded.
func (a vector3[T]) cross(b vector3[T]) vector3[T] {
	return vector3[T]{
		fma(-a[2], b[1], T(a[1]*b[2])),
		fma(-a[0], b[2], T(a[2]*b[0])),
		fma(-a[1], b[0], T(a[0]*b[1])),
	}
}
