package kernels

import "math"

func couplingForwardPanelRef[T Float](y []T, ldy int, x []T, ldx int, s, t []T, lds int, alpha []T, logdet []float64, rows, n int) {
	for r := range rows {
		yr, xr, sr, tr := row(y, r, ldy, n), row(x, r, ldx, n), row(s, r, lds, n), row(t, r, lds, n)
		bound(sr, alpha, r)
		for i, v := range sr {
			yr[i] = fma(xr[i], expOf(v), tr[i])
			if logdet != nil {
				logdet[i] += float64(v)
			}
		}
	}
}

func couplingInversePanelRef[T Float](x []T, ldx int, y []T, ldy int, s, t []T, lds int, alpha []T, logdet []float64, rows, n int) {
	for r := range rows {
		xr, yr, sr, tr := row(x, r, ldx, n), row(y, r, ldy, n), row(s, r, lds, n), row(t, r, lds, n)
		bound(sr, alpha, r)
		for i, v := range sr {
			xr[i] = T((yr[i] - tr[i]) * expOf(-v))
			if logdet != nil {
				logdet[i] -= float64(v)
			}
		}
	}
}

// bound replaces a row of raw scales by alpha[r]*tanh of them.
func bound[T Float](s, alpha []T, r int) {
	if alpha == nil {
		return
	}
	for i, u := range s {
		s[i] = T(alpha[r] * tanhOf(u))
	}
}

func couplingForwardBackwardPanelRef[T Float](dx []T, lddx int, ds, dt []T, ldds int, dy []T, lddy int, x []T, ldx int, s []T, lds int, g T, rows, n int) {
	for r := range rows {
		for i := range n {
			gy, xi, si := dy[r*lddy+i], x[r*ldx+i], s[r*lds+i]
			gx := T(gy * expOf(si))
			dt[r*ldds+i] = gy
			dx[r*lddx+i] = gx
			ds[r*ldds+i] = fma(gx, xi, g)
		}
	}
}

func couplingInverseBackwardPanelRef[T Float](dy []T, lddy int, ds, dt []T, ldds int, dx []T, lddx int, x []T, ldx int, s []T, lds int, g T, rows, n int) {
	for r := range rows {
		for i := range n {
			gx, xi, si := dx[r*lddx+i], x[r*ldx+i], s[r*lds+i]
			gy := T(gx * expOf(-si))
			dy[r*lddy+i] = gy
			dt[r*ldds+i] = -gy
			ds[r*ldds+i] = fma(-gx, xi, -g)
		}
	}
}

func boundBackwardPanelRef[T Float](ds []T, ldds int, dalpha []T, s []T, lds int, alpha []T, rows, n int) {
	for r, a := range alpha[:rows] {
		inverse := boundInverse(a)
		var sum [lanes]T
		sr := row(s, r, lds, n)
		for i, g := range row(ds, r, ldds, n) {
			h := T(sr[i] * inverse)
			sum[i%lanes] += T(g * h)
			ds[r*ldds+i] = T(g * T(a*fma(-h, h, 1)))
		}
		if dalpha != nil {
			dalpha[r] += fold(&sum)
		}
	}
}

// boundInverse is 1/alpha, or 0 where that is infinite: an infinite factor would
// make NaNs of the zeros with which assembly fills up a vector.
func boundInverse[T Float](alpha T) T {
	if inverse := 1 / alpha; !math.IsInf(float64(inverse), 0) {
		return inverse
	}
	return 0
}
