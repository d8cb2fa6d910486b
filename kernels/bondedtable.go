package kernels

import (
	"fmt"
	"math"
)

// A Bond has the energy ½k(r - r0)² of the distance r of two atoms.
type Bond struct {
	I, J      int
	Length    float64 // r0, nm
	Stiffness float64 // k, kJ/(mol nm²)
}

// BondTable holds the bonds of a molecule for Bonds, made by its method Set.
type BondTable[T Float] struct {
	atoms []int // 2 a bond
	count int   // of the atoms that a panel must have
	terms []T   // bondSize numbers a bond
}

// What a table has of a bond.
const (
	bondLength     = iota // r0
	bondSquareHigh        // high and low with high - coarse + low = r0², high a float32's multiple
	bondSquareLow
	bondStiffness
	bondHalfStiffness
	bondSize
)

// Set makes the table of these bonds, in this order.
func (t *BondTable[T]) Set(bonds []Bond) {
	t.atoms, t.terms = make([]int, 0, 2*len(bonds)), make([]T, 0, bondSize*len(bonds))
	for k, b := range bonds {
		checkTerm("BondTable", "bond", k, b.I, b.J)
		t.atoms = append(t.atoms, b.I, b.J)
		high := T(coarse + float64(b.Length*b.Length))
		low := T(math.FMA(b.Length, b.Length, coarse-float64(high)))
		t.terms = append(t.terms, T(b.Length), high, low, T(b.Stiffness), T(0.5*b.Stiffness))
	}
	t.count = checkAtoms("BondTable", "atoms", t.atoms)
}

// An Angle has the energy ½k(θ - θ0)² of the angle θ in [0, π] at the second of three
// atoms: with a and b from there to the others, θ = atan2(|a×b|, a·b).
type Angle struct {
	I, J, K   int
	Theta     float64 // θ0, rad, in [0, π]
	Stiffness float64 // k, kJ/(mol rad²)
}

// AngleTable holds the angles of a molecule for Angles, made by its method Set.
type AngleTable[T Float] struct {
	atoms []int // 3 an angle
	count int   // of the atoms that a panel must have
	terms []T   // angleSize numbers an angle
}

// What a table has of an angle.
const (
	angleCot    = iota // cot θ0
	angleCotLow        // and what is left of it
	angleStiffness
	angleSize
)

// Set makes the table of these angles, in this order.
func (t *AngleTable[T]) Set(angles []Angle) {
	t.atoms, t.terms = make([]int, 0, 3*len(angles)), make([]T, 0, angleSize*len(angles))
	for k, a := range angles {
		checkTerm("AngleTable", "angle", k, a.I, a.J, a.K)
		if !(a.Theta >= 0 && a.Theta <= math.Pi) {
			panic(fmt.Sprintf("kernels: AngleTable: angle %d has Theta = %v, want from 0 to π", k, a.Theta))
		}
		t.atoms = append(t.atoms, a.I, a.J, a.K)
		theta, sin, cos := [1]float64{a.Theta}, [1]float64{}, [1]float64{}
		SinCos(sin[:], cos[:], theta[:])
		cot := cos[0] / max(sin[0], 0x1p-53) // 0 counts as 1e-16
		high := T(cot)
		t.terms = append(t.terms, high, T(cot-float64(high)), T(a.Stiffness))
	}
	t.count = checkAtoms("AngleTable", "atoms", t.atoms)
}

// checkTerm wants a term's atoms not to be negative.
func checkTerm(op, name string, k int, atoms ...int) {
	for _, a := range atoms {
		if a < 0 {
			panic(fmt.Sprintf("kernels: %s: %s %d is of the atoms %d, want none below 0", op, name, k, atoms))
		}
	}
}
