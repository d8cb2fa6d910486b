package vm

// What Instr.Fold says of a source that is not a constant.
const (
	FoldVector  = -1 // the vector at Mem
	FoldElement = -2 // the element at Mem, in every lane
)

// FoldLoads makes a load whose value one instruction reads an operand of that
// instruction, where the machine can: a core then has fewer registers to rename.
// It must come before Allocate.
func (p *Program) FoldLoads() {
	if p.Machine.Folds == nil {
		return
	}
	uses, defs := map[Reg]int{}, map[Reg]int{}
	for i := range p.Code {
		for _, r := range p.Code[i].uses() {
			uses[r]++
		}
		defs[p.Code[i].Dst]++
	}
	for i := range p.Code {
		in := &p.Code[i]
		fold := FoldVector
		switch {
		case in.Op == Load:
		case in.Op == Broadcast && p.Machine.Broadcasts:
			fold = FoldElement
		default:
			continue
		}
		if uses[in.Dst] == 1 && defs[in.Dst] == 1 {
			p.foldInto(in, i, fold)
		}
	}
	code := p.Code[:0]
	for _, in := range p.Code {
		if in.Op != Nop {
			code = append(code, in)
		}
	}
	p.Code = code
}

// foldInto folds load i into the instruction that reads it, if that one comes
// before anything that writes to memory or to what the address is made of.
func (p *Program) foldInto(load *Instr, i, fold int) {
	for j := i + 1; j < len(p.Code) && !p.Code[j].barrier(); j++ {
		in := &p.Code[j]
		for s, r := range in.Src {
			if r != load.Dst {
				continue
			}
			if in.Elem == load.Elem && in.Mem == (Addr{}) && in.Fold == [3]int{} && p.Machine.Folds(in.Op, s) {
				in.Fold[s], in.Mem = fold, load.Mem
				*load = Instr{}
			}
			return
		}
		switch in.Op {
		case Store, StoreTail, StoreLane0, IntSetArg:
			return
		}
		if in.Dst.Valid() && (in.Dst == load.Mem.Base || in.Dst == load.Mem.Index) {
			return
		}
	}
}
