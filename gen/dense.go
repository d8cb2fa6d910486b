package main

import "pushforward/gen/vm"

// dense is the product that a dense layer's three passes share:
//
//	for o := range out {
//		for i := range n {
//			acc := b[o] (0 where b is nil; y[o*ldy+i] where accumulate is set)
//			for k := range in {
//				acc = fma(w[o*wo+k*wk], x[k*ldx+i], acc)
//			}
//			y[o*ldy+i] = acc (ReLU of it where relu is set)
//		}
//	}
//
// Lanes are samples i. A tile of outputs and vectors stays in registers while
// k runs, so each result is one chain of FMAs in increasing k. The strides of
// w make it serve w (wo = in, wk = 1) and its transpose (wo = 1, wk = in).
var dense = Kernel{
	Name: "Dense", File: "dense",
	Doc:   "computes y[o][i] = act(b[o] + Σ_k w[o*wo+k*wk] x[k][i]), strides in elements.",
	Args:  args(ptr("y"), count("ldy"), ptr("x"), count("ldx"), ptr("w"), count("wo", "wk"), ptr("b"), count("out", "in", "n", "accumulate", "relu")),
	Build: func(b *vm.Builder) { denseBuilder{b}.samples(tilesOf(b.P.Machine)) },
}

type denseBuilder struct{ *vm.Builder }

// samples runs over the samples, the widest tile first. The vectors of x that a
// tile reads stay in the first-level cache while all outputs pass; w comes from
// the second, four elements for each row of x. Arguments serve as variables.
func (b denseBuilder) samples(tiles []tile) {
	for i, t := range tiles {
		columns := t.columns
		full := int64(columns * b.Lanes)
		top, done := b.NewLabel("columns"), b.NewLabel("narrower")
		b.Label(top)
		n := b.Arg("n")
		b.Branch(n, vm.LT, full, done)
		if i == 0 && columns == 3 {
			// Four vectors are better cut 2 + 2 than 3 + 1.
			b.Branch(n, vm.EQ, int64(4*b.Lanes), done)
		}
		b.outputs(t, nil)
		b.SetArg("n", b.IntAddConst(b.Arg("n"), -full))
		for _, p := range []string{"x", "y"} {
			b.SetArg(p, b.IntAddConst(b.Arg(p), int64(columns*b.Bytes())))
		}
		b.Jump(top)
		b.Label(done)
	}
	n := b.Arg("n")
	b.If(n, vm.GT, 0, func() {
		t := b.Tail(n)
		b.outputs(tiles[len(tiles)-1], &t)
	})
}

// outputs runs over all outputs for some vectors of samples.
func (b denseBuilder) outputs(t tile, tail *vm.Tail) {
	out, y, w, bias := b.Arg("out"), b.Arg("y"), b.Arg("w"), b.Arg("b")
	for _, r := range t.rows {
		b.While(out, int64(r), func() {
			b.tile(r, t.columns, y, w, bias, tail)
			for _, move := range []struct {
				pointer vm.I
				stride  string
			}{{y, "ldy"}, {w, "wo"}} {
				by := b.Elements(b.Arg(move.stride))
				for range r {
					b.Advance(move.pointer, by)
				}
			}
			b.If(bias, vm.NE, 0, func() { b.AdvanceConst(bias, int64(r*b.T.Bytes())) })
		})
	}
}

// tile computes rows × columns vectors of y, from the row of w and the biases at
// the given places.
func (b denseBuilder) tile(rows, columns int, y, first, bias vm.I, tail *vm.Tail) {
	acc := make([][]vm.V, rows)
	for r := range acc {
		acc[r] = make([]vm.V, columns)
		for c := range acc[r] {
			acc[r][c] = b.NewVector()
		}
	}
	at := func(p vm.I, c int) vm.Addr { return vm.At(p).Offset(c * b.Bytes()) }
	load := func(a vm.Addr) vm.V {
		if tail != nil {
			return b.LoadTail(a, *tail)
		}
		return b.Load(a)
	}
	eachRow := func(f func(r int, row vm.I)) {
		ldy, row := b.Elements(b.Arg("ldy")), b.IntMove(y)
		for r := range rows {
			f(r, row)
			if r < rows-1 {
				b.Advance(row, ldy)
			}
		}
	}

	// Where the chains start.
	fresh, ready := b.NewLabel("fresh"), b.NewLabel("ready")
	b.Branch(b.Arg("accumulate"), vm.EQ, 0, fresh)
	eachRow(func(r int, row vm.I) {
		for c := range columns {
			b.Set(acc[r][c], load(at(row, c)))
		}
	})
	b.Jump(ready)
	b.Label(fresh)
	for r := range rows {
		for c := range columns {
			b.SetZero(acc[r][c])
		}
	}
	b.If(bias, vm.NE, 0, func() {
		for r := range rows {
			v := b.Broadcast(vm.At(bias).Offset(r * b.T.Bytes()))
			for c := range columns {
				b.Set(acc[r][c], v)
			}
		}
	})
	b.Label(ready)

	// The chains.
	const bases = 4 // rows share base registers: row r+4 has another index
	w := make([]vm.I, min(rows, bases))
	w[0] = first
	wo := b.Elements(b.Arg("wo"))
	for r := 1; r < len(w); r++ {
		w[r] = b.IntAdd(w[r-1], wo)
	}
	index := []vm.I{b.Int(0)}
	for r := bases; r < rows; r += bases {
		index = append(index, b.IntAdd(index[len(index)-1], b.IntShl(wo, 2)))
	}
	wk := b.Elements(b.Arg("wk"))
	ldx, xk := b.Elements(b.Arg("ldx")), b.Arg("x")
	in := b.Arg("in")
	b.While(in, 1, func() {
		xs := make([]vm.V, columns)
		for c := range xs {
			xs[c] = load(at(xk, c))
		}
		for r := range rows {
			v := b.Broadcast(vm.At(w[r%bases], index[r/bases]))
			for c := range columns {
				b.FMATo(acc[r][c], v, xs[c])
			}
		}
		b.Advance(xk, ldx)
		for _, k := range index {
			b.Advance(k, wk)
		}
	})

	// Activation and store.
	b.If(b.Arg("relu"), vm.NE, 0, func() {
		zero := b.Zero()
		for r := range rows {
			for c := range columns {
				b.Set(acc[r][c], b.Max(zero, acc[r][c]))
			}
		}
	})
	eachRow(func(r int, row vm.I) {
		for c := range columns {
			if tail != nil {
				b.StoreTail(at(row, c), acc[r][c], *tail)
			} else {
				b.Store(at(row, c), acc[r][c])
			}
		}
	})
}
