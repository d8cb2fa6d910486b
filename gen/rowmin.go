package main

import "pushforward/gen/vm"

// rowMin finds the least element of each row and its lowest index. The index
// is stored as an integer of T's width in the bits of arg[i]; it is -1, and the
// minimum +Inf, where no element is below +Inf.
//
// Four vectors run side by side, each with its own minima and the number of
// the turn in which they came.
var rowMin = Kernel{
	Name: "RowMin", File: "rowmin",
	Doc:  "finds the least element of each of n rows of c, m elements, and its lowest index, as an integer in arg's bits; -1 where none is below +Inf.",
	Args: args(ptr("min", "arg", "c"), count("ldc", "n", "m")),
	Build: func(b *vm.Builder) {
		const side = 4
		pmin, parg, c := b.Arg("min"), b.Arg("arg"), b.Arg("c")
		ldc := b.Elements(b.Arg("ldc"))
		b.While(b.Arg("n"), 1, func() {
			inf, none := b.Bits(infinity(b.T)), b.Bits(^uint64(0)>>(64-b.T.Bits()))
			least, turn := make([]vm.V, side), make([]vm.V, side)
			for s := range side {
				least[s], turn[s] = b.Move(inf), b.Move(none)
			}
			now := b.Move(b.Iota(1)) // index of each lane's element in vector 0
			p, m := b.IntMove(c), b.Arg("m")
			take := func(s int, v vm.V) {
				less := b.CmpLT(v, least[s])
				b.Set(least[s], b.Select(less, v, least[s]))
				b.Set(turn[s], b.Select(less, now, turn[s]))
			}
			b.While(m, int64(side*b.Lanes), func() {
				for s := range side {
					take(s, b.Load(vm.At(p).Offset(s*b.Bytes())))
				}
				b.IAddTo(now, b.Bits(uint64(side*b.Lanes)))
				b.AdvanceConst(p, int64(side*b.Bytes()))
			})
			b.If(m, vm.GT, 0, func() {
				for s := range side {
					// A lane beyond the end loads +0: it must not win.
					count := b.IntAddConst(m, int64(-s*b.Lanes))
					v := b.LoadTail(vm.At(p).Offset(s*b.Bytes()), b.Tail(count))
					exists := b.ICmpGT(b.Splat(count), b.Iota(1))
					take(s, b.Select(exists, v, inf))
				}
			})
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
			b.Advance(c, ldc)
			b.AdvanceConst(pmin, int64(b.T.Bytes()))
			b.AdvanceConst(parg, int64(b.T.Bytes()))
		})
	},
}

func infinity(e vm.Elem) uint64 {
	if e == vm.F32 {
		return 0x7f800000
	}
	return 0x7ff0000000000000
}
