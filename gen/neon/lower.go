package neon

import (
	"bytes"
	"fmt"
	"math"

	"pushforward/gen/vm"
)

// lowering turns one program into lines of Go assembly.
type lowering struct {
	p      *vm.Program
	pool   *pool
	out    *bytes.Buffer
	args   map[string]int // offset of each argument
	in     *vm.Instr
	labels int
}

// v and r are the machine's registers of virtual ones.
func (l *lowering) v(r vm.Reg) V {
	if r.Class != vm.Vector || r.ID >= Machine.Vectors {
		panic(fmt.Sprintf("%s: %s is no vector register", l.p.Name, r))
	}
	return V(r.ID)
}

func (l *lowering) r(r vm.Reg) R {
	if r.Class != vm.Int || r.ID >= len(ints) {
		panic(fmt.Sprintf("%s: %s is no integer register", l.p.Name, r))
	}
	return ints[r.ID]
}

// arr is the arrangement of a full vector.
func (l *lowering) arr() Arr {
	if l.in.Elem == vm.F64 {
		return D2
	}
	return S4
}

// instruction emits the code of l.in.
func (l *lowering) instruction() {
	in := l.in
	if op, ok := threeOf[in.Op]; ok {
		l.three(op)
		return
	}
	if op, ok := twoOf[in.Op]; ok {
		l.emit(op.Inst(l.arr(), l.v(in.Dst), l.v(in.Src[0])))
		return
	}
	switch in.Op {
	case vm.Nop:
	case vm.Zero:
		l.emit(ZERO(l.v(in.Dst)))
	case vm.Move:
		l.move()
	case vm.ConstLoad:
		if i := l.immediate(*in); i != nil {
			l.emit(*i)
		} else {
			l.emit(LDR(Quad, l.v(in.Dst), constant, l.pool.offset(l.p.Consts[in.Const])))
		}
	case vm.Load, vm.Store, vm.LoadTail, vm.StoreTail, vm.Broadcast, vm.StoreLane0:
		l.memory()
	case vm.FMA:
		l.fma(FMLA, FMLAElement)
	case vm.FNMA:
		l.fma(FMLS, FMLSElement)
	case vm.Mul:
		l.mul()
	case vm.Max:
		l.choose(FCMGT, in.Src[0], in.Src[1])
	case vm.Min:
		l.choose(FCMGT, in.Src[1], in.Src[0])
	case vm.CmpNE:
		d := l.v(in.Dst)
		l.emit(FCMEQ.Inst(l.arr(), d, l.v(in.Src[0]), l.v(in.Src[1])))
		l.emit(NOT.Inst(B16, d, d))
	case vm.Select:
		l.selectByMask(l.v(in.Src[0]), l.v(in.Src[1]), l.v(in.Src[2]))
	case vm.Shl:
		l.shift(SHL)
	case vm.Shr:
		l.shift(USHR)
	case vm.Sar:
		l.shift(SSHR)
	case vm.MulU32:
		l.mulU32()
	case vm.WidenLo:
		l.emit(FCVTL.Inst(l.v(in.Dst), l.v(in.Src[0])))
	case vm.WidenHi:
		l.emit(FCVTL2.Inst(l.v(in.Dst), l.v(in.Src[0])))
	case vm.UpperHalf:
		// Lanes beyond the lower half are undefined, so a rotation will do.
		a := l.v(in.Src[0])
		l.emit(EXT(l.v(in.Dst), a, a, int(in.Imm)/2*in.Elem.Bytes()))
	case vm.SplatInt:
		l.emit(DUPGeneral(l.arr(), l.v(in.Dst), l.r(in.Src[0])))
	case vm.BranchAny:
		l.emit(UMAXV(scratch, l.v(in.Src[0])))
		l.emit(UMOV(S4, address, scratch, 0))
		l.line("CBNZ %s, %s", address, in.Label)
	case vm.Label:
		l.label(in.Label)
	case vm.Jump:
		l.line("B %s", in.Label)
	case vm.Ret:
		l.line("RET")
	default:
		l.integer()
	}
}

// threeOf are the operations that one instruction does.
var threeOf = map[vm.Op]struct {
	Three
	swap bool // the instruction's order is b, a
}{
	vm.Add:      {FADD, false},
	vm.Sub:      {FSUB, false},
	vm.Div:      {FDIV, false},
	vm.CmpLT:    {FCMGT, true},
	vm.CmpLE:    {FCMGE, true},
	vm.CmpEQ:    {FCMEQ, false},
	vm.ICmpEQ:   {CMEQ, false},
	vm.ICmpGT:   {CMGT, false},
	vm.MaskAnd:  {AND, false},
	vm.MaskOr:   {ORR, false},
	vm.And:      {AND, false},
	vm.AndMask:  {AND, false},
	vm.Or:       {ORR, false},
	vm.Xor:      {EOR, false},
	vm.AndNot:   {BIC, true},
	vm.IAdd:     {ADD, false},
	vm.ISub:     {SUB, false},
	vm.UnpackLo: {ZIP1, false},
	vm.UnpackHi: {ZIP2, false},
}

