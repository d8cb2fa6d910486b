package main

import "pushforward/gen/vm"

// coupling runs over a panel of rows features of n samples, a vector of
// samples at a time through all rows, so that the log-determinants stay in
// registers:
//
//	for i := range n {
//		for r := range rows {
//			s[r][i] = alpha[r] * tanh(s[r][i])   (where alpha is not nil)
//			out[r][i] = apply(in[r][i], s[r][i], t[r][i])
//			logdet[i] ±= s[r][i]                 (in float64, where logdet is not nil)
//		}
//	}
func coupling(name, out, in, doc string, d direction) Kernel {
	return Kernel{
		Name: name, File: "coupling", Doc: doc,
		Args: args(ptr(out), count("ld"+out), ptr(in), count("ld"+in), ptr("s", "t"), count("lds"),
			ptr("alpha"), []vm.Arg{{Name: "logdet", Kind: vm.PtrFloat64}}, count("rows", "n")),
		Build: func(b *vm.Builder) {
			c := couplingBuilder{b, d, out, in}
			n := b.Arg("n")
			b.While(n, int64(b.Lanes), func() {
				c.samples(nil)
				for _, name := range []string{out, in, "s", "t"} {
					b.SetArg(name, b.IntAddConst(b.Arg(name), int64(b.Bytes())))
				}
				logdet := b.Arg("logdet")
				b.If(logdet, vm.NE, 0, func() {
					b.SetArg("logdet", b.IntAddConst(logdet, int64(8*b.Lanes)))
				})
			})
			b.If(n, vm.GT, 0, func() { c.samples(&n) })
		},
	}
}

type couplingBuilder struct {
	*vm.Builder
	direction
	out, in string
}

// direction is what a coupling does to a feature and to the log-determinant.
type direction struct {
	apply func(b *vm.Builder, x, s, t vm.V) vm.V
	add   func(d *vm.Builder, sum, s vm.V)
}

var (
	forward = direction{
		func(b *vm.Builder, x, s, t vm.V) vm.V { return b.FMA(x, exp(b, s), t) },
		func(d *vm.Builder, sum, s vm.V) { d.AddTo(sum, s) },
	}
	inverse = direction{
		func(b *vm.Builder, y, s, t vm.V) vm.V { return b.Mul(b.Sub(y, t), exp(b, negate(b, s))) },
		func(d *vm.Builder, sum, s vm.V) { d.Set(sum, d.Sub(sum, s)) },
	}
)

// samples runs through all rows for a vector of samples, or the last count.
func (b couplingBuilder) samples(count *vm.I) {
	load, store := b.Load, b.Store
	if count != nil {
		tail := b.Tail(*count)
		load = func(a vm.Addr) vm.V { return b.LoadTail(a, tail) }
		store = func(a vm.Addr, v vm.V) { b.StoreTail(a, v, tail) }
	}
	out, in, s, t := b.Arg(b.out), b.Arg(b.in), b.Arg("s"), b.Arg("t")
	ldout, ldin, lds := b.Elements(b.Arg("ld"+b.out)), b.Elements(b.Arg("ld"+b.in)), b.Elements(b.Arg("lds"))
	alpha := b.Arg("alpha")
	d := b.As(vm.F64)
	sum := make([]vm.V, b.Lanes/d.Lanes)
	for i := range sum {
		sum[i] = d.Zero()
	}
	overLogdet := func(f func(place vm.Addr, i int, tail func() vm.Tail)) {
		logdet := b.Arg("logdet")
		b.If(logdet, vm.NE, 0, func() {
			for i := range sum {
				f(vm.At(logdet).Offset(i*b.Bytes()), i, func() vm.Tail {
					return d.Tail(b.IntAddConst(*count, int64(-i*d.Lanes)))
				})
			}
		})
	}
	overLogdet(func(place vm.Addr, i int, tail func() vm.Tail) {
		if count != nil {
			d.Set(sum[i], d.LoadTail(place, tail()))
		} else {
			d.Set(sum[i], d.Load(place))
		}
	})
	b.While(b.Arg("rows"), 1, func() {
		scale := b.Move(load(vm.At(s)))
		b.If(alpha, vm.NE, 0, func() {
			b.Set(scale, b.Mul(b.Broadcast(vm.At(alpha)), tanh(b.Builder, scale)))
			store(vm.At(s), scale)
			b.AdvanceConst(alpha, int64(b.T.Bytes()))
		})
		store(vm.At(out), b.apply(b.Builder, load(vm.At(in)), scale, load(vm.At(t))))
		if b.T == vm.F64 {
			b.add(d, sum[0], scale)
		} else {
			b.add(d, sum[0], b.WidenLo(scale))
			b.add(d, sum[1], b.WidenHi(scale))
		}
		b.Advance(out, ldout)
		b.Advance(in, ldin)
		b.Advance(s, lds)
		b.Advance(t, lds)
	})
	overLogdet(func(place vm.Addr, i int, tail func() vm.Tail) {
		if count != nil {
			d.StoreTail(place, sum[i], tail())
		} else {
			d.Store(place, sum[i])
		}
	})
}

