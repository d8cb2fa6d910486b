package kernels

import (
	"fmt"

	"pushforward/asm"
)

// The bonded terms of a molecule's energy, with one replica in each lane. x is a
// panel of 3·atoms rows: coordinate c of atom a of replica i lies at
// x[(3*a+c)*ldx+i], and so does its derivative in g. Each function adds the terms'
// energies of replica i to u[i] and their gradients, not the forces, to g, which
// must not overlap x.
//
// Energies of 64 terms at a time are summed from 0, in the table's order, before
// they go to u. What the formulas divide by is bounded from below, so that
// coinciding atoms and straight chains have finite energies and gradients; a NaN
// stays in its lane.

// TorsionTable holds Fourier series of the dihedral angles φ of four atoms,
//
//	constant + Σ_k (a_k cos kφ + b_k sin kφ),  k = 1, 2, …
//
// With b1, b2 and b3 from each atom to the next, m = b1×b2 and n = b2×b3, it is
// φ = atan2(|b2| b1·n, m·n): IUPAC's angle, 0 where the outer atoms eclipse each
// other. In a straight chain, m or n being 0, the energy is the constant.
type TorsionTable[T Float] struct {
	Atoms  []int // 4 a torsion
	Terms  []int // the number of each torsion's k
	Series []T   // of each torsion its constant, then the pairs a_k, b_k, kJ/mol
}

// termBlock is the number of terms whose energies are summed from 0.
const termBlock = 64

// termChunk is the number of replicas that one call into assembly takes with so
// many terms.
func termChunk(terms int) int { return max(64, (1<<12)/max(terms, 1)&^15) }

// Bonds adds the energies of n replicas' bonds to u and their gradients to g.
//
//go:noinline
func Bonds[T Float](u, g []T, ldg int, x []T, ldx, n int, t *BondTable[T]) {
	checkReplicas("Bonds", u, g, ldg, x, ldx, n, t.count)
	terms := len(t.atoms) / 2
	for b := 0; b < terms; b += termBlock {
		c := min(b+termBlock, terms)
		for i, p := 0, termChunk(c-b); i < n; i += p {
			bondsPanel(u[i:], g[i:], ldg, x[i:], ldx, min(p, n-i), t.atoms[2*b:2*c], t.terms[bondSize*b:bondSize*c])
		}
	}
}

// Angles adds the energies of n replicas' angles to u and their gradients to g.
// Where an angle is 0 or π, its gradient is taken to be 0.
//
//go:noinline
func Angles[T Float](u, g []T, ldg int, x []T, ldx, n int, t *AngleTable[T]) {
	checkReplicas("Angles", u, g, ldg, x, ldx, n, t.count)
	terms := len(t.atoms) / 3
	for b := 0; b < terms; b += termBlock {
		c := min(b+termBlock, terms)
		for i, p := 0, termChunk(c-b); i < n; i += p {
			anglesPanel(u[i:], g[i:], ldg, x[i:], ldx, min(p, n-i), t.atoms[3*b:3*c], t.terms[angleSize*b:angleSize*c])
		}
	}
}

// Torsions adds the energies of n replicas' torsions to u and their gradients to g.
//
//go:noinline
func Torsions[T Float](u, g []T, ldg int, x []T, ldx, n int, t *TorsionTable[T]) {
	const op = "Torsions"
	terms := len(t.Terms)
	checkMatrix(op, "t.Atoms", len(t.Atoms), terms, 4, "4*len(t.Terms)")
	size := 0
	for k, harmonics := range t.Terms {
		if harmonics < 0 || harmonics > len(t.Series) {
			panic(fmt.Sprintf("kernels: %s: t.Terms[%d] = %d, want from 0 to as many as t.Series has", op, k, harmonics))
		}
		size += 1 + 2*harmonics
	}
	checkLen(op, "t.Series", len(t.Series), size, "the sum of 1+2*t.Terms[k]")
	checkReplicas(op, u, g, ldg, x, ldx, n, checkAtoms(op, "t.Atoms", t.Atoms))
	series := t.Series
	for b := 0; b < terms; b += termBlock {
		c := min(b+termBlock, terms)
		size := 0
		for _, harmonics := range t.Terms[b:c] {
			size += 1 + 2*harmonics
		}
		// A term with many harmonics is as much work as several.
		for i, p := 0, termChunk((c-b)+size/8); i < n; i += p {
			torsionsPanel(u[i:], g[i:], ldg, x[i:], ldx, min(p, n-i), t.Atoms[4*b:4*c], t.Terms[b:c], series[:size])
		}
		series = series[size:]
	}
}

