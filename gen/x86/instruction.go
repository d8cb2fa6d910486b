package x86

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"

	"pushforward/gen/vm"
)

var jumps = [...]string{vm.LT: "JLT", vm.LE: "JLE", vm.EQ: "JEQ", vm.NE: "JNE", vm.GE: "JGE", vm.GT: "JGT"}

// instruction emits the machine code of l.in.
func (l *lowering) instruction() {
	in := l.in
	switch in.Op {
	case vm.Nop:
	case vm.ConstLoad:
		l.constLoad()
	case vm.Zero:
		d := l.op(in.Dst)
		if l.wide {
			l.emit("VPXORD", d, d, d)
		} else {
			l.emit("VXORPS", d, d, d)
		}
	case vm.Move:
		if in.Dst != in.Src[0] {
			l.emit([...]string{vm.Vector: "VMOVAPS", vm.Mask: "KMOVW", vm.Int: "MOVQ"}[in.Dst.Class], l.op(in.Src[0]), l.op(in.Dst))
		}
	case vm.Load:
		l.emit(l.ps("VMOVU"), l.mem(in.Mem), l.op(in.Dst))
	case vm.Store:
		l.emit(l.ps("VMOVU"), l.op(in.Src[0]), l.mem(in.Mem))
	case vm.LoadTail:
		if l.wide {
			l.emit(l.ps("VMOVU")+"_Z", l.mem(in.Mem), l.op(in.Src[1]), l.op(in.Dst))
		} else {
			l.emit(l.ps("VMASKMOV"), l.mem(in.Mem), l.op(in.Src[1]), l.op(in.Dst))
		}
	case vm.StoreTail:
		if l.wide {
			l.emit(l.ps("VMOVU"), l.op(in.Src[0]), l.op(in.Src[1]), l.mem(in.Mem))
		} else {
			l.emit(l.ps("VMASKMOV"), l.op(in.Src[0]), l.op(in.Src[1]), l.mem(in.Mem))
		}
	case vm.Broadcast:
		l.emit([...]string{"VBROADCASTSS", "VBROADCASTSD"}[in.Elem], l.mem(in.Mem), l.op(in.Dst))
	case vm.StoreLane0:
		l.emit([...]string{"VMOVSS", "VMOVSD"}[in.Elem], l.vector(in.Src[0]).AsX(), l.mem(in.Mem))
	case vm.Add:
		l.binary(l.ps("VADD"), true)
	case vm.Sub:
		l.binary(l.ps("VSUB"), false)
	case vm.Mul:
		l.binary(l.ps("VMUL"), true)
	case vm.Div:
		l.binary(l.ps("VDIV"), false)
	case vm.Sqrt:
		l.emit(l.ps("VSQRT"), l.op(in.Src[0]), l.op(in.Dst))
	case vm.FMA:
		l.fma("VFMADD")
	case vm.FNMA:
		l.fma("VFNMADD")
	case vm.Max:
		l.binary(l.ps("VMAX"), false)
	case vm.Min:
		l.binary(l.ps("VMIN"), false)
	case vm.RoundEven:
		name := "VROUND"
		if l.wide {
			name = "VRNDSCALE"
		}
		l.emit(l.ps(name), operand.U8(8), l.op(in.Src[0]), l.op(in.Dst))
	case vm.CmpLT:
		l.compare(0x11) // ordered, quiet
	case vm.CmpLE:
		l.compare(0x12)
	case vm.CmpEQ:
		l.compare(0x00)
	case vm.CmpNE:
		l.compare(0x04) // unordered counts as different
	case vm.ICmpEQ:
		l.binary(l.d("VPCMPEQ"), true)
	case vm.ICmpGT:
		l.binary(l.d("VPCMPGT"), false)
	case vm.Select:
		if l.wide {
			l.packed(l.ps("VBLENDM"), 1, l.op(in.Src[2]), l.op(in.Src[0]), l.op(in.Dst))
		} else if k := in.Fold[1]; k != 0 {
			l.emit(l.ps("VBLENDV"), l.op(in.Src[0]), l.folded(k), l.op(in.Src[2]), l.op(in.Dst))
		} else {
			l.emit(l.ps("VBLENDV"), l.op(in.Src[0]), l.op(in.Src[1]), l.op(in.Src[2]), l.op(in.Dst))
		}
	case vm.AndMask:
		if l.wide {
			l.emit(l.ps("VMOVA")+"_Z", l.op(in.Src[1]), l.op(in.Src[0]), l.op(in.Dst))
		} else {
			l.emit("VANDPS", l.op(in.Src[1]), l.op(in.Src[0]), l.op(in.Dst))
		}
	case vm.AddMasked:
		l.emit(l.ps("VADD"), l.op(in.Src[1]), l.op(in.Dst), l.op(in.Src[0]), l.op(in.Dst))
	case vm.ScaleBy:
		l.emit(l.ps("VSCALEF"), l.op(in.Src[1]), l.op(in.Src[0]), l.op(in.Dst))
	case vm.Exponent:
		l.emit(l.ps("VGETEXP"), l.op(in.Src[0]), l.op(in.Dst))
	case vm.Mantissa:
		// Bits 3 and 2: NaN for negative numbers, +1 for -0. Bits 1 and 0:
		// the interval, [0.75, 1.5) or [1, 2).
		l.emit(l.ps("VGETMANT"), operand.U8([...]uint64{0b1111, 0b1100}[in.Elem]), l.op(in.Src[0]), l.op(in.Dst))
	case vm.Xor3:
		l.xor3()
	case vm.MaskAnd:
		l.logic("KANDW", "VANDPS")
	case vm.MaskOr:
		l.logic("KORW", "VORPS")
	case vm.And:
		l.binary(l.bitwise("VPAND", "VANDPS"), true)
	case vm.Or:
		l.binary(l.bitwise("VPOR", "VORPS"), true)
	case vm.Xor:
		l.binary(l.bitwise("VPXOR", "VXORPS"), true)
	case vm.AndNot:
		l.binary(l.bitwise("VPANDN", "VANDNPS"), false)
	case vm.IAdd:
		l.binary(l.d("VPADD"), true)
	case vm.ISub:
		l.binary(l.d("VPSUB"), false)
	case vm.Shl:
		l.emit(l.d("VPSLL"), operand.U8(in.Imm), l.op(in.Src[0]), l.op(in.Dst))
	case vm.Shr:
		l.emit(l.d("VPSRL"), operand.U8(in.Imm), l.op(in.Src[0]), l.op(in.Dst))
	case vm.Sar:
		l.emit("VPSRAD", operand.U8(in.Imm), l.op(in.Src[0]), l.op(in.Dst))
	case vm.MulU32:
		l.binary("VPMULUDQ", true)
	case vm.IntToFloat:
		l.emit("VCVTDQ2PS", l.op(in.Src[0]), l.op(in.Dst))
	case vm.FloatToInt:
		l.emit("VCVTPS2DQ", l.op(in.Src[0]), l.op(in.Dst))
	case vm.WidenLo:
		l.widen(false)
	case vm.WidenHi:
		l.widen(true)
	case vm.UnpackLo:
		l.binary(l.ps("VUNPCKL"), false)
	case vm.UnpackHi:
		l.binary(l.ps("VUNPCKH"), false)
	case vm.Shuffle128:
		l.shuffle128()
	case vm.UpperHalf:
		l.upperHalf()
	case vm.SplatInt:
		l.splat()
	case vm.Label:
		l.c.Label(in.Label)
	case vm.Jump:
		l.emit("JMP", operand.LabelRef(in.Label))
	case vm.BranchAny:
		s := l.op(in.Src[0])
		l.emit(map[bool]string{true: "KORTESTW", false: "VPTEST"}[l.wide], s, s)
		l.emit("JNE", operand.LabelRef(in.Label))
	case vm.Ret:
		l.c.VZEROUPPER() // or scalar code that follows pays for the upper halves
		l.c.RET()
	default:
		l.integer()
	}
}

