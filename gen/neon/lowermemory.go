package neon

import (
	"fmt"

	"pushforward/gen/vm"
)

// memory emits a load or store.
func (l *lowering) memory() {
	in := l.in
	switch in.Op {
	case vm.Load:
		l.transfer(true, Quad, l.v(in.Dst))
	case vm.Store:
		l.transfer(false, Quad, l.v(in.Src[0]))
	case vm.LoadTail:
		l.tail(true, l.v(in.Dst))
	case vm.StoreTail:
		l.tail(false, l.v(in.Src[0]))
	case vm.StoreLane0:
		l.transfer(false, l.width(), l.v(in.Src[0]))
	case vm.Broadcast:
		l.broadcast()
	}
}

// width is that of one element.
func (l *lowering) width() Width { return Width(l.in.Elem.Bytes()) }

// argument is an argument's place in Go's syntax.
func (l *lowering) argument(name string) string {
	off, ok := l.args[name]
	if !ok {
		panic(l.p.Name + " has no argument " + name)
	}
	return fmt.Sprintf("%s+%d(FP)", name, off)
}

// transfer loads or stores w bytes at l.in.Mem.
func (l *lowering) transfer(load bool, w Width, t V) {
	m := l.in.Mem
	switch {
	case m.Arg != "":
		if w == Quad {
			panic(l.p.Name + " reads a vector from argument " + m.Arg)
		}
		l.line("%s", goMove(widths[w].goName, t, l.argument(m.Arg), load))
	case m.Index.Valid() && m.Disp == 0:
		l.emit(moveIndex(w, t, l.r(m.Base), l.r(m.Index), false, load))
	default:
		base, off := l.base(func(off int) bool { return Reaches(w, off) })
		l.emit(move(w, t, base, off, load))
	}
}

// base is a register and an offset that reach l.in.Mem; it emits the
// additions that this takes.
func (l *lowering) base(reaches func(off int) bool) (R, int) {
	m := l.in.Mem
	if m.Arg != "" {
		panic(l.p.Name + " reads a vector from argument " + m.Arg)
	}
	base, off := l.r(m.Base), m.Disp
	if m.Index.Valid() {
		l.line("ADD %s, %s, %s", l.r(m.Index), base, address)
		base = address
	}
	if !reaches(off) {
		l.line("ADD $%d, %s, %s", off, base, address)
		base, off = address, 0
	}
	return base, off
}

// broadcast loads one element into every lane or, where only products with
// an element read it (see elements), a few into the lowest lanes.
func (l *lowering) broadcast() {
	in := l.in
	d, a := l.v(in.Dst), l.arr()
	switch {
	case in.Imm > 0:
		l.transfer(true, Width(in.Imm)*l.width(), d)
	case in.Mem.Arg != "":
		l.transfer(true, l.width(), d)
		l.emit(DUP(a, d, d, 0))
	default:
		base, _ := l.base(func(off int) bool { return off == 0 })
		l.emit(LD1R(a, d, base))
	}
}

// tail loads or stores the first n lanes at l.in.Mem, n in the register
// Src[1], by the bits of n: nothing past them is touched. Lanes that are not
// loaded become zero. An n below 0 counts as 0, one above the lanes as all.
func (l *lowering) tail(load bool, t V) {
	a, n := l.arr(), l.r(l.in.Src[1])
	base, off := l.base(func(off int) bool { return off == 0 })
	l.labels++
	name := func(s string) string { return fmt.Sprintf("%s_%d", s, l.labels) }
	none, odd, done := name("none"), name("odd"), name("done")
	if load {
		l.emit(ZERO(t))
	}
	l.line("TBNZ $63, %s, %s", n, done)
	l.line("CMP $%d, %s", a.Lanes(), n)
	l.line("BLT %s", none)
	l.emit(move(Quad, t, base, off, load))
	l.line("B %s", done)
	l.label(none)
	if a == S4 {
		l.line("TBZ $1, %s, %s", n, odd)
		l.emit(move(Double, t, base, 0, load))
		l.line("TBZ $0, %s, %s", n, done)
		l.line("ADD $8, %s, %s", base, address)
		if load {
			l.emit(LD1Lane(S4, t, 2, address))
		} else {
			l.emit(ST1Lane(S4, t, 2, address))
		}
		l.line("B %s", done)
		l.label(odd)
	}
	l.line("TBZ $0, %s, %s", n, done)
	l.emit(move(l.width(), t, base, 0, load))
	l.label(done)
}
