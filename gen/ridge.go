package main

import "pushforward/gen/vm"

// ridge runs a network with one input, one hidden layer of h ReLU units and
// one output, without storing the hidden units:
//
//	for i := range n {
//		acc := b2
//		for u := range h {
//			acc = fma(w2[u], relu(fma(w1[u], x[i], b1[u])), acc)
//		}
//		y[i] = acc
//	}
//
// Two FMAs and a maximum a unit: the FMAs bound it. Each vector of samples is
// one chain with a latency of 4 cycles a unit, so at least 4 run side by side.
var ridge = Kernel{
	Name: "Ridge", File: "ridge",
	Doc:  "computes y[i] = b2 + Σ_u w2[u] relu(w1[u] x[i] + b1[u]) for n samples and h units.",
	Args: args(ptr("y", "x", "w1", "b1", "w2"), []vm.Arg{{Name: "b2", Kind: vm.Scalar}}, count("h", "n")),
	Build: func(b *vm.Builder) {
		overSamples(b, "y", ridgeWidths(b.P.Machine), func(x []vm.V) []vm.V {
			acc := make([]vm.V, len(x))
			for c := range acc {
				acc[c] = b.Broadcast(b.ArgAddr("b2"))
			}
			zero := b.Zero()
			overUnits(b, func(w1, b1, w2 vm.V) {
				for c := range x {
					h := b.Max(zero, b.FMA(w1, x[c], b1))
					b.FMATo(acc[c], w2, h)
				}
			})
			return acc
		})
	},
}

// ridgeSlope is the derivative of a ridge network at each sample:
//
//	for i := range n {
//		sum := 0
//		for u := range h {
//			if fma(w1[u], x[i], b1[u]) > 0 {
//				sum += w1[u] * w2[u]
//			}
//		}
//		slope[i] = sum
//	}
var ridgeSlope = Kernel{
	Name: "RidgeSlope", File: "ridge",
	Doc:  "computes slope[i] = Σ_u (w1[u] x[i] + b1[u] > 0 ? w1[u] w2[u] : 0) for n samples and h units.",
	Args: args(ptr("slope", "x", "w1", "b1", "w2"), count("h", "n")),
	Build: func(b *vm.Builder) {
		overSamples(b, "slope", ridgeWidths(b.P.Machine), func(x []vm.V) []vm.V {
			acc := make([]vm.V, len(x))
			for c := range acc {
				acc[c] = b.Zero()
			}
			zero := b.Zero()
			overUnits(b, func(w1, b1, w2 vm.V) {
				w := b.Mul(w1, w2)
				for c := range x {
					b.AddWhere(acc[c], b.CmpLT(zero, b.FMA(w1, x[c], b1)), w)
				}
			})
			return acc
		})
	},
}

func ridgeWidths(m *vm.Machine) []int {
	if m.Vectors == 16 {
		return []int{4, 1}
	}
	return []int{8, 4, 1}
}

// overSamples loads widths[0], widths[1], … vectors of x at a time as long as
// there are as many, then the tail, and stores what f makes of them.
func overSamples(b *vm.Builder, output string, widths []int, f func(x []vm.V) []vm.V) {
	y, x, n := b.Arg(output), b.Arg("x"), b.Arg("n")
	for _, width := range widths {
		b.While(n, int64(width*b.Lanes), func() {
			v := make([]vm.V, width)
			for c := range v {
				v[c] = b.Load(vm.At(x).Offset(c * b.Bytes()))
			}
			for c, r := range f(v) {
				b.Store(vm.At(y).Offset(c*b.Bytes()), r)
			}
			b.AdvanceConst(x, int64(width*b.Bytes()))
			b.AdvanceConst(y, int64(width*b.Bytes()))
		})
	}
	b.If(n, vm.GT, 0, func() {
		t := b.Tail(n)
		b.StoreTail(vm.At(y), f([]vm.V{b.LoadTail(vm.At(x), t)})[0], t)
	})
}

