package md

import "math"

// Physical constants in the units of this package: nm, ps, Da, e, kJ/mol, K.
const (
	// BoltzmannConstant is k_B in kJ/(mol K): the gas constant (SI 2019, exact).
	BoltzmannConstant = 0.00831446261815324
	// CoulombConstant is 1/(4πε0) in kJ nm/(mol e²) (CODATA 2018, as OpenMM has it).
	CoulombConstant = 138.93545764438198
)

// A System is a molecule: its atoms, the terms of its potential energy and its
// constraints. All parameters are in nm, Da, e, kJ/mol and radians.
//
// The energy is that of eq. (2) of Rehman and Friesecke in the conventions of
// OpenMM and GROMACS: each pair counts once, and harmonic terms carry a factor ½.
// Two atoms interact by
//
//	4ε((σ/r)¹² − (σ/r)⁶) + CoulombConstant q_i q_j / r
//
// with σ = (σ_i + σ_j)/2 and ε = √(ε_i ε_j), unless Exclusions or Exceptions
// has the pair.
type System struct {
	Name        string
	Atoms       []Atom
	Bonds       []Bond
	Angles      []Angle
	Torsions    []Torsion // proper ones
	Impropers   []Torsion
	Exclusions  [][2]int     // pairs without Lennard-Jones and Coulomb energy
	Exceptions  []Exception  // pairs with an energy of their own, such as 1-4 pairs
	Constraints []Constraint // fixed distances
	// Solvent is the implicit solvent; nil in vacuum. It acts on all pairs.
	Solvent *GeneralizedBorn
}

// An Atom is a point mass with its nonbonded parameters.
type Atom struct {
	Name          string // as in its residue: "CA"
	Element       string // symbol: "C"; may be empty
	Residue       string // name: "ALA"
	ResidueNumber int
	Mass          float64 // Da; 0 for an atom that never moves
	Charge        float64 // e
	Sigma         float64 // nm
	Epsilon       float64 // kJ/mol
	BornRadius    float64 // nm, intrinsic; used with a solvent only
	BornScale     float64 // factor of the radius as a descreener (Hawkins, Cramer, Truhlar 1996)
}

// A Bond has the energy ½ Stiffness (r − Length)².
type Bond struct {
	I, J      int
	Length    float64 // nm
	Stiffness float64 // kJ/(mol nm²)
}

// An Angle has the energy ½ Stiffness (θ − Theta)², θ in [0, π] being the angle
// at atom J.
type Angle struct {
	I, J, K   int
	Theta     float64 // rad
	Stiffness float64 // kJ/(mol rad²)
}

// A Torsion has the energy Amplitude (1 + cos(Periodicity φ − Phase)), φ being
// the dihedral angle of the atoms I-J-K-L in the convention of IUPAC: 0 when I
// and L eclipse each other, positive clockwise along J-K.
type Torsion struct {
	I, J, K, L  int
	Periodicity int     // ≥ 1
	Phase       float64 // rad
	Amplitude   float64 // kJ/mol
}

// An Exception replaces the Lennard-Jones and Coulomb energy of a pair.
type Exception struct {
	I, J          int
	ChargeProduct float64 // e²
	Sigma         float64 // nm
	Epsilon       float64 // kJ/mol
}

// A Constraint fixes the distance of two atoms.
type Constraint struct {
	I, J     int
	Distance float64 // nm
}

// GeneralizedBorn is the implicit solvent of Onufriev, Bashford and Case
// (Proteins 55, 383, 2004): the polarization energy
//
//	−½ CoulombConstant (1/SoluteDielectric − 1/SolventDielectric) Σ_ij q_i q_j / f_ij
//	f_ij = √(r² + B_i B_j exp(−r²/(4 B_i B_j)))
//
// over all i and j, i = j too, with the Born radii
//
//	1/B_i = 1/ρ_i − tanh(Alpha ψ − Beta ψ² + Gamma ψ³)/R_i,  ρ_i = R_i − Offset
//
// where ψ/ρ_i is the integral of Hawkins, Cramer and Truhlar; and, where
// SurfaceTension is not 0, the surface energy of Schaefer, Bartels and Karplus
// 4π SurfaceTension Σ_i (R_i + ProbeRadius)² (R_i/B_i)⁶.
type GeneralizedBorn struct {
	SoluteDielectric  float64
	SolventDielectric float64
	SurfaceTension    float64 // kJ/(mol nm²)
	ProbeRadius       float64 // nm
	Offset            float64 // nm
	Alpha, Beta       float64
	Gamma             float64
}

