package main

import "pushforward/gen/vm"

// minBlock is how many elements a block has whose least sum blockMinSum finds.
const minBlock = 16

// blockMinSum finds the least sum of c and weights in each block. Minima do not
// depend on an order but for the sign of zero, which becomes +.
var blockMinSum = Kernel{
	Name: "BlockMinSum", File: "rowmin",
	Doc:  "finds the least of the sums c[j] + w[j] in each block of 16 of n elements, the last of which may be shorter; NaN never wins, and zero is +0.",
	Args: args(ptr("dst", "c", "w"), count("n")),
	Build: func(b *vm.Builder) {
		dst, c, w, n := b.Arg("dst"), b.Arg("c"), b.Arg("w"), b.Arg("n")
		inf := b.Bits(infinity(b.T))
		vectors := minBlock / b.Lanes
		sum := func(s int, load loader) vm.V {
			return b.Add(load(vm.At(c).Offset(s*b.Bytes())), load(vm.At(w).Offset(s*b.Bytes())))
		}
		// Two chains; Min takes its second operand for NaN in the first.
		store := func(value func(s int) vm.V) {
			least := make([]vm.V, min(2, vectors))
			for s := range vectors {
				if s < len(least) {
					least[s] = b.Min(value(s), inf)
				} else {
					least[s%2] = b.Min(value(s), least[s%2])
				}
			}
			for _, v := range least[1:] {
				least[0] = b.Min(v, least[0])
			}
			b.StoreLane0(vm.At(dst), b.Add(b.Fold(least[0], b.Lanes, b.Min), b.Bits(0)))
		}
		b.While(n, minBlock, func() {
			store(func(s int) vm.V { return sum(s, b.Load) })
			b.AdvanceConst(c, int64(minBlock*b.T.Bytes()))
			b.AdvanceConst(w, int64(minBlock*b.T.Bytes()))
			b.AdvanceConst(dst, int64(b.T.Bytes()))
		})
		b.If(n, vm.GT, 0, func() {
			store(func(s int) vm.V {
				// A lane beyond the end loads +0: it must not win.
				left := b.IntAddConst(n, int64(-s*b.Lanes))
				t := b.Tail(left)
				v := sum(s, func(a vm.Addr) vm.V { return b.LoadTail(a, t) })
				return b.Select(b.ICmpGT(b.Splat(left), b.Iota(1)), v, inf)
			})
		})
	},
}
