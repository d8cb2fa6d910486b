package neon

import "fmt"

// A class tells where an instruction keeps the width of its lanes.
type class uint8

const (
	bits    class = iota // nowhere: the operation is bitwise
	float                // bit 22: 0 for float32, 1 for float64
	integer              // bits 23:22: log2 of the bytes
)

func (c class) encode(a Arr) uint32 {
	w := arrs[a].full << 30
	switch c {
	case float:
		w |= (arrs[a].size - 2) << 22
	case integer:
		w |= arrs[a].size << 22
	}
	return w
}

var (
	bytewise = []Arr{B8, B16}
	words    = []Arr{S2, S4}
	lanes    = []Arr{S2, S4, D2}
)

// Three is an instruction with three vector registers: d = n op m. Of those
// that read d too, fmla adds the product to it, fmls subtracts the product
// from it, and bsl, bit and bif choose by it or into it.
type Three struct {
	name, goName string
	word         uint32
	class        class
	arrs         []Arr
}

// threes lists every Three for the tests.
var threes []Three

func three(name, goName string, word uint32, c class, arrs []Arr) Three {
	o := Three{name, goName, word, c, arrs}
	threes = append(threes, o)
	return o
}

// Arithmetic, comparison and logic, lane by lane. A comparison leaves all
// ones where it holds and zero elsewhere; an ordered one is false on NaN.
var (
	FADD  = three("fadd", "", 0x0e20d400, float, lanes)
	FSUB  = three("fsub", "", 0x0ea0d400, float, lanes)
	FMUL  = three("fmul", "", 0x2e20dc00, float, lanes)
	FDIV  = three("fdiv", "", 0x2e20fc00, float, lanes)
	FMLA  = three("fmla", "VFMLA", 0x0e20cc00, float, lanes) // d += n*m, rounded once
	FMLS  = three("fmls", "VFMLS", 0x0ea0cc00, float, lanes) // d -= n*m, rounded once
	FCMEQ = three("fcmeq", "", 0x0e20e400, float, lanes)
	FCMGE = three("fcmge", "", 0x2e20e400, float, lanes)
	FCMGT = three("fcmgt", "", 0x2ea0e400, float, lanes)
	FADDP = three("faddp", "", 0x2e20d400, float, lanes) // sums of neighbours, n's then m's

	ADD  = three("add", "VADD", 0x0e208400, integer, lanes)
	SUB  = three("sub", "VSUB", 0x2e208400, integer, lanes)
	MUL  = three("mul", "", 0x0e209c00, integer, words)
	CMEQ = three("cmeq", "VCMEQ", 0x2e208c00, integer, lanes)
	CMGT = three("cmgt", "", 0x0e203400, integer, lanes) // signed
	CMGE = three("cmge", "", 0x0e203c00, integer, lanes) // signed
	CMHI = three("cmhi", "", 0x2e203400, integer, lanes) // unsigned >
	CMHS = three("cmhs", "", 0x2e203c00, integer, lanes) // unsigned >=

	AND = three("and", "VAND", 0x0e201c00, bits, bytewise)
	BIC = three("bic", "", 0x0e601c00, bits, bytewise) // n and not m
	ORR = three("orr", "VORR", 0x0ea01c00, bits, bytewise)
	ORN = three("orn", "", 0x0ee01c00, bits, bytewise) // n or not m
	EOR = three("eor", "VEOR", 0x2e201c00, bits, bytewise)
	BSL = three("bsl", "VBSL", 0x2e601c00, bits, bytewise) // d ? n : m
	BIT = three("bit", "VBIT", 0x2ea01c00, bits, bytewise) // m ? n : d
	BIF = three("bif", "VBIF", 0x2ee01c00, bits, bytewise) // m ? d : n

	ZIP1 = three("zip1", "VZIP1", 0x0e003800, integer, lanes) // n0 m0 n1 m1
	ZIP2 = three("zip2", "VZIP2", 0x0e007800, integer, lanes) // n2 m2 n3 m3
	UZP1 = three("uzp1", "VUZP1", 0x0e001800, integer, lanes) // n0 n2 m0 m2
	UZP2 = three("uzp2", "VUZP2", 0x0e005800, integer, lanes) // n1 n3 m1 m3
	TRN1 = three("trn1", "VTRN1", 0x0e002800, integer, lanes) // n0 m0 n2 m2
	TRN2 = three("trn2", "VTRN2", 0x0e006800, integer, lanes) // n1 m1 n3 m3
)

