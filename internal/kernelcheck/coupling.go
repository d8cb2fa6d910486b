package kernelcheck

import "pushforward/kernels"

// logdets draws a vector of log-determinants or none.
func logdets(in *Input, n int) []float64 {
	if in.chance(4) {
		return nil
	}
	return vector[float64](in, "logdet", n)
}

// second makes a panel with the shape and the stride of another.
func second[T kernels.Float](in *Input, name string, rows, n, ld int) []T {
	x := grid[T](in, name, rows, n, ld)
	for r := 0; r*ld < len(x); r++ {
		values(in, x[r*ld:][:n])
	}
	in.keep()
	return x
}

func couplingForward[T kernels.Float](in *Input) func() {
	rows, n := in.features(7), in.samples()
	alpha, logdet := bias[T](in, "alpha", rows), logdets(in, n)
	s, lds := panel[T](in, "s", rows, n)
	t := second[T](in, "t", rows, n, lds)
	x, ldx := panel[T](in, "x", rows, n)
	y, ldy := like(in, "y", x, ldx, rows, n)
	return func() { kernels.CouplingForward(y, ldy, x, ldx, s, t, lds, alpha, logdet, rows, n) }
}

func couplingInverse[T kernels.Float](in *Input) func() {
	rows, n := in.features(7), in.samples()
	alpha, logdet := bias[T](in, "alpha", rows), logdets(in, n)
	s, lds := panel[T](in, "s", rows, n)
	t := second[T](in, "t", rows, n, lds)
	y, ldy := panel[T](in, "y", rows, n)
	x, ldx := like(in, "x", y, ldy, rows, n)
	return func() { kernels.CouplingInverse(x, ldx, y, ldy, s, t, lds, alpha, logdet, rows, n) }
}

func couplingForwardBackward[T kernels.Float](in *Input) func() {
	rows, n := in.features(7), in.samples()
	g := vector[T](in, "g", 1)
	s, lds := panel[T](in, "s", rows, n)
	ds, ldds := like(in, "ds", s, lds, rows, n)
	dt := second[T](in, "dt", rows, n, ldds)
	x, ldx := panel[T](in, "x", rows, n)
	dy, lddy := panel[T](in, "dy", rows, n)
	dx, lddx := like(in, "dx", dy, lddy, rows, n)
	if in.chance(4) {
		dx, lddx = x, ldx
	}
	return func() {
		kernels.CouplingForwardBackward(dx, lddx, ds, dt, ldds, dy, lddy, x, ldx, s, lds, g[0], rows, n)
	}
}

func couplingInverseBackward[T kernels.Float](in *Input) func() {
	rows, n := in.features(7), in.samples()
	g := vector[T](in, "g", 1)
	s, lds := panel[T](in, "s", rows, n)
	ds, ldds := like(in, "ds", s, lds, rows, n)
	dt := second[T](in, "dt", rows, n, ldds)
	x, ldx := panel[T](in, "x", rows, n)
	dx, lddx := panel[T](in, "dx", rows, n)
	dy, lddy := like(in, "dy", dx, lddx, rows, n)
	if in.chance(4) {
		dy, lddy = x, ldx
	}
	return func() {
		kernels.CouplingInverseBackward(dy, lddy, ds, dt, ldds, dx, lddx, x, ldx, s, lds, g[0], rows, n)
	}
}

func boundBackward[T kernels.Float](in *Input) func() {
	rows, n := in.features(7), in.samples()
	alpha, dalpha := vector[T](in, "alpha", rows), bias[T](in, "dalpha", rows)
	s, lds := panel[T](in, "s", rows, n)
	ds, ldds := panel[T](in, "ds", rows, n)
	return func() { kernels.BoundBackward(ds, ldds, dalpha, s, lds, alpha, rows, n) }
}
