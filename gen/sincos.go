package main

import (
	"math"

	"pushforward/gen/vm"
)

// sinCos is sine and cosine for |x| up to a bound. At the first vector with a
// greater element it stops, and leaves the rest to the definition:
//
//	*left = the number of elements that are left, 0 after all
var sinCos = Kernel{
	Name: "SinCos", File: "sincos",
	Doc: "computes sin[i] and cos[i] of x[i] up to the first vector that holds a huge element," +
		"\nand sets *left to the number of elements from there on.",
	Args: args(ptr("sin", "cos", "x"), count("n"), []vm.Arg{{Name: "left", Kind: vm.PtrInt}}),
	Build: func(b *vm.Builder) {
		near, pi2 := 0x1p19, []float64{-0x1.921fb6p+0, 0x1.777a5cp-25, 0x1.ee59dap-50}
		if b.T == vm.F64 {
			near, pi2 = 0x1p30, []float64{-0x1.921fb54442d18p+0, -0x1.1a62633145c07p-54, 0x1.f1976b7ed8fbcp-110}
		}
		psin, pcos, px, n := b.Arg("sin"), b.Arg("cos"), b.Arg("x"), b.Arg("n")
		stop := b.NewLabel("stop")
		sign := b.Bits(1 << (b.T.Bits() - 1))
		sincos := func(x vm.V) (s, c vm.V) {
			a := b.AndNot(sign, x)
			b.BranchAny(b.CmpLT(b.Const(near), a), stop)
			t := b.FMA(a, b.Const(2/math.Pi), b.Const(magic(b)))
			turns := b.Sub(t, b.Const(magic(b)))
			r := a
			for _, part := range pi2 {
				r = b.FMA(turns, b.Const(part), r)
			}
			s, c = quadrant(b, r, b.Shl(t, b.T.Bits()-2))
			return b.Xor(s, b.And(x, sign)), c
		}
		b.While(n, int64(b.Lanes), func() {
			s, c := sincos(b.Load(vm.At(px)))
			b.Store(vm.At(psin), s)
			b.Store(vm.At(pcos), c)
			for _, p := range []vm.I{psin, pcos, px} {
				b.AdvanceConst(p, int64(b.Bytes()))
			}
		})
		b.If(n, vm.GT, 0, func() {
			t := b.Tail(n)
			s, c := sincos(b.LoadTail(vm.At(px), t))
			b.StoreTail(vm.At(psin), s, t)
			b.StoreTail(vm.At(pcos), c, t)
			b.SetInt(n, b.Int(0))
		})
		b.Label(stop)
		d := b.As(vm.F64)
		d.StoreLane0(vm.At(b.Arg("left")), d.Splat(n))
	},
}

// quadrant is sine and cosine of t plus as many right angles as the two upper
// bits of v say, |t| <= π/4.
func quadrant(b *vm.Builder, t, v vm.V) (s, c vm.V) {
	z := b.Mul(t, t)
	bits := b.T.Bits()
	sin := []float64{-0x1.99213ep-13, 0x1.1106dp-7, -0x1.555544p-3}
	cos := []float64{0x1.99e3d4p-16, -0x1.6c0c2p-10, 0x1.55554ap-5, -0.5, 1}
	if b.T == vm.F64 {
		sin = []float64{0x1.5d8e625bc8fd2p-33, -0x1.ae5e55005a3c8p-26, 0x1.71de355fa4e3dp-19, -0x1.a01a019bf2b7ep-13,
			0x1.111111110f76p-7, -0x1.5555555555548p-3}
		cos = []float64{-0x1.8fb16372ea42dp-37, 0x1.1ee9f1b0884d8p-29, -0x1.27e4f81336701p-22, 0x1.a01a019cbff91p-16,
			-0x1.6c16c16c15223p-10, 0x1.555555555554cp-5, -0.5, 1}
	}
	s = b.FMA(b.Mul(z, t), horner(b, z, sin...), t)
	c = horner(b, z, cos...)
	half, sign := b.Bits(1<<(bits-2)), b.Bits(1<<(bits-1))
	odd := b.ICmpEQ(b.And(v, half), half)
	s, c = b.Select(odd, c, s), b.Select(odd, s, c)
	return b.Xor(s, b.And(v, sign)), b.Xor(c, b.And(b.IAdd(v, half), sign))
}