// Inst is d = n op m.
func (o Three) Inst(a Arr, d, n, m V) Inst {
	a.oneOf(o.name, o.arrs)
	if o.name == ORR.name && n == m {
		return MOV(a, d, n)
	}
	i := Inst{
		Word: o.word | o.class.encode(a) | m.bits()<<16 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("%s %s, %s, %s", o.name, a.arm(d), a.arm(n), a.arm(m)),
	}
	if o.goName != "" {
		i.Go = fmt.Sprintf("%s %s, %s, %s", o.goName, a.asm(m), a.asm(n), a.asm(d))
	}
	return i
}

// MOV copies a register: orr with itself, for which disassemblers write mov.
func MOV(a Arr, d, n V) Inst {
	a.oneOf("mov", bytewise)
	return Inst{
		Word: 0x0ea01c00 | bits.encode(a) | n.bits()<<16 | n.bits()<<5 | d.bits(),
		Text: fmt.Sprintf("mov %s, %s", a.arm(d), a.arm(n)),
		Go:   fmt.Sprintf("VMOV %s, %s", a.asm(n), a.asm(d)),
	}
}

// Two is an instruction with two vector registers: d = op n.
type Two struct {
	name  string
	zero  string // the constant that a comparison ends with
	word  uint32
	class class
	arrs  []Arr
}

var twos []Two

func two(name, zero string, word uint32, c class, arrs []Arr) Two {
	o := Two{name, zero, word, c, arrs}
	twos = append(twos, o)
	return o
}

// Operations on one register, lane by lane. The conversions between integers
// and floats keep the width of the lane.
var (
	FABS   = two("fabs", "", 0x0ea0f800, float, lanes)
	FNEG   = two("fneg", "", 0x2ea0f800, float, lanes)
	FSQRT  = two("fsqrt", "", 0x2ea1f800, float, lanes)
	FRINTN = two("frintn", "", 0x0e218800, float, lanes) // to nearest even integral
	FCVTNS = two("fcvtns", "", 0x0e21a800, float, lanes) // to signed integer, nearest even
	FCVTZS = two("fcvtzs", "", 0x0ea1b800, float, lanes) // to signed integer, towards zero
	SCVTF  = two("scvtf", "", 0x0e21d800, float, lanes)  // signed integer to float

	FCMEQ0 = two("fcmeq", "#0.0", 0x0ea0d800, float, lanes)
	FCMGE0 = two("fcmge", "#0.0", 0x2ea0c800, float, lanes)
	FCMGT0 = two("fcmgt", "#0.0", 0x0ea0c800, float, lanes)
	FCMLE0 = two("fcmle", "#0.0", 0x2ea0d800, float, lanes)
	FCMLT0 = two("fcmlt", "#0.0", 0x0ea0e800, float, lanes)

	CMEQ0 = two("cmeq", "#0", 0x0e209800, integer, lanes)
	CMGT0 = two("cmgt", "#0", 0x0e208800, integer, lanes)
	CMLT0 = two("cmlt", "#0", 0x0e20a800, integer, lanes)
	NEG   = two("neg", "", 0x2e20b800, integer, lanes)
	NOT   = two("mvn", "", 0x2e205800, bits, bytewise)
)

// Inst is d = op n.
func (o Two) Inst(a Arr, d, n V) Inst {
	a.oneOf(o.name, o.arrs)
	text := fmt.Sprintf("%s %s, %s", o.name, a.arm(d), a.arm(n))
	if o.zero != "" {
		text += ", " + o.zero
	}
	return Inst{Word: o.word | o.class.encode(a) | n.bits()<<5 | d.bits(), Text: text}
}
