package kernels

func addScaledRowsRef[T Float](y []T, ldy int, x []T, ldx int, s []T, n int) {
	for r, f := range s {
		yr := row(y, r, ldy, n)
		for i, v := range row(x, r, ldx, n) {
			yr[i] = fma(f, v, yr[i])
		}
	}
}

func addScaledDifferencesRef[T Float](v, x, y []T, ld int, s T, rows, n int) {
	for r := range rows {
		vr, yr := row(v, r, ld, n), row(y, r, ld, n)
		for i, x := range row(x, r, ld, n) {
			vr[i] = fma(s, x-yr[i], vr[i])
		}
	}
}

func thermalDriftRef[T Float](y, x, v, xi []T, ld int, half, decay T, noise []T, n int) {
	for r, a := range noise {
		yr, vr, z := row(y, r, ld, n), row(v, r, ld, n), row(xi, r, ld, n)
		for i, x := range row(x, r, ld, n) {
			middle := fma(half, vr[i], x)
			vr[i] = fma(a, z[i], T(decay*vr[i]))
			yr[i] = fma(half, vr[i], middle)
		}
	}
}

func finiteColumnsRef[T Float](dst, x []T, ld, rows int) {
	for i := range dst {
		sum := T(0)
		for r := range rows {
			sum = fma(x[r*ld+i], 0, sum)
		}
		dst[i] = sum
	}
}
