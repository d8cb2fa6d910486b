// Package kernels holds the numerical work of normalizing flows, molecular
// dynamics and optimal transport on slices of float32 or float64, with the same
// bits on every CPU.
//
// # The contract
//
// Each kernel has a definition in plain Go, in the file whose name ends in
// _ref.go: a fixed sequence of operations that IEEE 754 defines exactly (sums,
// products, quotients, roots, fused multiply-adds, roundings, comparisons). The
// assembly for AVX2, AVX-512 and NEON does the same operations in the same order,
// so it returns the same bits, NaNs being equal whatever their payload; and where
// there is no assembly the definition itself runs. Lanes of vectors hold different
// samples. A sum over samples runs in a number of virtual lanes that does not
// depend on the machine, folded in a fixed tree.
//
// Kernels allocate nothing, take any length and any alignment, and touch nothing
// outside their slices, not even to read. A wrong length or stride is a mistake in
// the program: they panic, and the message gives the rule. Arguments must not
// overlap unless a kernel's comment allows them to be the same.
//
// # Panels
//
// A panel is a matrix whose rows are features and whose columns are samples, with
// rows a stride apart: feature k of sample i is x[k*ld+i], ld >= n. The slice may
// end with the last row, and what lies between rows is left alone. Transpose
// makes panels from row-major samples. Panels of 64 samples keep a layer's work
// in the first-level cache; a stride that is a large power of two is slow.
//
// # Formulas
//
//	Exp, Log, Tanh, SinCos,    elementary functions, 1 or 2 ULP at most
//	Atan2, Acos
//	Activate                   y = a(x): ReLU, LeakyReLU, tanh, SiLU
//	ActivateBackward           dx = dy a'(.)
//	MulAdd                     y += a b
//	Philox4x32                 four random words of a counter and a key
//	Uniforms, Normals          number j of sample i under a seed and a stream
//	Dense                      Y = a(W X + b)
//	DenseBackwardInput         dX = Wᵀ dY
//	DenseBackwardWeights       dW += dY Xᵀ, db += Σ dY
//	Ridge, RidgeBackward       y = b2 + Σ_u w2 relu(w1 x + b1): a network 1 → H → 1
//	                           without its hidden units in memory
//	RidgeFlowForward,          all couplings of a flow with such nets
//	RidgeFlowInverse
//	CouplingForward            y = x exp(s) + t, log|det| += Σ s
//	CouplingInverse            x = (y - t) exp(-s), log|det| -= Σ s
//	CouplingForwardBackward,   their gradients
//	CouplingInverseBackward
//	BoundBackward              gradient through s = α tanh(u)
//	RowSums, SumSquares        Σ x, Σ x²
//	AdamW                      one step of the optimizer
//	SquaredDistances           C = |x - y|², in space or on a torus
//	RowMin, RowLogSumExp       min_j C and where, log Σ_j exp(C)
//	RowMinSum, NearestSum      min_j (C + w_j) and where, with or without C in memory
//	RelaxRow                   D = min(D, s + (C + w)), min_j D and where
//	PlaneNearestFew            the 3 least of |x-y|² + w in the plane, and where
//	BlockMinSum                min (C + w) in blocks of 16
//	LaneMinSum                 the 3 least of C + w in each of 16 lanes, and where
//	RowLogSumExpAffine         log Σ_j exp(h + s C)
//	Transpose                  Y = Xᵀ
//	SortColumns                each column in order
//	Constrain                  fixed distances of atoms, a replica in each lane: SHAKE
//	ConstrainVelocities        the same for velocities: RATTLE
//	AddScaledRows              Y += s X by rows: kicks and drifts
//	AddScaledDifferences       V += s (X - Y)
//	ThermalDrift               half a drift, an Ornstein–Uhlenbeck step, half a drift
//	FiniteColumns              which columns hold finite numbers alone
//	Bonds, Angles, Torsions    a molecule's bonded terms and their gradients
//	TorsionAngles              dihedral angles
//	Pairs                      Σ C12/r¹² − C6/r⁶ + QQ/r and its gradient: replicas in lanes
//	Born, BornRadii            generalized Born with the surface energy, likewise
//
// # Instruction sets
//
// The set is chosen once, when the program starts: the widest that the CPU and
// its operating system offer, or the one that the environment variable
// PUSHFORWARD_ISA names (avx512, avx2, neon or go). If that one is unknown or not
// there, plain Go runs, with the same results, and Selection returns the error: a
// command should report it and stop. The build tag purego leaves assembly out.
//
// The garbage collector can't stop a goroutine inside assembly. So every kernel
// cuts its work in calls of some 100 µs at most, each in a function of its own
// that is not inlined and can be stopped where it begins.
package kernels
