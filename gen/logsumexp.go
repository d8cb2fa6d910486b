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
		logSumExp(b, []string{"c"}, func(x []vm.V) vm.V { return x[0] }, exp)
	},
}

// rowLogSumExpAffine is rowLogSumExp of h[j] + s·c[i][j].
var rowLogSumExpAffine = Kernel{
	Name: "RowLogSumExpAffine", File: "logsumexp",
	Doc:  "computes the logarithm of Σ_j exp(fma(s, c[i][j], h[j])) for each of rows rows of n elements.",
	Args: args(ptr("dst", "c"), count("ldc"), ptr("h"), []vm.Arg{{Name: "s", Kind: vm.Scalar}}, count("rows", "n")),
	Build: func(b *vm.Builder) {
		logSumExp(b, []string{"c", "h"}, func(x []vm.V) vm.V {
			return b.FMA(b.Broadcast(b.ArgAddr("s")), x[0], x[1]) // no register to spare for s
		}, expBelow)
	},
}

// logSumExp does rows of which f makes the exponents from the elements of c and
// of what else is listed, which is the same for every row; exp is their
// exponential.
func logSumExp(b *vm.Builder, lists []string, f func(x []vm.V) vm.V, exp func(b *vm.Builder, x vm.V) vm.V) {
	eachRow(b, map[string]string{"c": "ldc"}, func() {
		var from []vm.I
		for _, name := range lists {
			from = append(from, b.Arg(name))
		}
		dst := b.Arg("dst")
		place := vm.At(dst)
		// The shift passes through memory, to reach every lane.
		b.StoreLane0(place, rowMax(b, from, f))
		shift := b.Broadcast(place)
		inf := b.Bits(infinity(b.T))
		finite := b.CmpLT(b.AndNot(b.Bits(1<<(b.T.Bits()-1)), shift), inf)
		shift = b.AndMask(finite, shift)
		sum := rowSumExp(b, from, func(x []vm.V) vm.V { return exp(b, b.Sub(f(x), shift)) })
		b.StoreLane0(place, b.Add(b.Broadcast(place), log(b, sum)))
		b.SetArg("dst", b.IntAddConst(dst, int64(b.T.Bytes())))
	})
}

// rowMax is the greatest f of a row, in lane 0; NaNs are passed over.
func rowMax(b *vm.Builder, from []vm.I, f func(x []vm.V) vm.V) vm.V {
	const side = 4
	least := b.Const(math.Inf(-1))
	acc := make([]vm.V, side)
	for i := range acc {
		acc[i] = b.Move(least)
	}
	n := b.Arg("n")
	var p []vm.I
	for _, q := range from {
		p = append(p, b.IntMove(q))
	}
	element := func(i int, load func(vm.Addr) vm.V) vm.V {
		var x []vm.V
		for _, q := range p {
			x = append(x, load(vm.At(q).Offset(i*b.Bytes())))
		}
		return f(x)
	}
	b.While(n, int64(side*b.Lanes), func() {
		for i := range acc {
			b.MaxTo(acc[i], element(i, b.Load))
		}
		for _, q := range p {
			b.AdvanceConst(q, int64(side*b.Bytes()))
		}
	})
	b.If(n, vm.GT, 0, func() {
		for i := range acc {
			count := b.IntAddConst(n, int64(-i*b.Lanes))
			t := b.Tail(count)
			v := element(i, func(a vm.Addr) vm.V { return b.LoadTail(a, t) })
			b.MaxTo(acc[i], b.Select(b.ICmpGT(b.Splat(count), b.Iota(1)), v, least))
		}
	})
	return b.Fold(b.Max(b.Max(acc[0], acc[2]), b.Max(acc[1], acc[3])), b.Lanes, b.Max)
}
