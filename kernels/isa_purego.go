//go:build purego

package kernels

import "github.com/klauspost/cpuid/v2"

// runtimeCPU names no architecture: a build with the tag purego has no assembly.
func runtimeCPU() cpu {
	return cpu{has: func(...cpuid.FeatureID) bool { return false }}
}
