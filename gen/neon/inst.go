// Package neon spells the NEON instructions that the kernels use, for Go's
// arm64 assembler.
//
// An instruction has three spellings: its 32-bit word, its text as the Arm
// manual and the disassemblers write it, and, where Go's assembler has a
// mnemonic, the line of Go assembly. Where Go has none, the line is the word
// with the text as its comment:
//
//	VFMLA V2.S4, V1.S4, V0.S4
//	WORD $0x4e22d420 // fadd v0.4s, v1.4s, v2.4s
//
// The tests hold all three against each other: the words are decoded by
// golang.org/x/arch and by binutils or LLVM, and Go's own assembler encodes
// the Go lines.
package neon

import "fmt"

// Inst is one instruction in its three spellings.
type Inst struct {
	Word uint32 // the encoding
	Text string // the Arm manual's syntax, destination first
	Go   string // Go's syntax, destination last; empty where Go has no mnemonic
}

// String is the instruction as a line of Go assembly, without indentation.
func (i Inst) String() string {
	if i.Go != "" {
		return i.Go
	}
	return fmt.Sprintf("WORD $0x%08x // %s", i.Word, i.Text)
}

// V is a vector register, V0 to V31.
type V uint8

// R is a general register, R0 to R30; 31 stands for the stack pointer in an
// address.
type R uint8

// RSP is the stack pointer as the base of an address.
const RSP R = 31

func (v V) bits() uint32 {
	if v > 31 {
		panic(fmt.Sprintf("neon: register V%d, want V0 to V31", v))
	}
	return uint32(v)
}

func (r R) bits() uint32 {
	if r > 31 {
		panic(fmt.Sprintf("neon: register R%d, want R0 to R31", r))
	}
	return uint32(r)
}

// base is a register's name as the base of an address, in Arm's syntax.
func (r R) base() string {
	if r == RSP {
		return "sp"
	}
	return fmt.Sprintf("x%d", r)
}

// String is the register's name in Go's syntax.
func (r R) String() string {
	switch r {
	case 18:
		return "R18_PLATFORM"
	case 28:
		return "g"
	case RSP:
		return "RSP"
	}
	return fmt.Sprintf("R%d", uint8(r))
}

// Arr is an arrangement: how many lanes of which width.
type Arr uint8

// The arrangements, named as Go writes them.
const (
	B8 Arr = iota
	B16
	S2
	S4
	D2
)

var arrs = [...]struct {
	arm, goName string
	full        uint32 // 1 for 128 bits
	size        uint32 // log2 of the bytes in a lane
}{
	B8:  {"8b", "B8", 0, 0},
	B16: {"16b", "B16", 1, 0},
	S2:  {"2s", "S2", 0, 2},
	S4:  {"4s", "S4", 1, 2},
	D2:  {"2d", "D2", 1, 3},
}

func (a Arr) String() string { return arrs[a].goName }

// Width is the width of a lane in bits.
func (a Arr) Width() int { return 8 << arrs[a].size }

// Lanes is the number of lanes.
func (a Arr) Lanes() int { return int(64<<arrs[a].full) / a.Width() }

// letter names the width of a lane, as in v0.s[1].
func (a Arr) letter() string { return arrs[a].arm[len(arrs[a].arm)-1:] }

func (a Arr) arm(v V) string { return fmt.Sprintf("v%d.%s", v, arrs[a].arm) }
func (a Arr) asm(v V) string { return fmt.Sprintf("V%d.%s", v, arrs[a].goName) }

// lane is one lane of a register in Arm's syntax, asmLane in Go's.
func (a Arr) lane(v V, i int) string {
	return fmt.Sprintf("v%d.%s[%d]", v, a.letter(), a.checkLane(i))
}
func (a Arr) asmLane(v V, i int) string {
	return fmt.Sprintf("V%d.%c[%d]", v, a.String()[0], a.checkLane(i))
}

func (a Arr) checkLane(i int) int {
	if i < 0 || i >= 128/a.Width() {
		panic(fmt.Sprintf("neon: lane %d of %s", i, a))
	}
	return i
}

// oneOf panics where an instruction has no such arrangement.
func (a Arr) oneOf(name string, allowed []Arr) {
	for _, b := range allowed {
		if a == b {
			return
		}
	}
	panic(fmt.Sprintf("neon: %s has no arrangement %s, want one of %v", name, a, allowed))
}
