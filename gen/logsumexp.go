package main

import (
	"math"

	"pushforward/gen/vm"
)

// rowLogSumExp is shift + log Σ exp(c[i][j] - shift), where shift is the row's
// maximum (0 where that is infinite), summed in 64 virtual lanes.
var rowLogSumExp = Kernel{
	Name: "RowLogSumExp", File: "logsumexp",
	Doc:  "computes the logarithm of Σ_j exp(c[i][j]) for each of rows rows of n elements.",
	Args: args(ptr("dst", "c"), count("ldc", "rows", "n")),
	Build: func(b *vm.Builder) {
		eachRow(b, map[string]string{"c": "ldc"}, func() {
			dst := b.Arg("dst")
			place := vm.At(dst)
			// The shift passes through memory, to reach every lane.
			b.StoreLane0(place, rowMax(b))
			shift := b.Broadcast(place)
			inf := b.Bits(infinity(b.T))
			finite := b.CmpLT(b.AndNot(b.Bits(1<<(b.T.Bits()-1)), shift), inf)
			shift = b.AndMask(finite, shift)
			sum := rowSumExp(b, []vm.I{b.Arg("c")}, func(x []vm.V) vm.V { return exp(b, b.Sub(x[0], shift)) })
			b.StoreLane0(place, b.Add(shift, log(b, sum)))
			b.SetArg("dst", b.IntAddConst(dst, int64(b.T.Bytes())))
		})
	},
}

// rowMax is the greatest element of a row, in lane 0; NaNs are passed over.
func rowMax(b *vm.Builder) vm.V {
	const side = 4
	least := b.Const(math.Inf(-1))
	acc := make([]vm.V, side)
	for i := range acc {
		acc[i] = b.Move(least)
	}
	p, n := b.Arg("c"), b.Arg("n")
	b.While(n, int64(side*b.Lanes), func() {
		for i := range acc {
			b.MaxTo(acc[i], b.Load(vm.At(p).Offset(i*b.Bytes())))
		}
		b.AdvanceConst(p, int64(side*b.Bytes()))
	})
	b.If(n, vm.GT, 0, func() {
		for i := range acc {
			count := b.IntAddConst(n, int64(-i*b.Lanes))
			v := b.LoadTail(vm.At(p).Offset(i*b.Bytes()), b.Tail(count))
			b.MaxTo(acc[i], b.Select(b.ICmpGT(b.Splat(count), b.Iota(1)), v, least))
		}
	})
	return b.Fold(b.Max(b.Max(acc[0], acc[2]), b.Max(acc[1], acc[3])), b.Lanes, b.Max)
}
