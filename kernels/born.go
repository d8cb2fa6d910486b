package kernels

import (
	"unsafe"

	"pushforward/asm"
)

// Born adds the energies of n replicas in an implicit solvent, generalized Born
// and surface, to u, and their gradients to g. Coordinate c of atom a of replica
// i is x[(3a+c)*ldx+i], in nm, and the derivative by it g[(3a+c)*ldg+i].
// u, g, x and scratch, of t.Scratch() elements, must not overlap.
//
// All pairs of atoms interact. Their distances count as 2^-20 nm where they are
// less, and as 2^20 nm where they are more.
//
//go:noinline
func Born[T Float](u, g []T, ldg int, x []T, ldx, n int, t *BornTable[T], scratch []T) {
	checkPanel("Born", "u", "n", len(u), n, 1, n)
	checkPanel("Born", "g", "ldg", len(g), ldg, 3*t.atoms, n)
	s := t.check("Born", x, ldx, n, scratch)
	for i := 0; i < n && t.atoms > 0; i += s.lanes {
		if n-i < s.lanes {
			s.load(s.x, x[i:], ldx, n-i)
			s.load(s.g, g[i:], ldg, n-i)
			s.load(s.u, u[i:], n, n-i)
			s.sums(s.x, s.lanes)
			s.radii()
			s.energies(s.u)
			s.gradients(s.g, s.lanes, s.x, s.lanes)
			s.store(g[i:], ldg, s.g, n-i)
			s.store(u[i:], n, s.u, n-i)
			return
		}
		s.sums(x[i:], ldx)
		s.radii()
		s.energies(u[i:])
		s.gradients(g[i:], ldg, x[i:], ldx)
	}
}

// BornRadii computes the Born radii of all atoms of n replicas, in nm: that of atom
// a of replica i is b[a*ldb+i]. The other arguments are those of Born.
//
//go:noinline
func BornRadii[T Float](b []T, ldb int, x []T, ldx, n int, t *BornTable[T], scratch []T) {
	checkPanel("BornRadii", "b", "ldb", len(b), ldb, t.atoms, n)
	s := t.check("BornRadii", x, ldx, n, scratch)
	for i := 0; i < n && t.atoms > 0; i += s.lanes {
		m := min(s.lanes, n-i)
		if m < s.lanes {
			s.load(s.x, x[i:], ldx, m)
			s.sums(s.x, s.lanes)
		} else {
			s.sums(x[i:], ldx)
		}
		s.radii()
		for a := range t.atoms {
			copy(b[a*ldb+i:][:m], s.recordOf(a)[bornRadius*s.lanes:])
		}
	}
}

// check also cuts the scratch memory in pieces.
func (t *BornTable[T]) check(op string, x []T, ldx, n int, scratch []T) bornScratch[T] {
	checkSize(op, "n", n)
	checkPanel(op, "x", "ldx", len(x), ldx, 3*t.atoms, n)
	if want := t.Scratch(); len(scratch) < want {
		panicLen(op, "scratch", len(scratch), want, "at least t.Scratch()")
	}
	return t.cut(scratch, Active())
}

// bornScratch is the memory for as many replicas as a vector of the instruction
// set holds: vectors of so many lanes.
type bornScratch[T Float] struct {
	*BornTable[T]
	isa   ISA
	lanes int
	// bornRecord vectors for each atom.
	record []T
	// For each pair: r² and then -U'(r)/r at constant radii; the derivative of i's
	// sum by r, over -r; that of j's sum. i is increasing and j > i decreasing; and
	// one pair more, for loops that run ahead.
	pair []T
	// bornWork for each partner of an atom, on the way.
	work []T
	// A last vector, of fewer replicas.
	x, g, u []T
}

// The vectors of an atom.
const (
	bornSum     = iota // half its sum of H, see bornSumsRef
	bornRadius         // its Born radius
	bornInverse        // one over that
	bornOwn            // its own energy
	bornSlope          // -2 ∂U/∂radius
	bornChain          // half ∂radius/∂sum, and then -∂U/∂sum
	bornRecord
)

const (
	bornPair = 3
	bornWork = 11
)

// Scratch is the number of elements that Born and BornRadii need.
func (t *BornTable[T]) Scratch() int {
	const alignment = 64
	var x T
	vector := alignment / int(unsafe.Sizeof(x))
	vectors := (bornRecord+bornWork+3+3)*t.atoms + bornPair*(t.atoms*(t.atoms-1)/2+1) + 1
	return (vectors + 1) * vector
}

