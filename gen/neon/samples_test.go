package neon

import (
	"math"
	"math/rand/v2"
)

// perOp is the number of random encodings of each instruction.
const perOp = 300

// draw is a source of random operands.
type draw struct{ *rand.Rand }

func (r draw) v() V               { return V(r.IntN(32)) }
func (r draw) r() R               { return R(r.IntN(18)) }
func (r draw) address() R         { return []R{r.r(), R(19 + r.IntN(7)), RSP}[r.IntN(3)] }
func (r draw) arr(from []Arr) Arr { return from[r.IntN(len(from))] }
func (r draw) lane(a Arr) int     { return r.IntN(128 / a.Width()) }
func (r draw) width() Width       { return []Width{Single, Double, Quad}[r.IntN(3)] }

// offset is one that a load or store of width w takes.
func (r draw) offset(w Width) int {
	if r.IntN(2) == 0 {
		return r.IntN(512) - 256
	}
	return r.IntN(4096) * int(w)
}

// otherThan is a register other than v.
func (r draw) otherThan(v V) V { return (v + 1 + V(r.IntN(31))) % 32 }

// samples returns random encodings of every instruction of the package.
func samples() []Inst {
	r := draw{rand.New(rand.NewPCG(1, 2))}
	var all []Inst
	each := func(f func() Inst) {
		for range perOp {
			all = append(all, f())
		}
	}
	for _, o := range threes {
		each(func() Inst { return o.Inst(r.arr(o.arrs), r.v(), r.v(), r.v()) })
	}
	for _, o := range twos {
		each(func() Inst { return o.Inst(r.arr(o.arrs), r.v(), r.v()) })
	}
	for _, o := range resizes {
		each(func() Inst {
			if o.binary {
				return o.Inst2(r.v(), r.v(), r.v())
			}
			return o.Inst(r.v(), r.v())
		})
	}
	for _, o := range shifts {
		each(func() Inst {
			a := r.arr(lanes)
			count := r.IntN(a.Width())
			if !o.left {
				count++
			}
			return o.Inst(a, r.v(), r.v(), count)
		})
	}
	for _, o := range byElements {
		each(func() Inst { a := r.arr(lanes); return o.Inst(a, r.v(), r.v(), r.v(), r.lane(a)) })
	}
	for _, f := range []func() Inst{
		func() Inst { return MOV(r.arr(bytewise), r.v(), r.v()) },
		func() Inst { a := r.arr(lanes); return DUP(a, r.v(), r.v(), r.lane(a)) },
		func() Inst { return DUPGeneral(r.arr(lanes), r.v(), r.r()) },
		func() Inst { a := r.arr(lanes); return INS(a, r.v(), r.lane(a), r.v(), r.lane(a)) },
		func() Inst { a := r.arr(lanes); return INSGeneral(a, r.v(), r.lane(a), r.r()) },
		func() Inst { a := r.arr(lanes); return UMOV(a, r.r(), r.v(), r.lane(a)) },
		func() Inst { return UMULLElement(r.v(), r.v(), r.v(), r.lane(S4)) },
		func() Inst { return UMAXV(r.v(), r.v()) },
		func() Inst { return EXT(r.v(), r.v(), r.v(), r.IntN(16)) },
		func() Inst { return ZERO(r.v()) },
		func() Inst {
			c := math.Ldexp(float64(16+r.IntN(16))/16, r.IntN(8)-3) * float64(1-2*r.IntN(2))
			i, ok := FMOVConst(r.arr(lanes), r.v(), c)
			if !ok {
				panic("no constant")
			}
			return i
		},
		func() Inst { w := r.width(); return LDR(w, r.v(), r.address(), r.offset(w)) },
		func() Inst { w := r.width(); return STR(w, r.v(), r.address(), r.offset(w)) },
		func() Inst { return LDRIndex(r.width(), r.v(), r.address(), r.r(), r.IntN(2) == 0) },
		func() Inst { return STRIndex(r.width(), r.v(), r.address(), r.r(), r.IntN(2) == 0) },
		func() Inst { t := r.v(); return LDP(t, r.otherThan(t), r.address(), 16*(r.IntN(128)-64)) },
		func() Inst { return STP(r.v(), r.v(), r.address(), 16*(r.IntN(128)-64)) },
		func() Inst { return LD1R(r.arr(lanes), r.v(), r.address()) },
		func() Inst { return LD1(r.arr(lanes), r.v(), 1+r.IntN(4), r.address()) },
		func() Inst { return ST1(r.arr(lanes), r.v(), 1+r.IntN(4), r.address()) },
		func() Inst { a := r.arr(lanes); return LD1Lane(a, r.v(), r.lane(a), r.address()) },
		func() Inst { a := r.arr(lanes); return ST1Lane(a, r.v(), r.lane(a), r.address()) },
	} {
		each(f)
	}
	return all
}
