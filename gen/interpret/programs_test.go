package interpret_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"pushforward/gen/vm"
)

// A body turns three vectors of inputs into the output.
type body func(b *vm.Builder, x [3]vm.V) vm.V

// operation is a body with its name, and the inputs that it is for.
type operation struct {
	name  string
	elems []vm.Elem
	ints  bool // inputs are integers of up to 31 bits
	body  body
}

var (
	both   = []vm.Elem{vm.F32, vm.F64}
	narrow = []vm.Elem{vm.F32}
	wide   = []vm.Elem{vm.F64}
)

// number is x, or 2 where x is not a number: the bits of a NaN that an
// operation makes differ from machine to machine.
func number(b *vm.Builder, x vm.V) vm.V { return b.Select(b.CmpEQ(x, x), x, b.Const(2)) }

// operations has every lane-wise instruction that each machine has, with its
// destination in the place of each source and in none of them.
func operations() (all []operation) {
	add := func(name string, elems []vm.Elem, f body) { all = append(all, operation{name, elems, false, f}) }
	for name, f := range map[string]func(b *vm.Builder, x, y vm.V) vm.V{
		"Add": (*vm.Builder).Add, "Sub": (*vm.Builder).Sub, "Mul": (*vm.Builder).Mul, "Div": (*vm.Builder).Div,
		"Max": (*vm.Builder).Max, "Min": (*vm.Builder).Min,
		"And": (*vm.Builder).And, "Or": (*vm.Builder).Or, "Xor": (*vm.Builder).Xor, "AndNot": (*vm.Builder).AndNot,
		"IAdd": (*vm.Builder).IAdd, "ISub": (*vm.Builder).ISub,
	} {
		add(name, both, func(b *vm.Builder, x [3]vm.V) vm.V { return f(b, x[0], x[1]) })
		add(name+"KeepingFirst", both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Xor(number(b, f(b, x[0], x[1])), x[0]) })
		add(name+"KeepingSecond", both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Xor(number(b, f(b, x[0], x[1])), x[1]) })
		add(name+"KeepingBoth", both, func(b *vm.Builder, x [3]vm.V) vm.V {
			return b.Xor(b.Xor(number(b, f(b, x[0], x[1])), x[1]), x[0])
		})
		add(name+"WithItself", both, func(b *vm.Builder, x [3]vm.V) vm.V { return f(b, x[0], x[0]) })
	}
	for name, f := range map[string]func(b *vm.Builder, x, y, z vm.V) vm.V{
		"FMA": (*vm.Builder).FMA, "FNMA": (*vm.Builder).FNMA,
	} {
		for keep := range 8 { // which sources live on
			add(fmt.Sprintf("%sKeeping%03b", name, keep), both, func(b *vm.Builder, x [3]vm.V) vm.V {
				y := number(b, f(b, x[0], x[1], x[2]))
				for i := range x {
					if keep>>i&1 == 1 {
						y = b.Xor(y, x[i])
					}
				}
				return y
			})
		}
	}
	add("FMAInPlaceOfAFactor", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		d := b.Move(x[0])
		b.Set(d, b.FMA(d, x[1], x[2]))
		return d
	})
	for name, f := range map[string]func(b *vm.Builder, x, y vm.V) vm.M{
		"CmpLT": (*vm.Builder).CmpLT, "CmpLE": (*vm.Builder).CmpLE, "CmpEQ": (*vm.Builder).CmpEQ, "CmpNE": (*vm.Builder).CmpNE,
		"ICmpEQ": (*vm.Builder).ICmpEQ, "ICmpGT": (*vm.Builder).ICmpGT,
	} {
		add(name, both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Select(f(b, x[0], x[1]), x[2], x[0]) })
		add(name+"Swapped", both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Select(f(b, x[1], x[0]), x[0], x[2]) })
		add(name+"Fresh", both, func(b *vm.Builder, x [3]vm.V) vm.V {
			m := f(b, x[0], x[1])
			y := b.Select(m, x[0], x[1])
			return b.Add(b.Xor(y, b.Xor(x[0], x[1])), b.AndMask(m, x[2]))
		})
	}
	add("MaskAnd", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		return b.Select(b.MaskAnd(b.CmpLT(x[0], x[1]), b.CmpLT(x[1], x[2])), x[0], x[1])
	})
	add("MaskOr", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		return b.Select(b.MaskOr(b.CmpLT(x[0], x[1]), b.CmpLT(x[1], x[2])), x[0], x[1])
	})
	add("BranchAny", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		d, skip := b.Move(x[0]), b.NewLabel("skip")
		b.BranchAny(b.CmpEQ(x[0], x[1]), skip)
		b.Set(d, x[2])
		b.Label(skip)
		return d
	})
	add("Sqrt", both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Sqrt(x[0]) })
	add("RoundEven", both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.RoundEven(x[0]) })
	add("AddWhere", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		d := b.Zero()
		b.AddWhere(d, b.CmpLT(x[0], x[1]), x[2])
		b.AddWhere(d, b.CmpLT(x[1], x[2]), x[0])
		return d
	})
	for _, n := range []int{0, 1, 13, 31} {
		add(fmt.Sprint("Shl", n), both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Shl(x[0], n) })
		add(fmt.Sprint("Shr", n), both, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Shr(x[0], n) })
		add(fmt.Sprint("Sar", n), narrow, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Sar(x[0], n) })
		add(fmt.Sprint("ShlWide", 2*n), wide, func(b *vm.Builder, x [3]vm.V) vm.V { return b.Shl(x[0], 2*n) })
	}
	add("MulU32", wide, func(b *vm.Builder, x [3]vm.V) vm.V { return b.MulU32(x[0], x[1]) })
	add("MulU32KeepingBoth", wide, func(b *vm.Builder, x [3]vm.V) vm.V {
		return b.Xor(b.Xor(b.MulU32(x[0], x[1]), x[0]), x[1])
	})
	add("MulU32WithItself", wide, func(b *vm.Builder, x [3]vm.V) vm.V { return b.MulU32(x[0], x[0]) })
	all = append(all,
		operation{"IntToFloat", narrow, true, func(b *vm.Builder, x [3]vm.V) vm.V { return b.IntToFloat(x[0]) }},
		operation{"FloatToInt", narrow, true, func(b *vm.Builder, x [3]vm.V) vm.V {
			return b.FloatToInt(b.Mul(b.IntToFloat(x[0]), b.Const(0.125)))
		}},
	)
	add("Unpack", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		return b.ISub(b.UnpackLo(x[0], x[1]), b.UnpackHi(x[1], x[2]))
	})
	add("Widen", narrow, func(b *vm.Builder, x [3]vm.V) vm.V {
		w := b.As(vm.F64)
		return number(w, w.Mul(b.WidenLo(x[0]), b.WidenHi(x[1])))
	})
	add("Fold", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		place := vm.At(b.Arg("weights"))
		b.StoreLane0(place, b.Fold(x[0], b.Lanes, b.Add))
		return b.Broadcast(place)
	})
	add("Constants", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		y := b.IAdd(b.Add(x[0], b.Const(1)), b.Iota(3))
		for i := range 40 { // more than there are registers
			y = b.FMA(y, b.Const(0.3+float64(i)), x[1])
			y = b.Max(b.Const(-0.1-float64(i)), y)
			y = b.Select(b.CmpLT(y, b.Const(1e30)), b.Const(float64(i)/32), y)
		}
		return b.ISub(number(b, b.Mul(y, b.Zero())), b.Splat(b.Arg("n")))
	})
	add("Elements", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		p := b.Arg("weights")
		e, y := b.T.Bytes(), x[0]
		for i := range 7 { // one broadcast each way, four neighbours, two
			y = b.FMA(b.Broadcast(vm.At(p).Offset(i*e)), x[1], y)
			y = b.FNMA(x[2], b.Broadcast(vm.At(p).Offset((6-i)*e)), y)
		}
		w := b.Broadcast(vm.At(p, b.Int(8)))
		return b.Add(b.Mul(b.Broadcast(vm.At(p)), y), b.Add(w, b.Mul(w, w)))
	})
	add("IntLoad", both, func(b *vm.Builder, x [3]vm.V) vm.V {
		p := b.Arg("weights") // with and without an offset and an index
		i := b.IntAdd(b.IntLoad(vm.At(p)), b.IntLoad(vm.At(p).Offset(8)))
		i = b.IntSub(b.IntShl(i, 1), b.IntLoad(vm.At(p, b.Int(16))))
		return b.IAdd(b.Splat(b.IntAdd(i, b.IntLoad(vm.At(p, b.Int(8)).Offset(16)))), x[0])
	})
	for seed := range uint64(30) {
		add(fmt.Sprint("Random", seed), both, randomBody(seed))
	}
	return all
}

