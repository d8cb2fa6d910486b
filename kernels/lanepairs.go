package kernels

import (
	"fmt"

	"pushforward/asm"
)

// A Pair of atoms has the energy C12/r¹² − C6/r⁶ + QQ/r: Lennard-Jones with
// C12 = 4εσ¹² and C6 = 4εσ⁶, and Coulomb with QQ = CoulombConstant q_i q_j.
type Pair struct {
	I, J        int
	C12, C6, QQ float64
}

// PairTable holds the pairs of a molecule for Pairs, made by its method Set.
//
// A pair is in a list of one of its atoms, its owner. Lists are worked off two
// partners at a time, a group, so as many as possible have even lengths.
type PairTable[T Float] struct {
	atoms  int
	rows   []int // of each list, the owner's first row of coordinates and how many groups there are
	groups []int // of each group, the first rows of the owner and of the two partners
	terms  []T   // of each pair, 6 C12, 6 C6 and QQ
}

// Set makes the table of a molecule of so many atoms.
func (t *PairTable[T]) Set(atoms int, pairs []Pair) {
	type entry struct{ partner, pair int }
	lists := make([][]entry, atoms)
	for k, p := range pairs {
		if p.I == p.J || min(p.I, p.J) < 0 || max(p.I, p.J) >= atoms {
			panic(fmt.Sprintf("kernels: PairTable: pair %d is of atoms %d and %d, want two of 0 to %d", k, p.I, p.J, atoms-1))
		}
		i := min(p.I, p.J)
		lists[i] = append(lists[i], entry{max(p.I, p.J), k})
	}
	*t = PairTable[T]{atoms: atoms}
	for i, list := range lists {
		last := len(list) - 1
		if len(list)%2 == 1 {
			if e := list[last]; e.partner > i { // its partner can own it as well
				lists[e.partner] = append(lists[e.partner], entry{i, e.pair})
				list = list[:last]
			} else { // once more, without energy
				list = append(list, entry{e.partner, -1})
			}
		}
		for k, e := range list {
			if k%(2*listGroups) == 0 {
				t.rows = append(t.rows, 3*i, min(listGroups, (len(list)-k)/2))
			}
			if k%2 == 0 {
				t.groups = append(t.groups, 3*i)
			}
			t.groups = append(t.groups, 3*e.partner)
			if e.pair < 0 {
				t.terms = append(t.terms, 0, 0, 0)
				continue
			}
			p := pairs[e.pair]
			t.terms = append(t.terms, T(6*p.C12), T(6*p.C6), T(p.QQ))
		}
	}
}

// Pairs adds the energies of all pairs of a table, of n replicas, to u, and their
// gradients to g. Coordinate c of atom a of replica i is x[(3a+c)*ldx+i], in nm,
// and the derivative by it g[(3a+c)*ldg+i]. u, g and x must not overlap.
//
// Squared distances count as 2^-40 nm² where they are less: energies at collisions
// are huge, or +Inf in float32, never NaN; a gradient may be NaN where the energy
// is +Inf.
//
//go:noinline
func Pairs[T Float](u, g []T, ldg int, x []T, ldx, n int, t *PairTable[T]) {
	checkSize("Pairs", "n", n)
	checkPanel("Pairs", "u", "n", len(u), n, 1, n)
	checkPanel("Pairs", "g", "ldg", len(g), ldg, 3*t.atoms, n)
	checkPanel("Pairs", "x", "ldx", len(x), ldx, 3*t.atoms, n)
	if n == 0 {
		return
	}
	replicas := max(16, pairWork/(2*callGroups)&^15)
	for i := 0; i < n; i += replicas {
		m := min(replicas, n-i)
		for row, group := 0, 0; row < len(t.rows); {
			from, first := row, group
			for ; row < len(t.rows) && group+t.rows[row+1]-first <= callGroups; row += 2 {
				group += t.rows[row+1]
			}
			pairsPart(u[i:i+m], g[i:], ldg, x[i:], ldx, t.rows[from:row], t.groups[3*first:3*group], t.terms[6*first:])
		}
	}
}

const (
	pairWork   = 1 << 15 // pairs, times replicas, of one call into assembly: less than 100 µs
	callGroups = 96      // at most, in one call
	listGroups = 32      // at most, in one list
)

//go:noinline
func pairsPart[T Float](u, g []T, ldg int, x []T, ldx int, rows, groups []int, terms []T) {
	var inverse [2 * callGroups * 16]T // vectors of 64 bytes at most
	if asm.Pairs(Active(), at(u), at(g), ldg, at(x), ldx, at(rows), at(groups), at(terms), &inverse[0], len(rows)/2, len(groups)/3, len(u)) {
		return
	}
	pairsPartRef(u, g, ldg, x, ldx, rows, groups, terms)
}
