package kernels

import "unsafe"

// Float is the type of a kernel's numbers.
type Float interface{ float32 | float64 }

// is32 tells float32 from float64. The compiler knows the answer for each
// instance of a generic function and drops the other branch.
func is32[T Float]() bool {
	var x T
	return unsafe.Sizeof(x) == 4
}
