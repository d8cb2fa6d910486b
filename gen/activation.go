package main

import "pushforward/gen/vm"

// activation applies f to every element.
func activation(name, formula string, f func(b *vm.Builder, x vm.V) vm.V) Kernel {
	return Kernel{
		Name: name, File: "activation",
		Doc:  "computes dst[i] = " + formula + " for n elements.",
		Args: args(ptr("dst", "x"), count("n")),
		Build: func(b *vm.Builder) {
			elementwise(b, []string{"dst"}, []string{"x"}, func(x []vm.V) []vm.V {
				return []vm.V{f(b, x[0])}
			})
		},
	}
}

// activationBackward multiplies dy by the derivative, which f computes from z.
func activationBackward(name, formula string, f func(b *vm.Builder, dy, z vm.V) vm.V) Kernel {
	return Kernel{
		Name: name, File: "activation",
		Doc:  "computes dx[i] = " + formula + " for n elements.",
		Args: args(ptr("dx", "dy", "z"), count("n")),
		Build: func(b *vm.Builder) {
			elementwise(b, []string{"dx"}, []string{"dy", "z"}, func(x []vm.V) []vm.V {
				return []vm.V{f(b, x[0], x[1])}
			})
		},
	}
}

// leakySlope is LeakyReLU's slope below zero.
const leakySlope = 0.01

// onePlusExp is 1 + e^-x.
func onePlusExp(b *vm.Builder, x vm.V) vm.V { return b.Add(b.Const(1), exp(b, negate(b, x))) }

// A comparison is false for a NaN, which therefore passes as x or as z does.
var activations = []Kernel{
	activation("ReLU", "0 > x ? 0 : x", func(b *vm.Builder, x vm.V) vm.V {
		return b.Max(b.Bits(0), x)
	}),
	activationBackward("ReLUBackward", "z > 0 ? dy : 0", func(b *vm.Builder, dy, z vm.V) vm.V {
		return b.AndMask(b.CmpLT(b.Bits(0), z), dy)
	}),
	activation("LeakyReLU", "0 > x ? 0.01 x : x", func(b *vm.Builder, x vm.V) vm.V {
		return b.Select(b.CmpLT(x, b.Bits(0)), b.Mul(x, b.Const(leakySlope)), x)
	}),
	activationBackward("LeakyReLUBackward", "z > 0 ? dy : 0.01 dy", func(b *vm.Builder, dy, z vm.V) vm.V {
		return b.Select(b.CmpLT(b.Bits(0), z), dy, b.Mul(dy, b.Const(leakySlope)))
	}),
	activationBackward("TanhBackward", "dy (1 - z²)", func(b *vm.Builder, dy, z vm.V) vm.V {
		return b.Mul(dy, b.FNMA(z, z, b.Const(1)))
	}),
	activation("SiLU", "x / (1 + e^-x)", func(b *vm.Builder, x vm.V) vm.V {
		return b.Div(x, onePlusExp(b, x))
	}),
	activationBackward("SiLUBackward", "dy (s (1 + z (1-s))), s = 1 / (1 + e^-z)", func(b *vm.Builder, dy, z vm.V) vm.V {
		one := b.Const(1)
		s := b.Div(one, onePlusExp(b, z))
		return b.Mul(dy, b.Mul(s, b.FMA(z, b.Sub(one, s), one)))
	}),
}
