package vm

import (
	"fmt"
	"math"
)

// Builder records a kernel's instructions. Its methods are the vector machine.
type Builder struct {
	P      *Program
	T      Elem // elements of the methods below, F32 or F64
	Lanes  int  // of T in a vector
	labels *int
	consts map[Constant]Reg
}

// V, M and I are a vector, a mask and an integer.
type (
	V struct{ Reg }
	M struct{ Reg }
	I struct{ Reg }
)

// Tail says which lanes of a last, partial vector exist.
type Tail struct{ Reg }

// NewBuilder starts a program.
func NewBuilder(name string, e Elem, m *Machine, args []Arg) *Builder {
	for _, a := range args {
		if a.Name == "g" {
			panic("vm: " + name + ": Go's assembler takes g for a register, not for an argument")
		}
	}
	return &Builder{
		P: &Program{Name: name, Elem: e, Machine: m, Args: args},
		T: e, Lanes: m.Lanes(e), labels: new(int), consts: map[Constant]Reg{},
	}
}

// As is the same builder with other elements: float64 accumulators in a
// float32 kernel, or the 64-bit lanes of the random number generator.
func (b *Builder) As(e Elem) *Builder {
	c := *b
	c.T, c.Lanes = e, b.P.Machine.Lanes(e)
	return &c
}

// Bytes is the width of a vector.
func (b *Builder) Bytes() int { return b.P.Machine.Bytes }

func (b *Builder) reg(c Class) Reg { return b.P.NewRegister(c) }

func (b *Builder) emit(in Instr) {
	in.Elem = b.T
	b.P.Code = append(b.P.Code, in)
}

func (b *Builder) vec(op Op, src ...Reg) V {
	d := b.reg(Vector)
	b.into(op, d, src...)
	return V{d}
}

func (b *Builder) into(op Op, d Reg, src ...Reg) {
	in := Instr{Op: op, Dst: d}
	copy(in.Src[:], src)
	b.emit(in)
}

func (b *Builder) mask(op Op, src ...Reg) M {
	d := b.reg(Mask)
	b.into(op, d, src...)
	return M{d}
}

// Scale is p * 2^n rounded once, for an integral n and a p so near 1 that p * 2^(n/2)
// is a normal number. t is n + 1.5·2^23 (2^52 for float64), as the usual way of
// rounding to integers leaves it: n is in its low bits. Machines without an
// instruction for it multiply twice, by powers of two of which the first
// product is exact.
func (b *Builder) Scale(p, n, t V) V {
	if b.P.Machine.Scales {
		return b.vec(ScaleBy, p.Reg, n.Reg)
	}
	if b.T == F32 {
		one := b.Bits(127)
		k := b.ISub(t, b.Const(0x1.8p23))
		h := b.Sar(k, 1)
		p = b.Mul(p, b.Shl(b.IAdd(h, one), 23))
		return b.Mul(p, b.Shl(b.IAdd(b.ISub(k, h), one), 23))
	}
	// There is no arithmetic shift of 64 bits, but n + 2^11 is positive. Its
	// halves exceed n's by 2^10, which is one more than the exponent's bias.
	one := b.Bits(1)
	k := b.ISub(t, b.Bits(math.Float64bits(0x1.8p52)-1<<11))
	h := b.Shr(k, 1)
	p = b.Mul(p, b.Shl(b.ISub(h, one), 52))
	return b.Mul(p, b.Shl(b.ISub(b.ISub(k, h), one), 52))
}

// Exponent and Mantissa take a number apart, where the machine Decomposes; their
// meaning stands at the Op constants.
func (b *Builder) Exponent(x V) V { return b.vec(Exponent, x.Reg) }
func (b *Builder) Mantissa(x V) V { return b.vec(Mantissa, x.Reg) }

// Const is x in every lane.
func (b *Builder) Const(x float64) V {
	if b.T == F32 {
		return b.Bits(uint64(math.Float32bits(float32(x))))
	}
	return b.Bits(math.Float64bits(x))
}

// Bits is the bit pattern x in every lane.
func (b *Builder) Bits(x uint64) V { return b.constant(Constant{b.T, x, false}) }

// Iota is the integer step*i in lane i.
func (b *Builder) Iota(step uint64) V { return b.constant(Constant{b.T, step, true}) }

func (b *Builder) constant(c Constant) V {
	if r, ok := b.consts[c]; ok {
		return V{r}
	}
	r := b.reg(Vector)
	b.consts[c] = r
	b.P.Consts = append(b.P.Consts, c)
	// Constants are loaded where the function starts.
	in := Instr{Op: ConstLoad, Elem: b.T, Dst: r, Const: len(b.P.Consts) - 1}
	b.P.Code = append(b.P.Code, Instr{})
	copy(b.P.Code[1:], b.P.Code)
	b.P.Code[0] = in
	return V{r}
}

