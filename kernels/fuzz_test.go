package kernels_test

import "testing"

// One fuzz target for each kernel: go test -fuzz '^FuzzDense$' ./kernels

func FuzzExp(f *testing.F)                     { fuzzKernel(f, "Exp") }
func FuzzLog(f *testing.F)                     { fuzzKernel(f, "Log") }
func FuzzTanh(f *testing.F)                    { fuzzKernel(f, "Tanh") }
func FuzzSinCos(f *testing.F)                  { fuzzKernel(f, "SinCos") }
func FuzzActivate(f *testing.F)                { fuzzKernel(f, "Activate") }
func FuzzActivateBackward(f *testing.F)        { fuzzKernel(f, "ActivateBackward") }
func FuzzMulAdd(f *testing.F)                  { fuzzKernel(f, "MulAdd") }
func FuzzUniforms(f *testing.F)                { fuzzKernel(f, "Uniforms") }
func FuzzNormals(f *testing.F)                 { fuzzKernel(f, "Normals") }
func FuzzDense(f *testing.F)                   { fuzzKernel(f, "Dense") }
func FuzzDenseBackwardInput(f *testing.F)      { fuzzKernel(f, "DenseBackwardInput") }
func FuzzDenseBackwardWeights(f *testing.F)    { fuzzKernel(f, "DenseBackwardWeights") }
func FuzzRidge(f *testing.F)                   { fuzzKernel(f, "Ridge") }
func FuzzRidgeFlowForward(f *testing.F)        { fuzzKernel(f, "RidgeFlowForward") }
func FuzzRidgeFlowInverse(f *testing.F)        { fuzzKernel(f, "RidgeFlowInverse") }
func FuzzRidgeBackward(f *testing.F)           { fuzzKernel(f, "RidgeBackward") }
func FuzzRowSums(f *testing.F)                 { fuzzKernel(f, "RowSums") }
func FuzzSumSquares(f *testing.F)              { fuzzKernel(f, "SumSquares") }
func FuzzCouplingForward(f *testing.F)         { fuzzKernel(f, "CouplingForward") }
func FuzzCouplingInverse(f *testing.F)         { fuzzKernel(f, "CouplingInverse") }
func FuzzCouplingForwardBackward(f *testing.F) { fuzzKernel(f, "CouplingForwardBackward") }
func FuzzCouplingInverseBackward(f *testing.F) { fuzzKernel(f, "CouplingInverseBackward") }
func FuzzBoundBackward(f *testing.F)           { fuzzKernel(f, "BoundBackward") }
func FuzzAdamW(f *testing.F)                   { fuzzKernel(f, "AdamW") }
func FuzzSquaredDistances(f *testing.F)        { fuzzKernel(f, "SquaredDistances") }
func FuzzRowMin(f *testing.F)                  { fuzzKernel(f, "RowMin") }
func FuzzRowMinSum(f *testing.F)               { fuzzKernel(f, "RowMinSum") }
func FuzzBlockMinSum(f *testing.F)             { fuzzKernel(f, "BlockMinSum") }
func FuzzLaneMinSum(f *testing.F)              { fuzzKernel(f, "LaneMinSum") }
func FuzzRelaxRow(f *testing.F)                { fuzzKernel(f, "RelaxRow") }
func FuzzPlaneNearestFew(f *testing.F)         { fuzzKernel(f, "PlaneNearestFew") }
func FuzzNearestSum(f *testing.F)              { fuzzKernel(f, "NearestSum") }
func FuzzRowLogSumExp(f *testing.F)            { fuzzKernel(f, "RowLogSumExp") }
func FuzzRowLogSumExpAffine(f *testing.F)      { fuzzKernel(f, "RowLogSumExpAffine") }
func FuzzTranspose(f *testing.F)               { fuzzKernel(f, "Transpose") }
func FuzzSortColumns(f *testing.F)             { fuzzKernel(f, "SortColumns") }
