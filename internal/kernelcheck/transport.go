package kernelcheck

import "pushforward/kernels"

func squaredDistances[T kernels.Float](in *Input) func() {
	n, m, d := in.features(12), in.samples(), in.features(9)
	period := bias[T](in, "period", d)
	x := vector[T](in, "x", n*d)
	y, ldy := panel[T](in, "y", d, m)
	dst, ldd := panel[T](in, "dst", n, m)
	return func() { kernels.SquaredDistances(dst, ldd, x, n, y, ldy, m, d, period) }
}

func rowMin[T kernels.Float](in *Input) func() {
	n, m := in.features(12), in.samples()
	c, ldc := panel[T](in, "c", n, m)
	ties(in, c, ldc, m)
	least := vector[T](in, "min", n)
	arg := integers(in, "arg", n)
	return func() { kernels.RowMin(least, arg, c, ldc, n, m) }
}

// ties makes the m columns of a panel small integers, one time in four.
func ties[T kernels.Float](in *Input, c []T, ldc, m int) {
	if !in.chance(4) {
		return
	}
	for i := range c {
		if i%max(ldc, 1) < m {
			c[i] = T(in.below(3))
		}
	}
}

func rowMinSum[T kernels.Float](in *Input) func() {
	n, m := in.features(12), in.samples()
	c, ldc := panel[T](in, "c", n, m)
	ties(in, c, ldc, m)
	w := vector[T](in, "w", m)
	ties(in, w, m, m)
	least := vector[T](in, "min", n)
	arg := integers(in, "arg", n)
	return func() { kernels.RowMinSum(least, arg, c, ldc, n, m, w) }
}

func blockMinSum[T kernels.Float](in *Input) func() {
	n := in.samples()
	c, w := vector[T](in, "c", n), vector[T](in, "w", n)
	ties(in, c, n, n)
	ties(in, w, n, n)
	dst := vector[T](in, "dst", (n+kernels.BlockSize-1)/kernels.BlockSize)
	return func() { kernels.BlockMinSum(dst, c, w) }
}

func laneMinSum[T kernels.Float](in *Input) func() {
	n := min(in.samples(), kernels.LaneMinLen)
	c, w := vector[T](in, "c", n), vector[T](in, "w", n)
	ties(in, c, n, n)
	ties(in, w, n, n)
	dst := vector[T](in, "dst", kernels.LaneMinLanes*kernels.LaneMinRanks)
	return func() { kernels.LaneMinSum(dst, c, w) }
}

func relaxRow[T kernels.Float](in *Input) func() {
	n := in.samples()
	d, c, w := vector[T](in, "d", n), vector[T](in, "c", n), vector[T](in, "w", n)
	ties(in, d, n, n)
	ties(in, c, n, n)
	ties(in, w, n, n)
	s := vector[T](in, "s", 1)
	least := vector[T](in, "least", 1)
	where := integers(in, "where", 1)
	return func() { least[0], where[0] = kernels.RelaxRow(d, c, w, s[0]) }
}

func planeNearestFew[T kernels.Float](in *Input) func() {
	n := min(in.samples(), kernels.NearestFewLen)
	x := vector[T](in, "x", 2)
	y, ldy := panel[T](in, "y", 2, n)
	w := vector[T](in, "w", n)
	if in.chance(4) {
		ties(in, x, 2, 2)
		ties(in, y, ldy, n)
		ties(in, w, n, n)
	}
	dst := vector[T](in, "dst", 3)
	return func() { kernels.PlaneNearestFew((*[3]T)(dst), (*[2]T)(x), y, ldy, w) }
}

func nearestSum[T kernels.Float](in *Input) func() {
	n, m, d := in.features(12), in.samples(), in.features(9)
	period := bias[T](in, "period", d)
	x := vector[T](in, "x", n*d)
	y, ldy := panel[T](in, "y", d, m)
	w := vector[T](in, "w", m)
	if in.chance(4) {
		ties(in, x, d, d)
		ties(in, y, ldy, m)
		ties(in, w, m, m)
	}
	least := vector[T](in, "min", n)
	arg := integers(in, "arg", n)
	return func() { kernels.NearestSum(least, arg, x, n, y, ldy, m, d, period, w) }
}

func rowLogSumExp[T kernels.Float](in *Input) func() {
	n, m := in.features(12), in.samples()
	c, ldc := panel[T](in, "c", n, m)
	dst := vector[T](in, "dst", n)
	return func() { kernels.RowLogSumExp(dst, c, ldc, n, m) }
}

func rowLogSumExpAffine[T kernels.Float](in *Input) func() {
	n, m := in.features(12), in.samples()
	c, ldc := panel[T](in, "c", n, m)
	h := vector[T](in, "h", m)
	s := vector[T](in, "s", 1)
	dst := vector[T](in, "dst", n)
	return func() { kernels.RowLogSumExpAffine(dst, c, ldc, h, s[0], n, m) }
}

func transpose[T kernels.Float](in *Input) func() {
	rows, cols := in.samples(), in.features(40)
	if in.chance(2) {
		rows, cols = cols, rows
	}
	src, lds := panel[T](in, "src", rows, cols)
	dst, ldd := panel[T](in, "dst", cols, rows)
	return func() { kernels.Transpose(dst, ldd, src, lds, rows, cols) }
}

func sortColumns[T kernels.Float](in *Input) func() {
	n, cols := in.short(), in.features(40)
	x, ld := panel[T](in, "x", kernels.SortRows(n), cols)
	ties(in, x, ld, cols)
	return func() { kernels.SortColumns(x, ld, n, cols) }
}
