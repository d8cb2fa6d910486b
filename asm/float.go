package asm

import "unsafe"

// Float is the type of an element.
type Float interface{ float32 | float64 }

// size is the number of bytes of T, known when a function is compiled for T.
func size[T Float]() uintptr {
	var x T
	return unsafe.Sizeof(x)
}
