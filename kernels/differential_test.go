package kernels_test

import (
	"fmt"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/internal/kernelcheck"
	"pushforward/kernels"
)

// eachKernel runs a subtest for each entry of the table.
func eachKernel(t *testing.T, f func(t *testing.T, k kernelcheck.Kernel)) {
	t.Helper()
	for _, k := range kernelcheck.Table {
		t.Run(k.Name+"/"+k.Type, func(t *testing.T) { f(t, k) })
	}
}

func TestEveryInstructionSetGivesTheBitsOfTheDefinition(t *testing.T) {
	seeds := 250
	if testing.Short() {
		seeds = 40
	}
	isas := kernels.Available()
	eachKernel(t, func(t *testing.T, k kernelcheck.Kernel) {
		for seed := range seeds {
			err := k.Compare(isas, func() *kernelcheck.Input { return kernelcheck.Seeded(uint64(seed)) })
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	})
}

func TestEveryLengthGivesTheBitsOfTheDefinition(t *testing.T) {
	lengths := 140
	if testing.Short() {
		lengths = 70
	}
	isas := kernels.Available()
	eachKernel(t, func(t *testing.T, k kernelcheck.Kernel) {
		for n := range lengths {
			err := k.Compare(isas, func() *kernelcheck.Input {
				in := kernelcheck.Seeded(uint64(n))
				in.N = n
				return in
			})
			if err != nil {
				t.Fatalf("n = %d: %v", n, err)
			}
		}
	})
}

func TestKernelsAllocateNothing(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		eachKernel(t, func(t *testing.T, k kernelcheck.Kernel) {
			for seed := range uint64(4) {
				in := kernelcheck.Seeded(seed)
				in.N = 70
				if a := testing.AllocsPerRun(5, k.Call(in)); a != 0 {
					t.Fatalf("%v allocations a call", a)
				}
			}
		})
	})
}

// fuzzKernel compares every instruction set with plain Go, bit for bit, NaNs
// being equal. The fuzzer's bytes decide sizes, strides, alignments and the bits
// of the numbers.
func fuzzKernel(f *testing.F, name string) {
	for seed := range 8 {
		f.Add([]byte(fmt.Sprint("seed", seed)))
	}
	isas := kernels.Available()
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, k := range kernelcheck.Table {
			if k.Name != name {
				continue
			}
			if err := k.Compare(isas, func() *kernelcheck.Input { return kernelcheck.FromBytes(data) }); err != nil {
				t.Fatal(err)
			}
		}
	})
}
