package main

import "pushforward/gen/vm"

// adamW is one step of AdamW (Loshchilov and Hutter: Decoupled weight decay
// regularization; ICLR 2019). h points at the step's numbers in the order of
// kernels.AdamWStep.
//
//	g' = g*scale
//	m = fma(beta1, m, (1-beta1)*g')
//	v = fma(beta2, v, (1-beta2)*g'*g')
//	p = fma(-rate, m*correction1 / (sqrt(v*correction2) + epsilon), p*fma(-rate, decay, 1))
var adamW = Kernel{
	Name: "AdamW", File: "adamw",
	Doc:  "updates n parameters p and moments m, v from the gradient; h points at the eight numbers of a step.",
	Args: args(ptr("p", "grad", "m", "v", "h"), count("n")),
	Build: func(b *vm.Builder) {
		h := b.Arg("h")
		field := func(i int) vm.V { return b.Broadcast(vm.At(h).Offset(i * b.T.Bytes())) }
		rate, beta1, beta2, epsilon := field(0), field(1), field(2), field(3)
		decay, correction1, correction2, scale := field(4), field(5), field(6), field(7)
		one := b.Const(1)
		rest1, rest2 := b.Sub(one, beta1), b.Sub(one, beta2)
		keep := b.FNMA(rate, decay, one)
		elementwise(b, []string{"p", "m", "v"}, []string{"p", "grad", "m", "v"}, func(x []vm.V) []vm.V {
			p, g, m, v := x[0], b.Mul(x[1], scale), x[2], x[3]
			m = b.FMA(beta1, m, b.Mul(rest1, g))
			v = b.FMA(beta2, v, b.Mul(b.Mul(rest2, g), g))
			step := b.Div(b.Mul(m, correction1), b.Add(b.Sqrt(b.Mul(v, correction2)), epsilon))
			return []vm.V{b.FNMA(rate, step, b.Mul(p, keep)), m, v}
		})
	},
}
