// Package vm is the vector machine: the few operations that kernels are
// described with, as data.
//
// A description calls the methods of a Builder, which records a Program over
// virtual registers. Vectors hold Lanes elements, and how many that is depends
// on the machine; so does the number of registers, by which a description
// picks its tile. Program.Allocate colours the registers (constants that find
// no room are read from memory instead), and a machine's package turns the
// result into assembly: x86 for AVX2 and AVX-512, neon for arm64.
//
// Every operation has one meaning, to the bit, on every machine; the comments
// at the Op constants define it.
package vm
