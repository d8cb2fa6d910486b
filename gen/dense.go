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
	Doc:  "computes y[o][i] = act(b[o] + Σ_k w[o*wo+k*wk] x[k][i]), strides in elements.",
	Args: args(ptr("y"), count("ldy"), ptr("x"), count("ldx"), ptr("w"), count("wo", "wk"), ptr("b"), count("out", "in", "n", "accumulate", "relu")),
	Build: func(b *vm.Builder) {
		d := denseBuilder{b}
		t := tileOf(b.P.Machine)
		few, done := b.NewLabel("few"), b.NewLabel("end")
		b.Branch(b.Arg("n"), vm.LE, int64(b.Lanes), few)
		d.strips(t.rows, t.widths)
		d.strips(1, t.widths)
		b.Jump(done)
		b.Label(few)
		d.strips(fewRows, []int{1})
		d.strips(1, []int{1})
		b.Label(done)
	},
}

type denseBuilder struct{ *vm.Builder }

// strips runs over the outputs, rows at a time, as long as that many are
// left. Arguments serve as the outer loop's variables.
func (b denseBuilder) strips(rows int, widths []int) {
	top, done := b.NewLabel("strip"), b.NewLabel("stripped")
	b.Label(top)
	out := b.Arg("out")
	b.Branch(out, vm.LT, int64(rows), done)
	b.SetArg("out", b.IntAddConst(out, int64(-rows)))

	b.strip(rows, widths)

	advance := func(pointer, stride string) {
		by := b.Elements(b.Arg(stride))
		p := b.Arg(pointer)
		for range rows {
			b.Advance(p, by)
		}
		b.SetArg(pointer, p)
	}
	advance("y", "ldy")
	advance("w", "wo")
	bias := b.Arg("b")
	b.If(bias, vm.NE, 0, func() {
		b.SetArg("b", b.IntAddConst(bias, int64(rows*b.T.Bytes())))
	})
	b.Jump(top)
	b.Label(done)
}

// strip computes all samples of rows outputs, the widest tile first.
func (b denseBuilder) strip(rows int, widths []int) {
	n, x, y := b.Arg("n"), b.Arg("x"), b.Arg("y")
	for i, columns := range widths {
		full := int64(columns * b.Lanes)
		body := func() {
			b.tile(rows, columns, x, y, nil)
			b.AdvanceConst(x, int64(columns*b.Bytes()))
			b.AdvanceConst(y, int64(columns*b.Bytes()))
		}
		if i == 0 && columns == 3 {
			// Four vectors are better cut 2 + 2 than 3 + 1.
			top, done := b.NewLabel("wide"), b.NewLabel("narrow")
			b.Label(top)
			b.Branch(n, vm.LT, full, done)
			b.Branch(n, vm.EQ, int64(4*b.Lanes), done)
			body()
			b.AdvanceConst(n, -full)
			b.Jump(top)
			b.Label(done)
			continue
		}
		b.While(n, full, body)
	}
	b.If(n, vm.GT, 0, func() {
		t := b.Tail(n)
		b.tile(rows, 1, x, y, &t)
	})
}

// tile computes rows × columns vectors of y at the given places.
func (b denseBuilder) tile(rows, columns int, x, y vm.I, tail *vm.Tail) {
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
	bias := b.Arg("b")
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
	w[0] = b.Arg("w")
	wo := b.Elements(b.Arg("wo"))
	for r := 1; r < len(w); r++ {
		w[r] = b.IntAdd(w[r-1], wo)
	}
	index := []vm.I{b.Int(0)}
	for r := bases; r < rows; r += bases {
		index = append(index, b.IntAdd(index[len(index)-1], b.IntShl(wo, 2)))
	}
	wk := b.Elements(b.Arg("wk"))
	ldx, xk := b.Elements(b.Arg("ldx")), b.IntMove(x)
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
