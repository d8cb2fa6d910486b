package neon

import (
	"fmt"
	"math"
)

// ByElement is an instruction whose last operand is one lane, broadcast.
type ByElement struct {
	name string
	word uint32
}

var byElements []ByElement

func byElement(name string, word uint32) ByElement {
	o := ByElement{name, word}
	byElements = append(byElements, o)
	return o
}

// Products with one lane of m, broadcast: FMLA adds to d, FMLS subtracts
// from d, each rounded once.
var (
	FMLAElement = byElement("fmla", 0x0f801000)
	FMLSElement = byElement("fmls", 0x0f805000)
	FMULElement = byElement("fmul", 0x0f809000)
)

// Inst is d = d op n*m[lane].
func (o ByElement) Inst(a Arr, d, n, m V, lane int) Inst {
	a.oneOf(o.name, lanes)
	w := o.word | float.encode(a) | m.bits()<<16 | n.bits()<<5 | d.bits()
	a.checkLane(lane)
	if a == D2 {
		w |= uint32(lane) << 11
	} else {
		w |= uint32(lane&1)<<21 | uint32(lane>>1)<<11
	}
	return Inst{
		Word: w,
		Text: fmt.Sprintf("%s %s, %s, %s", o.name, a.arm(d), a.arm(n), a.lane(m, lane)),
	}
}

// UMULLElement is the 64-bit products of n's two lower words with one word of
// m, broadcast.
func UMULLElement(d, n, m V, lane int) Inst {
	S4.checkLane(lane)
	return Inst{
		Word: 0x2f80a000 | uint32(lane&1)<<21 | uint32(lane>>1)<<11 | m.bits()<<16 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("umull %s, %s, %s", D2.arm(d), S2.arm(n), S4.lane(m, lane)),
	}
}

// imm5 names a lane and its width in bits 20:16.
func imm5(a Arr, lane int) uint32 {
	return (uint32(a.checkLane(lane))<<1 | 1) << arrs[a].size << 16
}

// DUP fills d with one lane of n.
func DUP(a Arr, d, n V, lane int) Inst {
	a.oneOf("dup", lanes)
	return Inst{
		Word: 0x0e000400 | arrs[a].full<<30 | imm5(a, lane) | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("dup %s, %s", a.arm(d), a.lane(n, lane)),
		Go:   fmt.Sprintf("VDUP %s, %s", a.asmLane(n, lane), a.asm(d)),
	}
}

// general is a general register of a lane's width, in Arm's syntax.
func (a Arr) general(r R) string {
	if r > 30 {
		panic("neon: the stack pointer holds no lane")
	}
	if a == D2 {
		return fmt.Sprintf("x%d", r)
	}
	return fmt.Sprintf("w%d", r)
}

// DUPGeneral fills d with the low bits of a general register.
func DUPGeneral(a Arr, d V, n R) Inst {
	a.oneOf("dup", lanes)
	return Inst{
		Word: 0x0e000c00 | arrs[a].full<<30 | imm5(a, 0) | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("dup %s, %s", a.arm(d), a.general(n)),
		Go:   fmt.Sprintf("VDUP %s, %s", n, a.asm(d)),
	}
}

// INS copies one lane of n to one lane of d and keeps d's others.
func INS(a Arr, d V, to int, n V, from int) Inst {
	a.oneOf("ins", lanes)
	return Inst{
		Word: 0x6e000400 | imm5(a, to) | uint32(a.checkLane(from))<<arrs[a].size<<11 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("mov %s, %s", a.lane(d, to), a.lane(n, from)),
		Go:   fmt.Sprintf("VMOV %s, %s", a.asmLane(n, from), a.asmLane(d, to)),
	}
}

// INSGeneral copies a general register to one lane of d and keeps d's others.
func INSGeneral(a Arr, d V, to int, n R) Inst {
	a.oneOf("ins", lanes)
	return Inst{
		Word: 0x4e001c00 | imm5(a, to) | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("mov %s, %s", a.lane(d, to), a.general(n)),
		Go:   fmt.Sprintf("VMOV %s, %s", n, a.asmLane(d, to)),
	}
}

// UMOV copies one lane of n to a general register, extended with zeros.
func UMOV(a Arr, d R, n V, from int) Inst {
	a.oneOf("umov", lanes)
	w := 0x0e003c00 | imm5(a, from) | n.bits()<<5 | d.bits()
	if a == D2 {
		w |= 1 << 30
	}
	return Inst{
		Word: w,
		Text: fmt.Sprintf("mov %s, %s", a.general(d), a.lane(n, from)),
		Go:   fmt.Sprintf("VMOV %s, %s", a.asmLane(n, from), d),
	}
}

// UMAXV puts the greatest of n's unsigned 32-bit lanes in lane 0 of d and
// clears the others.
func UMAXV(d, n V) Inst {
	return Inst{
		Word: 0x6eb0a800 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("umaxv s%d, %s", d, S4.arm(n)),
	}
}

// EXT is the 16 bytes of n followed by m that begin at byte from.
func EXT(d, n, m V, from int) Inst {
	if from < 0 || from > 15 {
		panic(fmt.Sprintf("neon: ext from byte %d", from))
	}
	return Inst{
		Word: 0x6e000000 | m.bits()<<16 | uint32(from)<<11 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("ext %s, %s, %s, #%d", B16.arm(d), B16.arm(n), B16.arm(m), from),
		Go:   fmt.Sprintf("VEXT $%d, %s, %s, %s", from, B16.asm(m), B16.asm(n), B16.asm(d)),
	}
}

// ZERO clears d.
func ZERO(d V) Inst {
	return Inst{Word: 0x6f00e400 | d.bits(), Text: fmt.Sprintf("movi v%d.2d, #0", d)}
}

// FMOVConst fills d with one of the 256 constants ±(16..31)/16 * 2^(-3..4);
// ok is false for any other.
func FMOVConst(a Arr, d V, c float64) (inst Inst, ok bool) {
	a.oneOf("fmov", lanes)
	b := math.Float64bits(c)
	exp := int(b>>52&0x7ff) - 1023
	if b<<16 != 0 || exp < -3 || exp > 4 {
		return Inst{}, false
	}
	// The eight bits are the sign, whether the exponent is below 1, its
	// distance from the least of that half, and the fraction's upper bits.
	half := uint32(exp-1) << 4
	if exp < 1 {
		half = 1<<6 | uint32(exp+3)<<4
	}
	imm := uint32(b>>63)<<7 | half | uint32(b>>48&15)
	w := 0x0f00f400 | arrs[a].full<<30 | imm>>5<<16 | imm&31<<5 | d.bits()
	if a == D2 {
		w |= 1 << 29
	}
	return Inst{Word: w, Text: fmt.Sprintf("fmov %s, #%.18e", a.arm(d), c)}, true
}
