package vm

// Schedule reorders the instructions between labels and branches so that those
// on long chains start early and independent chains run side by side: a core
// looks only some hundred instructions ahead, less than one turn of a long
// loop. Once as many vectors are alive as limit says, constants aside, it prefers
// what frees one, then the order of the description. Results do not change.
func (p *Program) Schedule(limit int) {
	a := newAllocation(p)
	first := 0
	for first < len(p.Code) && p.Code[first].Op == ConstLoad {
		first++ // Allocate expects constants at the start
	}
	constant := map[Reg]bool{}
	for _, in := range p.Code[:first] {
		constant[in.Dst] = true
	}
	for from := first; from < len(p.Code); {
		to := from
		for to < len(p.Code) && !p.Code[to].barrier() {
			to++
		}
		if to-from > 2 {
			s := &scheduler{p: p, code: p.Code[from:to], constant: constant, limit: limit}
			copy(p.Code[from:to], s.run(a.liveOutRegs(to-1)))
		}
		from = to + 1
	}
}

// barrier tells what instructions do not move across.
func (in *Instr) barrier() bool {
	switch in.Op {
	case Label, Jump, Branch, BranchAny, Ret:
		return true
	}
	return false
}

// latency is about what it is on today's cores, in cycles.
func (in *Instr) latency() int {
	switch in.Op {
	case Load, LoadTail, Broadcast, ConstLoad, IntArg, IntLoad:
		return 6
	case Add, Sub, Mul, FMA, FNMA, RoundEven, IntToFloat, FloatToInt, ScaleBy, Exponent, Mantissa, MulU32, WidenLo, WidenHi, SplatInt:
		return 4
	case Div:
		return 12
	case Sqrt:
		return 16
	case CmpLT, CmpLE, CmpEQ, CmpNE, ICmpEQ, ICmpGT:
		return 3
	}
	return 1
}

// liveOutRegs are the registers that instruction i leaves alive.
func (a *allocation) liveOutRegs(i int) map[Reg]bool {
	live := map[Reg]bool{}
	a.liveOut[i].each(func(n int) {
		c := a.class(n)
		live[Reg{c, n - a.base[c]}] = true
	})
	return live
}

// scheduler orders one block.
type scheduler struct {
	p        *Program
	code     []Instr
	constant map[Reg]bool
	limit    int
	after    [][]int // what waits for each instruction
	waits    []int   // for how many each one waits
	height   []int   // cycles from an instruction's start to the block's end
}

// width is the number of instructions that start in a cycle.
const width = 4

func (s *scheduler) run(liveOut map[Reg]bool) []Instr {
	s.dependences()
	n := len(s.code)
	s.height = make([]int, n)
	for i := n - 1; i >= 0; i-- {
		for _, j := range s.after[i] {
			s.height[i] = max(s.height[i], s.height[j])
		}
		s.height[i] += s.code[i].latency()
	}
	uses := map[Reg]int{} // reads still to come
	alive := map[Reg]bool{}
	for i := range s.code {
		for _, r := range s.code[i].uses() {
			uses[r]++
		}
	}
	defined := map[Reg]bool{}
	for i := range s.code {
		for _, r := range s.code[i].uses() {
			if !defined[r] {
				alive[r] = true
			}
		}
		if d := s.code[i].Dst; d.Valid() {
			defined[d] = true
		}
	}
	for r := range liveOut {
		uses[r]++
		if !defined[r] {
			alive[r] = true
		}
	}
	counts := func(r Reg) bool {
		pool, _ := s.p.Machine.pool(r.Class)
		return r.Valid() && pool == Vector && !s.constant[r]
	}
	pressure := 0
	for r := range alive {
		if counts(r) {
			pressure++
		}
	}
	// growth is how much an instruction adds to the pressure.
	growth := func(in *Instr) int {
		g := 0
		if counts(in.Dst) && !alive[in.Dst] {
			g++
		}
		seen := map[Reg]int{}
		for _, r := range in.uses() {
			seen[r]++
		}
		for r, k := range seen {
			if counts(r) && uses[r] == k && r != in.Dst {
				g--
			}
		}
		return g
	}
	start := make([]int, n) // earliest cycle
	ready := []int{}
	for i := range s.code {
		if s.waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	out := make([]Instr, 0, n)
	cycle, issued := 0, 0
	for len(ready) > 0 {
		pick := s.pick(ready, start, cycle, pressure, growth)
		i := ready[pick]
		ready = append(ready[:pick], ready[pick+1:]...)
		in := &s.code[i]
		pressure += growth(in)
		for _, r := range in.uses() {
			uses[r]--
			if uses[r] == 0 {
				delete(alive, r)
			}
		}
		if in.Dst.Valid() {
			alive[in.Dst] = true
		}
		out = append(out, *in)
		cycle = max(cycle, start[i])
		for _, j := range s.after[i] {
			start[j] = max(start[j], cycle+in.latency())
			if s.waits[j]--; s.waits[j] == 0 {
				ready = append(ready, j)
			}
		}
		if issued++; issued%width == 0 {
			cycle++
		}
	}
	return out
}

// pick chooses among the ready instructions: of those whose operands are there,
// the one with the longest way to go; under pressure, one that frees registers.
func (s *scheduler) pick(ready, start []int, cycle, pressure int, growth func(*Instr) int) int {
	best := -1
	better := func(i, j int) bool { // ready[i] before ready[j]
		x, y := ready[i], ready[j]
		if pressure >= s.limit {
			if gx, gy := growth(&s.code[x]), growth(&s.code[y]); gx != gy {
				return gx < gy
			}
			return x < y
		}
		if sx, sy := max(start[x], cycle), max(start[y], cycle); sx != sy {
			return sx < sy
		}
		if s.height[x] != s.height[y] {
			return s.height[x] > s.height[y]
		}
		return x < y
	}
	for i := range ready {
		if best < 0 || better(i, best) {
			best = i
		}
	}
	return best
}

// dependences links each instruction to those that must come after it.
func (s *scheduler) dependences() {
	n := len(s.code)
	s.after, s.waits = make([][]int, n), make([]int, n)
	link := func(i, j int) {
		if i >= 0 {
			s.after[i] = append(s.after[i], j)
			s.waits[j]++
		}
	}
	writer := map[Reg]int{}
	readers := map[Reg][]int{}
	args := map[string][]int{} // accesses to an argument's place
	store := -1
	var loads []int
	for j := range s.code {
		in := &s.code[j]
		for _, r := range in.uses() {
			if w, ok := writer[r]; ok {
				link(w, j)
			}
			readers[r] = append(readers[r], j)
		}
		if d := in.Dst; d.Valid() {
			if w, ok := writer[d]; ok {
				link(w, j)
			}
			for _, r := range readers[d] {
				if r != j {
					link(r, j)
				}
			}
			writer[d], readers[d] = j, nil
		}
		if name := in.Arg + in.Mem.Arg; name != "" {
			for _, i := range args[name] {
				link(i, j)
			}
			args[name] = append(args[name], j)
			continue
		}
		switch in.Op {
		case Store, StoreTail, StoreLane0:
			link(store, j)
			for _, i := range loads {
				link(i, j)
			}
			store, loads = j, nil
		default:
			if in.Mem != (Addr{}) {
				link(store, j)
				loads = append(loads, j)
			}
		}
	}
}
