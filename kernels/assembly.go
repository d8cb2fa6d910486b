package kernels

import "unsafe"

// at is where a slice starts, for assembly, which checks nothing.
func at[T any](x []T) *T { return unsafe.SliceData(x) }

// count is a condition as assembly takes it.
func count(condition bool) int {
	if condition {
		return 1
	}
	return 0
}

// vectorLanes is the number of elements in a vector of isa, 0 in plain Go.
func vectorLanes[T Float](isa ISA) int {
	if is32[T]() {
		return isa.VectorBytes() / 4
	}
	return isa.VectorBytes() / 8
}
