package kernels

import (
	"fmt"
	"unsafe"

	"pushforward/asm"
)

const (
	// GroupBytes is what a row of a group of particles takes: a group has 16
	// particles in float32 and 8 in float64.
	GroupBytes = 64
	// ParticleRows is the number of rows of a group in p: the particles' x, y
	// and z in nm; their charges times the root of Coulomb's constant; half
	// their σ in nm; the root of 24 times their ε.
	ParticleRows = 6
)

// groupChunk is how many partner groups go through the first-level cache
// together, 576 bytes each; groupCalls bounds what one call into assembly takes,
// particles times partner groups: 50 µs or so.
const (
	groupChunk = 48
	groupCalls = 1 << 11
)

// Cutoff is how interactions end at a distance r_c: energies are 0 from there on,
// and continuous. Lennard-Jones is shifted, Coulomb has the reaction field of a
// dielectric beyond r_c, 1/r + Reaction r² − Shift (Tironi, Sperb, Smith and van
// Gunsteren, J. Chem. Phys. 102, 5451, 1995; OpenMM's CutoffNonPeriodic).
type Cutoff[T Float] struct {
	Range2, Inverse2 T // r_c² and 1/r_c²
	Reaction, Shift  T // k_rf = (ε−1)/((2ε+1) r_c³), c_rf = 3ε/((2ε+1) r_c)
}

// Set makes c the cutoff at range r_c > 0 with the given dielectric constant of the
// surroundings: 1 for none, +Inf for a conductor.
func (c *Cutoff[T]) Set(rc, dielectric float64) {
	// With 1/ε an infinite ε needs no case of its own.
	e := 1 / dielectric
	c.Range2, c.Inverse2 = T(rc*rc), T(1/(rc*rc))
	c.Reaction, c.Shift = T((1-e)/((2+e)*(rc*rc*rc))), T(3/((2+e)*rc))
}

// GroupPairs adds the gradients of the Lennard-Jones and Coulomb energy of all
// pairs of one of the first n particles of group own with the particles of the
// groups from ≤ k < to; it returns the energies. The groups come after own, or
// start with it: pairs within own count once.
//
// Groups are as [ParticleRows] says in p: row k of group j at
// p[(6j+k)·L:][:L], L = GroupBytes / size of T. The gradient's three rows, ∂U/∂x,
// ∂U/∂y and ∂U/∂z, are at g[(3j+k)·L:][:L]. The last group is filled up with
// particles that have neither charge nor ε, at finite places: they add nothing.
//
// σ is the arithmetic, ε the geometric mean of the two particles'. A pair counts
// as no nearer than 2^-20 nm, which keeps particles at one place from making NaNs.
//
//go:noinline
func GroupPairs[T Float](g, p []T, own, n, from, to int) (lennardJones, coulomb float64) {
	const op = "GroupPairs"
	checkGroups(op, g, p, own, n)
	lanes := groupLanes[T]()
	if from < own || to < from || to > len(p)/(ParticleRows*lanes) {
		panic(fmt.Sprintf("kernels: %s: groups %d to %d after group %d, want them to lie between it and %d",
			op, from, to, own, len(p)/(ParticleRows*lanes)))
	}
	self := from == own && to > from
	if self {
		from++
	}
	for self || from < to {
		m := min(groupChunk, to-from)
		lj, c := groupPairs(g, p, own, n, self, from, m)
		lennardJones += lj
		coulomb += c
		from += m
		self = false
	}
	return lennardJones, coulomb
}

