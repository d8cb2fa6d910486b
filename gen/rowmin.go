package main

import "pushforward/gen/vm"

// rowMin finds the least element of each row and its lowest index.
var rowMin = Kernel{
	Name: "RowMin", File: "rowmin",
	Doc:  "finds the least element of each of n rows of c, m elements, and its lowest index, as an integer in arg's bits; -1 where none is below +Inf.",
	Args: args(ptr("min", "arg", "c"), count("ldc", "n", "m")),
	Build: func(b *vm.Builder) {
		c := b.Arg("c")
		ldc := b.Elements(b.Arg("ldc"))
		rowMinima(b, 4, 4, func() minimized {
			p := b.IntMove(c)
			return minimized{
				values: func(first, vectors int, load loader, _ saver) []vm.V {
					v := make([]vm.V, vectors)
					for s := range v {
						v[s] = load(vm.At(p).Offset((first + s) * b.Bytes()))
					}
					return v
				},
				advance: func(bytes int64) { b.AdvanceConst(p, bytes) },
			}
		}, func() { b.Advance(c, ldc) })
	},
}

// rowMinSum is the same of sums, of the row and of weights.
var rowMinSum = Kernel{
	Name: "RowMinSum", File: "rowmin",
	Doc:  "finds the least of the sums c[i][j] + w[j] in each of n rows of c, m elements, and its lowest index, as an integer in arg's bits; -1 where none is below +Inf.",
	Args: args(ptr("min", "arg", "c"), count("ldc", "n", "m"), ptr("w")),
	Build: func(b *vm.Builder) {
		c := b.Arg("c")
		ldc := b.Elements(b.Arg("ldc"))
		rowMinima(b, 4, 4, func() minimized {
			p, w := b.IntMove(c), b.Arg("w")
			return minimized{
				values: func(first, vectors int, load loader, _ saver) []vm.V {
					v := make([]vm.V, vectors)
					for s := range v {
						v[s] = b.Add(load(vm.At(p).Offset((first+s)*b.Bytes())), load(vm.At(w).Offset((first+s)*b.Bytes())))
					}
					return v
				},
				advance: func(bytes int64) {
					b.AdvanceConst(p, bytes)
					b.AdvanceConst(w, bytes)
				},
			}
		}, func() { b.Advance(c, ldc) })
	},
}

// relaxRow lowers distances on the way.
var relaxRow = Kernel{
	Name: "RelaxRow", File: "rowmin",
	Doc:  "lowers d[j] to at most s[0] + (c[j] + w[j]), m elements, and finds the least d[j] and its lowest index, as an integer in arg's bits; -1 where none is below +Inf. n is 1.",
	Args: args(ptr("min", "arg", "d", "c", "w", "s"), count("n", "m")),
	Build: func(b *vm.Builder) {
		rowMinima(b, 4, 2, func() minimized {
			d, c, w := b.Arg("d"), b.Arg("c"), b.Arg("w")
			base := b.Broadcast(vm.At(b.Arg("s")))
			return minimized{
				values: func(first, vectors int, load loader, save saver) []vm.V {
					v := make([]vm.V, vectors)
					for s := range v {
						at := (first + s) * b.Bytes()
						sum := b.Add(load(vm.At(c).Offset(at)), load(vm.At(w).Offset(at)))
						v[s] = b.Min(b.Add(base, sum), load(vm.At(d).Offset(at)))
						save(vm.At(d).Offset(at), v[s])
					}
					return v
				},
				advance: func(bytes int64) {
					for _, p := range []vm.I{d, c, w} {
						b.AdvanceConst(p, bytes)
					}
				},
			}
		}, func() {})
	},
}

// minimized is what is minimized over a row: so many of its next vectors from
// the first, and the step past so many bytes of it.
type minimized struct {
	values  func(first, vectors int, load loader, save saver) []vm.V
	advance func(bytes int64)
}

