package main

import "pushforward/gen/vm"

// corrections makes the kernels that meet constraints on the distances of atoms
// by sweeps over a table, each lane of a vector being a replica:
//
//	for i := range n {
//		for sweep := range limit {
//			for each constraint {
//				correct y where it is violated
//			}
//			leave where nothing was corrected; sweeps[i]++
//		}
//	}
//
// A vector goes on until all of its lanes have left; those that have already are
// not touched, for nothing is violated in them. Panels y, which changes, and z,
// which does not, share a stride.
func corrections(name, doc string, rule correction) Kernel {
	return Kernel{
		Name: name, File: "constraints", Doc: doc,
		Args: args(ptr("y", "z"), count("ld"), []vm.Arg{{Name: "atoms", Kind: vm.PtrInt}}, ptr("params"), count("constraints"),
			[]vm.Arg{{Name: "tolerance", Kind: vm.Scalar}}, count("limit"), ptr("sweeps"), count("n")),
		Build: func(b *vm.Builder) {
			c := correcting{b, rule}
			done := b.NewLabel("done")
			// Two vectors side by side, as one waits for itself most of the time.
			for _, vectors := range []int{2, 1} {
				again, fewer := b.NewLabel("lanes"), b.NewLabel("fewer")
				b.Label(again)
				n := b.Arg("n")
				b.Branch(n, vm.LT, int64(vectors*b.Lanes), fewer)
				b.SetArg("n", b.IntAddConst(n, int64(-vectors*b.Lanes)))
				c.lanes(vectors, nil)
				for _, name := range []string{"y", "z", "sweeps"} {
					b.SetArg(name, b.IntAddConst(b.Arg(name), int64(vectors*b.Bytes())))
				}
				b.Jump(again)
				b.Label(fewer)
			}
			n := b.Arg("n")
			b.Branch(n, vm.LE, 0, done)
			c.lanes(1, &n)
			b.Label(done)
		},
	}
}

// correction is what is done to one constraint. y and z are the differences of
// its atoms' vectors; measure gives how much it is violated, step how far the atoms
// move along z.
type correction struct {
	measure func(b *vm.Builder, y, z [3]vm.V, squared vm.V) vm.V
	step    func(b *vm.Builder, y, z [3]vm.V, violation vm.V) (far vm.V)
	// late: z takes no part in the measure.
	late bool
}

type correcting struct {
	*vm.Builder
	correction
}

