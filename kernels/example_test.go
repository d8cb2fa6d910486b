package kernels_test

import (
	"fmt"

	"pushforward/kernels"
)

// A layer 2 → 3 with ReLU on four samples. Rows are features, columns samples.
func ExampleDense() {
	x := []float32{
		1, 2, 3, 4,
		0, 1, 0, 1,
	}
	w := []float32{ // one row an output
		1, 0,
		0, -1,
		2, 1,
	}
	b := []float32{0, 0.5, -3}
	y := make([]float32, 3*4)
	kernels.Dense(y, 4, x, 4, w, b, 2, 3, 4, kernels.ReLU)
	for o := range 3 {
		fmt.Println(y[4*o:][:4])
	}
	// Output:
	// [1 2 3 4]
	// [0.5 0 0.5 0]
	// [0 2 3 6]
}

// The gradients of a layer, given those of its output.
func ExampleDenseBackwardWeights() {
	x := []float64{1, 2, 3} // one feature of three samples
	w := []float64{5, 7}    // 1 → 2
	dy := []float64{
		1, 0, 0,
		1, 1, 1,
	}
	dx := make([]float64, 3)
	kernels.DenseBackwardInput(dx, 3, dy, 3, w, 1, 2, 3)
	fmt.Println("dx", dx)

	xT := make([]float64, 3)
	kernels.Transpose(xT, 1, x, 3, 1, 3)
	dw, db := make([]float64, 2), make([]float64, 2)
	kernels.DenseBackwardWeights(dw, db, dy, 3, xT, 1, 1, 2, 3)
	fmt.Println("dw", dw, "db", db)
	// Output:
	// dx [12 7 7]
	// dw [1 6] db [1 3]
}

// Number j of sample i is the same however the sequence is cut.
func ExampleNormals() {
	const seed, stream = 42, 0
	all := make([]float32, 2*100)
	kernels.Normals(all, 100, seed, stream, 0, 100, 2) // samples 0 … 99
	one := make([]float32, 2)
	kernels.Normals(one, 1, seed, stream, 73, 1, 2) // sample 73 alone
	fmt.Println(one[0] == all[73], one[1] == all[100+73])
	// Output: true true
}

// A coupling moves a sample, and its inverse brings it back.
func ExampleCouplingForward() {
	x := []float64{1, 2, 3} // one feature of three samples
	s := []float64{0, 1, -1}
	t := []float64{10, 0, 0}
	y, logdet := make([]float64, 3), make([]float64, 3)
	kernels.CouplingForward(y, 3, x, 3, s, t, 3, nil, logdet, 1, 3)
	fmt.Printf("%.3f, log|det| %v\n", y, logdet)
	kernels.CouplingInverse(y, 3, y, 3, s, t, 3, nil, logdet, 1, 3)
	fmt.Printf("%.3f, log|det| %v\n", y, logdet)
	// Output:
	// [11.000 5.437 1.104], log|det| [0 1 -1]
	// [1.000 2.000 3.000], log|det| [0 0 0]
}

// On a circle of circumference 10, 1 and 9.5 lie 1.5 apart.
func ExampleSquaredDistances() {
	x := []float64{1}         // one point
	y := []float64{4, 9.5, 1} // three points
	c := make([]float64, 3)
	kernels.SquaredDistances(c, 3, x, 1, y, 3, 3, 1, []float64{10})
	fmt.Println(c)
	least, at := make([]float64, 1), make([]int, 1)
	kernels.RowMin(least, at, c, 3, 1, 3)
	fmt.Println("nearest:", at[0])
	// Output:
	// [9 2.25 0]
	// nearest: 2
}

// Force runs the kernels on one instruction set, here the definition itself.
func ExampleForce() {
	x := []float32{0, 1}
	y := make([]float32, 2)
	kernels.Exp(y, x)

	restore, err := kernels.Force(kernels.Go)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer restore()
	z := make([]float32, 2)
	kernels.Exp(z, x)
	fmt.Println(y[0] == z[0], y[1] == z[1], kernels.Active())
	// Output: true true go
}