// OBC1 is the first parameter set of Onufriev, Bashford and Case in water, with
// the surface energy that OpenMM adds to it.
func OBC1() *GeneralizedBorn { return onufrievBashfordCase(0.8, 0, 2.909125) }

// OBC2 is the second one, known as OBC in OpenMM.
func OBC2() *GeneralizedBorn { return onufrievBashfordCase(1, 0.8, 4.85) }

func onufrievBashfordCase(alpha, beta, gamma float64) *GeneralizedBorn {
	return &GeneralizedBorn{
		SoluteDielectric: 1, SolventDielectric: 78.3,
		SurfaceTension: 2.25936, ProbeRadius: 0.14, Offset: 0.009,
		Alpha: alpha, Beta: beta, Gamma: gamma,
	}
}

// InverseTemperature is β = 1/(k_B T) in mol/kJ of a temperature in K.
func InverseTemperature(kelvin float64) float64 { return 1 / (BoltzmannConstant * kelvin) }

// DegreesOfFreedom is the number of coordinates less that of constraints; the
// motion of the whole molecule counts.
func (s *System) DegreesOfFreedom() int {
	moving := 0
	for _, a := range s.Atoms {
		if a.Mass > 0 {
			moving++
		}
	}
	return 3*moving - len(s.Constraints)
}

// Masses returns the atoms' masses in Da.
func (s *System) Masses() []float64 {
	m := make([]float64, len(s.Atoms))
	for i, a := range s.Atoms {
		m[i] = a.Mass
	}
	return m
}

// RepartitionHydrogenMass gives every hydrogen that is bonded to a heavier atom so
// many Da, which that atom loses. The law of the positions in equilibrium stays the
// same, and the fastest motions get slower: time steps of 4 fs then serve where
// those of 2 fs do otherwise (Hopkins, Le Grand, Walker, Roitberg, J. Chem. Theory
// Comput. 11, 1864, 2015). Call it before ConstrainHydrogens.
func (s *System) RepartitionHydrogenMass(mass float64) {
	for _, b := range s.Bonds {
		h, other := b.I, b.J
		if s.hydrogen(other) {
			h, other = other, h
		}
		if s.hydrogen(h) && !s.hydrogen(other) {
			s.Atoms[other].Mass -= mass - s.Atoms[h].Mass
			s.Atoms[h].Mass = mass
		}
	}
}

// hydrogen tells whether atom i is one: by its element or, where that is empty, by
// a mass below 3.5 Da.
func (s *System) hydrogen(i int) bool {
	a := &s.Atoms[i]
	return a.Element == "H" || a.Element == "" && a.Mass > 0 && a.Mass < 3.5
}

// ConstrainHydrogens makes constraints of the bonds to hydrogen, which leave the
// list of bonds, and returns how many they were.
func (s *System) ConstrainHydrogens() int {
	var bonds []Bond
	for _, b := range s.Bonds {
		if !s.hydrogen(b.I) && !s.hydrogen(b.J) {
			bonds = append(bonds, b)
			continue
		}
		s.Constraints = append(s.Constraints, Constraint{b.I, b.J, b.Length})
	}
	made := len(s.Bonds) - len(bonds)
	s.Bonds = bonds
	return made
}

// pairParameters are σ, ε and the product of the charges of a pair that no
// exclusion or exception has.
func (s *System) pairParameters(i, j int) (sigma, epsilon, chargeProduct float64) {
	a, b := &s.Atoms[i], &s.Atoms[j]
	return (a.Sigma + b.Sigma) / 2, math.Sqrt(a.Epsilon * b.Epsilon), a.Charge * b.Charge
}
