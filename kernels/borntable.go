package kernels

import (
	"fmt"
	"math"
	"slices"
)

// BornParameters describe a molecule in an implicit solvent: the model of Onufriev,
// Bashford and Case (Proteins 55, 383, 2004) with the pairwise integrals of Hawkins,
// Cramer and Truhlar (J. Phys. Chem. 100, 19824, 1996),
//
//	U = −½ Strength Σ_ij q_i q_j / √(r² + B_i B_j exp(−r²/(4 B_i B_j)))
//	1/B_i = 1/ρ_i − tanh(Alpha ψ − Beta ψ² + Gamma ψ³)/R_i,  ρ_i = R_i − Offset
//	ψ = ½ ρ_i Σ_j H(r_ij, Scale_j ρ_j)
//
// over all i and j, i = j too, and the surface energy of Schaefer, Bartels and
// Karplus, 4π SurfaceTension Σ_i (R_i + ProbeRadius)² (R_i/B_i)⁶.
type BornParameters struct {
	Radius, Scale, Charge []float64 // of each atom: R in nm, 1, e
	Offset                float64   // nm
	Alpha, Beta, Gamma    float64
	Strength              float64 // CoulombConstant (1/ε_solute − 1/ε_solvent), kJ nm/(mol e²)
	SurfaceTension        float64 // kJ/(mol nm²)
	ProbeRadius           float64 // nm
}

// BornTable holds a molecule's parameters for Born, made by its method Set.
type BornTable[T Float] struct {
	atoms int
	atom  []T // bornAtomSize numbers of each atom
	// −Strength q_i q_j of each pair, i increasing, j > i decreasing.
	charges []T
	near    T // H has its general form where r is no less
}

// What a table has of an atom, with S = ½ Σ_j H.
const (
	bornRho          = iota // ρ
	bornReach               // Scale ρ
	bornReachSquared        // (Scale ρ)²
	bornAlpha               // Alpha ρ, of S
	bornBeta                // −Beta ρ², of S²
	bornGamma               // Gamma ρ³, of S³
	bornBeta2               // twice that: the derivative
	bornGamma3              // three times that
	bornInverseRho          // 1/ρ
	bornInverseR            // 1/R
	bornHalfR               // ½/R
	bornSelf                // −½ Strength q²
	bornSurface             // 4π SurfaceTension (R + ProbeRadius)² R⁶
	bornAtomSize
)

// Set makes the table. Radii must exceed Offset.
func (t *BornTable[T]) Set(p *BornParameters) {
	n := len(p.Radius)
	checkLen("BornTable", "Scale", len(p.Scale), n, "len(Radius)")
	checkLen("BornTable", "Charge", len(p.Charge), n, "len(Radius)")
	t.atoms = n
	t.atom = make([]T, bornAtomSize*n)
	t.charges = t.charges[:0]
	near, largest := 0.0, 0.0
	for i, radius := range p.Radius {
		rho := radius - p.Offset
		if !(rho > 0) {
			panic(fmt.Sprintf("kernels: BornTable: Radius[%d] = %v, want more than Offset = %v", i, radius, p.Offset))
		}
		reach, q := p.Scale[i]*rho, p.Charge[i]
		contact := radius + p.ProbeRadius
		for k, v := range [bornAtomSize]float64{
			bornRho: rho, bornReach: reach, bornReachSquared: reach * reach,
			bornAlpha: p.Alpha * rho, bornBeta: -p.Beta * rho * rho, bornGamma: p.Gamma * rho * rho * rho,
			bornBeta2: -2 * p.Beta * rho * rho, bornGamma3: 3 * p.Gamma * rho * rho * rho,
			bornInverseRho: 1 / rho, bornInverseR: 1 / radius, bornHalfR: 0.5 / radius,
			bornSelf:    -0.5 * p.Strength * q * q,
			bornSurface: 4 * math.Pi * p.SurfaceTension * contact * contact * math.Pow(radius, 6),
		} {
			t.atom[i*bornAtomSize+k] = T(v)
		}
		largest = max(largest, rho, reach)
		for j, other := range slices.Backward(p.Radius) {
			if j != i {
				near = max(near, math.Abs(rho-p.Scale[j]*(other-p.Offset)))
			}
			if j > i {
				t.charges = append(t.charges, T(-p.Strength*q*p.Charge[j]))
			}
		}
	}
	t.near = T(near + 0x1p-18*largest) // for ρ, reach and their sums with r are rounded
}
