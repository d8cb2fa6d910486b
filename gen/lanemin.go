package main

import "pushforward/gen/vm"

const (
	minLanes = 16 // lanes of laneMinSum, whatever the machine's
	minRanks = 3  // of the least sums that it keeps in each
	turnBits = 10 // in which it keeps where a sum comes from
)

// laneMinSum keeps the least sums of each lane by minima and maxima alone: the
// turn of the loop in which a sum came is part of the number.
var laneMinSum = Kernel{
	Name: "LaneMinSum", File: "rowmin",
	Doc:  "finds the 3 least of the sums c[j] + w[j], n of them, in each of 16 lanes, j mod 16; the last 10 bits of a sum are j/16+1; what is not finite has no place.",
	Args: args(ptr("dst", "c", "w"), count("n")),
	Build: func(b *vm.Builder) {
		dst, c, w, n := b.Arg("dst"), b.Arg("c"), b.Arg("w"), b.Arg("n")
		inf, head := b.Bits(infinity(b.T)), b.Bits(^uint64(0)>>(64-b.T.Bits())&^(1<<turnBits-1))
		one := b.Bits(1)
		turn := b.Move(one)
		vectors := minLanes / b.Lanes
		least := make([][minRanks]vm.V, vectors)
		for s := range least {
			for r := range least[s] {
				least[s][r] = b.Move(inf)
			}
		}
		// Infinity has become NaN by its turn, and NaN changes no minimum.
		take := func(s int, v vm.V) {
			v = b.Or(b.And(v, head), turn)
			for r, m := range least[s] {
				var more vm.V
				if r < minRanks-1 {
					more = b.Max(m, v)
				}
				b.MinTo(m, v)
				v = more
			}
		}
		sum := func(s int, load loader) vm.V {
			return b.Add(load(vm.At(c).Offset(s*b.Bytes())), load(vm.At(w).Offset(s*b.Bytes())))
		}
		b.While(n, minLanes, func() {
			for s := range vectors {
				take(s, sum(s, b.Load))
			}
			b.IAddTo(turn, one)
			b.AdvanceConst(c, int64(minLanes*b.T.Bytes()))
			b.AdvanceConst(w, int64(minLanes*b.T.Bytes()))
		})
		b.If(n, vm.GT, 0, func() {
			for s := range vectors {
				// A lane beyond the end loads +0: it must not win.
				left := b.IntAddConst(n, int64(-s*b.Lanes))
				t := b.Tail(left)
				v := sum(s, func(a vm.Addr) vm.V { return b.LoadTail(a, t) })
				take(s, b.Select(b.ICmpGT(b.Splat(left), b.Iota(1)), v, inf))
			}
		})
		for r := range minRanks {
			for s := range vectors {
				b.Store(vm.At(dst).Offset((r*vectors+s)*b.Bytes()), least[s][r])
			}
		}
	},
}
