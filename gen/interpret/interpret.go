// Package interpret runs programs of the vector machine in plain Go: the
// meaning of every operation, for any machine, before or after its registers
// are allocated. Tests hold the machines' code against it, and it finds what
// they would hide: a read past the end, a use of an undefined lane.
package interpret

import (
	"encoding/binary"
	"fmt"

	"pushforward/gen/vm"
)

// Memory is what a program can reach: segments far from each other.
type Memory [][]byte

// segment is the distance between the addresses of two segments.
const segment = 1 << 32

// Address is where segment i begins.
func Address(i int) uint64 { return uint64(i+1) * segment }

func (m Memory) at(address int64, n int) ([]byte, error) {
	i, off := int(address/segment)-1, int(address%segment)
	if i < 0 || i >= len(m) || off+n > len(m[i]) {
		return nil, fmt.Errorf("%d bytes at %#x are outside of memory", n, address)
	}
	return m[i][off : off+n], nil
}

// run is the state of a program.
type run struct {
	p       *vm.Program
	memory  Memory
	args    map[string]uint64
	vectors map[vm.Reg][]byte // masks too, as lanes of all ones or zero
	ints    map[vm.Reg]int64
	in      *vm.Instr
}

// undefined fills lanes that no program may depend on: a NaN in either type.
const undefined = 0xff

// Run executes p until it returns. args holds the arguments by name: an
// address, a count, or the bits of a number. At most limit instructions run.
func Run(p *vm.Program, memory Memory, args map[string]uint64, limit int) error {
	r := &run{p: p, memory: memory, args: map[string]uint64{}, vectors: map[vm.Reg][]byte{}, ints: map[vm.Reg]int64{}}
	for name, a := range args {
		r.args[name] = a
	}
	labels := map[string]int{}
	for i, in := range p.Code {
		if in.Op == vm.Label {
			labels[in.Label] = i
		}
	}
	for i := 0; ; i++ {
		if limit--; limit < 0 {
			return fmt.Errorf("%s does not end", p.Name)
		}
		r.in = &p.Code[i]
		switch r.in.Op {
		case vm.Ret:
			return nil
		case vm.Jump:
			i = labels[r.in.Label]
			continue
		case vm.Branch, vm.BranchAny:
			if r.taken() {
				i = labels[r.in.Label]
			}
			continue
		}
		if err := r.step(); err != nil {
			return fmt.Errorf("%s, instruction %d: %w", p.Name, i, err)
		}
	}
}

func (r *run) taken() bool {
	in := r.in
	if in.Op == vm.BranchAny {
		for _, b := range r.vectors[in.Src[0]] {
			if b != 0 {
				return true
			}
		}
		return false
	}
	a, b := r.ints[in.Src[0]], r.second()
	return [...]bool{vm.LT: a < b, vm.LE: a <= b, vm.EQ: a == b, vm.NE: a != b, vm.GE: a >= b, vm.GT: a > b}[in.Cond]
}

// second is the second integer source, or Imm.
func (r *run) second() int64 {
	if r.in.Src[1].Valid() {
		return r.ints[r.in.Src[1]]
	}
	return r.in.Imm
}

func (r *run) step() error {
	in := r.in
	switch in.Op {
	case vm.Nop, vm.Label:
	case vm.Load, vm.LoadTail, vm.Broadcast:
		return r.load()
	case vm.Store, vm.StoreTail, vm.StoreLane0:
		return r.store()
	case vm.IntArg:
		r.ints[in.Dst] = int64(r.args[in.Arg])
	case vm.IntLoad:
		b, err := r.memory.at(r.address(), 8)
		if err != nil {
			return err
		}
		r.ints[in.Dst] = int64(binary.LittleEndian.Uint64(b))
	case vm.IntSetArg:
		r.args[in.Arg] = uint64(r.ints[in.Src[0]])
	case vm.IntConst:
		r.ints[in.Dst] = in.Imm
	case vm.IntAdd:
		r.ints[in.Dst] = r.ints[in.Src[0]] + r.second()
	case vm.IntSub:
		r.ints[in.Dst] = r.ints[in.Src[0]] - r.second()
	case vm.IntMul:
		r.ints[in.Dst] = r.ints[in.Src[0]] * r.second()
	case vm.IntShl:
		r.ints[in.Dst] = r.ints[in.Src[0]] << in.Imm
	case vm.Move:
		if in.Dst.Class == vm.Int {
			r.ints[in.Dst] = r.ints[in.Src[0]]
		} else {
			r.set(append([]byte(nil), r.source(0)...))
		}
	default:
		return r.vector()
	}
	return nil
}

// bytes is the width of a vector, lanes the number of the instruction's.
func (r *run) bytes() int { return r.p.Machine.Bytes }
func (r *run) lanes() int { return r.bytes() / r.in.Elem.Bytes() }

func (r *run) set(v []byte) { r.vectors[r.in.Dst] = v }

// source is vector source i: a register, a constant, or what is in memory.
func (r *run) source(i int) []byte {
	switch k := r.in.Fold[i]; {
	case k > 0:
		return r.constant(k - 1)
	case k < 0:
		return r.operand(k)
	}
	return r.vectors[r.in.Src[i]]
}

func (r *run) constant(k int) []byte {
	c := r.p.Consts[k]
	v := make([]byte, r.bytes())
	for i := range r.bytes() / c.Elem.Bytes() {
		x := c.Bits
		if c.Iota {
			x *= uint64(i)
		}
		put(v, c.Elem, i, x)
	}
	return v
}

// get and put are lane i of a vector.
func get(v []byte, e vm.Elem, i int) uint64 {
	if e == vm.F32 {
		return uint64(binary.LittleEndian.Uint32(v[4*i:]))
	}
	return binary.LittleEndian.Uint64(v[8*i:])
}

func put(v []byte, e vm.Elem, i int, x uint64) {
	if e == vm.F32 {
		binary.LittleEndian.PutUint32(v[4*i:], uint32(x))
	} else {
		binary.LittleEndian.PutUint64(v[8*i:], x)
	}
}