// randomBody is a random sequence of operations on a few live values.
func randomBody(seed uint64) body {
	return func(b *vm.Builder, x [3]vm.V) vm.V {
		r := rand.New(rand.NewPCG(seed, 7))
		live := append([]vm.V{b.Const(0.7), b.Const(-3)}, x[:]...)
		pick := func() vm.V { return live[r.IntN(len(live))] }
		for range 80 {
			var y vm.V
			switch r.IntN(12) {
			case 0:
				y = number(b, b.Add(pick(), pick()))
			case 1:
				y = number(b, b.Sub(pick(), pick()))
			case 2:
				y = number(b, b.Mul(pick(), pick()))
			case 3, 4:
				y = number(b, b.FMA(pick(), pick(), pick()))
			case 5:
				y = number(b, b.FNMA(pick(), pick(), pick()))
			case 6:
				y = b.Max(pick(), pick())
			case 7:
				y = b.Min(pick(), pick())
			case 8:
				y = b.Select(b.CmpLE(pick(), pick()), pick(), pick())
			case 9:
				y = b.Select(b.ICmpGT(pick(), pick()), pick(), pick())
			case 10:
				y = b.Xor(pick(), b.Shr(pick(), 9))
			case 11:
				y = b.IAdd(pick(), pick())
			}
			if len(live) < 11 {
				live = append(live, y)
			} else {
				live[r.IntN(len(live))] = y
			}
		}
		y := live[0]
		for _, v := range live[1:] {
			y = b.Xor(y, v)
		}
		return y
	}
}

