package kernels

import (
	"fmt"
)

// A Pair of atoms has the energy C12/r¹² − C6/r⁶ + QQ/r: Lennard-Jones with
// C12 = 4εσ¹² and C6 = 4εσ⁶, and Coulomb with QQ = CoulombConstant q_i q_j.
type Pair struct {
	I, J        int
	C12, C6, QQ float64
}

// PairTable holds the pairs of a molecule for Pairs, made by its method Set.
type PairTable[T Float] struct {
	first   []int // of each atom's partners, and the end
	partner []int // first row of the partner's coordinates
	terms   []T   // 6 C12, 6 C6 and QQ of each pair
}

// Set makes the table of a molecule of so many atoms. A pair belongs to its lesser
// atom, and an atom's pairs keep their order.
func (t *PairTable[T]) Set(atoms int, pairs []Pair) {
	t.first = make([]int, atoms+1)
	t.partner = make([]int, len(pairs))
	t.terms = make([]T, 3*len(pairs))
	for k, p := range pairs {
		if p.I == p.J || min(p.I, p.J) < 0 || max(p.I, p.J) >= atoms {
			panic(fmt.Sprintf("kernels: PairTable: pair %d is of atoms %d and %d, want two of 0 to %d", k, p.I, p.J, atoms-1))
		}
		t.first[min(p.I, p.J)+1]++
	}
	for i := range atoms {
		t.first[i+1] += t.first[i]
	}
	next := append([]int(nil), t.first...)
	for _, p := range pairs {
		i := min(p.I, p.J)
		k := next[i]
		next[i]++
		t.partner[k] = 3 * max(p.I, p.J)
		copy(t.terms[3*k:], []T{T(6 * p.C12), T(6 * p.C6), T(p.QQ)})
	}
}

// atoms is the number of atoms, 0 of a table that was not set.
func (t *PairTable[T]) atoms() int { return max(0, len(t.first)-1) }

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
	atoms := t.atoms()
	checkSize("Pairs", "n", n)
	checkPanel("Pairs", "u", "n", len(u), n, 1, n)
	checkPanel("Pairs", "g", "ldg", len(g), ldg, 3*atoms, n)
	checkPanel("Pairs", "x", "ldx", len(x), ldx, 3*atoms, n)
	if len(t.partner) == 0 || n == 0 {
		return
	}
	replicas := max(16, pairWork/len(t.partner)&^15)
	for i := 0; i < n; i += replicas {
		m := min(replicas, n-i)
		for from := 0; from < atoms; {
			to := from + 1
			for to < atoms && (t.first[to+1]-t.first[from])*m <= pairWork {
				to++
			}
			pairsPart(u[i:i+m], g[i:], ldg, x[i:], ldx, t, from, to)
			from = to
		}
	}
}

// pairWork is how many pairs, times replicas, one call into assembly takes: less
// than 100 µs.
const pairWork = 1 << 16

// pairsPart takes the pairs of the atoms from … to-1.
//
//go:noinline
func pairsPart[T Float](u, g []T, ldg int, x []T, ldx int, t *PairTable[T], from, to int) {
	pairsPartRef(u, g, ldg, x, ldx, t, from, to)
}