// overUnits runs f for the weights of each hidden unit.
func overUnits(b *vm.Builder, f func(w1, b1, w2 vm.V)) {
	w1, b1, w2 := b.Arg("w1"), b.Arg("b1"), b.Arg("w2")
	u := b.Int(0)
	b.While(b.Arg("h"), 1, func() {
		f(b.Broadcast(vm.At(w1, u)), b.Broadcast(vm.At(b1, u)), b.Broadcast(vm.At(w2, u)))
		b.AdvanceConst(u, int64(b.T.Bytes()))
	})
}

// ridgeSums adds up, for each hidden unit, what the gradients of its weights
// are made of:
//
//	for u := range h {
//		sums a[u] of dy[i]*x[i] and b[u] of dy[i] over the samples i with
//		fma(w1[u], x[i], b1[u]) > 0, in 16 virtual lanes
//	}
//
// Samples beyond n count as dy = x = +0, which adds +0 to sums that are never
// -0: the same bits.
var ridgeSums = Kernel{
	Name: "RidgeSums", File: "ridge",
	Doc:  "computes a[u] = Σ_i dy[i] x[i] and b[u] = Σ_i dy[i] over the samples where w1[u] x[i] + b1[u] > 0, in 16 virtual lanes.",
	Args: args(ptr("a", "b", "dy", "x", "w1", "b1"), count("h", "n")),
	Build: func(b *vm.Builder) {
		units := 1
		if b.P.Machine.Masks > 0 {
			units = 4
		}
		pw, pb := b.Arg("w1"), b.Arg("b1")
		pa, ps := b.Arg("a"), b.Arg("b")
		h := b.Arg("h")
		turn := func(units int) func() {
			return func() {
				ridgeUnits(b, units, pw, pb, pa, ps)
				for _, p := range []vm.I{pw, pb, pa, ps} {
					b.AdvanceConst(p, int64(units*b.T.Bytes()))
				}
			}
		}
		b.While(h, int64(units), turn(units))
		if units > 1 {
			b.While(h, 1, turn(1))
		}
	},
}

// ridgeUnits runs over all samples for some hidden units.
func ridgeUnits(b *vm.Builder, units int, pw, pb, pa, ps vm.I) {
	const lanes = 16
	vectors := lanes / b.Lanes
	w, bias := make([]vm.V, units), make([]vm.V, units)
	sa, sb := make([][]vm.V, units), make([][]vm.V, units)
	for u := range units {
		at := func(p vm.I) vm.Addr { return vm.At(p).Offset(u * b.T.Bytes()) }
		w[u], bias[u] = b.Broadcast(at(pw)), b.Broadcast(at(pb))
		for range vectors {
			sa[u], sb[u] = append(sa[u], b.Zero()), append(sb[u], b.Zero())
		}
	}
	zero := b.Bits(0)
	step := func(v int, x, dy vm.V) {
		q := b.Mul(dy, x)
		for u := range units {
			m := b.CmpLT(zero, b.FMA(w[u], x, bias[u]))
			b.AddWhere(sa[u][v], m, q)
			b.AddWhere(sb[u][v], m, dy)
		}
	}
	x, dy, n := b.Arg("x"), b.Arg("dy"), b.Arg("n")
	b.While(n, lanes, func() {
		for v := range vectors {
			step(v, b.Load(vm.At(x).Offset(v*b.Bytes())), b.Load(vm.At(dy).Offset(v*b.Bytes())))
		}
		b.AdvanceConst(x, int64(lanes*b.T.Bytes()))
		b.AdvanceConst(dy, int64(lanes*b.T.Bytes()))
	})
	b.If(n, vm.GT, 0, func() {
		for v := range vectors {
			t := b.Tail(b.IntAddConst(n, int64(-v*b.Lanes)))
			step(v, b.LoadTail(vm.At(x).Offset(v*b.Bytes()), t), b.LoadTail(vm.At(dy).Offset(v*b.Bytes()), t))
		}
	})
	for u := range units {
		b.StoreLane0(vm.At(pa).Offset(u*b.T.Bytes()), foldLanes(b, sa[u]))
		b.StoreLane0(vm.At(ps).Offset(u*b.T.Bytes()), foldLanes(b, sb[u]))
	}
}
