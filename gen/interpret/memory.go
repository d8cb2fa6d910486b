package interpret

import (
	"bytes"
	"encoding/binary"

	"pushforward/gen/vm"
)

func (r *run) address() int64 {
	m := r.in.Mem
	a := r.ints[m.Base] + int64(m.Disp)
	if m.Index.Valid() {
		a += r.ints[m.Index]
	}
	return a
}

// existing is the number of lanes that a tail says are there.
func (r *run) existing() int {
	t := r.in.Src[1]
	if t.Class == vm.Int {
		return int(max(0, min(int64(r.lanes()), r.ints[t])))
	}
	n := 0
	for n < r.lanes() && get(r.vectors[t], r.in.Elem, n) != 0 {
		n++
	}
	return n
}

func (r *run) load() error {
	in, e := r.in, r.in.Elem
	if in.Mem.Arg != "" {
		b := binary.LittleEndian.AppendUint64(nil, r.args[in.Mem.Arg])
		r.set(bytes.Repeat(b[:e.Bytes()], r.lanes()))
		return nil
	}
	lanes := r.lanes()
	v := make([]byte, r.bytes())
	switch {
	case in.Op == vm.LoadTail:
		lanes = r.existing()
	case in.Op == vm.Broadcast && in.Imm > 0: // elements for products by lane
		lanes = int(in.Imm)
		v = bytes.Repeat([]byte{undefined}, r.bytes())
	case in.Op == vm.Broadcast:
		lanes = 1
	}
	if lanes > 0 {
		b, err := r.memory.at(r.address(), lanes*e.Bytes())
		if err != nil {
			return err
		}
		copy(v, b)
		if in.Op == vm.Broadcast && in.Imm == 0 {
			v = bytes.Repeat(b, r.lanes())
		}
	}
	r.set(v)
	return nil
}

// operand is a source that a load was folded into; none where there is no such
// memory.
func (r *run) operand(fold int) []byte {
	n := r.bytes()
	if fold == vm.FoldElement {
		n = r.in.Elem.Bytes()
	}
	if r.in.Mem.Arg != "" {
		return bytes.Repeat(binary.LittleEndian.AppendUint64(nil, r.args[r.in.Mem.Arg])[:n], r.bytes()/n)
	}
	b, err := r.memory.at(r.address(), n)
	if err != nil {
		panic(err)
	}
	return bytes.Repeat(b, r.bytes()/n)
}

func (r *run) store() error {
	lanes := r.lanes()
	switch r.in.Op {
	case vm.StoreTail:
		lanes = r.existing()
	case vm.StoreLane0:
		lanes = 1
	}
	if lanes == 0 {
		return nil
	}
	b, err := r.memory.at(r.address(), lanes*r.in.Elem.Bytes())
	if err != nil {
		return err
	}
	copy(b, r.source(0))
	return nil
}
