package main

import "pushforward/gen/vm"

// fmaPeak runs n turns of FMAs on registers alone, as many in a turn as
// fmaPeakChains says, enough to hide their latency: what a core can do at most.
var fmaPeak = Kernel{
	Name: "FMAPeak", File: "peak",
	Doc:  "runs n turns of 12 independent FMAs a vector on registers and stores one result.",
	Args: args(ptr("dst"), count("n")),
	Build: func(b *vm.Builder) {
		x := b.Broadcast(vm.At(b.Arg("dst")))
		acc := make([]vm.V, fmaPeakChains)
		for i := range acc {
			acc[i] = b.Move(x)
		}
		b.While(b.Arg("n"), 1, func() {
			for i := range acc {
				b.FMATo(acc[i], x, x)
			}
		})
		sum := acc[0]
		for _, v := range acc[1:] {
			sum = b.Add(sum, v)
		}
		b.StoreLane0(vm.At(b.Arg("dst")), sum)
	},
}

const fmaPeakChains = 12

// addChain runs n turns of 16 integer additions, each on the one before: 16
// cycles a turn, by which a clock is told.
var addChain = Kernel{
	Name: "AddChain", File: "peak",
	Doc:   "runs n turns of 16 dependent integer additions, one cycle each.",
	Args:  args(ptr("dst"), count("n")),
	Elems: []vm.Elem{vm.F32},
	Build: func(b *vm.Builder) {
		n := b.Arg("n")
		x, y := b.Int(0), b.IntMove(n)
		b.While(n, 1, func() {
			for range 16 {
				b.Advance(x, y)
			}
		})
		b.SetArg("n", x)
	},
}
