package kernels

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"

	"github.com/klauspost/cpuid/v2"

	"pushforward/asm"
)

// ISA names an instruction set. Its String method gives "go", "avx2",
// "avx512" or "neon".
type ISA = asm.ISA

// The instruction sets. Go is the reference in plain Go, which runs anywhere.
const (
	Go     = asm.Go
	AVX2   = asm.AVX2
	AVX512 = asm.AVX512
	NEON   = asm.NEON
)

var (
	available    = detect(runtimeCPU())
	selected     atomic.Uint32
	selectionErr error
)

func init() {
	isa, err := choose(os.Getenv("PUSHFORWARD_ISA"), available)
	selected.Store(uint32(isa))
	selectionErr = err
}

// Active is the instruction set that the kernels run on: the widest that the
// CPU and its operating system offer, or the one that the environment variable
// PUSHFORWARD_ISA (avx512, avx2, neon, go) names.
func Active() ISA { return ISA(selected.Load()) }

// Available lists every instruction set that the kernels can run on here, Go
// first, each better than the one before.
func Available() []ISA { return append([]ISA(nil), available...) }

// Selection is Active together with what was wrong with PUSHFORWARD_ISA: an
// unknown name, or a set that this CPU lacks. The kernels then run on Go, so
// a program that does not ask still gets the right bits, only slowly; a
// command should ask when it starts, and stop.
func Selection() (ISA, error) { return Active(), selectionErr }

// Force makes all kernels of the process run on isa until restore is called.
// It is meant for tests and benchmarks, and fails for a set that Available
// does not list.
func Force(isa ISA) (restore func(), err error) {
	if !contains(available, isa) {
		return func() {}, unavailable(isa, available)
	}
	before := selected.Swap(uint32(isa))
	return func() { selected.Store(before) }, nil
}

// choose gives the set that the wish (PUSHFORWARD_ISA) names, or the best one
// where it is empty.
func choose(wish string, available []ISA) (ISA, error) {
	if wish == "" {
		return available[len(available)-1], nil
	}
	isa, err := asm.Parse(wish)
	if err == nil && !contains(available, isa) {
		err = unavailable(isa, available)
	}
	if err != nil {
		return Go, fmt.Errorf("PUSHFORWARD_ISA: %w", err)
	}
	return isa, nil
}

func unavailable(isa ISA, available []ISA) error {
	var names []string
	for _, a := range available {
		names = append(names, a.String())
	}
	return fmt.Errorf("%v is not available here; this CPU and build have %s", isa, strings.Join(names, ", "))
}

func contains(list []ISA, isa ISA) bool {
	for _, a := range list {
		if a == isa {
			return true
		}
	}
	return false
}

// cpu is what detect needs to know; has reports a feature only where the
// operating system saves the registers that go with it.
type cpu struct {
	arch string
	has  func(...cpuid.FeatureID) bool
}

func detect(c cpu) []ISA {
	list := []ISA{Go}
	switch c.arch {
	case "amd64":
		if !c.has(cpuid.AVX2, cpuid.FMA3) {
			break
		}
		list = append(list, AVX2)
		if c.has(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL) {
			list = append(list, AVX512)
		}
	case "arm64":
		list = append(list, NEON) // part of the architecture's base
	}
	return list
}
