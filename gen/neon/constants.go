package neon

import (
	"slices"

	"pushforward/gen/vm"
)

// constants makes better use of the constants of a program.
//
// FMLA overwrites its addend, so one that stays in a register, as in each step
// of a polynomial, would first be copied, on the pipes that do the arithmetic.
// A load straight from memory into the result's register takes another pipe,
// and no register.
//
// UMULL can take a factor from one lane, which saves the extraction of the low
// words of one that is the same in all.
func constants(p *vm.Program) {
	load := map[vm.Reg]vm.Instr{} // where a register holds a constant all along
	written := map[vm.Reg]int{}
	for _, in := range p.Code {
		written[in.Dst]++
		if in.Op == vm.ConstLoad {
			load[in.Dst] = in
		}
	}
	for r := range load {
		if written[r] > 1 {
			delete(load, r)
		}
	}
	var code []vm.Instr
	for _, in := range p.Code {
		switch in.Op {
		case vm.FMA, vm.FNMA:
			if k, ok := load[in.Src[2]]; ok && in.Dst != in.Src[2] {
				k.Dst, k.Imm = p.NewRegister(vm.Vector), vm.Reload
				code = append(code, k)
				in.Src[2] = k.Dst
			}
		case vm.MulU32:
			s := slices.IndexFunc(in.Src[:2], func(r vm.Reg) bool {
				k, ok := load[r]
				return ok && !p.Consts[k.Const].Iota
			})
			if s >= 0 {
				in.Imm = mark(s, 0)
			}
		}
		code = append(code, in)
	}
	p.Code = slices.DeleteFunc(code, func(in vm.Instr) bool {
		return in.Op == vm.ConstLoad && !read(code, in.Dst)
	})
}

// read tells whether any instruction reads r.
func read(code []vm.Instr, r vm.Reg) bool {
	return slices.ContainsFunc(code, func(in vm.Instr) bool { return slices.Contains(in.Src[:], r) })
}