// Zero is +0 in every lane.
func (b *Builder) Zero() V { return b.vec(Zero) }

// Move copies a; Set assigns a to d, for values that change in a loop.
func (b *Builder) Move(a V) V   { return b.vec(Move, a.Reg) }
func (b *Builder) Set(d, a V)   { b.into(Move, d.Reg, a.Reg) }
func (b *Builder) SetZero(d V)  { b.into(Zero, d.Reg) }
func (b *Builder) NewVector() V { return V{b.reg(Vector)} }

// Memory.

func (b *Builder) Load(a Addr) V { return V{b.load(Load, a, Reg{})} }
func (b *Builder) LoadTail(a Addr, t Tail) V {
	return V{b.load(LoadTail, a, t.Reg)}
}
func (b *Builder) Broadcast(a Addr) V            { return V{b.load(Broadcast, a, Reg{})} }
func (b *Builder) load(op Op, a Addr, t Reg) Reg { return b.loadInto(op, b.reg(Vector), a, t) }
func (b *Builder) loadInto(op Op, d Reg, a Addr, t Reg) Reg {
	b.emit(Instr{Op: op, Dst: d, Src: [3]Reg{{}, t}, Mem: a})
	return d
}
func (b *Builder) Store(a Addr, v V) { b.emit(Instr{Op: Store, Src: [3]Reg{v.Reg}, Mem: a}) }
func (b *Builder) StoreTail(a Addr, v V, t Tail) {
	b.emit(Instr{Op: StoreTail, Src: [3]Reg{v.Reg, t.Reg}, Mem: a})
}
func (b *Builder) StoreLane0(a Addr, v V) {
	b.emit(Instr{Op: StoreLane0, Src: [3]Reg{v.Reg}, Mem: a})
}

// Tail describes the lanes i < n: none for n <= 0, all for n >= Lanes.
func (b *Builder) Tail(n I) Tail {
	if b.P.Machine.MaskedMemory {
		return Tail{b.ICmpGT(b.Splat(n), b.Iota(1)).Reg}
	}
	return Tail{b.IntMove(n).Reg}
}

// Arithmetic.

func (b *Builder) Add(x, y V) V         { return b.vec(Add, x.Reg, y.Reg) }
func (b *Builder) Sub(x, y V) V         { return b.vec(Sub, x.Reg, y.Reg) }
func (b *Builder) Mul(x, y V) V         { return b.vec(Mul, x.Reg, y.Reg) }
func (b *Builder) Div(x, y V) V         { return b.vec(Div, x.Reg, y.Reg) }
func (b *Builder) Sqrt(x V) V           { return b.vec(Sqrt, x.Reg) }
func (b *Builder) FMA(x, y, z V) V      { return b.vec(FMA, x.Reg, y.Reg, z.Reg) }
func (b *Builder) FNMA(x, y, z V) V     { return b.vec(FNMA, x.Reg, y.Reg, z.Reg) }
func (b *Builder) Max(x, y V) V         { return b.vec(Max, x.Reg, y.Reg) }
func (b *Builder) Min(x, y V) V         { return b.vec(Min, x.Reg, y.Reg) }
func (b *Builder) RoundEven(x V) V      { return b.vec(RoundEven, x.Reg) }
func (b *Builder) CmpLT(x, y V) M       { return b.mask(CmpLT, x.Reg, y.Reg) }
func (b *Builder) CmpLE(x, y V) M       { return b.mask(CmpLE, x.Reg, y.Reg) }
func (b *Builder) CmpEQ(x, y V) M       { return b.mask(CmpEQ, x.Reg, y.Reg) }
func (b *Builder) CmpNE(x, y V) M       { return b.mask(CmpNE, x.Reg, y.Reg) }
func (b *Builder) ICmpEQ(x, y V) M      { return b.mask(ICmpEQ, x.Reg, y.Reg) }
func (b *Builder) ICmpGT(x, y V) M      { return b.mask(ICmpGT, x.Reg, y.Reg) }
func (b *Builder) MaskAnd(x, y M) M     { return b.mask(MaskAnd, x.Reg, y.Reg) }
func (b *Builder) MaskOr(x, y M) M      { return b.mask(MaskOr, x.Reg, y.Reg) }
func (b *Builder) Select(m M, x, y V) V { return b.vec(Select, m.Reg, x.Reg, y.Reg) }

// AndMask is x where m holds and +0 elsewhere.
func (b *Builder) AndMask(m M, x V) V { return b.vec(AndMask, m.Reg, x.Reg) }