// xor3 emits the ternary logic of parity, which overwrites its first operand.
func (l *lowering) xor3() {
	a, b, c := l.in.Src[0], l.in.Src[1], l.in.Src[2]
	switch l.in.Dst {
	case b:
		a, b = b, a
	case c:
		a, c = c, a
	case a:
	default:
		l.emit("VMOVAPS", l.op(a), l.op(l.in.Dst))
	}
	l.emit(l.d("VPTERNLOG"), operand.U8(0x96), l.op(c), l.op(b), l.op(l.in.Dst))
}

func (l *lowering) bitwise(wide, narrow string) string {
	if l.wide {
		return l.d(wide)
	}
	return narrow
}

func (l *lowering) logic(wide, narrow string) {
	if l.wide {
		l.emit(wide, l.op(l.in.Src[1]), l.op(l.in.Src[0]), l.op(l.in.Dst))
	} else {
		l.emit(narrow, l.op(l.in.Src[1]), l.op(l.in.Src[0]), l.op(l.in.Dst))
	}
}

func (l *lowering) shuffle128() {
	a, b, d := l.op(l.in.Src[0]), l.op(l.in.Src[1]), l.op(l.in.Dst)
	if l.wide {
		l.emit("VSHUFF64X2", operand.U8(l.in.Imm), b, a, d)
		return
	}
	// Two chunks: the first from a (numbers 0, 1), the second from b (2, 3).
	l.emit("VPERM2F128", operand.U8(l.in.Imm&1|(l.in.Imm>>2&1+2)<<4), b, a, d)
}

