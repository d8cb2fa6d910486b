package main

import (
	"fmt"
	"strings"

	"pushforward/gen/vm"
)

// Kernel is one description: the same code for every machine and element type.
type Kernel struct {
	// Name as the dispatching function in asm spells it: "Exp".
	Name string
	// File is the stem of the generated files' names: "exp".
	File string
	// Doc is the comment of the dispatching function, without its name.
	Doc  string
	Args []vm.Arg
	// Elems are the element types, both if empty.
	Elems []vm.Elem
	// Build writes the kernel with b's methods.
	Build func(b *vm.Builder)
	// FoldLoads makes loads operands of what reads them, on machines that can.
	FoldLoads bool
	// Schedule interleaves independent chains: for loops whose turn is longer
	// than what a core looks ahead.
	Schedule bool
}

func (k Kernel) elems() []vm.Elem {
	if len(k.Elems) == 0 {
		return []vm.Elem{vm.F32, vm.F64}
	}
	return k.Elems
}

// stub is the name of the assembly function: exp32AVX2.
func (k Kernel) stub(e vm.Elem, machine string) string {
	return strings.ToLower(k.Name[:1]) + k.Name[1:] + fmt.Sprint(e.Bits()) + machine
}

// signature is the stub's type in Go.
func (k Kernel) signature(e vm.Elem) string {
	var s []string
	for _, a := range k.Args {
		s = append(s, a.Name+" "+a.GoType(e))
	}
	return "func(" + strings.Join(s, ", ") + ")"
}

// compile builds the program for machine m and allocates its registers.
func (k Kernel) compile(e vm.Elem, m *vm.Machine) (*vm.Program, error) {
	build := func() *vm.Program {
		b := vm.NewBuilder(k.stub(e, m.Name), e, m, k.Args)
		k.Build(b)
		b.Ret()
		if k.FoldLoads {
			b.P.FoldLoads()
		}
		return b.P
	}
	if k.Schedule {
		// The more registers a schedule fills, the better, as long as they
		// suffice.
		for limit := m.Vectors - 2; limit > m.Vectors/4; limit-- {
			p := build()
			p.Schedule(limit)
			if p.Allocate() == nil {
				return p, nil
			}
		}
	}
	p := build()
	return p, p.Allocate()
}

// ptr and count are the usual arguments.
func ptr(names ...string) (args []vm.Arg) {
	for _, n := range names {
		args = append(args, vm.Arg{Name: n, Kind: vm.PtrT})
	}
	return
}

func count(names ...string) (args []vm.Arg) {
	for _, n := range names {
		args = append(args, vm.Arg{Name: n, Kind: vm.Count})
	}
	return
}

func args(lists ...[]vm.Arg) (all []vm.Arg) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return
}
