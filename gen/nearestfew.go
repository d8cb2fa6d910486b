package main

import "pushforward/gen/vm"

// placeBits are the last bits of a sum in which planeNearestFew keeps where it
// comes from.
const placeBits = 6

// planeNearestFew finds the three least by minima and maxima alone: no two of the
// sums are equal, as the number of the point is part of each. So the lanes'
// are joined in any order.
var planeNearestFew = Kernel{
	Name: "PlaneNearestFew", File: "nearest",
	Doc:  "finds the 3 least of (x[0] - y[0][j])² + (x[1] - y[1][j])² + w[j] over the n ≤ 64 columns of the panel y; the last 6 bits of each are j; what is not finite has no place.",
	Args: args(ptr("dst", "x", "y"), count("ldy", "n"), ptr("w")),
	Build: func(b *vm.Builder) {
		const side = 2
		x, n, w := b.Arg("x"), b.Arg("n"), b.Arg("w")
		y := [2]vm.I{b.Arg("y")}
		y[1] = b.IntAdd(y[0], b.Elements(b.Arg("ldy")))
		at := [2]vm.V{b.Broadcast(vm.At(x)), b.Broadcast(vm.At(x).Offset(b.T.Bytes()))}
		inf, head := b.Bits(infinity(b.T)), b.Bits(^uint64(0)>>(64-b.T.Bits())&^(1<<placeBits-1))
		now := b.Move(b.Iota(1))
		var least [side][3]vm.V // each side's in order
		for s := range side {
			least[s] = [3]vm.V{b.Move(inf), b.Move(inf), b.Move(inf)}
		}
		value := func(offset int, load loader) vm.V {
			p := b.Sub(at[0], load(vm.At(y[0]).Offset(offset)))
			q := b.Sub(at[1], load(vm.At(y[1]).Offset(offset)))
			v := b.Add(b.FMA(q, q, b.Mul(p, p)), load(vm.At(w).Offset(offset)))
			v = b.Or(b.And(v, head), now)
			b.IAddTo(now, b.Bits(uint64(b.Lanes)))
			return v
		}
		// Infinity has become NaN by its number, unless that is 0, and NaN changes
		// no minimum.
		take := func(s int, v vm.V) {
			more := b.Max(least[s][0], v)
			b.MinTo(least[s][0], v)
			most := b.Max(least[s][1], more)
			b.MinTo(least[s][1], more)
			b.MinTo(least[s][2], most)
		}
		advance := func(bytes int) {
			for _, p := range []vm.I{y[0], y[1], w} {
				b.AdvanceConst(p, int64(bytes))
			}
		}
		b.While(n, int64(side*b.Lanes), func() {
			for s := range side {
				take(s, value(s*b.Bytes(), b.Load))
			}
			advance(side * b.Bytes())
		})
		for s := range side {
			b.If(n, vm.GT, 0, func() {
				// A lane beyond the end loads +0: it must not win.
				t := b.Tail(n)
				v := value(0, func(a vm.Addr) vm.V { return b.LoadTail(a, t) })
				take(s, b.Select(b.ICmpGT(b.Splat(n), b.Iota(1)), v, inf))
				advance(b.Bytes())
				b.AdvanceConst(n, int64(-b.Lanes))
			})
		}
		join := func(p, q [3]vm.V) [3]vm.V {
			crossed := b.Min(b.Max(p[0], q[1]), b.Max(p[1], q[0]))
			return [3]vm.V{
				b.Min(p[0], q[0]),
				b.Min(b.Max(p[0], q[0]), b.Min(p[1], q[1])),
				b.Min(crossed, b.Min(p[2], q[2])),
			}
		}
		all := join(least[0], least[1])
		for w := b.Lanes; w > 1; w /= 2 {
			all = join(all, [3]vm.V{b.UpperHalf(all[0], w), b.UpperHalf(all[1], w), b.UpperHalf(all[2], w)})
		}
		dst := b.Arg("dst")
		for r, v := range all {
			b.StoreLane0(vm.At(dst).Offset(r*b.T.Bytes()), v)
		}
	},
}