var arguments = []vm.Arg{
	{Name: "dst", Kind: vm.PtrT}, {Name: "a", Kind: vm.PtrT}, {Name: "b", Kind: vm.PtrT}, {Name: "c", Kind: vm.PtrT},
	{Name: "weights", Kind: vm.PtrT}, {Name: "n", Kind: vm.Count},
}

const signature = "func(dst, a, b, c, weights *byte, n int)"

// elementwise applies f to n elements, the last few by a tail.
func elementwise(name string, e vm.Elem, m *vm.Machine, f body) *vm.Program {
	b := vm.NewBuilder(strings.ToLower(name[:1])+name[1:]+fmt.Sprint(e.Bits())+m.Name, e, m, arguments)
	dst, n := b.Arg("dst"), b.Arg("n")
	var p [3]vm.I
	for i := range p {
		p[i] = b.Arg(string(rune('a' + i)))
	}
	b.While(n, int64(b.Lanes), func() {
		var x [3]vm.V
		for i := range p {
			x[i] = b.Load(vm.At(p[i]))
		}
		b.Store(vm.At(dst), f(b, x))
		b.AdvanceConst(dst, int64(b.Bytes()))
		for i := range p {
			b.AdvanceConst(p[i], int64(b.Bytes()))
		}
	})
	t := b.Tail(n)
	var x [3]vm.V
	for i := range p {
		x[i] = b.LoadTail(vm.At(p[i]), t)
	}
	b.StoreTail(vm.At(dst), f(b, x), t)
	b.Ret()
	return b.P
}
