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