// AddWhere adds x to d where m holds; elsewhere d stays, or becomes d + 0, which
// differs for d = -0 alone. So d must not be -0: a sum that starts at +0 is not.
func (b *Builder) AddWhere(d V, m M, x V) {
	if b.P.Machine.Masks > 0 {
		b.into(AddMasked, d.Reg, m.Reg, x.Reg, d.Reg)
		return
	}
	b.AddTo(d, b.AndMask(m, x))
}

// AddTo, FMATo and the like update d, which lives across a loop's turns.
func (b *Builder) AddTo(d, x V)    { b.into(Add, d.Reg, d.Reg, x.Reg) }
func (b *Builder) FMATo(d, x, y V) { b.into(FMA, d.Reg, x.Reg, y.Reg, d.Reg) }
func (b *Builder) MaxTo(d, x V)    { b.into(Max, d.Reg, x.Reg, d.Reg) }
func (b *Builder) MinTo(d, x V)    { b.into(Min, d.Reg, x.Reg, d.Reg) }

// Bits and integers in lanes.

func (b *Builder) And(x, y V) V { return b.vec(And, x.Reg, y.Reg) }
func (b *Builder) Or(x, y V) V  { return b.vec(Or, x.Reg, y.Reg) }
func (b *Builder) Xor(x, y V) V { return b.vec(Xor, x.Reg, y.Reg) }

// Xor3 is x ^ y ^ z, in one instruction where there is one.
func (b *Builder) Xor3(x, y, z V) V {
	if b.P.Machine.Xor3 {
		return b.vec(Xor3, x.Reg, y.Reg, z.Reg)
	}
	return b.Xor(b.Xor(x, y), z)
}

// AndNot is the bits of y that x lacks.
func (b *Builder) AndNot(x, y V) V { return b.vec(AndNot, x.Reg, y.Reg) }
func (b *Builder) IAdd(x, y V) V   { return b.vec(IAdd, x.Reg, y.Reg) }
func (b *Builder) ISub(x, y V) V   { return b.vec(ISub, x.Reg, y.Reg) }
func (b *Builder) IAddTo(d, x V)   { b.into(IAdd, d.Reg, d.Reg, x.Reg) }
func (b *Builder) MulU32(x, y V) V { return b.vec(MulU32, x.Reg, y.Reg) }

func (b *Builder) shift(op Op, x V, n int) V {
	d := b.reg(Vector)
	b.emit(Instr{Op: op, Dst: d, Src: [3]Reg{x.Reg}, Imm: int64(n)})
	return V{d}
}
func (b *Builder) Shl(x V, n int) V { return b.shift(Shl, x, n) }
func (b *Builder) Shr(x V, n int) V { return b.shift(Shr, x, n) }
func (b *Builder) Sar(x V, n int) V {
	if b.T != F32 {
		panic("vm: arithmetic shift of 64-bit lanes: AVX2 has none")
	}
	return b.shift(Sar, x, n)
}
func (b *Builder) IntToFloat(x V) V  { return b.only32(IntToFloat, x) }
func (b *Builder) FloatToInt(x V) V  { return b.only32(FloatToInt, x) }
func (b *Builder) WidenLo(x V) V     { return b.vec(WidenLo, x.Reg) }
func (b *Builder) WidenHi(x V) V     { return b.vec(WidenHi, x.Reg) }
func (b *Builder) UnpackLo(x, y V) V { return b.vec(UnpackLo, x.Reg, y.Reg) }
func (b *Builder) UnpackHi(x, y V) V { return b.vec(UnpackHi, x.Reg, y.Reg) }

func (b *Builder) only32(op Op, x V) V {
	if b.T != F32 {
		panic("vm: conversion of 64-bit lanes: AVX2 has none")
	}
	return b.vec(op, x.Reg)
}

// Shuffle128 picks 128-bit chunks: destination chunk c is chunk imm>>(2c)&3
// of x for the lower half of the destination, of y for the upper.
func (b *Builder) Shuffle128(x, y V, imm int64) V {
	d := b.reg(Vector)
	b.emit(Instr{Op: Shuffle128, Dst: d, Src: [3]Reg{x.Reg, y.Reg}, Imm: imm})
	return V{d}
}

// Fold combines the first w lanes into lane 0 as a tree: the upper half onto
// the lower, w/2 times, w/4 times, …
func (b *Builder) Fold(x V, w int, op func(lower, upper V) V) V {
	for ; w > 1; w /= 2 {
		x = op(x, b.UpperHalf(x, w))
	}
	return x
}

// UpperHalf moves lanes w/2 … w-1 down to 0 … w/2-1.
func (b *Builder) UpperHalf(x V, w int) V {
	d := b.reg(Vector)
	b.emit(Instr{Op: UpperHalf, Dst: d, Src: [3]Reg{x.Reg}, Imm: int64(w)})
	return V{d}
}

// Splat is the integer x in every lane.
func (b *Builder) Splat(x I) V { return b.vec(SplatInt, x.Reg) }