// lanes corrects some vectors of replicas, or the last count of them.
func (b correcting) lanes(vectors int, count *vm.I) {
	load, store := b.Load, b.Store
	if count != nil {
		tail := b.Tail(*count)
		load = func(a vm.Addr) vm.V { return b.LoadTail(a, tail) }
		store = func(a vm.Addr, v vm.V) { b.StoreTail(a, v, tail) }
	}
	// Rows of the three coordinates are ld apart.
	ld := b.Elements(b.Arg("ld"))
	twice := b.IntAdd(ld, ld)
	row := func(p vm.I, c, v int) vm.Addr {
		a := []vm.Addr{vm.At(p), vm.At(p, ld), vm.At(p, twice)}[c]
		return a.Offset(v * b.Bytes())
	}
	difference := func(p, q vm.I, v int) (r [3]vm.V) {
		for c := range r {
			r[c] = b.Sub(load(row(p, c, v)), load(row(q, c, v)))
		}
		return r
	}
	y, z := b.Arg("y"), b.Arg("z")
	left := b.Arg("limit")
	moved := make([]vm.V, vectors)
	for v := range moved {
		moved[v] = b.NewVector()
	}

	sweep, end := b.NewLabel("sweep"), b.NewLabel("swept")
	b.Label(sweep)
	b.Branch(left, vm.LE, 0, end)
	b.AdvanceConst(left, -1)
	for v := range moved {
		b.SetZero(moved[v])
	}
	atoms, params := b.Arg("atoms"), b.Arg("params")
	b.While(b.Arg("constraints"), 1, func() {
		triple := b.IntAdd(ld, twice)
		i, j := b.IntMul(b.IntLoad(vm.At(atoms)), triple), b.IntMul(b.IntLoad(vm.At(atoms).Offset(8)), triple)
		yi, yj := b.IntAdd(y, i), b.IntAdd(y, j)
		zi, zj := b.IntAdd(z, i), b.IntAdd(z, j)
		squared := b.Broadcast(vm.At(params))
		bound := b.Mul(b.Broadcast(b.ArgAddr("tolerance")), squared)
		dy, dz := make([][3]vm.V, vectors), make([][3]vm.V, vectors)
		violation, violated := make([]vm.V, vectors), make([]vm.M, vectors)
		for v := range vectors {
			dy[v] = difference(yi, yj, v)
			if !b.late {
				dz[v] = difference(zi, zj, v)
			}
			violation[v] = b.measure(b.Builder, dy[v], dz[v], squared)
			violated[v] = b.CmpLT(bound, b.And(violation[v], b.Bits(1<<(b.T.Bits()-1)-1)))
			if count != nil {
				violated[v] = b.MaskAnd(violated[v], b.ICmpGT(b.Splat(*count), b.Iota(1)))
			}
		}
		correct, next := b.NewLabel("correct"), b.NewLabel("next")
		any := violated[0]
		for _, m := range violated[1:] {
			any = b.MaskOr(any, m)
		}
		b.BranchAny(any, correct)
		b.Jump(next)
		b.Label(correct)
		far := make([]vm.V, vectors)
		for v := range vectors {
			if b.late {
				dz[v] = difference(zi, zj, v)
			}
			far[v] = b.step(b.Builder, dy[v], dz[v], violation[v])
			b.Set(moved[v], b.Or(moved[v], b.AndMask(violated[v], b.Const(1))))
		}
		for a, p := range []vm.I{yi, yj} {
			share := b.Broadcast(vm.At(params).Offset((1 + a) * b.T.Bytes()))
			for v := range vectors {
				s := b.Mul(far[v], share)
				for c := range 3 {
					old := load(row(p, c, v))
					add := b.FMA
					if a == 1 {
						add = b.FNMA
					}
					store(row(p, c, v), b.Select(violated[v], add(s, dz[v][c], old), old))
				}
			}
		}
		b.Label(next)
		b.AdvanceConst(atoms, 16)
		b.AdvanceConst(params, int64(3*b.T.Bytes()))
	})
	sweeps := b.Arg("sweeps")
	all := moved[0]
	for v, m := range moved {
		a := vm.At(sweeps).Offset(v * b.Bytes())
		store(a, b.Add(load(a), m))
		if v > 0 {
			all = b.Or(all, m)
		}
	}
	b.BranchAny(b.CmpLT(b.Zero(), all), sweep)
	b.Label(end)
}

// dot is a·b, one rounding a term.
func dot(b *vm.Builder, x, y [3]vm.V) vm.V {
	return b.FMA(x[2], y[2], b.FMA(x[1], y[1], b.Mul(x[0], y[0])))
}

// shake moves the atoms along their difference before the step (z), so that the
// squared distance changes by what it lacks, to first order.
var shake = correction{
	measure: func(b *vm.Builder, y, _ [3]vm.V, squared vm.V) vm.V { return b.Sub(squared, dot(b, y, y)) },
	step: func(b *vm.Builder, y, z [3]vm.V, lack vm.V) vm.V {
		return b.Div(b.Mul(b.Const(0.5), lack), dot(b, y, z))
	},
	late: true,
}

// rattle takes from the velocities (y) what lies along the difference of the
// positions (z).
var rattle = correction{
	measure: func(b *vm.Builder, y, z [3]vm.V, _ vm.V) vm.V { return dot(b, y, z) },
	step: func(b *vm.Builder, _, z [3]vm.V, rate vm.V) vm.V {
		return b.Div(negate(b, rate), dot(b, z, z))
	},
}

// addScaledRows is y[r] = fma(s[r], x[r], y[r]).
var addScaledRows = Kernel{
	Name: "AddScaledRows", File: "steps",
	Doc:  "computes y[r][i] = fma(s[r], x[r][i], y[r][i]) for rows of n elements.",
	Args: args(ptr("y"), count("ldy"), ptr("x"), count("ldx"), ptr("s"), count("rows", "n")),
	Build: func(b *vm.Builder) {
		eachRow(b, map[string]string{"y": "ldy", "x": "ldx"}, func() {
			s := b.Broadcast(vm.At(b.Arg("s")))
			elementwise(b, []string{"y"}, []string{"x", "y"}, func(x []vm.V) []vm.V {
				return []vm.V{b.FMA(s, x[0], x[1])}
			})
			b.SetArg("s", b.IntAddConst(b.Arg("s"), int64(b.T.Bytes())))
		})
	},
}