var twoOf = map[vm.Op]Two{
	vm.Sqrt:       FSQRT,
	vm.RoundEven:  FRINTN,
	vm.IntToFloat: SCVTF,
	vm.FloatToInt: FCVTNS,
}

func (l *lowering) three(op struct {
	Three
	swap bool
}) {
	a := l.arr()
	if op.class == bits {
		a = B16
	}
	x, y := l.v(l.in.Src[0]), l.v(l.in.Src[1])
	if op.swap {
		x, y = y, x
	}
	l.emit(op.Inst(a, l.v(l.in.Dst), x, y))
}

func (l *lowering) move() {
	in := l.in
	switch {
	case in.Dst == in.Src[0]:
	case in.Dst.Class == vm.Int:
		l.line("MOVD %s, %s", l.r(in.Src[0]), l.r(in.Dst))
	default:
		l.emit(MOV(B16, l.v(in.Dst), l.v(in.Src[0])))
	}
}

// immediate is the instruction that makes a constant without memory, nil
// where there is none or a load is better: the addend of a product, say, for
// the arithmetic has the pipes.
func (l *lowering) immediate(in vm.Instr) *Inst {
	c, d := l.p.Consts[in.Const], l.v(in.Dst)
	i, ok := ZERO(d), c.Bits == 0
	switch {
	case ok:
	case c.Iota, in.Imm == vm.Reload:
	case c.Elem == vm.F32:
		i, ok = FMOVConst(S4, d, float64(math.Float32frombits(uint32(c.Bits))))
	default:
		i, ok = FMOVConst(D2, d, math.Float64frombits(c.Bits))
	}
	if !ok {
		return nil
	}
	return &i
}

// shift emits a shift by Imm; the encoding of one to the right has no 0.
func (l *lowering) shift(op Shift) {
	in := l.in
	d, a := l.v(in.Dst), l.v(in.Src[0])
	if in.Imm == 0 {
		l.emit(MOV(B16, d, a))
		return
	}
	l.emit(op.Inst(l.arr(), d, a, int(in.Imm)))
}

// choose emits d = x > y ? a : b for max, where x, y are a, b, and min, where
// they are b, a.
func (l *lowering) choose(greater Three, x, y vm.Reg) {
	in := l.in
	m := l.v(in.Dst)
	if in.Dst == in.Src[0] || in.Dst == in.Src[1] {
		m = scratch
	}
	l.emit(greater.Inst(l.arr(), m, l.v(x), l.v(y)))
	l.selectByMask(m, l.v(in.Src[0]), l.v(in.Src[1]))
}

// selectByMask emits d = m ? a : b, with the one of three instructions that
// overwrites what d holds already.
func (l *lowering) selectByMask(m, a, b V) {
	d := l.v(l.in.Dst)
	switch d {
	case m:
		l.emit(BSL.Inst(B16, d, a, b))
	case a:
		l.emit(BIF.Inst(B16, d, b, m))
	case b:
		l.emit(BIT.Inst(B16, d, a, m))
	default:
		l.emit(MOV(B16, d, b))
		l.emit(BIT.Inst(B16, d, a, m))
	}
}

// fma emits d = c ± a*b in d's place, or in the scratch register where d is
// a factor too.
func (l *lowering) fma(full Three, lane ByElement) {
	in := l.in
	d, c := l.v(in.Dst), l.v(in.Src[2])
	acc := d
	if in.Dst != in.Src[2] {
		if in.Dst == in.Src[0] || in.Dst == in.Src[1] {
			acc = scratch
		}
		l.emit(MOV(B16, acc, c))
	}
	if s, i, ok := element(in); ok {
		l.emit(lane.Inst(l.arr(), acc, l.v(in.Src[1-s]), l.v(in.Src[s]), i))
	} else {
		l.emit(full.Inst(l.arr(), acc, l.v(in.Src[0]), l.v(in.Src[1])))
	}
	if acc != d {
		l.emit(MOV(B16, d, acc))
	}
}

func (l *lowering) mul() {
	in := l.in
	if s, i, ok := element(in); ok {
		l.emit(FMULElement.Inst(l.arr(), l.v(in.Dst), l.v(in.Src[1-s]), l.v(in.Src[s]), i))
		return
	}
	l.emit(FMUL.Inst(l.arr(), l.v(in.Dst), l.v(in.Src[0]), l.v(in.Src[1])))
}

// mulU32 multiplies the low words of 64-bit lanes.
func (l *lowering) mulU32() {
	in := l.in
	d := l.v(in.Dst)
	if s, i, ok := element(in); ok { // the other factor is the same in all lanes
		l.emit(XTN.Inst(scratch, l.v(in.Src[1-s])))
		l.emit(UMULLElement(d, scratch, l.v(in.Src[s]), i))
		return
	}
	// The low words of a wait in the scratch register, for d may be b.
	l.emit(XTN.Inst(scratch, l.v(in.Src[0])))
	l.emit(XTN.Inst(d, l.v(in.Src[1])))
	l.emit(UMULL.Inst2(d, scratch, d))
}
