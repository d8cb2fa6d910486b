package x86

import (
	"fmt"
	"reflect"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"pushforward/gen/vm"
)

// The integer registers that programs use: all but SP, BP, which frames need,
// and R15, which position-independent code reserves.
var ints = []reg.GPPhysical{
	reg.RAX, reg.RBX, reg.RCX, reg.RDX, reg.RSI, reg.RDI,
	reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13, reg.R14,
}

var vectors = []reg.VecPhysical{
	reg.X0, reg.X1, reg.X2, reg.X3, reg.X4, reg.X5, reg.X6, reg.X7,
	reg.X8, reg.X9, reg.X10, reg.X11, reg.X12, reg.X13, reg.X14, reg.X15,
	reg.X16, reg.X17, reg.X18, reg.X19, reg.X20, reg.X21, reg.X22, reg.X23,
	reg.X24, reg.X25, reg.X26, reg.X27, reg.X28, reg.X29, reg.X30, reg.X31,
}

// K0 as a write mask means "no mask", so it is not handed out.
var masks = []reg.OpmaskPhysical{reg.K1, reg.K2, reg.K3, reg.K4, reg.K5, reg.K6, reg.K7}

// lowering turns one program into instructions of an avo context.
type lowering struct {
	c      *build.Context
	p      *vm.Program
	wide   bool // AVX-512
	global func(vm.Constant) operand.Mem
	in     *vm.Instr
}

// lower adds function name, with the given Go signature, to c.
func lower(c *build.Context, p *vm.Program, name, signature string, global func(vm.Constant) operand.Mem) {
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(signature)
	l := &lowering{c: c, p: p, wide: p.Machine == AVX512, global: global}
	for i := range p.Code {
		l.in = &p.Code[i]
		l.instruction()
	}
}

// emit adds the instruction that avo knows by this name.
func (l *lowering) emit(name string, ops ...operand.Op) {
	m := reflect.ValueOf(l.c).MethodByName(name)
	if !m.IsValid() {
		panic("x86: avo has no instruction " + name)
	}
	args := make([]reflect.Value, len(ops))
	for i, op := range ops {
		args[i] = reflect.ValueOf(op)
	}
	m.Call(args)
}

func (l *lowering) vector(r vm.Reg) reg.VecPhysical {
	x := vectors[r.ID]
	if l.wide {
		return x.AsZ().(reg.VecPhysical)
	}
	return x.AsY().(reg.VecPhysical)
}

// op is a register operand of any class.
func (l *lowering) op(r vm.Reg) operand.Op {
	switch r.Class {
	case vm.Int:
		return ints[r.ID]
	case vm.Mask:
		return masks[r.ID]
	}
	return l.vector(r)
}

func (l *lowering) mem(a vm.Addr) operand.Op {
	if a.Arg != "" {
		return l.argument(a.Arg)
	}
	m := operand.Mem{Base: ints[a.Base.ID], Disp: a.Disp}
	if a.Index.Valid() {
		m.Index, m.Scale = ints[a.Index.ID], 1
	}
	return m
}