// addScaledDifferences is v = fma(s, x - y, v).
var addScaledDifferences = Kernel{
	Name: "AddScaledDifferences", File: "steps",
	Doc:  "computes v[r][i] = fma(s, x[r][i] - y[r][i], v[r][i]) for rows of n elements, ld apart.",
	Args: args(ptr("v", "x", "y"), count("ld"), []vm.Arg{{Name: "s", Kind: vm.Scalar}}, count("rows", "n")),
	Build: func(b *vm.Builder) {
		s := b.Broadcast(b.ArgAddr("s"))
		eachRow(b, map[string]string{"v": "ld", "x": "ld", "y": "ld"}, func() {
			elementwise(b, []string{"v"}, []string{"v", "x", "y"}, func(x []vm.V) []vm.V {
				return []vm.V{b.FMA(s, b.Sub(x[1], x[2]), x[0])}
			})
		})
	},
}

// thermalDrift is half a drift, the exact Ornstein–Uhlenbeck step of the
// velocities, and the other half, in one pass.
var thermalDrift = Kernel{
	Name: "ThermalDrift", File: "steps",
	Doc: "makes half a drift, an Ornstein–Uhlenbeck step and half a drift; see kernels.ThermalDrift.",
	Args: args(ptr("y", "x", "v", "xi"), count("ld"), []vm.Arg{{Name: "half", Kind: vm.Scalar}, {Name: "decay", Kind: vm.Scalar}},
		ptr("noise"), count("rows", "n")),
	Build: func(b *vm.Builder) {
		half, decay := b.Broadcast(b.ArgAddr("half")), b.Broadcast(b.ArgAddr("decay"))
		eachRow(b, map[string]string{"y": "ld", "x": "ld", "v": "ld", "xi": "ld"}, func() {
			noise := b.Broadcast(vm.At(b.Arg("noise")))
			elementwise(b, []string{"y", "v"}, []string{"x", "v", "xi"}, func(x []vm.V) []vm.V {
				middle := b.FMA(half, x[1], x[0])
				v := b.FMA(noise, x[2], b.Mul(decay, x[1]))
				return []vm.V{b.FMA(half, v, middle), v}
			})
			b.SetArg("noise", b.IntAddConst(b.Arg("noise"), int64(b.T.Bytes())))
		})
	},
}

// finiteColumns tells the columns of a panel that hold nothing but finite
// numbers. Several vectors run side by side, for each waits for its own sum.
var finiteColumns = Kernel{
	Name: "FiniteColumns", File: "steps",
	Doc:  "writes +0 to dst[i] where all elements of column i are finite, NaN elsewhere.",
	Args: args(ptr("dst", "x"), count("ld", "rows", "n")),
	Build: func(b *vm.Builder) {
		dst, x, n := b.Arg("dst"), b.Arg("x"), b.Arg("n")
		ld := b.Elements(b.Arg("ld"))
		columns := func(vectors int, tail *vm.Tail) {
			sum := make([]vm.V, vectors)
			for v := range sum {
				sum[v] = b.Zero()
			}
			p := b.IntMove(x)
			b.While(b.Arg("rows"), 1, func() {
				for v := range sum {
					a := vm.At(p).Offset(v * b.Bytes())
					if tail != nil {
						b.FMATo(sum[v], b.LoadTail(a, *tail), b.Bits(0))
					} else {
						b.FMATo(sum[v], b.Load(a), b.Bits(0))
					}
				}
				b.Advance(p, ld)
			})
			for v := range sum {
				a := vm.At(dst).Offset(v * b.Bytes())
				if tail != nil {
					b.StoreTail(a, sum[v], *tail)
				} else {
					b.Store(a, sum[v])
				}
			}
			b.AdvanceConst(x, int64(vectors*b.Bytes()))
			b.AdvanceConst(dst, int64(vectors*b.Bytes()))
		}
		b.While(n, int64(4*b.Lanes), func() { columns(4, nil) })
		b.While(n, int64(b.Lanes), func() { columns(1, nil) })
		b.If(n, vm.GT, 0, func() {
			t := b.Tail(n)
			columns(1, &t)
		})
	},
}

// constraints are the kernels of constraints and of steps in time.
var constraints = []Kernel{
	corrections("Constrain", "moves the atoms y of replicas along their distances in z until constraints hold; see kernels.Constrain.", shake),
	corrections("ConstrainVelocities", "takes from velocities y what would change distances of atoms z; see kernels.ConstrainVelocities.", rattle),
	addScaledRows, addScaledDifferences, thermalDrift, finiteColumns,
}