// TorsionAngles computes the dihedral angles in (-π, π] of len(atoms)/4 quadruples
// of atoms: that of quadruple k in replica i goes to phi[k*ldp+i]. The convention
// is TorsionTable's; of a straight chain the angle is a multiple of π.
//
//go:noinline
func TorsionAngles[T Float](phi []T, ldp int, x []T, ldx, n int, atoms []int) {
	const op = "TorsionAngles"
	terms := len(atoms) / 4
	checkMatrix(op, "atoms", len(atoms), terms, 4, "a multiple of 4")
	checkSize(op, "n", n)
	checkPanel(op, "phi", "ldp", len(phi), ldp, terms, n)
	checkPanel(op, "x", "ldx", len(x), ldx, 3*checkAtoms(op, "atoms", atoms), n)
	for b := 0; b < terms && n > 0; b += termBlock {
		c := min(b+termBlock, terms)
		for i, p := 0, termChunk(c-b); i < n; i += p {
			torsionAnglesPanel(phi[b*ldp+i:], ldp, x[i:], ldx, min(p, n-i), atoms[4*b:4*c])
		}
	}
}

// checkReplicas wants the panels to have so many atoms and replicas.
func checkReplicas[T Float](op string, u, g []T, ldg int, x []T, ldx, n, atoms int) {
	checkSize(op, "n", n)
	checkLen(op, "u", len(u), n, "n")
	checkPanel(op, "g", "ldg", len(g), ldg, 3*atoms, n)
	checkPanel(op, "x", "ldx", len(x), ldx, 3*atoms, n)
}

// checkAtoms wants no negative index and returns the number of atoms that a panel
// must have at least.
func checkAtoms(op, name string, atoms []int) (count int) {
	for k, a := range atoms {
		if a < 0 {
			panic(fmt.Sprintf("kernels: %s: %s[%d] = %d, want at least 0", op, name, k, a))
		}
		count = max(count, a+1)
	}
	return count
}

//go:noinline
func bondsPanel[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms []int, terms []T) {
	if asm.Bonds(Active(), at(u), at(g), ldg, at(x), ldx, n, at(atoms), at(terms), len(atoms)/2) {
		return
	}
	bondsPanelRef(u, g, ldg, x, ldx, n, atoms, terms)
}

//go:noinline
func anglesPanel[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms []int, terms []T) {
	if asm.Angles(Active(), at(u), at(g), ldg, at(x), ldx, n, at(atoms), at(terms), len(atoms)/3) {
		return
	}
	anglesPanelRef(u, g, ldg, x, ldx, n, atoms, terms)
}

//go:noinline
func torsionsPanel[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms, terms []int, series []T) {
	if asm.Torsions(Active(), at(u), at(g), ldg, at(x), ldx, n, at(atoms), at(terms), at(series), len(terms)) {
		return
	}
	torsionsPanelRef(u, g, ldg, x, ldx, n, atoms, terms, series)
}

//go:noinline
func torsionAnglesPanel[T Float](phi []T, ldp int, x []T, ldx, n int, atoms []int) {
	if asm.TorsionAngles(Active(), at(phi), ldp, at(x), ldx, n, at(atoms), len(atoms)/4) {
		return
	}
	torsionAnglesPanelRef(phi, ldp, x, ldx, n, atoms)
}
