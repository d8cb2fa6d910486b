package kernels

import "pushforward/asm"

// AddScaledRows computes y[r*ldy+i] = fma(s[r], x[r*ldx+i], y[r*ldy+i]) for each
// of the len(s) rows of n elements: a kick of velocities y by forces x, with
// s = dt/m of each coordinate, or a drift of positions by velocities. x may be y.
//
//go:noinline
func AddScaledRows[T Float](y []T, ldy int, x []T, ldx int, s []T, n int) {
	const op = "AddScaledRows"
	checkSize(op, "n", n)
	checkPanel(op, "y", "ldy", len(y), ldy, len(s), n)
	checkPanel(op, "x", "ldx", len(x), ldx, len(s), n)
	eachPiece(len(s), n, func(r, rows, i, m int) {
		addScaledRowsPanel(from(y, r*ldy+i), ldy, from(x, r*ldx+i), ldx, s[r:r+rows], m)
	})
}

// AddScaledDifferences computes v = fma(s, x - y, v) for rows of n elements, ld
// apart in all three panels: with s = 1/dt, what moving positions from y to x
// adds to the velocities.
//
//go:noinline
func AddScaledDifferences[T Float](v, x, y []T, ld int, s T, rows, n int) {
	const op = "AddScaledDifferences"
	checkSize(op, "n", n)
	checkSize(op, "rows", rows)
	checkPanel(op, "v", "ld", len(v), ld, rows, n)
	checkPanel(op, "x", "ld", len(x), ld, rows, n)
	checkPanel(op, "y", "ld", len(y), ld, rows, n)
	eachPiece(rows, n, func(r, rows, i, m int) {
		addScaledDifferencesPanel(from(v, r*ld+i), from(x, r*ld+i), from(y, r*ld+i), ld, s, rows, m)
	})
}

// ThermalDrift makes the steps A, O and A of the Langevin scheme BAOAB (Leimkuhler
// and Matthews, AMRX 2013) for the len(noise) rows of n elements, ld apart in all
// panels:
//
//	middle = x + half v
//	v      = decay v + noise[r] ξ
//	y      = middle + half v
//
// with half = dt/2, decay = exp(-γ dt) and noise[r] = √((1 - decay²) kT/m). y may
// be x.
//
//go:noinline
func ThermalDrift[T Float](y, x, v, xi []T, ld int, half, decay T, noise []T, n int) {
	const op = "ThermalDrift"
	checkSize(op, "n", n)
	checkPanel(op, "y", "ld", len(y), ld, len(noise), n)
	checkPanel(op, "x", "ld", len(x), ld, len(noise), n)
	checkPanel(op, "v", "ld", len(v), ld, len(noise), n)
	checkPanel(op, "xi", "ld", len(xi), ld, len(noise), n)
	eachPiece(len(noise), n, func(r, rows, i, m int) {
		k := r*ld + i
		thermalDriftPanel(from(y, k), from(x, k), from(v, k), from(xi, k), ld, half, decay, noise[r:r+rows], m)
	})
}

// FiniteColumns tells which columns of a panel of rows, ld apart, hold nothing
// but finite numbers: dst[i] is +0 where column i does, NaN elsewhere.
//
//go:noinline
func FiniteColumns[T Float](dst, x []T, ld, rows int) {
	const op = "FiniteColumns"
	checkSize(op, "rows", rows)
	checkPanel(op, "x", "ld", len(x), ld, rows, len(dst))
	step := max(64, chunk/max(rows, 1)) // rows are few: a replica's coordinates
	for i := 0; i < len(dst); i += step {
		finiteColumnsPanel(dst[i:min(i+step, len(dst))], from(x, i), ld, rows)
	}
}

// eachPiece cuts a panel in pieces of about a chunk: some whole rows, or a part
// of one.
func eachPiece(rows, n int, f func(r, rows, i, n int)) {
	if n == 0 {
		return
	}
	if n > chunk {
		for r := range rows {
			for i := 0; i < n; i += chunk {
				f(r, 1, i, min(chunk, n-i))
			}
		}
		return
	}
	step := chunk / n
	for r := 0; r < rows; r += step {
		f(r, min(step, rows-r), 0, n)
	}
}

//go:noinline
func addScaledRowsPanel[T Float](y []T, ldy int, x []T, ldx int, s []T, n int) {
	if asm.AddScaledRows(Active(), at(y), ldy, at(x), ldx, at(s), len(s), n) {
		return
	}
	addScaledRowsRef(y, ldy, x, ldx, s, n)
}

//go:noinline
func addScaledDifferencesPanel[T Float](v, x, y []T, ld int, s T, rows, n int) {
	if asm.AddScaledDifferences(Active(), at(v), at(x), at(y), ld, s, rows, n) {
		return
	}
	addScaledDifferencesRef(v, x, y, ld, s, rows, n)
}

//go:noinline
func thermalDriftPanel[T Float](y, x, v, xi []T, ld int, half, decay T, noise []T, n int) {
	if asm.ThermalDrift(Active(), at(y), at(x), at(v), at(xi), ld, half, decay, at(noise), len(noise), n) {
		return
	}
	thermalDriftRef(y, x, v, xi, ld, half, decay, noise, n)
}

//go:noinline
func finiteColumnsPanel[T Float](dst, x []T, ld, rows int) {
	if asm.FiniteColumns(Active(), at(dst), at(x), ld, rows, len(dst)) {
		return
	}
	finiteColumnsRef(dst, x, ld, rows)
}