// integer emits the scalar instructions.
func (l *lowering) integer() {
	in := l.in
	d, a, b := operand.Op(nil), operand.Op(nil), operand.Op(nil)
	if in.Dst.Valid() {
		d = l.op(in.Dst)
	}
	if in.Src[0].Valid() {
		a = l.op(in.Src[0])
	}
	if in.Src[1].Valid() {
		b = l.op(in.Src[1])
	}
	same := in.Dst == in.Src[0]
	switch in.Op {
	case vm.IntArg:
		l.emit("MOVQ", l.argument(in.Arg), d)
	case vm.IntLoad:
		l.emit("MOVQ", l.mem(in.Mem), d)
	case vm.IntSetArg:
		l.emit("MOVQ", a, l.argument(in.Arg))
	case vm.IntConst:
		l.emit("MOVQ", operand.I32(in.Imm), d)
	case vm.IntAdd:
		switch {
		case b == nil && same:
			l.emit("ADDQ", operand.I32(in.Imm), d)
		case b == nil:
			l.emit("LEAQ", operand.Mem{Base: ints[in.Src[0].ID], Disp: int(in.Imm)}, d)
		case same:
			l.emit("ADDQ", b, d)
		case in.Dst == in.Src[1]:
			l.emit("ADDQ", a, d)
		default:
			l.emit("LEAQ", operand.Mem{Base: ints[in.Src[0].ID], Index: ints[in.Src[1].ID], Scale: 1}, d)
		}
	case vm.IntSub:
		switch {
		case same:
			l.emit("SUBQ", b, d)
		case in.Dst == in.Src[1]:
			l.emit("NEGQ", d)
			l.emit("ADDQ", a, d)
		default:
			l.emit("MOVQ", a, d)
			l.emit("SUBQ", b, d)
		}
	case vm.IntMul:
		switch {
		case same:
			l.emit("IMULQ", b, d)
		case in.Dst == in.Src[1]:
			l.emit("IMULQ", a, d)
		default:
			l.emit("MOVQ", a, d)
			l.emit("IMULQ", b, d)
		}
	case vm.IntShl:
		if !same {
			l.emit("MOVQ", a, d)
		}
		l.emit("SHLQ", operand.U8(in.Imm), d)
	case vm.Branch:
		switch {
		case b != nil:
			l.emit("CMPQ", a, b)
		case in.Imm == 0:
			l.emit("TESTQ", a, a)
		default:
			l.emit("CMPQ", a, operand.I32(in.Imm))
		}
		l.emit(jumps[in.Cond], operand.LabelRef(in.Label))
	default:
		panic(fmt.Sprintf("x86: no code for operation %d", in.Op))
	}
}
