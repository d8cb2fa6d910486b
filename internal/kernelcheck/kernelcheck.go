// Package kernelcheck holds every kernel against its definition in plain Go, on
// random input and bit for bit.
//
// Its table has one entry a kernel: a function that draws the arguments of a
// call. Tests, fuzz targets and the command "pushforward check" all run from it,
// so a kernel that is in the table is fuzzed, placed against unmapped pages,
// watched for allocation and for the time that it keeps the garbage collector
// waiting.
package kernelcheck

import (
	"context"
	"fmt"

	"pushforward/kernels"
)

// Kernel is an entry of the table: a kernel in one type.
type Kernel struct {
	Name string // of the exported function
	Type string // float32 or float64
	draw func(*Input) (call func())
}

// Compare draws a call from inputs that draw makes, equal ones each time, and
// runs it on Go and on each of isas. The error, a *Mismatch, tells the first
// place where an array's bits differ (NaNs being equal), or where something was
// written outside an array.
func (k Kernel) Compare(isas []kernels.ISA, draw func() *Input) error {
	want := draw()
	if err := k.run(kernels.Go, want); err != nil {
		return err
	}
	if m := compare(want, want); m != nil {
		return k.mismatch(m, kernels.Go)
	}
	for _, isa := range isas {
		if isa == kernels.Go {
			continue
		}
		got := draw()
		if err := k.run(isa, got); err != nil {
			return err
		}
		if m := compare(got, want); m != nil {
			return k.mismatch(m, isa)
		}
	}
	return nil
}

// Call draws a call and returns it without running it.
func (k Kernel) Call(in *Input) (call func()) { return k.draw(in) }

func (k Kernel) run(isa kernels.ISA, in *Input) error {
	call := k.draw(in)
	restore, err := kernels.Force(isa)
	if err != nil {
		return err
	}
	defer restore()
	call()
	return nil
}

func (k Kernel) mismatch(m *Mismatch, isa kernels.ISA) error {
	m.Kernel, m.ISA = k.Name+"/"+k.Type, isa
	return m
}

// Mismatch says where a kernel differs from its definition.
type Mismatch struct {
	Kernel    string // name/type
	ISA       kernels.ISA
	Place     string // array and index
	Got, Want string
	Seed      uint64 // of the input, where Run drew it
}

func (m *Mismatch) Error() string {
	return fmt.Sprintf("%s on %v: %s = %s, want %s (seed %#x)", m.Kernel, m.ISA, m.Place, m.Got, m.Want, m.Seed)
}

// Run compares all kernels of the table on the given instruction sets, again and
// again on inputs that seed names, until the context ends or a mismatch is found,
// which is its error. After each round it calls report with the number of calls
// compared so far. It uses kernels.Force: nothing else may run kernels meanwhile.
func Run(ctx context.Context, isas []kernels.ISA, seed uint64, report func(calls int)) error {
	for calls := 0; ; {
		for _, k := range Table {
			if ctx.Err() != nil {
				return nil
			}
			err := k.Compare(isas, func() *Input { return Seeded(seed) })
			if m, ok := err.(*Mismatch); ok {
				m.Seed = seed
			}
			if err != nil {
				return err
			}
			calls++
			seed++
		}
		if report != nil {
			report(calls)
		}
	}
}
