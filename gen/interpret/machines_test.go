package interpret_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"pushforward/gen/interpret"
	"pushforward/gen/neon"
	"pushforward/gen/vm"
	"pushforward/gen/x86"
)

// call is one program with its inputs, and its output by the interpreter.
type call struct {
	operation string
	program   *vm.Program // with registers allocated
	inputs    [4][]byte   // a, b, c, weights
	n         int
	want      []byte
}

var specials = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 1.5, -2.5, 3e38, -3e38, 1e308, 1e-310, 1e-40, 8388609.5,
	math.Inf(1), math.Inf(-1), math.NaN(), math.SmallestNonzeroFloat32, math.SmallestNonzeroFloat64, 4503599627370497.5}

// input is n elements: special numbers, ordinary ones, and any bits.
func input(r *rand.Rand, e vm.Elem, n int, ints bool) (b []byte) {
	for range n {
		x := specials[r.IntN(len(specials))]
		if r.IntN(2) == 0 {
			x = r.NormFloat64() * math.Ldexp(1, r.IntN(20)-10)
		}
		any := r.IntN(4) == 0 || ints
		switch {
		case e == vm.F32 && any:
			b = binary.LittleEndian.AppendUint32(b, uint32(int32(r.Uint32())>>r.IntN(32)))
		case e == vm.F32:
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)))
		case any:
			b = binary.LittleEndian.AppendUint64(b, r.Uint64())
		default:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	return b
}

// interpreted runs p on the inputs of c.
func interpreted(t *testing.T, p *vm.Program, c call) []byte {
	memory := interpret.Memory{make([]byte, c.n*p.Elem.Bytes())}
	args := map[string]uint64{"dst": interpret.Address(0), "n": uint64(c.n)}
	for i, name := range []string{"a", "b", "c", "weights"} {
		memory = append(memory, append([]byte(nil), c.inputs[i]...))
		args[name] = interpret.Address(i + 1)
	}
	if err := interpret.Run(p, memory, args, 1e6); err != nil {
		t.Fatal(err)
	}
	return memory[0]
}

// same compares outputs: bit for bit, but one NaN is as good as another.
func same(e vm.Elem, x, y []byte) bool {
	if len(x) != len(y) {
		return false
	}
	for ; len(x) > 0; x, y = x[e.Bytes():], y[e.Bytes():] {
		if e == vm.F32 {
			a, b := binary.LittleEndian.Uint32(x), binary.LittleEndian.Uint32(y)
			f, g := math.Float32frombits(a), math.Float32frombits(b)
			if a != b && (f == f || g == g) {
				return false
			}
		} else {
			a, b := binary.LittleEndian.Uint64(x), binary.LittleEndian.Uint64(y)
			f, g := math.Float64frombits(a), math.Float64frombits(b)
			if a != b && (f == f || g == g) {
				return false
			}
		}
	}
	return true
}

// variant is an operation, with loads as operands of what reads them or without.
type variant struct {
	operation
	folded bool
}

func variants(m *vm.Machine) (all []variant) {
	for _, o := range operations() {
		all = append(all, variant{o, false})
		if m.Folds != nil {
			o.name += "Folded"
			all = append(all, variant{o, true})
		}
	}
	return all
}

// calls compiles every operation for m. What a program computes must not
// change when its registers are allocated.
func calls(t *testing.T, m *vm.Machine) (all []call) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, v := range variants(m) {
		for _, e := range v.elems {
			name := v.name
			p := elementwise(name, e, m, v.body)
			before := elementwise(name, e, m, v.body)
			if v.folded {
				p.FoldLoads()
				if len(p.Code) == len(before.Code) {
					continue // nothing to fold
				}
			}
			if err := p.Allocate(); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			lanes := m.Lanes(e)
			lengths := []int{0, 1, lanes - 1, lanes, 2*lanes + 1, 37}
			if testing.Short() {
				lengths = lengths[2:5]
			}
			for _, n := range lengths {
				c := call{operation: name, program: p, n: n}
				for i := range c.inputs {
					k := n
					if i == 3 {
						k = 8
					}
					c.inputs[i] = input(r, e, k, v.ints)
				}
				c.want = interpreted(t, before, c)
				if got := interpreted(t, p, c); !same(e, got, c.want) {
					t.Errorf("%s: %x with registers, %x before", p.Name, got, c.want)
				}
				all = append(all, c)
			}
		}
	}
	return all
}

func TestMachinesDoWhatTheInterpreterDoes(t *testing.T) {
	for _, target := range []struct {
		machine  *vm.Machine
		arch     string
		feature  string // a flag in /proc/cpuinfo
		assemble func([]call) ([]byte, error)
	}{
		{x86.AVX2, "amd64", "avx2", assembleX86},
		{x86.AVX512, "amd64", "avx512dq", assembleX86},
		{neon.Machine, "arm64", "", assembleNEON},
	} {
		m := target.machine
		t.Run(m.Name, func(t *testing.T) {
			all := calls(t, m)
			command := runner(target.arch, target.feature)
			if command == nil {
				missing := fmt.Sprintf("nothing here runs %s: interpreted only", m.Name)
				if strings.Contains(strings.ToLower(os.Getenv("PUSHFORWARD_REQUIRE_ISA")), strings.ToLower(m.Name)) {
					t.Fatal(missing)
				}
				t.Log(missing)
				return
			}
			source, err := target.assemble(all)
			if err != nil {
				t.Fatal(err)
			}
			bad := map[string]bool{}
			for i, got := range execute(t, command, target.arch, source, all) {
				c := all[i]
				if e := c.program.Elem; !same(e, got, c.want) && !bad[c.program.Name] {
					bad[c.program.Name] = true
					t.Errorf("%s, n = %d: %x, interpreted %x", c.program.Name, c.n, got, c.want)
				}
			}
			t.Logf("%d calls of %d programs", len(all), len(programs(all)))
		})
	}
}

// programs lists each program of the calls once.
func programs(all []call) (ps []*vm.Program) {
	for _, c := range all {
		if len(ps) == 0 || ps[len(ps)-1] != c.program {
			ps = append(ps, c.program)
		}
	}
	return ps
}

func assembleX86(all []call) ([]byte, error) {
	var functions []x86.Function
	for _, p := range programs(all) {
		functions = append(functions, x86.Function{Program: p, Name: p.Name, Signature: signature})
	}
	return x86.Assemble(functions)
}

func assembleNEON(all []call) ([]byte, error) {
	var functions []neon.Function
	for _, p := range programs(all) {
		functions = append(functions, neon.Function{Program: p, Name: p.Name, Signature: signature})
	}
	return neon.Assemble(functions)
}
