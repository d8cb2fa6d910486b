// Package x86 compiles programs of the vector machine to AVX2 and AVX-512,
// through avo.
package x86

import "pushforward/gen/vm"

// AVX2 is AVX2 with FMA: 16 registers of 32 bytes, masks in vectors.
var AVX2 = &vm.Machine{
	Name: "AVX2", Bytes: 32, Vectors: 16, Ints: len(ints),
	MaskedMemory: true, Folds: folds,
}

// AVX512 is AVX-512 F, DQ, BW and VL: 32 registers of 64 bytes, 7 opmasks.
var AVX512 = &vm.Machine{
	Name: "AVX512", Bytes: 64, Vectors: 32, Masks: 7, Ints: len(ints),
	MaskedMemory: true, Decomposes: true, Scales: true, Xor3: true,
	Folds: folds, Broadcasts: true,
}

// folds: the last operand of an instruction (in Intel's order) can be memory,
// and the operands of commutative ones can be swapped.
func folds(op vm.Op, i int) bool {
	switch op {
	case vm.Add, vm.Mul, vm.And, vm.Or, vm.Xor, vm.IAdd, vm.MulU32, vm.CmpEQ, vm.CmpNE, vm.ICmpEQ:
		return i < 2
	case vm.FMA, vm.FNMA:
		return true
	case vm.Sub, vm.Div, vm.Max, vm.Min, vm.AndNot, vm.ISub, vm.CmpLT, vm.CmpLE, vm.ICmpGT, vm.Select:
		return i == 1
	}
	return false
}
