// Package asm holds the assembly of the kernels and the functions that pick
// one instruction set's version of each. All of it but this file is generated
// by package gen; programs use package kernels.
package asm

import "fmt"

// ISA names an instruction set that a kernel can run on.
type ISA uint8

// The instruction sets. Go is the plain-Go reference, which every machine has.
const (
	Go     ISA = iota
	AVX2       // AVX2 and FMA, 256-bit vectors
	AVX512     // AVX-512 F, DQ, BW and VL, 512-bit vectors
	NEON       // arm64's Advanced SIMD, 128-bit vectors
)

var names = [...]string{Go: "go", AVX2: "avx2", AVX512: "avx512", NEON: "neon"}

// String gives the name that PUSHFORWARD_ISA and Parse know.
func (isa ISA) String() string {
	if int(isa) < len(names) {
		return names[isa]
	}
	return fmt.Sprintf("ISA(%d)", uint8(isa))
}

// Parse finds the instruction set of a name, as String prints it.
func Parse(name string) (ISA, error) {
	for isa, n := range names {
		if n == name {
			return ISA(isa), nil
		}
	}
	return Go, fmt.Errorf("unknown instruction set %q: want avx512, avx2, neon or go", name)
}

// VectorBytes is the width of a vector register, 0 in plain Go.
func (isa ISA) VectorBytes() int { return [...]int{Go: 0, AVX2: 32, AVX512: 64, NEON: 16}[isa] }
