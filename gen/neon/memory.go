package neon

import "fmt"

// Width is the number of bytes that a scalar or vector load or store moves.
type Width uint8

// The widths of loads and stores.
const (
	Single Width = 4
	Double Width = 8
	Quad   Width = 16
)

// widths holds each width's register letter, Go's mnemonic, and the bits that
// it sets in loads and stores.
var widths = map[Width]struct {
	letter, goName string
	bits           uint32
}{
	Single: {"s", "FMOVS", 0x80000000},
	Double: {"d", "FMOVD", 0xc0000000},
	Quad:   {"q", "FMOVQ", 0x00800000},
}

const loadBit = 0x00400000

// Reaches tells whether a load or store of width w takes the offset off.
func Reaches(w Width, off int) bool {
	return off%int(w) == 0 && off >= 0 && off/int(w) < 1<<12 || off >= -256 && off < 256
}

// LDR loads the low bytes of t from n+off and clears the others.
func LDR(w Width, t V, n R, off int) Inst { return move(w, t, n, off, true) }

// STR stores the low bytes of t to n+off.
func STR(w Width, t V, n R, off int) Inst { return move(w, t, n, off, false) }

func move(w Width, t V, n R, off int, load bool) Inst {
	if !Reaches(w, off) {
		panic(fmt.Sprintf("neon: %d bytes at offset %d", w, off))
	}
	k := widths[w]
	word := 0x3c000000 | k.bits | n.bits()<<5 | t.bits()
	name, long := "st", "r"
	if load {
		word |= loadBit
		name = "ld"
	}
	if off >= 0 && off%int(w) == 0 {
		word |= 0x01000000 | uint32(off/int(w))<<10
	} else {
		word |= uint32(off) & 0x1ff << 12
		long = "ur"
	}
	text := fmt.Sprintf("%s%s %s%d, [%s]", name, long, k.letter, t, n.base())
	if off != 0 {
		text = fmt.Sprintf("%s%s %s%d, [%s, #%d]", name, long, k.letter, t, n.base(), off)
	}
	return Inst{word, text, goMove(k.goName, t, place(n, off), load)}
}

func goMove(name string, t V, addr string, load bool) string {
	if load {
		return fmt.Sprintf("%s %s, F%d", name, addr, t)
	}
	return fmt.Sprintf("%s F%d, %s", name, t, addr)
}

// place is base plus offset in Go's syntax.
func place(n R, off int) string {
	if off == 0 {
		return fmt.Sprintf("(%s)", n)
	}
	return fmt.Sprintf("%d(%s)", off, n)
}

// LDRIndex loads the low bytes of t from n+m, with scaled from n+w*m.
func LDRIndex(w Width, t V, n, m R, scaled bool) Inst { return moveIndex(w, t, n, m, scaled, true) }

// STRIndex stores the low bytes of t to n+m, with scaled to n+w*m.
func STRIndex(w Width, t V, n, m R, scaled bool) Inst { return moveIndex(w, t, n, m, scaled, false) }

func moveIndex(w Width, t V, n, m R, scaled, load bool) Inst {
	k := widths[w]
	word := 0x3c206800 | k.bits | m.bits()<<16 | n.bits()<<5 | t.bits()
	name := "str"
	if load {
		word |= loadBit
		name = "ldr"
	}
	text := fmt.Sprintf("%s %s%d, [%s, x%d", name, k.letter, t, n.base(), m)
	addr := fmt.Sprintf("(%s)(%s)", n, m)
	if scaled {
		log := map[Width]int{Single: 2, Double: 3, Quad: 4}[w]
		word |= 1 << 12
		text += fmt.Sprintf(", lsl #%d", log)
		addr = fmt.Sprintf("(%s)(%s<<%d)", n, m, log)
	}
	if w == Quad {
		return Inst{Word: word, Text: text + "]"} // Go has no FMOVQ with an index
	}
	return Inst{word, text + "]", goMove(k.goName, t, addr, load)}
}

// PairReaches tells whether LDP and STP take the offset off.
func PairReaches(off int) bool { return off%16 == 0 && off >= -1024 && off < 1024 }

// LDP loads t and u from the 32 bytes at n+off.
func LDP(t, u V, n R, off int) Inst {
	if t == u {
		panic("neon: ldp into one register twice")
	}
	i := pair("ldp", 0xad400000, t, u, n, off)
	i.Go = fmt.Sprintf("FLDPQ %s, (F%d, F%d)", place(n, off), t, u)
	return i
}

