package main

import "pushforward/gen/vm"

// activationKernel applies f to every element.
func activationKernel(name string, f func(b *vm.Builder, x vm.V) vm.V) Kernel {
	return Kernel{
		Name: name, File: "activation",
		Doc:  "applies the activation to n elements of x.",
		Args: args(ptr("dst", "x"), count("n")),
		Build: func(b *vm.Builder) {
			elementwise(b, []string{"dst"}, []string{"x"}, func(x []vm.V) []vm.V {
				return []vm.V{f(b, x[0])}
			})
		},
	}
}

// relu is 0 > x ? 0 : x, so that a NaN passes.
func relu(b *vm.Builder, x vm.V) vm.V { return b.Max(b.Bits(0), x) }
