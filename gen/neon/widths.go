package neon

import "fmt"

// Resize is an instruction between lanes of 32 bits and lanes of 64 bits. A
// widening one reads two lanes, the lower half of n (and m) or, with the
// suffix 2, the upper; a narrowing one writes the lower half of d and clears
// the upper or, with the suffix 2, writes the upper and keeps the lower.
type Resize struct {
	name   string
	word   uint32
	widens bool
	binary bool // reads m too
}

var resizes []Resize

func resize(name string, word uint32, widens, binary bool) Resize {
	o := Resize{name, word, widens, binary}
	resizes = append(resizes, o)
	return o
}

// Conversions float32 to float64 and back, products of 32-bit words in
// 64 bits, and the low words of 64-bit lanes.
var (
	FCVTL  = resize("fcvtl", 0x0e617800, true, false)
	FCVTL2 = resize("fcvtl2", 0x4e617800, true, false)
	FCVTN  = resize("fcvtn", 0x0e616800, false, false)
	FCVTN2 = resize("fcvtn2", 0x4e616800, false, false)
	XTN    = resize("xtn", 0x0ea12800, false, false)
	XTN2   = resize("xtn2", 0x4ea12800, false, false)
	UMULL  = resize("umull", 0x2ea0c000, true, true)
	UMULL2 = resize("umull2", 0x6ea0c000, true, true)
)

// half is the arrangement on the side of the 32-bit lanes.
func (o Resize) half() Arr {
	if o.word>>30&1 == 1 {
		return S4
	}
	return S2
}

// Inst is d = op n, for an instruction with one source.
func (o Resize) Inst(d, n V) Inst {
	if o.binary {
		panic("neon: " + o.name + " has two sources")
	}
	to, from := o.half(), D2
	if o.widens {
		to, from = from, to
	}
	return Inst{
		Word: o.word | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("%s %s, %s", o.name, to.arm(d), from.arm(n)),
	}
}

// Inst2 is d = n op m, for an instruction with two sources.
func (o Resize) Inst2(d, n, m V) Inst {
	if !o.binary {
		panic("neon: " + o.name + " has one source")
	}
	h := o.half()
	return Inst{
		Word: o.word | m.bits()<<16 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("%s %s, %s, %s", o.name, D2.arm(d), h.arm(n), h.arm(m)),
	}
}

// Shift is a shift of every lane by a constant.
type Shift struct {
	name, goName string
	word         uint32
	left         bool
}

var shifts []Shift

func shift(name, goName string, word uint32, left bool) Shift {
	o := Shift{name, goName, word, left}
	shifts = append(shifts, o)
	return o
}

// Shifts: left, logical right, arithmetic right.
var (
	SHL  = shift("shl", "VSHL", 0x0f005400, true)
	USHR = shift("ushr", "VUSHR", 0x2f000400, false)
	SSHR = shift("sshr", "", 0x0f000400, false)
)

// Inst is d = n shifted by count: 0 to width-1 to the left, 1 to width to the
// right.
func (o Shift) Inst(a Arr, d, n V, count int) Inst {
	a.oneOf(o.name, lanes)
	w := a.Width()
	imm := 2*w - count
	if o.left {
		imm = w + count
	}
	if imm < w || imm >= 2*w {
		panic(fmt.Sprintf("neon: %s of %s by %d", o.name, a, count))
	}
	i := Inst{
		Word: o.word | arrs[a].full<<30 | uint32(imm)<<16 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("%s %s, %s, #%d", o.name, a.arm(d), a.arm(n), count),
	}
	if o.goName != "" {
		i.Go = fmt.Sprintf("%s $%d, %s, %s", o.goName, count, a.asm(n), a.asm(d))
	}
	return i
}
