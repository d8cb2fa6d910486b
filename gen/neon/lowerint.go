package neon

import (
	"fmt"

	"pushforward/gen/vm"
)

var branches = [...]string{vm.LT: "BLT", vm.LE: "BLE", vm.EQ: "BEQ", vm.NE: "BNE", vm.GE: "BGE", vm.GT: "BGT"}

// integer emits the scalar instructions.
func (l *lowering) integer() {
	in := l.in
	// second is the last source: a register, or Imm.
	second := fmt.Sprintf("$%d", in.Imm)
	if in.Src[1].Valid() {
		second = l.r(in.Src[1]).String()
	}
	switch in.Op {
	case vm.IntArg:
		l.line("MOVD %s, %s", l.argument(in.Arg), l.r(in.Dst))
	case vm.IntLoad:
		base, off := l.base(func(off int) bool { return off >= 0 && off < 8<<12 && off%8 == 0 })
		l.line("MOVD %s, %s", place(base, off), l.r(in.Dst))
	case vm.IntSetArg:
		l.line("MOVD %s, %s", l.r(in.Src[0]), l.argument(in.Arg))
	case vm.IntConst:
		l.line("MOVD $%d, %s", in.Imm, l.r(in.Dst))
	case vm.IntAdd:
		if !in.Src[1].Valid() && in.Imm < 0 { // Go would make -4 in a register first
			l.line("SUB $%d, %s, %s", -in.Imm, l.r(in.Src[0]), l.r(in.Dst))
			return
		}
		l.line("ADD %s, %s, %s", second, l.r(in.Src[0]), l.r(in.Dst))
	case vm.IntSub:
		l.line("SUB %s, %s, %s", second, l.r(in.Src[0]), l.r(in.Dst))
	case vm.IntMul:
		l.line("MUL %s, %s, %s", second, l.r(in.Src[0]), l.r(in.Dst))
	case vm.IntShl:
		l.line("LSL $%d, %s, %s", in.Imm, l.r(in.Src[0]), l.r(in.Dst))
	case vm.Branch:
		l.line("CMP %s, %s", second, l.r(in.Src[0]))
		l.line("%s %s", branches[in.Cond], in.Label)
	default:
		panic(fmt.Sprintf("%s: no code for operation %d", l.p.Name, in.Op))
	}
}
