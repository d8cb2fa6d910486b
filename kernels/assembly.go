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

// vectorLanes is the number of elements in a vector of isa, 1 in plain Go.
func vectorLanes[T Float](isa ISA) int {
	bytes := 0
	switch isa {
	case AVX512:
		bytes = 64
	case AVX2:
		bytes = 32
	case NEON:
		bytes = 16
	default:
		return 1
	}
	if is32[T]() {
		return bytes / 4
	}
	return bytes / 8
}
