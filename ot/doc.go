// Package ot computes optimal transport between point clouds, exactly: it is
// how this project judges its samples, so every result carries its proof.
//
// # Distance and square
//
// For laws μ = Σ a_i δ(x_i) and ν = Σ b_j δ(y_j) the transport cost is
//
//	C(μ, ν) = min Σ_ij P_ij c(x_i, y_j)   over plans P ≥ 0 with marginals a and b.
//
// With c(x, y) = |x − y|², C is the square of the Wasserstein distance W2 = √C.
// Names say which one a function gives: W2, LineW2, QuantileW2 are distances, in
// the unit of the coordinates; W2Squared, LineW2Squared, QuantileW2Squared and
// every Cost are squares. (With c = |x − y| or a torus, see Cost.)
//
// # The certificate
//
// Any potentials f, g with f_i + g_j ≤ c(x_i, y_j) for all i, j bound every
// plan's cost from below, by Σ a_i f_i + Σ b_j g_j; for the optimal ones the
// bound is met (Kantorovich). A Result holds a plan, whose marginals are exact,
// such potentials, made feasible by a sweep over all pairs, and the gap
// between the two: no plan can be cheaper than Cost − Gap.
//
// # How
//
// Masses are integers: n against m uniform points carry m/g and n/g units each,
// with g their greatest common divisor; given weights are rounded to 2^-60 of the
// total. So flows are exact and degenerate pivots are recognized as such. Points
// are centred first where the cost allows it, W2² = |Δ|² + W2² of the centred
// clouds, and scaled by a power of two: neither offset nor scale matter.
//
// Solve chooses a Method by the problem. The general one is a network simplex
// with strongly feasible trees (Cunningham 1976) on few of the n·m arcs: each
// column keeps a list of rows, and whenever the lists have nothing left to
// improve, a sweep over all pairs adds what does (ColumnGeneration). The sweep
// bounds whole boxes of points from below instead of visiting them; the potentials
// in a box are bounded by an affine function, so that far transports do not spoil
// it. It starts from the solution of a coarser problem, in which four neighbours
// (a cell of a k-d tree) are one point, and so on down to 150; a side that is
// much smaller than the other stays as it is. Where a side is small, or
// the dimension high, whole columns are priced by vector instructions instead
// (SmallSide); above three dimensions the costs are computed once and kept, up to
// half a gigabyte of them. Points on a line, in any dimension, go to Sorting.
// SolveMatrix takes costs of any other origin.
//
// Equal numbers of points of equal mass may go to the Auction. Rows and columns
// both have prices and bid for each other in turn (Bertsekas and Castañon 1992),
// coarse to fine and with an ε that shrinks by sevens, from prices that the
// coarser level hands down; then bids without ε and shortest augmenting paths
// (Jonker and Volgenant 1987) make the assignment exact, whatever the prices. In
// the plane it took 0.35 s for 10,000 points a side and 11 s for 100,000, where
// the simplex took 0.6 and 55, and 0.3 ms for 100. Where 40 bids a point and more
// do not suffice, as between many clusters of unequal numbers, or tails are so heavy
// that boxes leave little out, the simplex takes over.
//
// A solve that is stopped (WithContext, WithLimit) gives the plan and the
// potentials that it has, completed to feasible ones, with the gap between them;
// one that starts from an earlier one's potentials (WithWarmStart) finds most of
// its basis in them.
//
// In one dimension the monotone coupling is optimal: sorting suffices
// (LineCost), on a circle with the best of its cuts (CircleCost). A sample can
// be compared there with a law itself instead of a sample of it
// (QuantileW2Squared, Density): such a distance has no sampling floor on that side.
//
// # Other distances
//
// SlicedCost averages the distance in one dimension over directions: n log n in
// any dimension, with the standard error of the mean. Sinkhorn and
// SinkhornDivergence solve the entropic problem, whose ε is in the unit of the cost;
// Solve is exact and often cheaper. For normal laws there are closed forms:
// GaussianW2, GaussianMap, GaussianInterpolation, GaussianEntropicCost. For
// densities on a grid, package brenier finds the map itself.
//
// # The noise floor
//
// The distance between two samples of one and the same law is not zero: in two
// dimensions W2 is about 0.07 between 10,000 and 10,000 points of unit scale.
// NoiseFloor measures it, so that a distance can be printed beside what chance
// alone gives; FloorFromSample does where one large sample is all there is, and
// PermutationTest turns two samples' distance into a p-value.
//
// All arithmetic is float64, in an order that is fixed: the same input gives the
// same bits on every machine.
package ot
