//go:build !purego

package kernels

import (
	"runtime"

	"github.com/klauspost/cpuid/v2"
)

// runtimeCPU describes the machine that the program runs on. cpuid leaves out
// AVX and AVX-512 features whose state the operating system does not save.
func runtimeCPU() cpu {
	return cpu{
		arch: runtime.GOARCH,
		has:  func(f ...cpuid.FeatureID) bool { return cpuid.CPU.Supports(f...) },
	}
}
