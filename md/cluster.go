package md

import (
	"fmt"
	"math"
	"sync"
	"unsafe"

	"pushforward/kernels"
)

// ClusterOptions say how the pairs of a [Cluster] are summed.
type ClusterOptions struct {
	// Cutoff is the distance in nm from which pairs do not interact; 0: all pairs
	// do. Energies end continuously there, forces jump: Lennard-Jones is shifted
	// to 0, and Coulomb has the reaction field of a medium beyond the cutoff,
	// as in OpenMM's CutoffNonPeriodic:
	//
	//	CoulombConstant q_i q_j (1/r + k r² − c),  k = (ε−1)/((2ε+1) Cutoff³), c = 3ε/((2ε+1) Cutoff)
	Cutoff float64
	// Dielectric is the ε of that medium, ≥ 1, or +Inf for a conductor. 0: 78.3,
	// water. 1 shifts Coulomb's energy and leaves its force as it is.
	Dielectric float64
	// Skin is how far beyond the cutoff neighbours are listed, in nm. A list
	// serves until a particle has moved by half of it. The order of sums comes
	// from the positions that the list was made for, so the last bits of results
	// depend on the calls before. With 0 a list is made for every configuration, and
	// results depend on that alone.
	Skin    float64
	Threads int // goroutines; 0: GOMAXPROCS. Results do not depend on it.
}

// Cluster is one large system of particles in free space that interact in pairs,
//
//	4ε((σ/r)¹² − (σ/r)⁶) + CoulombConstant q_i q_j / r
//
// with σ = (σ_i + σ_j)/2 and ε = √(ε_i ε_j): a [Potential] of 3 coordinates a
// particle, in nm, kJ/mol and kJ/(mol nm). No pair is excluded. Lanes are partner
// particles, so one configuration fills the vectors and all threads; for many
// configurations of a small molecule, [ForceField] is made.
//
// Energies and gradients are the same bits on every CPU and for any number of
// threads. Particles at one place have an energy that is huge, or +Inf in float32, and
// no NaN; a coordinate that is not finite, or beyond 2⁶⁰ nm, makes all results of its
// configuration NaN.
//
// A Cluster may be called from several goroutines: one after the other has its turn.
type Cluster[T kernels.Float] struct {
	n       int
	options ClusterOptions
	cutoff  kernels.Cutoff[T]
	// particles[i] is what stands in a group's last three rows.
	particles [][3]T

	mu     sync.Mutex
	states []*clusterState[T] // by configuration of a call
	lists  int
}

// NewCluster returns the potential of as many particles as there are charges (e),
// with σ in nm and ε in kJ/mol.
func NewCluster[T kernels.Float](charges, sigmas, epsilons []float64, o ClusterOptions) (*Cluster[T], error) {
	n := len(charges)
	switch {
	case n < 1:
		return nil, fmt.Errorf("md: a cluster without particles")
	case len(sigmas) != n || len(epsilons) != n:
		return nil, fmt.Errorf("md: a cluster with %d charges, %d sigmas and %d epsilons, want as many of each", n, len(sigmas), len(epsilons))
	case !(o.Cutoff >= 0) || math.IsInf(o.Cutoff, 0):
		return nil, fmt.Errorf("md: cutoff %v nm, want a positive number, or 0 for none", o.Cutoff)
	case !(o.Skin >= 0) || math.IsInf(o.Skin, 0):
		return nil, fmt.Errorf("md: skin %v nm, want 0 or a positive number", o.Skin)
	case o.Dielectric != 0 && !(o.Dielectric >= 1):
		return nil, fmt.Errorf("md: dielectric constant %v, want at least 1, or 0 for that of water", o.Dielectric)
	case o.Threads < 0:
		return nil, fmt.Errorf("md: %d threads, want 0 or more", o.Threads)
	}
	if o.Dielectric == 0 {
		o.Dielectric = 78.3
	}
	c := &Cluster[T]{n: n, options: o, particles: make([][3]T, n)}
	if o.Cutoff > 0 {
		c.cutoff.Set(o.Cutoff, o.Dielectric)
	}
	for i := range n {
		for _, q := range []struct {
			name  string
			value float64
			least float64
		}{{"charge", charges[i], math.Inf(-1)}, {"sigma", sigmas[i], 0}, {"epsilon", epsilons[i], 0}} {
			if !(q.value >= q.least) || math.IsInf(q.value, 0) {
				return nil, fmt.Errorf("md: particle %d has %s %v, want a finite number%s", i, q.name, q.value,
					map[bool]string{true: ", at least 0"}[q.least == 0])
			}
		}
		half := sigmas[i] / 2
		if epsilons[i] == 0 {
			half = 0 // σ means nothing then, and a large one could overflow
		}
		c.particles[i] = [3]T{T(math.Sqrt(CoulombConstant) * charges[i]), T(half), T(math.Sqrt(24 * epsilons[i]))}
	}
	return c, nil
}

