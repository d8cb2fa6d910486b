package main

import "pushforward/gen/vm"

// ridgeFlow takes n samples of two features through all layers of a flow whose
// nets are ridges, one after the other:
//
//	for k := range layers {
//		for i := range n {
//			s, t := ridge(scale net k, a[i]), ridge(shift net k, a[i])
//			s = alpha*tanh(s)                    (where alpha is not nil)
//			b[i] = apply(b[i], s, t)
//			logdet[i] ±= s                       (in float64, where logdet is not nil)
//		}
//		a, b = b, a
//	}
//
// params points to the first of the layers: w1, b1, w2 of h elements each and b2
// of the scale net, then those of the shift net. Strides count elements.
//
// A tile of samples passes all layers at once. What it conditions on stays in
// registers, as a layer's result is what the next one conditions on; the rest
// waits in memory. A vector alone is two chains over the units, which take 4
// cycles a unit; two vectors take little longer, and three or four are bound by
// the two FMAs of a unit.
func ridgeFlow(name, doc string, d direction) Kernel {
	return Kernel{
		Name: name, File: "ridgeflow", Doc: doc, Schedule: true,
		Args: args(ptr("a", "b", "params"), count("stride"), ptr("alpha"), count("dalpha"),
			[]vm.Arg{{Name: "logdet", Kind: vm.PtrFloat64}}, count("h", "layers", "n")),
		Build: func(b *vm.Builder) {
			f := ridgeFlowBuilder{b, d}
			widths := []int{4, 2}
			if b.P.Machine.Vectors == 16 {
				widths = []int{3, 2}
			}
			unit := b.Elements(b.Arg("h"))
			b.SetArg("stride", b.IntSub(b.Elements(b.Arg("stride")), unit))
			b.SetArg("dalpha", b.Elements(b.Arg("dalpha")))
			for _, width := range widths {
				f.tiles(width, false)
			}
			f.tiles(1, true)
		},
	}
}

type ridgeFlowBuilder struct {
	*vm.Builder
	direction
}

// tiles runs tiles of width vectors as long as there are as many samples; with
// tail, of one vector or the part of it that is left.
func (b ridgeFlowBuilder) tiles(width int, tail bool) {
	step := int64(width * b.Lanes)
	least := step
	if tail {
		least = 1
	}
	top, done := b.NewLabel("tile"), b.NewLabel("tiles")
	b.Label(top)
	b.Branch(b.Arg("n"), vm.LT, least, done)
	b.tile(width, tail)
	b.SetArg("n", b.IntAddConst(b.Arg("n"), -step))
	for _, row := range []string{"a", "b"} {
		b.SetArg(row, b.IntAddConst(b.Arg(row), int64(width*b.Bytes())))
	}
	logdet := b.Arg("logdet")
	b.If(logdet, vm.NE, 0, func() {
		b.SetArg("logdet", b.IntAddConst(logdet, 8*step))
	})
	b.Jump(top)
	b.Label(done)
}

// tile takes width vectors of samples through all layers.
func (b ridgeFlowBuilder) tile(width int, tail bool) {
	load, store := b.Load, b.Store
	if tail {
		t := b.Tail(b.Arg("n"))
		load = func(a vm.Addr) vm.V { return b.LoadTail(a, t) }
		store = func(a vm.Addr, v vm.V) { b.StoreTail(a, v, t) }
	}
	vector := func(p vm.I, c int) vm.Addr { return vm.At(p).Offset(c * b.Bytes()) }
	cond, trans := b.Arg("a"), b.Arg("b")
	x := make([]vm.V, width)
	for c := range x {
		x[c] = b.Move(load(vector(cond, c)))
	}
	alpha := b.Arg("alpha")
	scale := b.Arg("params")
	unit := b.Elements(b.Arg("h"))
	shift := b.IntAddConst(b.IntAdd(b.IntAdd(scale, unit), b.IntShl(unit, 1)), int64(b.T.Bytes()))
	b.While(b.Arg("layers"), 1, func() {
		s, t := b.nets(scale, shift, unit, x)
		b.If(alpha, vm.NE, 0, func() {
			bound := b.Broadcast(vm.At(alpha))
			for c := range s {
				b.Set(s[c], b.Mul(bound, tanh(b.Builder, s[c])))
			}
			b.Advance(alpha, b.Arg("dalpha"))
		})
		for c := range x {
			b.Set(x[c], b.apply(b.Builder, load(vector(trans, c)), s[c], t[c]))
			store(vector(trans, c), x[c])
		}
		logdet := b.Arg("logdet")
		b.If(logdet, vm.NE, 0, func() {
			for c := range s {
				b.logdet(vm.At(logdet).Offset(c*8*b.Lanes), s[c], tail)
			}
		})
		swap := b.IntMove(cond)
		b.SetInt(cond, trans)
		b.SetInt(trans, swap)
		b.Advance(scale, b.Arg("stride"))
		b.Advance(shift, b.Arg("stride"))
	})
}

// nets computes both nets at x. The pointers to their weights move on by the
// units of a layer.
func (b ridgeFlowBuilder) nets(scale, shift, unit vm.I, x []vm.V) (s, t []vm.V) {
	double := b.IntShl(unit, 1)
	bias := b.IntAdd(double, unit)
	for range x {
		s = append(s, b.Broadcast(vm.At(scale, bias)))
		t = append(t, b.Broadcast(vm.At(shift, bias)))
	}
	zero := b.Zero()
	b.While(b.Arg("h"), 1, func() {
		for _, net := range []struct {
			weights vm.I
			acc     []vm.V
		}{{scale, s}, {shift, t}} {
			w1, w2 := b.Broadcast(vm.At(net.weights)), b.Broadcast(vm.At(net.weights, double))
			for c := range x {
				h := b.FMA(w1, x[c], b.Broadcast(vm.At(net.weights, unit)))
				b.FMATo(net.acc[c], w2, b.Max(zero, h))
			}
			b.AdvanceConst(net.weights, int64(b.T.Bytes()))
		}
	})
	return s, t
}

// logdet adds a vector of s to the log-determinants at an address.
func (b ridgeFlowBuilder) logdet(at vm.Addr, s vm.V, tail bool) {
	d := b.As(vm.F64)
	halves := []vm.V{s}
	if b.T == vm.F32 {
		halves = []vm.V{b.WidenLo(s), b.WidenHi(s)}
	}
	for i, s := range halves {
		place := at.Offset(i * b.Bytes())
		if !tail {
			sum := d.Move(d.Load(place))
			b.add(d, sum, s)
			d.Store(place, sum)
			continue
		}
		lanes := d.Tail(b.IntAddConst(b.Arg("n"), int64(-i*d.Lanes)))
		sum := d.Move(d.LoadTail(place, lanes))
		b.add(d, sum, s)
		d.StoreTail(place, sum, lanes)
	}
}

var ridgeFlows = []Kernel{
	ridgeFlow("RidgeFlowForward", "takes samples through all layers of a flow; see kernels.RidgeFlowForward.", forward),
	ridgeFlow("RidgeFlowInverse", "takes samples back through all layers of a flow; see kernels.RidgeFlowInverse.", inverse),
}