// STP stores t and u to the 32 bytes at n+off.
func STP(t, u V, n R, off int) Inst {
	i := pair("stp", 0xad000000, t, u, n, off)
	i.Go = fmt.Sprintf("FSTPQ (F%d, F%d), %s", t, u, place(n, off))
	return i
}

func pair(name string, word uint32, t, u V, n R, off int) Inst {
	if !PairReaches(off) {
		panic(fmt.Sprintf("neon: %s at offset %d", name, off))
	}
	text := fmt.Sprintf("%s q%d, q%d, [%s]", name, t, u, n.base())
	if off != 0 {
		text = fmt.Sprintf("%s q%d, q%d, [%s, #%d]", name, t, u, n.base(), off)
	}
	return Inst{
		Word: word | uint32(off/16)&0x7f<<15 | u.bits()<<10 | n.bits()<<5 | t.bits(),
		Text: text,
	}
}

// LD1R fills t with the number at address n.
func LD1R(a Arr, t V, n R) Inst {
	a.oneOf("ld1r", lanes)
	return Inst{
		Word: 0x0d40c000 | arrs[a].full<<30 | arrs[a].size<<10 | n.bits()<<5 | t.bits(),
		Text: fmt.Sprintf("ld1r {%s}, [%s]", a.arm(t), n.base()),
		Go:   fmt.Sprintf("VLD1R (%s), [%s]", n, a.asm(t)),
	}
}

// LD1 loads one to four registers, t and those that follow it, from address
// n; V0 follows V31.
func LD1(a Arr, t V, count int, n R) Inst {
	arm, asm := a.list(t, count)
	return Inst{
		Word: 0x0c400000 | several(a, t, count, n),
		Text: fmt.Sprintf("ld1 {%s}, [%s]", arm, n.base()),
		Go:   fmt.Sprintf("VLD1 (%s), [%s]", n, asm),
	}
}

// ST1 stores one to four registers, t and those that follow it, to address n.
func ST1(a Arr, t V, count int, n R) Inst {
	arm, asm := a.list(t, count)
	return Inst{
		Word: 0x0c000000 | several(a, t, count, n),
		Text: fmt.Sprintf("st1 {%s}, [%s]", arm, n.base()),
		Go:   fmt.Sprintf("VST1 [%s], (%s)", asm, n),
	}
}

func several(a Arr, t V, count int, n R) uint32 {
	opcode := [...]uint32{1: 7, 2: 10, 3: 6, 4: 2}[count]
	return arrs[a].full<<30 | opcode<<12 | arrs[a].size<<10 | n.bits()<<5 | t.bits()
}

// list is count registers from t on, in Arm's syntax and in Go's.
func (a Arr) list(t V, count int) (arm, asm string) {
	if count < 1 || count > 4 {
		panic(fmt.Sprintf("neon: a list of %d registers", count))
	}
	for i := range V(count) {
		if i > 0 {
			arm, asm = arm+", ", asm+", "
		}
		arm += a.arm((t + i) % 32)
		asm += a.asm((t + i) % 32)
	}
	return arm, asm
}

// LD1Lane loads one lane of t from address n and keeps the others.
func LD1Lane(a Arr, t V, lane int, n R) Inst {
	return Inst{
		Word: 0x0d408000 | laneBits(a, t, lane, n),
		Text: fmt.Sprintf("ld1 {v%d.%s}[%d], [%s]", t, a.letter(), lane, n.base()),
		Go:   fmt.Sprintf("VLD1 (%s), %s", n, a.asmLane(t, lane)),
	}
}

// ST1Lane stores one lane of t to address n.
func ST1Lane(a Arr, t V, lane int, n R) Inst {
	return Inst{
		Word: 0x0d008000 | laneBits(a, t, lane, n),
		Text: fmt.Sprintf("st1 {v%d.%s}[%d], [%s]", t, a.letter(), lane, n.base()),
		Go:   fmt.Sprintf("VST1 %s, (%s)", a.asmLane(t, lane), n),
	}
}

func laneBits(a Arr, t V, lane int, n R) uint32 {
	a.oneOf("ld1 and st1 of one lane", lanes)
	a.checkLane(lane)
	w := n.bits()<<5 | t.bits()
	if a == D2 {
		return w | 1<<10 | uint32(lane)<<30
	}
	return w | uint32(lane&1)<<12 | uint32(lane>>1)<<30
}
