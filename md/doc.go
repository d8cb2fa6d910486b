// Package md simulates molecules and toy systems with many replicas at once,
// and knows the exact laws that simulations are compared with.
//
// A [Potential] gives energies and gradients for a batch of configurations.
// Configurations lie in lanes: a panel has one row for each coordinate and one
// column for each replica, so coordinate k of replica r is x[k*ld+r] where ld
// is the row stride. Every operation on a row is then independent for each
// replica, and no result depends on how many replicas share a block.
//
// [Simulation] integrates overdamped Langevin dynamics
//
//	dx = -∇U(x) dt + sqrt(2/β) dW
//
// by the Euler–Maruyama scheme, whose invariant law is wrong in first order of
// the time step, or by the scheme of Leimkuhler and Matthews, whose invariant
// law is accurate to second order; Langevin dynamics with masses by BAOAB in the
// form that OpenMM calls Langevin middle; and Newton's equations by velocity
// Verlet; the last two with fixed distances (SHAKE and RATTLE). The noise of replica r at step k is a
// function of the seed, r and k alone, so two simulations with one seed are
// driven by the same noise whatever their potentials, a run can be continued
// from its positions, velocities and step number, and the numbers are the same bits
// for any number of threads and on every CPU. A [Record] says what to keep of a
// run: frames, in memory or through a sink, and [Observable]s. A checkpoint lets
// [ResumeSimulation] go on to the same bits. [Minimize] takes many replicas to
// minima of their energies at once.
//
// A [System] is a molecule, its atoms with the terms of eq. (2) of the paper, and
// [ForceField] its potential energy: bonds, angles, torsions, Lennard-Jones, Coulomb
// and an implicit solvent ([GeneralizedBorn]). Package molecules holds alanine
// dipeptide, package molfile reads molecules and writes trajectories. [Regularize]
// bounds a potential that has collisions, as in the paper's Theorem 1.
//
// [DoubleWell] is the potential U = (x1²-1)²/4 + x2²/2, and [DoubleWellLaw]
// its Boltzmann distribution exp(-βU)/Z: normalizing constant, moments,
// marginals, quantiles, entropy and mean first-passage times by quadrature,
// and exact independent draws.
//
// [Cluster] is a potential for one large system instead, with partner particles in
// the lanes: Lennard-Jones and Coulomb in free space, of all pairs or with a cutoff
// and lists of neighbours.
//
// Units of molecules are nm, ps, Da, e, kJ/mol and K, with β = 1/(k_B T) by
// [InverseTemperature]. Those of the double well are reduced: energies in units of
// which β is the inverse, masses and mobility 1.
package md