// Dim returns three times the number of particles.
func (c *Cluster[T]) Dim() int { return 3 * c.n }

// Energies writes the energy of each configuration to u; see [Potential].
func (c *Cluster[T]) Energies(u []T, x []T, ld, n int) {
	checkPanel("Cluster.Energies: u", len(u), n, 1, n)
	c.each("Energies", x, ld, n, func(s *clusterState[T], i int) { u[i] = T(s.lennardJones + s.coulomb) })
}

// Gradients writes the gradient of each configuration's energy to g; see
// [Potential].
func (c *Cluster[T]) Gradients(g []T, ldg int, x []T, ld, n int) {
	checkPanel("Cluster.Gradients: g", len(g), ldg, c.Dim(), n)
	c.each("Gradients", x, ld, n, func(s *clusterState[T], i int) { s.gradient(g[i:], ldg, 1) })
}

// EnergiesAndGradients writes both at the cost of one of them.
func (c *Cluster[T]) EnergiesAndGradients(u, g []T, ldg int, x []T, ldx, n int) {
	checkPanel("Cluster.EnergiesAndGradients: u", len(u), n, 1, n)
	checkPanel("Cluster.EnergiesAndGradients: g", len(g), ldg, c.Dim(), n)
	c.each("EnergiesAndGradients", x, ldx, n, func(s *clusterState[T], i int) {
		u[i] = T(s.lennardJones + s.coulomb)
		s.gradient(g[i:], ldg, 1)
	})
}

// Forces returns the two parts of the energy of one configuration, row-major
// [particle][3], and writes the forces to f in the same order; f may be nil.
func (c *Cluster[T]) Forces(f, x []T) (lennardJones, coulomb float64) {
	if len(x) != c.Dim() || f != nil && len(f) != c.Dim() {
		panic(fmt.Sprintf("md: Cluster.Forces: len(f) = %d and len(x) = %d, want %d of each", len(f), len(x), c.Dim()))
	}
	c.each("Forces", x, 1, 1, func(s *clusterState[T], _ int) {
		lennardJones, coulomb = s.lennardJones, s.coulomb
		if f != nil {
			s.gradient(f, 1, -1)
		}
	})
	return lennardJones, coulomb
}

// Lists returns how many lists of neighbours were made so far.
func (c *Cluster[T]) Lists() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lists
}

// each evaluates configurations one after the other, each with its own list.
func (c *Cluster[T]) each(what string, x []T, ld, n int, result func(s *clusterState[T], i int)) {
	checkPanel("Cluster."+what+": x", len(x), ld, c.Dim(), n)
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range n {
		if i == len(c.states) {
			c.states = append(c.states, newClusterState(c))
		}
		s := c.states[i]
		if s.evaluate(x[i:], ld) {
			c.lists++
		}
		result(s, i)
	}
}

// groupSize is the number of particles in a group of the kernels.
func groupSize[T kernels.Float]() int { return kernels.GroupBytes / int(unsafe.Sizeof(T(0))) }