// Integers.

func (b *Builder) Arg(name string) I {
	b.arg(name)
	d := b.reg(Int)
	b.emit(Instr{Op: IntArg, Dst: d, Arg: name})
	return I{d}
}

// IntLoad reads a 64-bit integer, such as an element of a table.
func (b *Builder) IntLoad(a Addr) I { return I{b.loadInto(IntLoad, b.reg(Int), a, Reg{})} }

// SetArg assigns to an argument, which serves as a variable in memory.
func (b *Builder) SetArg(name string, x I) {
	b.arg(name)
	b.emit(Instr{Op: IntSetArg, Src: [3]Reg{x.Reg}, Arg: name})
}

// ArgAddr is where an argument lies, to broadcast it from.
func (b *Builder) ArgAddr(name string) Addr { b.arg(name); return Addr{Arg: name} }

func (b *Builder) arg(name string) {
	for _, a := range b.P.Args {
		if a.Name == name {
			return
		}
	}
	panic("vm: " + b.P.Name + " has no argument " + name)
}

func (b *Builder) Int(x int64) I {
	d := b.reg(Int)
	b.emit(Instr{Op: IntConst, Dst: d, Imm: x})
	return I{d}
}
func (b *Builder) int2(op Op, x, y Reg, imm int64) I {
	d := b.reg(Int)
	b.emit(Instr{Op: op, Dst: d, Src: [3]Reg{x, y}, Imm: imm})
	return I{d}
}
func (b *Builder) IntMove(x I) I              { return b.int2(Move, x.Reg, Reg{}, 0) }
func (b *Builder) SetInt(d, x I)              { b.into(Move, d.Reg, x.Reg) }
func (b *Builder) IntAdd(x, y I) I            { return b.int2(IntAdd, x.Reg, y.Reg, 0) }
func (b *Builder) IntAddConst(x I, n int64) I { return b.int2(IntAdd, x.Reg, Reg{}, n) }
func (b *Builder) IntSub(x, y I) I            { return b.int2(IntSub, x.Reg, y.Reg, 0) }
func (b *Builder) IntMul(x, y I) I            { return b.int2(IntMul, x.Reg, y.Reg, 0) }
func (b *Builder) IntShl(x I, n int) I        { return b.int2(IntShl, x.Reg, Reg{}, int64(n)) }

// Elements is the size in bytes of n elements of T.
func (b *Builder) Elements(n I) I { return b.IntShl(n, 2+int(b.T)) }

// Advance moves a pointer or count in place.
func (b *Builder) Advance(d, by I) { b.into(IntAdd, d.Reg, d.Reg, by.Reg) }
func (b *Builder) AdvanceConst(d I, n int64) {
	b.emit(Instr{Op: IntAdd, Dst: d.Reg, Src: [3]Reg{d.Reg}, Imm: n})
}

// At is the address in p, plus an index register if given.
func At(p I, index ...I) Addr {
	a := Addr{Base: p.Reg}
	if len(index) > 0 {
		a.Index = index[0].Reg
	}
	return a
}

// Control.

// NewLabel makes a label's name; Label puts it here.
func (b *Builder) NewLabel(hint string) string {
	*b.labels++
	return fmt.Sprintf("%s%d", hint, *b.labels)
}
func (b *Builder) Label(name string) { b.emit(Instr{Op: Label, Label: name}) }
func (b *Builder) Jump(name string)  { b.emit(Instr{Op: Jump, Label: name}) }
func (b *Builder) Branch(x I, c Cond, imm int64, to string) {
	b.emit(Instr{Op: Branch, Src: [3]Reg{x.Reg}, Cond: c, Imm: imm, Label: to})
}
func (b *Builder) BranchInt(x I, c Cond, y I, to string) {
	b.emit(Instr{Op: Branch, Src: [3]Reg{x.Reg, y.Reg}, Cond: c, Label: to})
}
func (b *Builder) BranchAny(m M, to string) {
	b.emit(Instr{Op: BranchAny, Src: [3]Reg{m.Reg}, Label: to})
}
func (b *Builder) Ret() { b.emit(Instr{Op: Ret}) }

// While runs body as long as n >= step, and takes step from n each time.
func (b *Builder) While(n I, step int64, body func()) {
	top, end := b.NewLabel("loop"), b.NewLabel("done")
	b.Branch(n, LT, step, end)
	b.Label(top)
	body()
	b.AdvanceConst(n, -step)
	b.Branch(n, GE, step, top)
	b.Label(end)
}

// If runs body where x c imm.
func (b *Builder) If(x I, c Cond, imm int64, body func()) {
	end := b.NewLabel("end")
	b.Branch(x, [...]Cond{GE, GT, NE, EQ, LT, LE}[c], imm, end)
	body()
	b.Label(end)
}