func (t *BornTable[T]) cut(scratch []T, isa ISA) bornScratch[T] {
	s := bornScratch[T]{BornTable: t, isa: isa, lanes: max(1, vectorLanes[T](isa))}
	if t.atoms == 0 {
		return s
	}
	size := int(unsafe.Sizeof(scratch[0]))
	skip := -int(uintptr(unsafe.Pointer(&scratch[0]))) & 63 / size // vectors then don't cross cache lines
	scratch = scratch[skip:]
	take := func(vectors int) []T {
		head := scratch[: vectors*s.lanes : vectors*s.lanes]
		scratch = scratch[vectors*s.lanes:]
		return head
	}
	n := t.atoms
	s.record, s.pair, s.work = take(bornRecord*n), take(bornPair*(n*(n-1)/2+1)), take(bornWork*n)
	s.x, s.g, s.u = take(3*n), take(3*n), take(1)
	return s
}

// recordOf is where atom i's vectors start, pairsOf those of its pairs with j > i.
func (s *bornScratch[T]) recordOf(i int) []T { return s.record[i*bornRecord*s.lanes:] }
func (s *bornScratch[T]) pairsOf(i int) []T  { return s.pair[s.pairIndex(i)*bornPair*s.lanes:] }

// pairIndex is the number of atom i's first pair.
func (t *BornTable[T]) pairIndex(i int) int { return i * (2*t.atoms - i - 1) / 2 }

// load copies the last m replicas of a panel's rows to full vectors, whose other
// lanes are like the first.
func (s *bornScratch[T]) load(dst, src []T, ld, m int) {
	for r := range len(dst) / s.lanes {
		row := dst[r*s.lanes:][:s.lanes]
		for l := copy(row, src[r*ld:][:m]); l < len(row); l++ {
			row[l] = row[0]
		}
	}
}

// store copies m lanes of vectors to the rows of a panel.
func (s *bornScratch[T]) store(dst []T, ld int, src []T, m int) {
	for r := range len(src) / s.lanes {
		copy(dst[r*ld:][:m], src[r*s.lanes:])
	}
}

// bornPairs is how many pairs one call into assembly takes: less than 100 µs.
const bornPairs = 2048

// parts calls f for ranges of atoms with about bornPairs pairs.
func (t *BornTable[T]) parts(f func(from, to int)) {
	for from := 0; from < t.atoms; {
		to := from + 1
		for to < t.atoms && t.pairIndex(to+1)-t.pairIndex(from) <= bornPairs {
			to++
		}
		f(from, to)
		from = to
	}
}

func (s *bornScratch[T]) sums(x []T, ldx int) {
	for i := range s.atoms {
		clear(s.recordOf(i)[:s.lanes])
	}
	s.parts(func(from, to int) { bornSums(s, x, ldx, from, to) })
}

func (s *bornScratch[T]) radii() { bornRadii(s) }

func (s *bornScratch[T]) energies(u []T) {
	s.parts(func(from, to int) { bornEnergies(s, u, from, to) })
}

func (s *bornScratch[T]) gradients(g []T, ldg int, x []T, ldx int) {
	s.parts(func(from, to int) { bornGradients(s, g, ldg, x, ldx, from, to) })
}

//go:noinline
func bornSums[T Float](s *bornScratch[T], x []T, ldx, from, to int) {
	if asm.BornSums(s.isa, at(s.recordOf(from)), at(s.pairsOf(from)), at(s.work), at(x[3*from*ldx:]), ldx,
		at(s.atom[from*bornAtomSize:]), s.near, s.atoms-from, to-from) {
		return
	}
	bornSumsRef(s, x, ldx, from, to)
}

//go:noinline
func bornRadii[T Float](s *bornScratch[T]) {
	if asm.BornRadii(s.isa, at(s.record), at(s.atom), s.atoms) {
		return
	}
	bornRadiiRef(s)
}

//go:noinline
func bornEnergies[T Float](s *bornScratch[T], u []T, from, to int) {
	if asm.BornEnergies(s.isa, at(u), at(s.recordOf(from)), at(s.pairsOf(from)), at(s.work), at(s.charges[s.pairIndex(from):]), s.atoms-from, to-from) {
		return
	}
	bornEnergiesRef(s, u, from, to)
}

//go:noinline
func bornGradients[T Float](s *bornScratch[T], g []T, ldg int, x []T, ldx, from, to int) {
	if asm.BornGradients(s.isa, at(g[3*from*ldg:]), ldg, at(s.recordOf(from)), at(s.pairsOf(from)), at(x[3*from*ldx:]), ldx, s.atoms-from, to-from) {
		return
	}
	bornGradientsRef(s, g, ldg, x, ldx, from, to)
}
