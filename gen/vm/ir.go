package vm

import "fmt"

// Elem is the type of the lanes that an instruction works on. Integer
// instructions use its width alone.
type Elem uint8

const (
	F32 Elem = iota
	F64
)

// Bytes is the width of one lane.
func (e Elem) Bytes() int { return 4 << e }

// Bits is the width of one lane.
func (e Elem) Bits() int { return 32 << e }

// GoType is the type of an element in Go.
func (e Elem) GoType() string { return [...]string{"float32", "float64"}[e] }

// Class is the kind of register that a value lives in.
type Class uint8

const (
	None Class = iota
	Vector
	Mask // an opmask on AVX-512, a vector of all-ones lanes elsewhere
	Int  // 64 bits: a count or an address
)

// Reg is a virtual register until allocation, a physical one afterwards.
type Reg struct {
	Class Class
	ID    int
}

// Valid tells a register from the zero Reg.
func (r Reg) Valid() bool { return r.Class != None }

func (r Reg) String() string {
	return fmt.Sprintf("%s%d", [...]string{"-", "v", "m", "i"}[r.Class], r.ID)
}

// Addr is a place in memory: Base + Index + Disp, or the named argument.
type Addr struct {
	Base, Index Reg
	Disp        int
	Arg         string
}

// Offset is the address n bytes further on.
func (a Addr) Offset(n int) Addr { a.Disp += n; return a }

// Op names an instruction of the vector machine.
type Op uint8

// The instructions. a, b, c are the sources in order; lanes are independent
// unless the comment says otherwise. Floating-point operations round to
// nearest even, once.
const (
	Nop        Op = iota
	ConstLoad     // dst = constant Const in every lane (or one constant a lane)
	Zero          // dst = 0
	Move          // dst = a, for any class
	Load          // dst = lanes at Mem
	Store         // lanes at Mem = a
	LoadTail      // dst = the first lanes at Mem as b, made by Builder.Tail, says; the rest 0
	StoreTail     // the first lanes at Mem = a, as b says
	Broadcast     // dst = the element at Mem in every lane
	StoreLane0    // element at Mem = lane 0 of a
	Add           // a + b
	Sub           // a - b
	Mul           // a * b
	Div           // a / b
	Sqrt          // √a
	FMA           // a*b + c, rounded once
	FNMA          // c - a*b, rounded once
	Max           // a > b ? a : b, so b when unordered or equal
	Min           // a < b ? a : b
	RoundEven     // a to the nearest integer, ties to even
	CmpLT         // mask: a < b, false when unordered
	CmpLE         // mask: a <= b
	CmpEQ         // mask: a == b
	CmpNE         // mask: !(a == b), true when unordered
	ICmpEQ        // mask: integers a == b
	ICmpGT        // mask: signed integers a > b
	Select        // a ? b : c, a a mask
	AndMask       // a ? b : +0, a a mask
	AddMasked     // a ? c + b : c, a a mask and c the destination; AVX-512 only
	ScaleBy       // a * 2^b, b integral, rounded once; AVX-512 only
	Exponent      // floor(log2 |a|), subnormals too; -Inf for 0, +Inf for ±Inf; AVX-512 only
	Mantissa      // a / 2^k in [0.75, 1.5) (float64: [1, 2)); 1 for 0 and +Inf, NaN below 0; AVX-512 only
	Xor3          // bits a ^ b ^ c; AVX-512 only
	MaskAnd       // mask: a and b
	MaskOr        // mask: a or b
	And           // bits a & b
	Or            // bits a | b
	Xor           // bits a ^ b
	AndNot        // bits ^a & b
	IAdd          // integers a + b
	ISub          // integers a - b
	Shl           // bits a << Imm
	Shr           // bits a >> Imm, zeros shifted in
	Sar           // bits a >> Imm, sign shifted in; 32-bit lanes only
	MulU32        // 64-bit lanes: low 32 bits of a times low 32 bits of b, 64 bits
	IntToFloat    // 32-bit lanes: float32 of the signed integer a
	FloatToInt    // 32-bit lanes: the integer nearest to a (ties to even), |a| < 2^31
	WidenLo       // float64 of the lower half of a's float32 lanes
	WidenHi       // float64 of the upper half of a's float32 lanes
	UnpackLo      // in each 128 bits: a0 b0 a1 b1 … of the lower 64 bits
	UnpackHi      // in each 128 bits: the same of the upper 64 bits
	Shuffle128    // 128-bit chunks of a and b as Imm selects (two bits each, x86 only)
	UpperHalf     // lane i = lane i + Imm/2 of a, for i < Imm/2; other lanes undefined
	SplatInt      // dst = the integer register a in every lane
	IntArg        // dst = integer argument Arg
	IntLoad       // dst = the 64-bit integer at Mem
	IntSetArg     // integer argument Arg = a (arguments are variables)
	IntConst      // dst = Imm
	IntAdd        // a + b, or a + Imm where b is absent
	IntSub        // a - b
	IntMul        // a * b
	IntShl        // a << Imm
	Label         // a place to jump to
	Jump          // to Label
	Branch        // to Label if a Cond b, or a Cond Imm where b is absent (signed)
	BranchAny     // to Label if any lane of mask a is set
	Ret
)

// Cond compares signed integers.
type Cond uint8

const (
	LT Cond = iota
	LE
	EQ
	NE
	GE
	GT
)

// Instr is one instruction.
type Instr struct {
	Op    Op
	Elem  Elem
	Dst   Reg
	Src   [3]Reg
	Mem   Addr
	Imm   int64
	Cond  Cond
	Arg   string
	Label string
	Const int // index in Program.Consts, for ConstLoad
	// Fold[i] > 0: source i is constant Fold[i]-1, read from memory; FoldVector
	// or FoldElement: what is at Mem.
	Fold [3]int
}

// Constant is a value for every lane, or one for each (Lanes of them).
type Constant struct {
	Elem Elem
	Bits uint64
	Iota bool // lane i holds Bits*i, as an integer
}

// ArgKind is the Go type of an argument.
type ArgKind uint8

const (
	PtrT       ArgKind = iota // *T
	PtrFloat64                // *float64
	PtrInt                    // *int
	Count                     // int
	Scalar                    // T
	Word                      // uint64
)

// Arg is an argument of a kernel.
type Arg struct {
	Name string
	Kind ArgKind
}

// GoType is the argument's type for elements e.
func (a Arg) GoType(e Elem) string {
	switch a.Kind {
	case PtrT:
		return "*" + e.GoType()
	case PtrFloat64:
		return "*float64"
	case PtrInt:
		return "*int"
	case Count:
		return "int"
	case Word:
		return "uint64"
	}
	return e.GoType()
}

// Program is a kernel for one machine and one element type.
type Program struct {
	Name    string
	Elem    Elem
	Machine *Machine
	Args    []Arg
	Code    []Instr
	Consts  []Constant
	regs    [4]int // virtual registers used, by class
}