func (l *lowering) argument(name string) operand.Mem {
	b, err := l.c.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// ps spells a name with the suffix of floating-point lanes, d of integer ones.
func (l *lowering) ps(name string) string { return name + [...]string{"PS", "PD"}[l.in.Elem] }
func (l *lowering) d(name string) string  { return name + [...]string{"D", "Q"}[l.in.Elem] }

// packed emits name with sources in Go's order (last source first), of which
// the first may be a constant in memory: a whole vector of it, or one element
// that the instruction broadcasts.
func (l *lowering) packed(name string, first int, rest ...operand.Op) {
	if k := l.in.Fold[first]; k != 0 {
		if l.broadcasts(k) {
			name += "_BCST"
		}
		l.emit(name, append([]operand.Op{l.folded(k)}, rest...)...)
		return
	}
	l.emit(name, append([]operand.Op{l.op(l.in.Src[first])}, rest...)...)
}

// broadcasts tells whether an instruction broadcasts what is folded into it: an
// element, or on AVX-512 constant k-1 unless its lanes differ.
func (l *lowering) broadcasts(k int) bool {
	return k == vm.FoldElement || k > 0 && l.wide && !l.p.Consts[k-1].Iota
}

// folded is the operand in memory of an instruction whose Fold is k.
func (l *lowering) folded(k int) operand.Op {
	if k < 0 {
		return l.mem(l.in.Mem)
	}
	return l.global(l.p.Consts[k-1])
}

// binary emits dst = name(a, b); swap allows a to be the one in memory.
func (l *lowering) binary(name string, swap bool) {
	a, b := 0, 1
	if swap && l.in.Fold[0] != 0 {
		a, b = 1, 0
	}
	l.packed(name, b, l.op(l.in.Src[a]), l.op(l.in.Dst))
}

func (l *lowering) compare(predicate uint64) {
	a, b := 0, 1
	if l.in.Fold[0] != 0 {
		a, b = 1, 0
	}
	name, k := l.ps("VCMP"), l.in.Fold[b]
	src := l.op(l.in.Src[b])
	if k != 0 {
		src = l.folded(k)
		if l.broadcasts(k) {
			name += "_BCST"
		}
	}
	l.emit(name, operand.U8(predicate), src, l.op(l.in.Src[a]), l.op(l.in.Dst))
}

// fma emits dst = ±a*b + c in the form whose destroyed operand dies here.
func (l *lowering) fma(name string) {
	in := l.in
	d := l.op(in.Dst)
	a, b := 0, 1
	if in.Fold[0] != 0 {
		a, b = 1, 0
	}
	x, y, c := in.Src[a], in.Src[b], in.Src[2]
	switch {
	case in.Fold[2] != 0:
		if in.Dst == y {
			x, y = y, x
		} else if in.Dst != x {
			l.emit("VMOVAPS", l.op(x), d)
		}
		l.packed(l.ps(name+"213"), 2, l.op(y), d)
	case in.Dst == c:
		l.packed(l.ps(name+"231"), b, l.op(x), d)
	case in.Fold[b] != 0 && in.Dst == x:
		l.packed(l.ps(name+"132"), b, l.op(c), d)
	case in.Fold[b] == 0 && in.Dst == x:
		l.emit(l.ps(name+"213"), l.op(c), l.op(y), d)
	case in.Fold[b] == 0 && in.Dst == y:
		l.emit(l.ps(name+"213"), l.op(c), l.op(x), d)
	default:
		l.emit("VMOVAPS", l.op(c), d)
		l.packed(l.ps(name+"231"), b, l.op(x), d)
	}
}

func (l *lowering) constLoad() {
	c := l.p.Consts[l.in.Const]
	if l.wide && !c.Iota {
		l.emit([...]string{"VBROADCASTSS", "VBROADCASTSD"}[c.Elem], l.global(c), l.op(l.in.Dst))
		return
	}
	l.emit("VMOVUPS", l.global(c), l.op(l.in.Dst))
}

// upperHalf moves the upper half of the first Imm lanes down.
func (l *lowering) upperHalf() {
	a, d := l.vector(l.in.Src[0]), l.vector(l.in.Dst)
	switch l.in.Imm * int64(l.in.Elem.Bytes()) {
	case 64:
		l.emit("VEXTRACTF64X4", operand.U8(1), a, d.AsY())
	case 32:
		name := "VEXTRACTF128"
		if l.wide {
			name = "VEXTRACTF32X4"
		}
		l.emit(name, operand.U8(1), a.AsY(), d.AsX())
	case 16:
		l.emit("VPSHUFD", operand.U8(0xee), a.AsX(), d.AsX())
	case 8:
		l.emit("VPSHUFD", operand.U8(0x55), a.AsX(), d.AsX())
	default:
		panic(fmt.Sprintf("x86: UpperHalf of %d lanes", l.in.Imm))
	}
}

func (l *lowering) widen(upper bool) {
	a, d := l.vector(l.in.Src[0]), l.vector(l.in.Dst)
	var from operand.Op
	switch {
	case !upper && l.wide:
		from = a.AsY()
	case !upper:
		from = a.AsX()
	case l.wide:
		from = d.AsY()
		l.emit("VEXTRACTF64X4", operand.U8(1), a, from)
	default:
		from = d.AsX()
		l.emit("VEXTRACTF128", operand.U8(1), a, from)
	}
	l.emit("VCVTPS2PD", from, d)
}

func (l *lowering) splat() {
	r, d := ints[l.in.Src[0].ID], l.vector(l.in.Dst)
	var from operand.Op = r
	name := "VPBROADCASTQ"
	if l.in.Elem == vm.F32 {
		name, from = "VPBROADCASTD", r.As32()
	}
	if !l.wide {
		l.emit([...]string{"VMOVD", "VMOVQ"}[l.in.Elem], from, d.AsX())
		from = d.AsX()
	}
	l.emit(name, from, d)
}
