package neon

import "pushforward/gen/vm"

// Machine is Advanced SIMD: 32 registers of 16 bytes, of which the lowering
// keeps one to itself, and masks in vectors.
var Machine = &vm.Machine{
	Name: "NEON", Bytes: 16, Vectors: 31, Ints: len(ints),
	FMADestroys: true, Prepare: prepare,
}

// prepare rewrites a program for NEON before its registers are allocated.
func prepare(p *vm.Program) {
	constants(p)
	elements(p)
}

// ints are the general registers that programs use. R16 to R18 belong to the
// linker and the system, R27 to the assembler, R28 to R30 to Go.
var ints = [...]R{
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	19, 20, 21, 22, 23,
}

// Registers of the lowering.
const (
	scratch  V = 31
	constant R = 24 // address of the constants
	address  R = 25 // an address on its way to an instruction
)