// GroupPairsWithin is [GroupPairs] within a cutoff, for one group: particle r of
// group own < len(first)−1 with its own group and with the groups
// partner[first[r]:first[r+1]], which may not be own. A pair counts if r² < c.Range2.
//
//go:noinline
func GroupPairsWithin[T Float](g, p []T, own int, first, partner []int, c *Cutoff[T]) (lennardJones, coulomb float64) {
	const op = "GroupPairsWithin"
	n := max(len(first)-1, 0)
	checkGroups(op, g, p, own, n)
	groups := len(p) / (ParticleRows * groupLanes[T]())
	for r := range n {
		if first[r] < 0 || first[r+1] < first[r] || first[r+1] > len(partner) {
			panic(fmt.Sprintf("kernels: %s: partners %d to %d of particle %d, want them to lie in the list of %d",
				op, first[r], first[r+1], r, len(partner)))
		}
	}
	if n > 0 {
		for _, j := range partner[first[0]:first[n]] {
			if uint(j) >= uint(groups) || j == own {
				panic(fmt.Sprintf("kernels: %s: partner group %d of group %d, want another one below %d", op, j, own, groups))
			}
		}
	}
	add := func(lane, rows int, self bool, first []int) {
		lj, e := groupPairsWithin(g, p, own, lane, rows, self, first, partner, c)
		lennardJones += lj
		coulomb += e
	}
	for r := 0; r < n; {
		end := r + 1
		for end < n && first[end+1]-first[r] <= groupCalls {
			end++
		}
		if end > r+1 || first[end]-first[r] <= groupCalls {
			add(r, end-r, true, first[r:end+1])
		} else {
			for i := first[r]; i < first[end]; i += groupCalls {
				add(r, 1, i == first[r], []int{i, min(i+groupCalls, first[end])})
			}
		}
		r = end
	}
	return lennardJones, coulomb
}

// groupLanes is the number of particles in a group.
func groupLanes[T Float]() int {
	var x T
	return GroupBytes / int(unsafe.Sizeof(x))
}

func checkGroups[T Float](op string, g, p []T, own, n int) {
	lanes := groupLanes[T]()
	groups := len(p) / (ParticleRows * lanes)
	switch {
	case len(p) != groups*ParticleRows*lanes:
		panic(fmt.Sprintf("kernels: %s: len(p) = %d, want a multiple of %d, the numbers of a group", op, len(p), ParticleRows*lanes))
	case len(g) != groups*3*lanes:
		panicLen(op, "g", len(g), groups*3*lanes, "len(p)/2")
	case n < 0 || n > lanes:
		panic(fmt.Sprintf("kernels: %s: %d particles of a group, want 0 to %d", op, n, lanes))
	case n > 0 && (own < 0 || own >= groups):
		panic(fmt.Sprintf("kernels: %s: group %d, want 0 to %d", op, own, groups-1))
	}
}

//go:noinline
func groupPairs[T Float](g, p []T, own, n int, self bool, from, m int) (lennardJones, coulomb float64) {
	var sums [5 * 16]T
	if !asm.GroupPairs(Active(), at(sums[:]), at(p), at(g), own, 0, n, count(self), from, m) {
		groupPairsRef(sums[:], g, p, own, n, self, from, m)
	}
	return groupEnergies(sums[:])
}

//go:noinline
func groupPairsWithin[T Float](g, p []T, own, lane, rows int, self bool, first, partner []int, c *Cutoff[T]) (lennardJones, coulomb float64) {
	var sums [10 * 16]T // rows for the assembly's own use too
	if !asm.GroupPairsWithin(Active(), at(sums[:]), at(p), at(g), own, lane, rows, count(self), at(first), at(partner),
		c.Range2, c.Inverse2, c.Reaction, -c.Shift, -2*c.Reaction) {
		groupPairsWithinRef(sums[:], g, p, own, lane, rows, self, first, partner, c)
	}
	return groupEnergies(sums[:])
}

// groupEnergies adds up the lanes of the two rows of energies that a call leaves,
// of which the first holds six times the one of Lennard-Jones.
func groupEnergies[T Float](sums []T) (lennardJones, coulomb float64) {
	n := groupLanes[T]()
	return foldFloat64(sums[:n]) / 6, foldFloat64(sums[n : 2*n])
}

// foldFloat64 is the sum of x, a power of 2 of them, as a tree: the upper half to
// the lower.
func foldFloat64[T Float](x []T) float64 {
	var s [16]float64
	for i, v := range x {
		s[i] = float64(v)
	}
	for h := len(x) / 2; h > 0; h /= 2 {
		for i := range h {
			s[i] += s[i+h]
		}
	}
	return s[0]
}
