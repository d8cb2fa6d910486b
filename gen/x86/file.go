package x86

import (
	"fmt"
	"math"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"

	"pushforward/gen/vm"
)

// Function is a compiled program and the Go declaration that it implements.
type Function struct {
	Program   *vm.Program // with registers allocated
	Name      string
	Signature string // "func(dst, x *float32, n int)"
}

// Assemble prints functions as one file of Go assembly for amd64, after
// checking that each uses no more than its instruction set has.
func Assemble(functions []Function) ([]byte, error) {
	c := build.NewContext()
	c.ConstraintExpr("amd64,!purego")
	globals := map[vm.Constant]operand.Mem{}
	global := func(k vm.Constant) operand.Mem {
		if m, ok := globals[k]; ok {
			return m
		}
		panic("x86: a constant without data")
	}
	for _, f := range functions {
		for _, k := range f.Program.Consts {
			if _, ok := globals[k]; !ok {
				globals[k] = data(c, k)
			}
		}
	}
	for _, f := range functions {
		lower(c, f.Program, f.Name, f.Signature, global)
	}
	file, err := c.Result()
	if err != nil {
		return nil, err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return nil, err
	}
	for i, fn := range file.Functions() {
		if err := lint(fn, functions[i].Program.Machine); err != nil {
			return nil, err
		}
	}
	return printer.NewGoAsm(printer.Config{Name: "gen", Pkg: "asm"}).Print(file)
}

// data lays a constant out: a YMM register of it, for AVX2 reads whole vectors
// where AVX-512 broadcasts one element; all 64 bytes of one that varies.
func data(c *build.Context, k vm.Constant) operand.Mem {
	bytes, name := 32, fmt.Sprintf("c%d_%x", k.Elem.Bits(), k.Bits)
	if k.Iota {
		bytes, name = 64, fmt.Sprintf("iota%d_%x", k.Elem.Bits(), k.Bits)
	}
	m := c.StaticGlobal(name)
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := 0; i < bytes/k.Elem.Bytes(); i++ {
		v := k.Bits
		if k.Iota {
			v *= uint64(i)
		}
		if k.Elem == vm.F32 {
			c.AddDatum(4*i, operand.U32(v&math.MaxUint32))
		} else {
			c.AddDatum(8*i, operand.U64(v))
		}
	}
	return m
}

var allowed = map[*vm.Machine][]string{
	AVX2:   {"AVX", "AVX2", "FMA3", "SSE", "SSE2", "SSE4.1", "SSE4.2"},
	AVX512: {"AVX", "AVX2", "FMA3", "AVX512F", "AVX512DQ", "AVX512BW", "AVX512VL", "SSE", "SSE2"},
}

// lint checks what avo does not: that a function stays within its instruction
// set and register file (avo hands out Y16 to AVX2 code), and that it clears
// the upper halves before it returns.
func lint(fn *ir.Function, m *vm.Machine) error {
	for _, isa := range fn.ISA {
		if !slices.Contains(allowed[m], isa) {
			return fmt.Errorf("%s uses %s, which is not part of %s", fn.Name, isa, m.Name)
		}
	}
	instructions := fn.Instructions()
	for i, in := range instructions {
		if in.Opcode == "RET" && (i == 0 || instructions[i-1].Opcode != "VZEROUPPER") {
			return fmt.Errorf("%s returns without VZEROUPPER", fn.Name)
		}
		for _, op := range in.Operands {
			if r, ok := op.(reg.Physical); ok && r.Kind() == reg.KindVector && int(r.PhysicalIndex()) >= m.Vectors {
				return fmt.Errorf("%s uses vector register %d of %d", fn.Name, r.PhysicalIndex(), m.Vectors)
			}
		}
	}
	return nil
}
