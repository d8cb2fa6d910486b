package main

import "pushforward/gen/vm"

// squaredDistances fills a matrix of costs, x row-major, y a panel:
//
//	for i := range n {
//		for j := range m {
//			acc := 0
//			for k := range d {
//				q := x[i*d+k] - y[k*ldy+j]
//				acc = fma(q, q, acc)
//			}
//			dst[i*ldd+j] = acc
//		}
//	}
var squaredDistances = Kernel{
	Name: "SquaredDistances", File: "distance",
	Doc:  "computes dst[i][j] = Σ_k (x[i][k] - y[k][j])² for n rows of x and m columns of the panel y.",
	Args: args(ptr("dst"), count("ldd"), ptr("x"), count("n"), ptr("y"), count("ldy", "m", "d")),
	Build: func(b *vm.Builder) {
		distances(b, nil)
	},
}

// periodicDistances is the same on a torus: where period[k] > 0,
//
//	q = q - period[k]*roundToEven(q*(1/period[k]))
var periodicDistances = Kernel{
	Name: "PeriodicDistances", File: "distance",
	Doc:  "is SquaredDistances on a torus: where period[k] > 0, differences are taken to the nearest image.",
	Args: args(ptr("dst"), count("ldd"), ptr("x"), count("n"), ptr("y"), count("ldy", "m", "d"), ptr("period")),
	Build: func(b *vm.Builder) {
		distances(b, nearestImages(b))
	},
}

// nearestImages takes differences to the nearest image where a period is above 0.
func nearestImages(b *vm.Builder) func(k vm.I, q []vm.V) []vm.V {
	return func(k vm.I, q []vm.V) []vm.V {
		p := b.Broadcast(vm.At(b.Arg("period"), k))
		inverse := b.Div(b.Const(1), p)
		periodic := b.CmpLT(b.Bits(0), p)
		image := make([]vm.V, len(q))
		for i := range q {
			turns := b.RoundEven(b.Mul(q[i], inverse))
			image[i] = b.Select(periodic, b.Sub(q[i], b.Mul(p, turns)), q[i])
		}
		return image
	}
}

// distances runs over rows of x and vectors of columns; image takes the
// differences in coordinate k (a byte offset) to the ones that count. Where it is
// nil, rows go in pairs, which share what is loaded of y.
func distances(b *vm.Builder, image func(k vm.I, q []vm.V) []vm.V) {
	if image == nil {
		distanceRows(b, 2, nil)
		image = func(k vm.I, q []vm.V) []vm.V { return q }
	}
	distanceRows(b, 1, image)
}

// distanceRows takes so many rows at a time as long as there are so many.
func distanceRows(b *vm.Builder, rows int, image func(k vm.I, q []vm.V) []vm.V) {
	top, done := b.NewLabel("row"), b.NewLabel("rows")
	b.Label(top)
	left := b.Arg("n")
	b.Branch(left, vm.LT, int64(rows), done)
	b.SetArg("n", b.IntAddConst(left, int64(-rows)))
	x, y, dst, m := b.Arg("x"), b.Arg("y"), b.Arg("dst"), b.Arg("m")
	ldy := b.Elements(b.Arg("ldy"))
	vectors := func(columns int, load loader) [][]vm.V {
		if rows == 1 {
			return [][]vm.V{squares(b, columns, x, y, ldy, load, image)}
		}
		return squaresOfTwo(b, columns, x, y, ldy, load)
	}
	place := func(row, column int) vm.Addr {
		if row == 1 {
			return vm.At(dst, b.Elements(b.Arg("ldd"))).Offset(column * b.Bytes())
		}
		return vm.At(dst).Offset(column * b.Bytes())
	}
	for _, columns := range []int{4, 1} {
		b.While(m, int64(columns*b.Lanes), func() {
			for r, row := range vectors(columns, b.Load) {
				for c, v := range row {
					b.Store(place(r, c), v)
				}
			}
			b.AdvanceConst(y, int64(columns*b.Bytes()))
			b.AdvanceConst(dst, int64(columns*b.Bytes()))
		})
	}
	b.If(m, vm.GT, 0, func() {
		t := b.Tail(m)
		for r, row := range vectors(1, func(a vm.Addr) vm.V { return b.LoadTail(a, t) }) {
			b.StoreTail(place(r, 0), row[0], t)
		}
	})
	b.SetArg("x", b.IntAdd(x, b.IntMul(b.Elements(b.Arg("d")), b.Int(int64(rows)))))
	b.SetArg("dst", b.IntAdd(b.Arg("dst"), b.IntMul(b.Elements(b.Arg("ldd")), b.Int(int64(rows)))))
	b.Jump(top)
	b.Label(done)
}

// squaresOfTwo is squares, without images, for the point at x and the one after it.
func squaresOfTwo(b *vm.Builder, vectors int, x, y, ldy vm.I, load loader) [][]vm.V {
	acc := make([][]vm.V, 2)
	for r := range acc {
		acc[r] = make([]vm.V, vectors)
		for c := range acc[r] {
			acc[r][c] = b.Zero()
		}
	}
	next := b.Elements(b.Arg("d"))
	xk, yk := b.IntMove(x), b.IntMove(y)
	b.While(b.Arg("d"), 1, func() {
		v := [2]vm.V{b.Broadcast(vm.At(xk)), b.Broadcast(vm.At(xk, next))}
		for c := range vectors {
			w := load(vm.At(yk).Offset(c * b.Bytes()))
			for r := range acc {
				q := b.Sub(v[r], w)
				b.FMATo(acc[r][c], q, q)
			}
		}
		b.AdvanceConst(xk, int64(b.T.Bytes()))
		b.Advance(yk, ldy)
	})
	return acc
}

// squares sums the squared differences between the point at x and vectors of
// columns of the panel at y, ldy bytes from row to row.
func squares(b *vm.Builder, vectors int, x, y, ldy vm.I, load loader, image func(k vm.I, q []vm.V) []vm.V) []vm.V {
	acc := make([]vm.V, vectors)
	for c := range acc {
		acc[c] = b.Zero()
	}
	k, yk := b.Int(0), b.IntMove(y)
	b.While(b.Arg("d"), 1, func() {
		v := b.Broadcast(vm.At(x, k))
		q := make([]vm.V, vectors)
		for c := range q {
			q[c] = b.Sub(v, load(vm.At(yk).Offset(c*b.Bytes())))
		}
		for c, r := range image(k, q) {
			b.FMATo(acc[c], r, r)
		}
		b.AdvanceConst(k, int64(b.T.Bytes()))
		b.Advance(yk, ldy)
	})
	return acc
}