type (
	loader func(vm.Addr) vm.V
	saver  func(vm.Addr, vm.V)
)

// rowMinima stores for each of n rows the least value and its lowest index, the
// index as an integer of T's width in the bits of arg[i]; it is -1, and the
// minimum +Inf, where no value is below +Inf.
//
// side vectors run side by side, each with its own minima and the number of
// the turn in which they came; group of them are computed together.
func rowMinima(b *vm.Builder, side, group int, begin func() minimized, next func()) {
	pmin, parg := b.Arg("min"), b.Arg("arg")
	top, done := b.NewLabel("row"), b.NewLabel("rows")
	b.Label(top)
	rows := b.Arg("n")
	b.Branch(rows, vm.LT, 1, done)
	b.SetArg("n", b.IntAddConst(rows, -1))
	inf, none := b.Bits(infinity(b.T)), b.Bits(^uint64(0)>>(64-b.T.Bits()))
	least, turn := make([]vm.V, side), make([]vm.V, side)
	for s := range side {
		least[s], turn[s] = b.Move(inf), b.Move(none)
	}
	now := b.Move(b.Iota(1)) // index of each lane's element in vector 0
	row, m := begin(), b.Arg("m")
	take := func(s int, v vm.V) {
		less := b.CmpLT(v, least[s])
		b.Set(least[s], b.Select(less, v, least[s]))
		b.Set(turn[s], b.Select(less, now, turn[s]))
	}
	b.While(m, int64(side*b.Lanes), func() {
		for s := 0; s < side; s += group {
			for g, v := range row.values(s, group, b.Load, b.Store) {
				take(s+g, v)
			}
		}
		b.IAddTo(now, b.Bits(uint64(side*b.Lanes)))
		row.advance(int64(side * b.Bytes()))
	})
	for s := range side {
		b.If(m, vm.GT, 0, func() {
			// A lane beyond the end loads +0: it must not win.
			t := b.Tail(m)
			load := func(a vm.Addr) vm.V { return b.LoadTail(a, t) }
			v := row.values(0, 1, load, func(a vm.Addr, v vm.V) { b.StoreTail(a, v, t) })[0]
			take(s, b.Select(b.ICmpGT(b.Splat(m), b.Iota(1)), v, inf))
			row.advance(int64(b.Bytes()))
			b.AdvanceConst(m, int64(-b.Lanes))
		})
	}
	// Index = turn + s*lanes, but -1 stays.
	for s := 1; s < side; s++ {
		found := b.ICmpGT(turn[s], none)
		b.Set(turn[s], b.Select(found, b.IAdd(turn[s], b.Bits(uint64(s*b.Lanes))), turn[s]))
	}
	better := func(x, ix, y, iy vm.V) (vm.V, vm.V) {
		less, same, before := b.CmpLT(y, x), b.CmpEQ(y, x), b.ICmpGT(ix, iy)
		m := b.MaskOr(less, b.MaskAnd(same, before))
		return b.Select(m, y, x), b.Select(m, iy, ix)
	}
	for h := side / 2; h > 0; h /= 2 {
		for s := range h {
			least[s], turn[s] = better(least[s], turn[s], least[s+h], turn[s+h])
		}
	}
	x, ix := least[0], turn[0]
	for w := b.Lanes; w > 1; w /= 2 {
		x, ix = better(x, ix, b.UpperHalf(x, w), b.UpperHalf(ix, w))
	}
	b.StoreLane0(vm.At(pmin), x)
	b.StoreLane0(vm.At(parg), ix)
	next()
	b.AdvanceConst(pmin, int64(b.T.Bytes()))
	b.AdvanceConst(parg, int64(b.T.Bytes()))
	b.Jump(top)
	b.Label(done)
}

func infinity(e vm.Elem) uint64 {
	if e == vm.F32 {
		return 0x7f800000
	}
	return 0x7ff0000000000000
}
