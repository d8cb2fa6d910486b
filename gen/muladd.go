package main

import "pushforward/gen/vm"

// mulAdd is dst[i] = fma(x[i], y[i], dst[i]).
var mulAdd = Kernel{
	Name: "MulAdd", File: "muladd",
	Doc:  "computes dst[i] = fma(x[i], y[i], dst[i]) for n elements.",
	Args: args(ptr("dst", "x", "y"), count("n")),
	Build: func(b *vm.Builder) {
		elementwise(b, []string{"dst"}, []string{"dst", "x", "y"}, func(x []vm.V) []vm.V {
			return []vm.V{b.FMA(x[1], x[2], x[0])}
		})
	},
}
