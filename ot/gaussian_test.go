package ot

// gaussianCase is a closed form of testdata/gaussian.json.
type gaussianCase struct {
	Kind          string
	D             int
	M0, M1, Mt    []float64
	S0, S1, A, St [][]float64
	X, Tx         [][]float64
	W2sq, T       float64
	W2Part        float64 `json:"W2_0t"`
	Eps, Value    float64
}