// couplingBackward is row by row, element by element, the gradient of a
// coupling with respect to its input, s and t.
func couplingBackward(name, doc, out, in string, f func(b *vm.Builder, grad, x, s, g vm.V) (input, ds, dt vm.V)) Kernel {
	return Kernel{
		Name: name, File: "coupling", Doc: doc,
		Args: args(ptr(out), count("ld"+out), ptr("ds", "dt"), count("ldds"), ptr(in), count("ld"+in),
			ptr("x"), count("ldx"), ptr("s"), count("lds"), []vm.Arg{{Name: "dlogdet", Kind: vm.Scalar}}, count("rows", "n")),
		Build: func(b *vm.Builder) {
			g := b.Broadcast(b.ArgAddr("dlogdet"))
			stride := map[string]string{out: "ld" + out, "ds": "ldds", "dt": "ldds", in: "ld" + in, "x": "ldx", "s": "lds"}
			eachRow(b, stride, func() {
				elementwise(b, []string{out, "ds", "dt"}, []string{in, "x", "s"}, func(x []vm.V) []vm.V {
					input, ds, dt := f(b, x[0], x[1], x[2], g)
					return []vm.V{input, ds, dt}
				})
			})
		},
	}
}

// eachRow runs f for each of the rows, and moves the pointers among the
// arguments on by their strides in between.
func eachRow(b *vm.Builder, stride map[string]string, f func()) {
	again, done := b.NewLabel("row"), b.NewLabel("rows")
	b.Label(again)
	rows := b.Arg("rows")
	b.Branch(rows, vm.LE, 0, done)
	b.SetArg("rows", b.IntAddConst(rows, -1))
	f()
	for _, a := range b.P.Args {
		if s, ok := stride[a.Name]; ok {
			b.SetArg(a.Name, b.IntAdd(b.Arg(a.Name), b.Elements(b.Arg(s))))
		}
	}
	b.Jump(again)
	b.Label(done)
}

// boundSums adds Σ ds*h, h = s/alpha, to dalpha[r] for each row; boundBackward
// replaces ds by ds*(alpha*(1-h²)). inverse holds 1/alpha[r], or 0.
var boundSums = Kernel{
	Name: "BoundSums", File: "coupling",
	Doc:  "adds to dalpha[r] the sum of ds*(s*inverse[r]) over n samples, in 64 virtual lanes.",
	Args: args(ptr("dalpha", "ds"), count("ldds"), ptr("s"), count("lds"), ptr("inverse"), count("rows", "n")),
	Build: func(b *vm.Builder) {
		eachRow(b, map[string]string{"ds": "ldds", "s": "lds"}, func() {
			inverse := b.Broadcast(vm.At(b.Arg("inverse")))
			sum := rowSum(b, []vm.I{b.Arg("ds"), b.Arg("s")}, func(x []vm.V) vm.V {
				return b.Mul(x[0], b.Mul(x[1], inverse))
			})
			dst := b.Arg("dalpha")
			b.StoreLane0(vm.At(dst), b.Add(b.Broadcast(vm.At(dst)), sum))
			b.SetArg("dalpha", b.IntAddConst(dst, int64(b.T.Bytes())))
			b.SetArg("inverse", b.IntAddConst(b.Arg("inverse"), int64(b.T.Bytes())))
		})
	},
}

var boundBackward = Kernel{
	Name: "BoundBackward", File: "coupling",
	Doc:  "computes ds = ds*(alpha[r]*(1-h²)) with h = s*inverse[r].",
	Args: args(ptr("ds"), count("ldds"), ptr("s"), count("lds"), ptr("alpha", "inverse"), count("rows", "n")),
	Build: func(b *vm.Builder) {
		eachRow(b, map[string]string{"ds": "ldds", "s": "lds"}, func() {
			alpha, inverse := b.Broadcast(vm.At(b.Arg("alpha"))), b.Broadcast(vm.At(b.Arg("inverse")))
			elementwise(b, []string{"ds"}, []string{"ds", "s"}, func(x []vm.V) []vm.V {
				h := b.Mul(x[1], inverse)
				return []vm.V{b.Mul(x[0], b.Mul(alpha, b.FNMA(h, h, b.Const(1))))}
			})
			b.SetArg("alpha", b.IntAddConst(b.Arg("alpha"), int64(b.T.Bytes())))
			b.SetArg("inverse", b.IntAddConst(b.Arg("inverse"), int64(b.T.Bytes())))
		})
	},
}

func negate(b *vm.Builder, x vm.V) vm.V { return b.Xor(x, b.Bits(1<<(b.T.Bits()-1))) }

var couplings = []Kernel{
	coupling("CouplingForward", "y", "x", "computes y = x*exp(s) + t and adds s to logdet; see kernels.CouplingForward.", forward),
	coupling("CouplingInverse", "x", "y", "computes x = (y-t)*exp(-s) and subtracts s from logdet; see kernels.CouplingInverse.", inverse),
	couplingBackward("CouplingForwardBackward", "computes the gradients of CouplingForward; see kernels.CouplingForwardBackward.", "dx", "dy",
		func(b *vm.Builder, dy, x, s, g vm.V) (dx, ds, dt vm.V) {
			dx = b.Mul(dy, exp(b, s))
			return dx, b.FMA(dx, x, g), dy
		}),
	couplingBackward("CouplingInverseBackward", "computes the gradients of CouplingInverse; see kernels.CouplingInverseBackward.", "dy", "dx",
		func(b *vm.Builder, dx, x, s, g vm.V) (dy, ds, dt vm.V) {
			dy = b.Mul(dx, exp(b, negate(b, s)))
			return dy, b.FNMA(dx, x, negate(b, g)), negate(b, dy)
		}),
	boundSums, boundBackward,
}
