package md

import (
	"fmt"
	"strings"
)

// Scheme is a way to advance dynamics by one time step h. The first two are of
// overdamped Langevin dynamics, dx = -∇U dt + √(2/β) dW; with ξ standard normal
// and σ = √(2h/β):
type Scheme uint8

const (
	// EulerMaruyama: x' = x - h∇U(x) + σξ_k. Its invariant law differs from
	// the Boltzmann distribution in first order of h.
	EulerMaruyama Scheme = iota
	// LeimkuhlerMatthews: x' = x - h∇U(x) + σ(ξ_k + ξ_{k+1})/2. At the same
	// cost its invariant law is accurate to second order, and exact for
	// quadratic U. (Leimkuhler, Matthews, Rational construction of stochastic
	// numerical methods for molecular sampling, AMRX 2013.)
	LeimkuhlerMatthews
	// LangevinMiddle is Langevin dynamics with masses m and friction γ,
	// dx = v dt, m dv = -∇U dt - γmv dt + √(2γm/β) dW, in the order of
	// BAOAB that OpenMM calls Langevin middle:
	//
	//	v += -h∇U(x)/m, less what constraints forbid (RATTLE)
	//	x' = x + (h/2)v
	//	v  = exp(-γh) v + √((1 - exp(-2γh))/(βm)) ξ_k
	//	x' = x' + (h/2)v, moved to meet the constraints (SHAKE); v += (that move)/h
	//
	// Its velocities are those half a step before. The law of positions
	// is accurate to second order and exact for quadratic U, whatever γ; that
	// of velocities is exact for quadratic U too. (Zhang, Liu, Yan, Tuckerman,
	// Liu, J. Phys. Chem. A 123, 6056, 2019.)
	LangevinMiddle
	// VelocityVerlet conserves energy to second order, and is reversible:
	//
	//	v += -(h/2)∇U(x)/m
	//	x += hv, moved to meet the constraints (SHAKE); v += (that move)/h
	//	v += -(h/2)∇U(x)/m, less what constraints forbid (RATTLE)
	//
	// (Andersen, J. Comput. Phys. 52, 24, 1983.)
	VelocityVerlet
)

var schemeNames = [...]string{"euler-maruyama", "leimkuhler-matthews", "langevin-middle", "velocity-verlet"}

// String returns the scheme's name, as [ParseScheme] reads it.
func (s Scheme) String() string {
	if int(s) < len(schemeNames) {
		return schemeNames[s]
	}
	return fmt.Sprintf("Scheme(%d)", uint8(s))
}

// ParseScheme returns the scheme with the given name.
func ParseScheme(name string) (Scheme, error) {
	for s, known := range schemeNames {
		if name == known {
			return Scheme(s), nil
		}
	}
	return 0, fmt.Errorf("md: unknown scheme %q, want one of %s", name, strings.Join(schemeNames[:], ", "))
}

// inertial tells whether the scheme has velocities.
func (s Scheme) inertial() bool { return s == LangevinMiddle || s == VelocityVerlet }
