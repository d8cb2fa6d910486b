package neon

import (
	"slices"

	"pushforward/gen/vm"
)

// A product with one number in every lane needs no broadcast on NEON: FMLA,
// FMLS and FMUL take one lane of a register by its number. So where nothing
// but products reads a broadcast, it becomes a plain load of the element,
// which leaves the vector pipes free, and broadcasts of neighbours become one
// load. A broadcast's Imm then counts the elements that it loads, from lane 0
// on, and a product's Imm says which lane of which factor it takes.

// elements marks such broadcasts and products, before registers are
// allocated.
func elements(p *vm.Program) {
	taken := map[int]bool{} // products that have their element
	var broadcasts []int
	for i, in := range p.Code {
		if in.Op == vm.Broadcast && onlyFactor(p, i, taken) {
			broadcasts = append(broadcasts, i)
			for j := range p.Code {
				if s := slices.Index(p.Code[j].Src[:], in.Dst); s >= 0 {
					p.Code[j].Imm = mark(s, 0)
					taken[j] = true
				}
			}
			p.Code[i].Imm = 1
		}
	}
	gather(p, broadcasts)
}

// mark is the Imm of a product that takes lane of source s.
func mark(s, lane int) int64 { return int64(1 + s + 2*lane) }

// element tells which source of a product is taken by lane, and which lane.
func element(in *vm.Instr) (source, lane int, ok bool) {
	if in.Imm == 0 {
		return 0, 0, false
	}
	return int(in.Imm-1) & 1, int(in.Imm-1) >> 1, true
}

// onlyFactor tells whether all that reads the result of instruction at is
// products, each of which has it as one factor and no other element yet.
func onlyFactor(p *vm.Program, at int, taken map[int]bool) bool {
	b := p.Code[at]
	for i, in := range p.Code {
		if in.Dst == b.Dst && i != at {
			return false // another value in the same register
		}
		reads := 0
		for _, s := range in.Src {
			if s == b.Dst {
				reads++
			}
		}
		if reads == 0 {
			continue
		}
		product := in.Op == vm.FMA || in.Op == vm.FNMA || in.Op == vm.Mul
		if !product || reads > 1 || in.Src[2] == b.Dst || in.Elem != b.Elem || taken[i] {
			return false
		}
	}
	return true
}

// gather merges broadcasts of neighbouring elements, where nothing between
// them changes memory, the address or the path.
func gather(p *vm.Program, broadcasts []int) {
	done := map[int]bool{}
	for _, i := range broadcasts {
		if done[i] || p.Code[i].Mem.Arg != "" {
			continue
		}
		run := neighbours(p, i, broadcasts, done)
		for _, n := range []int{4, 2} {
			if n*p.Code[i].Elem.Bytes() <= int(Quad) && len(run) >= n {
				merge(p, run[:n])
				for _, j := range run[:n] {
					done[j] = true
				}
				break
			}
		}
	}
	p.Code = slices.DeleteFunc(p.Code, func(in vm.Instr) bool { return in.Op == vm.Nop })
}

// neighbours lists i and those after it that load the elements which follow
// i's, as long as there are any without a gap.
func neighbours(p *vm.Program, i int, broadcasts []int, done map[int]bool) []int {
	run := []int{i}
	end := barrier(p, i)
	for {
		next := p.Code[i].Mem.Offset(len(run) * p.Code[i].Elem.Bytes())
		j := slices.IndexFunc(broadcasts, func(j int) bool {
			return j > i && j < end && !done[j] && p.Code[j].Mem == next && p.Code[j].Elem == p.Code[i].Elem
		})
		if j < 0 {
			return run
		}
		run = append(run, broadcasts[j])
	}
}

// barrier is the first instruction after i that a load at i's address must
// not be moved over.
func barrier(p *vm.Program, i int) int {
	m := p.Code[i].Mem
	for j := i + 1; j < len(p.Code); j++ {
		in := p.Code[j]
		switch in.Op {
		case vm.Store, vm.StoreTail, vm.StoreLane0, vm.Label, vm.Jump, vm.Branch, vm.BranchAny, vm.Ret:
			return j
		}
		if in.Dst.Valid() && (in.Dst == m.Base || in.Dst == m.Index) {
			return j
		}
	}
	return len(p.Code)
}

// merge loads the elements of all broadcasts of run with the first one.
func merge(p *vm.Program, run []int) {
	first := &p.Code[run[0]]
	first.Imm = int64(len(run))
	for lane, i := range run[1:] {
		old := p.Code[i].Dst
		for j := range p.Code {
			if s := slices.Index(p.Code[j].Src[:], old); s >= 0 {
				p.Code[j].Src[s] = first.Dst
				p.Code[j].Imm = mark(s, lane+1)
			}
		}
		p.Code[i] = vm.Instr{}
	}
}
