package vm

import (
	"fmt"
	"math/bits"
)

// Allocate gives every virtual register a physical one. Constants that find
// no register are read from memory where they are used (folded into an
// instruction where the machine can, loaded just before it where not). A
// kernel that needs more registers than the machine has is an error: a
// description should then take a smaller tile.
func (p *Program) Allocate() error {
	if p.Machine.Prepare != nil {
		p.Machine.Prepare(p)
	}
	for {
		a := newAllocation(p)
		stuck := a.color()
		if stuck == nil {
			a.rewrite()
			return nil
		}
		k := a.cheapestConstant()
		if stuck.class == Int || k < 0 {
			return fmt.Errorf("%s for %s: more than %d %s registers are alive at instruction %d of %d",
				p.Name, p.Machine.Name, stuck.have, [...]string{"", "vector", "mask", "integer"}[stuck.class], stuck.at, len(p.Code))
		}
		p.demote(k)
	}
}

// pool is the file of registers that a class draws on.
func (m *Machine) pool(c Class) (Class, int) {
	switch {
	case c == Int:
		return Int, m.Ints
	case c == Mask && m.Masks > 0:
		return Mask, m.Masks
	}
	return Vector, m.Vectors
}

// Reload is the Imm of a ConstLoad that stands just before its use.
const Reload = 1

// NewRegister is a register that nothing uses yet.
func (p *Program) NewRegister(c Class) Reg {
	p.regs[c]++
	return Reg{c, p.regs[c] - 1}
}

type stuck struct {
	class    Class
	have, at int
}

type bitset []uint64

func (s bitset) add(i int) { s[i/64] |= 1 << (i % 64) }
func (s bitset) del(i int) { s[i/64] &^= 1 << (i % 64) }
func (s bitset) or(t bitset) (grew bool) {
	for i, w := range t {
		if w&^s[i] != 0 {
			s[i] |= w
			grew = true
		}
	}
	return
}
func (s bitset) each(f func(int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			f(64*i + bits.TrailingZeros64(w))
		}
	}
}

// allocation colours the interference graph of a program.
type allocation struct {
	p        *Program
	base     [4]int // number of a class's first register
	total    int
	liveOut  []bitset
	conflict []bitset
	colorOf  []int
	hints    [][]int
}

func newAllocation(p *Program) *allocation {
	a := &allocation{p: p}
	for c := Vector; c <= Int; c++ {
		a.base[c] = a.total
		a.total += p.regs[c]
	}
	a.liveness()
	a.interference()
	return a
}

func (a *allocation) number(r Reg) int { return a.base[r.Class] + r.ID }

func (a *allocation) class(n int) Class {
	c := Vector
	for c < Int && n >= a.base[c+1] {
		c++
	}
	return c
}

// uses are the registers that an instruction reads.
func (in *Instr) uses() []Reg {
	var rs []Reg
	for i, r := range in.Src {
		if r.Valid() && in.Fold[i] == 0 {
			rs = append(rs, r)
		}
	}
	if in.Mem.Base.Valid() {
		rs = append(rs, in.Mem.Base)
	}
	if in.Mem.Index.Valid() {
		rs = append(rs, in.Mem.Index)
	}
	return rs
}

func (a *allocation) set() bitset { return make(bitset, (a.total+63)/64) }

func (a *allocation) liveness() {
	code := a.p.Code
	target := map[string]int{}
	for i, in := range code {
		if in.Op == Label {
			target[in.Label] = i
		}
	}
	a.liveOut = make([]bitset, len(code))
	liveIn := make([]bitset, len(code)+1)
	for i := range code {
		a.liveOut[i], liveIn[i] = a.set(), a.set()
	}
	liveIn[len(code)] = a.set()
	for changed := true; changed; {
		changed = false
		for i := len(code) - 1; i >= 0; i-- {
			in := &code[i]
			out := a.liveOut[i]
			if in.Op != Jump && in.Op != Ret {
				out.or(liveIn[i+1])
			}
			switch in.Op {
			case Jump, Branch, BranchAny:
				t, ok := target[in.Label]
				if !ok {
					panic("vm: " + a.p.Name + " jumps to a label that is nowhere: " + in.Label)
				}
				out.or(liveIn[t])
			}
			live := append(bitset(nil), out...)
			if in.Dst.Valid() {
				live.del(a.number(in.Dst))
			}
			for _, r := range in.uses() {
				live.add(a.number(r))
			}
			if liveIn[i].or(live) {
				changed = true
			}
		}
	}
	liveIn[0].each(func(n int) {
		panic(fmt.Sprintf("vm: %s reads %s%d before anything is written to it", a.p.Name, [...]string{"", "v", "m", "i"}[a.class(n)], n-a.base[a.class(n)]))
	})
}

