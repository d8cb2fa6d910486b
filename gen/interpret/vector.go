package interpret

import (
	"bytes"
	"fmt"
	"math"

	"pushforward/gen/vm"
)

// vector executes an operation on vector registers.
func (r *run) vector() error {
	in, e := r.in, r.in.Elem
	d := bytes.Repeat([]byte{undefined}, r.bytes())
	switch in.Op {
	case vm.Zero:
		clear(d)
	case vm.ConstLoad:
		d = r.constant(in.Const)
	case vm.SplatInt:
		for i := range r.lanes() {
			put(d, e, i, uint64(r.ints[in.Src[0]]))
		}
	case vm.WidenLo, vm.WidenHi:
		half := r.bytes() / 8
		from := 0
		if in.Op == vm.WidenHi {
			from = half
		}
		for i := range half {
			x := math.Float32frombits(uint32(get(r.source(0), vm.F32, from+i)))
			put(d, vm.F64, i, math.Float64bits(float64(x)))
		}
	case vm.UnpackLo, vm.UnpackHi:
		each := 16 / e.Bytes()
		for i := range r.lanes() {
			from := i/each*each + i%each/2
			if in.Op == vm.UnpackHi {
				from += each / 2
			}
			put(d, e, i, get(r.source(i%2), e, from))
		}
	case vm.Shuffle128:
		chunks := r.bytes() / 16
		for c := range chunks {
			from := int(in.Imm>>(2*c)) & 3
			copy(d[16*c:16*c+16], r.source(c / (chunks / 2))[16*from:])
		}
	case vm.UpperHalf:
		half := int(in.Imm) / 2 * e.Bytes()
		copy(d[:half], r.source(0)[half:])
	case vm.MulU32:
		for i := range r.bytes() / 8 {
			put(d, vm.F64, i, (get(r.source(0), vm.F64, i)&math.MaxUint32)*(get(r.source(1), vm.F64, i)&math.MaxUint32))
		}
	default:
		for i := range r.lanes() {
			var x [3]uint64
			for s := range x {
				if in.Src[s].Valid() || in.Fold[s] != 0 {
					x[s] = get(r.source(s), e, r.lane(s, i))
				}
			}
			y, ok := lane(in.Op, e, in.Imm, x)
			if !ok {
				return fmt.Errorf("no meaning for operation %d", in.Op)
			}
			put(d, e, i, y)
		}
	}
	r.set(d)
	return nil
}

// lane is the lane of source s that lane i of the result takes: i, but for a
// product by element, whose Imm is 1 + s + 2*lane (see package neon).
func (r *run) lane(s, i int) int {
	switch r.in.Op {
	case vm.FMA, vm.FNMA, vm.Mul:
		if m := int(r.in.Imm); m > 0 && (m-1)&1 == s {
			return (m - 1) >> 1
		}
	}
	return i
}
