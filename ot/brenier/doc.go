// Package brenier computes the Brenier map between two densities on a
// rectangular grid, on a box, a torus or a cylinder, with W2 and the displacement
// interpolation: the map of the paper's section 4.1 beside Moser's.
//
// # The problem
//
// Among all maps T with T#μ = ν, Brenier's has the least cost ∫|x − T(x)|² dμ,
// and that cost is W2². It is the gradient of a convex function. Kantorovich's
// dual has it as the maximum of
//
//	J(φ, ψ) = ∫ φ dν + ∫ ψ dμ   over   φ(y) + ψ(x) ≤ ½|x − y|²,
//
// which is W2²/2; there ψ is φ's c-transform, ψ(x) = min_y ½|x − y|² − φ(y), φ
// is ψ's, and T(x) = x − ∇ψ(x). The derivative of J by φ, ψ following, is ν − T#μ.
//
// # The method
//
// The back-and-forth method (Jacobs and Léger 2020) steps uphill for φ, takes
// its c-transform, steps uphill for ψ, takes its c-transform, and so on. Each
// part costs linear time here:
//
//   - The c-transform is a Legendre transform, along one axis after the other,
//     by lower convex hulls. Between centres the hull is curved, so that smooth
//     potentials are transformed with an error of third order in the step.
//   - T#μ is found by carrying cells, with the slope of μ within them, to the
//     parallelograms that T and its derivative make of them, and sharing their
//     masses, as integers, among the cells there: no mass is lost, and sums do
//     not depend on their order.
//   - The step u solves −div((ρ + λ)∇u) = ν − T#μ with ρ the greater of ν and
//     T#μ, by a cycle of multigrid. In the method as published ρ is absent and u
//     the gradient in the norm of H¹: where the density is a thousandth of its
//     greatest value, potentials take thousands of steps to come right. With ρ
//     the step is nearly Newton's for T#μ = ν, at any density.
//
// λ is the damping: raised when a step gains too little, lowered when it gains
// what it should. Grids of half the cells, down to 16, come first.
//
// W2² between two Gaussians a twentieth of the box wide (standard deviation) is
// right to 6e-6 on 128² cells and to 4e-7 on 512², after two or three iterations
// there; 50 with steps in H¹ leave an error of 3e-3.
//
// # What the numbers mean
//
// Densities are constant in each cell. For smooth ones W2² has an error of
// second order in the step, and so has the map; where T jumps (a mass splits),
// the cells along the jump are torn, and Residual says how much mass that is.
// Result.W2Squared is a lower bound for the masses put at the centres of the
// cells, and Result.F and G are the proof; for exact values of small problems,
// use Solve of package ot. T#μ is computed with a ripple of up to half a
// percent where the map shears, which Residual shows and W2 hardly feels.
//
// The same input gives the same bits on every machine, with any number of threads.
package brenier
