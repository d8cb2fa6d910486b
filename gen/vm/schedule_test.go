package vm

import "testing"

// wide is a machine with enough registers for what these tests do.
var wide = &Machine{Name: "wide", Bytes: 16, Vectors: 32, Masks: 4, Ints: 8, MaskedMemory: true}

func TestScheduleKeepsEveryDependence(t *testing.T) {
	b := NewBuilder("chain", F32, wide, []Arg{{"dst", PtrT}, {"x", PtrT}})
	dst, x := b.Arg("dst"), b.Arg("x")
	v := b.Move(b.Load(At(x)))
	for range 3 {
		b.FMATo(v, v, b.Load(At(x).Offset(16)))
	}
	b.Store(At(dst), v)
	w := b.Load(At(dst)) // reads what was stored
	b.Set(v, w)          // overwrites what was stored
	b.Store(At(dst).Offset(16), v)
	b.Ret()
	before := append([]Instr(nil), b.P.Code...)
	b.P.Schedule(30)
	if len(b.P.Code) != len(before) {
		t.Fatalf("%d instructions of %d are left", len(b.P.Code), len(before))
	}
	var ops []Op
	for _, in := range b.P.Code {
		switch in.Op {
		case FMA, Store, Move:
			ops = append(ops, in.Op)
		}
	}
	want := []Op{Move, FMA, FMA, FMA, Store, Move, Store}
	for i := range want {
		if i >= len(ops) || ops[i] != want[i] {
			t.Fatalf("order %v, want %v", ops, want)
		}
	}
}

func TestScheduleRunsIndependentChainsSideBySide(t *testing.T) {
	b := NewBuilder("two", F32, wide, []Arg{{"dst", PtrT}, {"x", PtrT}})
	dst, x := b.Arg("dst"), b.Arg("x")
	var chains []V
	for c := range 2 {
		v := b.Load(At(x).Offset(16 * c))
		for range 8 {
			v = b.Mul(v, v)
		}
		chains = append(chains, v)
	}
	b.Store(At(dst), b.Add(chains[0], chains[1]))
	b.Ret()
	b.P.Schedule(30)
	// In the order of the description, all of one chain would come first.
	from := map[Reg]int{}
	switches, last := 0, -1
	for _, in := range b.P.Code {
		switch in.Op {
		case Load:
			from[in.Dst] = in.Mem.Disp
		case Mul:
			from[in.Dst] = from[in.Src[0]]
			if from[in.Dst] != last {
				switches++
			}
			last = from[in.Dst]
		}
	}
	if switches < 12 {
		t.Errorf("the two chains alternate %d times in 16 products, want at least 12", switches)
	}
}