func (a *allocation) interference() {
	m := a.p.Machine
	a.conflict = make([]bitset, a.total)
	a.hints = make([][]int, a.total)
	for i := range a.conflict {
		a.conflict[i] = a.set()
	}
	join := func(x, y int) {
		cx, _ := m.pool(a.class(x))
		cy, _ := m.pool(a.class(y))
		if x != y && cx == cy {
			a.conflict[x].add(y)
			a.conflict[y].add(x)
		}
	}
	for i := range a.p.Code {
		in := &a.p.Code[i]
		if !in.Dst.Valid() {
			continue
		}
		d := a.number(in.Dst)
		a.liveOut[i].each(func(n int) {
			if in.Op == Move && n == a.number(in.Src[0]) {
				return // a copy of a value may share its register
			}
			join(d, n)
		})
		// Sources that the machine's code still reads after writing dst.
		for _, s := range m.early(in) {
			join(d, a.number(in.Src[s]))
		}
		for _, s := range [...]int{2, 0, 1} {
			if r := in.Src[s]; r.Valid() && r.Class == in.Dst.Class && in.Fold[s] == 0 {
				n := a.number(r)
				a.hints[d] = append(a.hints[d], n)
				a.hints[n] = append(a.hints[n], d)
			}
		}
	}
}

// early lists the sources that must not share in's destination.
func (m *Machine) early(in *Instr) []int {
	if m.FMADestroys && (in.Op == FMA || in.Op == FNMA) {
		var s []int
		for i := range 2 {
			if in.Fold[i] == 0 && in.Src[i] != in.Dst {
				s = append(s, i)
			}
		}
		return s
	}
	return nil
}

// color assigns registers in the order of first definition, preferring that
// of a source which dies here (so that moves and copies vanish).
func (a *allocation) color() *stuck {
	a.colorOf = make([]int, a.total)
	for i := range a.colorOf {
		a.colorOf[i] = -1
	}
	for i := range a.p.Code {
		d := a.p.Code[i].Dst
		if !d.Valid() || a.colorOf[a.number(d)] >= 0 {
			continue
		}
		n := a.number(d)
		pool, have := a.p.Machine.pool(d.Class)
		taken := make([]bool, have)
		a.conflict[n].each(func(o int) {
			if c := a.colorOf[o]; c >= 0 {
				taken[c] = true
			}
		})
		pick := -1
		for _, h := range a.hints[n] {
			hp, _ := a.p.Machine.pool(a.class(h))
			if c := a.colorOf[h]; c >= 0 && hp == pool && !taken[c] {
				pick = c
				break
			}
		}
		for c := 0; pick < 0 && c < have; c++ {
			if !taken[c] {
				pick = c
			}
		}
		if pick < 0 {
			return &stuck{pool, have, i}
		}
		a.colorOf[n] = pick
	}
	return nil
}

// cheapestConstant is the constant whose uses, weighted by loop depth, are
// fewest among those that still occupy a register from the entry on.
func (a *allocation) cheapestConstant() int {
	weight := map[Reg]int{}
	for i, in := range a.p.Code {
		w := 1 << (3 * min(a.p.depth(i), 6))
		for _, r := range in.uses() {
			weight[r] += w
		}
	}
	best, bestWeight := -1, 0
	for i := range a.p.Code {
		in := &a.p.Code[i]
		if in.Op != ConstLoad || in.Imm == Reload {
			break // constants come first
		}
		if w := weight[in.Dst]; best < 0 || w < bestWeight {
			best, bestWeight = i, w
		}
	}
	return best
}

// depth counts the loops around instruction i: backward jumps over it.
func (p *Program) depth(i int) int {
	d := 0
	at := map[string]int{}
	for j, in := range p.Code {
		switch in.Op {
		case Label:
			at[in.Label] = j
		case Jump, Branch, BranchAny:
			if t, ok := at[in.Label]; ok && t <= i && i <= j {
				d++
			}
		}
	}
	return d
}

// demote removes the constant load at instruction k and reads the constant
// from memory at each use.
func (p *Program) demote(k int) {
	load := p.Code[k]
	var code []Instr
	for i, in := range p.Code {
		if i == k {
			continue
		}
		var tmp Reg
		for s := range in.Src {
			if in.Src[s] != load.Dst || in.Fold[s] != 0 {
				continue
			}
			folded := in.Fold[0] | in.Fold[1] | in.Fold[2]
			if folded == 0 && p.Machine.Folds != nil && p.Machine.Folds(in.Op, s) {
				in.Fold[s] = load.Const + 1
				continue
			}
			if !tmp.Valid() {
				tmp = p.NewRegister(Vector)
				code = append(code, Instr{Op: ConstLoad, Elem: load.Elem, Dst: tmp, Const: load.Const, Imm: Reload})
			}
			in.Src[s] = tmp
		}
		code = append(code, in)
	}
	p.Code = code
}

// rewrite puts physical numbers in the place of virtual ones.
func (a *allocation) rewrite() {
	phys := func(r *Reg) {
		if r.Valid() {
			pool, _ := a.p.Machine.pool(r.Class)
			*r = Reg{pool, a.colorOf[a.number(*r)]}
		}
	}
	for i := range a.p.Code {
		in := &a.p.Code[i]
		phys(&in.Dst)
		for s := range in.Src {
			if in.Fold[s] != 0 {
				in.Src[s] = Reg{}
			} else {
				phys(&in.Src[s])
			}
		}
		phys(&in.Mem.Base)
		phys(&in.Mem.Index)
	}
}
