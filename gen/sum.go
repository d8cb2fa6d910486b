package main

import "pushforward/gen/vm"

// virtualLanes is the number of lanes that a sum over samples runs in on every
// machine: lane l takes the elements l, l+64, …; then the upper half of the
// lanes is added to the lower, 32, 16, 8, 4, 2, 1.
const virtualLanes = 64

// rowSums adds to dst[r] the sum of row r of x. Elements beyond the row count
// as +0, which changes no lane: a sum that starts at +0 is never -0.
var rowSums = Kernel{
	Name: "RowSums", File: "sum",
	Doc:  "adds to dst[r] the sum of row r of x, n elements, in 64 virtual lanes.",
	Args: args(ptr("dst", "x"), count("ld", "rows", "n")),
	Build: func(b *vm.Builder) {
		dst, x, ld := b.Arg("dst"), b.Arg("x"), b.Elements(b.Arg("ld"))
		b.While(b.Arg("rows"), 1, func() {
			sum := rowSum(b, []vm.I{x}, func(v []vm.V) vm.V { return v[0] })
			b.StoreLane0(vm.At(dst), b.Add(b.Broadcast(vm.At(dst)), sum))
			b.Advance(x, ld)
			b.AdvanceConst(dst, int64(b.T.Bytes()))
		})
	},
}

// rowSum is the sum of f over the n elements at each of x, in lane 0. f must
// make +0 of zeros: those are what it gets beyond the end.
func rowSum(b *vm.Builder, x []vm.I, f func(x []vm.V) vm.V) vm.V {
	return virtualSum(b, x, 3, f, func(count vm.I, v vm.V) vm.V { return v })
}

// rowSumExp is rowSum for exponentials: beyond the end, +0 is added.
func rowSumExp(b *vm.Builder, x []vm.I, f func(x []vm.V) vm.V) vm.V {
	return virtualSum(b, x, 6, f, func(count vm.I, v vm.V) vm.V {
		return b.AndMask(b.ICmpGT(b.Splat(count), b.Iota(1)), v)
	})
}

// virtualSum adds in virtual lanes; last takes a vector of which count lanes
// exist to what is added. f works in as many registers as work says. Where the
// lanes do not fit beside them, the row is read in several passes, each for
// some of the first fold's pairs of vectors.
func virtualSum(b *vm.Builder, x []vm.I, work int, f func(x []vm.V) vm.V, last func(count vm.I, v vm.V) vm.V) vm.V {
	pairs := virtualLanes / b.Lanes / 2
	passes := 1
	for pairs+pairs/passes+work > b.P.Machine.Vectors {
		passes *= 2
	}
	var folded []vm.V
	for pass := range passes {
		var which []int // vectors of this pass: lower halves of pairs, then upper
		for _, half := range []int{0, pairs} {
			for i := range pairs / passes {
				which = append(which, half+pass*pairs/passes+i)
			}
		}
		acc := make([]vm.V, len(which))
		for i := range acc {
			acc[i] = b.Zero()
		}
		p := make([]vm.I, len(x))
		for i := range p {
			p[i] = b.IntMove(x[i])
		}
		term := func(v int, load func(vm.Addr) vm.V) vm.V {
			var values []vm.V
			for _, q := range p {
				values = append(values, load(vm.At(q).Offset(v*b.Bytes())))
			}
			return f(values)
		}
		n := b.Arg("n")
		b.While(n, virtualLanes, func() {
			for i, v := range which {
				b.AddTo(acc[i], term(v, b.Load))
			}
			for _, q := range p {
				b.AdvanceConst(q, virtualLanes*int64(b.T.Bytes()))
			}
		})
		b.If(n, vm.GT, 0, func() {
			for i, v := range which {
				count := b.IntAddConst(n, int64(-v*b.Lanes))
				t := b.Tail(count)
				b.AddTo(acc[i], last(count, term(v, func(a vm.Addr) vm.V { return b.LoadTail(a, t) })))
			}
		})
		for i := range len(acc) / 2 {
			folded = append(folded, b.Add(acc[i], acc[i+len(acc)/2]))
		}
	}
	return foldLanes(b, folded)
}

// foldLanes adds virtual lanes, which fill the vectors of acc, as a tree: the
// upper half of them to the lower, until lane 0 of one vector holds the sum.
func foldLanes(b *vm.Builder, acc []vm.V) vm.V {
	for h := len(acc) / 2; h > 0; h /= 2 {
		for v := range h {
			acc[v] = b.Add(acc[v], acc[v+h])
		}
	}
	return b.Fold(acc[0], b.Lanes, b.Add)
}

// addSquares is lane by lane acc[i%64] = fma(x[i], x[i], acc[i%64]) in float64.
var addSquares = Kernel{
	Name: "AddSquares", File: "sum",
	Doc:  "adds the squares of n elements of x to the 64 virtual lanes of acc, acc[i%64] = fma(x[i], x[i], acc[i%64]).",
	Args: args([]vm.Arg{{Name: "acc", Kind: vm.PtrFloat64}}, ptr("x"), count("n")),
	Build: func(b *vm.Builder) {
		const group = 8 // accumulators at a time
		d := b.As(vm.F64)
		for first := 0; first < virtualLanes; first += group * d.Lanes {
			pacc := b.Arg("acc")
			place := func(i int) vm.Addr { return vm.At(pacc).Offset(8 * (first + i*d.Lanes)) }
			acc := make([]vm.V, group)
			for i := range acc {
				acc[i] = d.Move(d.Load(place(i)))
			}
			p, n := b.Arg("x"), b.Arg("n")
			add := func(load func(offset int) vm.V) {
				for i := 0; i < group; i += b.Lanes / d.Lanes {
					v := load(first + i*d.Lanes)
					if b.T == vm.F64 {
						d.FMATo(acc[i], v, v)
						continue
					}
					lo, hi := b.WidenLo(v), b.WidenHi(v)
					d.FMATo(acc[i], lo, lo)
					d.FMATo(acc[i+1], hi, hi)
				}
			}
			at := func(i int) vm.Addr { return vm.At(p).Offset(i * b.T.Bytes()) }
			b.While(n, virtualLanes, func() {
				add(func(i int) vm.V { return b.Load(at(i)) })
				b.AdvanceConst(p, virtualLanes*int64(b.T.Bytes()))
			})
			b.If(n, vm.GT, 0, func() {
				add(func(i int) vm.V { return b.LoadTail(at(i), b.Tail(b.IntAddConst(n, int64(-i)))) })
			})
			for i := range acc {
				d.Store(place(i), acc[i])
			}
		}
	},
}
