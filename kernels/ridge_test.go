package kernels_test

import (
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestRidgeGivesTheBitsOfTwoDenseLayers(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, hidden := range []int{0, 1, 7, 64, 128} {
			testRidge[float32](t, hidden)
			testRidge[float64](t, hidden)
		}
	})
}

func testRidge[T kernels.Float](t *testing.T, hidden int) {
	t.Helper()
	const n = 203
	x, w := numbers[T](n), numbers[T](3*hidden+1)
	w1, b1, w2, b2 := w[:hidden], w[hidden:2*hidden], w[2*hidden:3*hidden], w[3*hidden:]
	h, want, got := make([]T, hidden*n), make([]T, n), make([]T, n)
	kernels.Dense(h, n, x, n, w1, b1, 1, hidden, n, kernels.ReLU)
	kernels.Dense(want, n, h, n, w2, b2, hidden, 1, n, kernels.Identity)
	kernels.Ridge(got, x, w1, b1, w2, b2[0])
	if !slices.Equal(got, want) {
		t.Errorf("with %d hidden units Ridge differs from two calls of Dense", hidden)
	}
}

func TestRidgeGradientsAreDerivatives(t *testing.T) {
	const hidden, n = 9, 45
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		all := numbers[float64](2*n + 3*hidden)
		x, dy, w := all[:n], all[n:2*n], all[2*n:]
		w1, b1, w2 := w[:hidden], w[hidden:2*hidden], w[2*hidden:]
		y := make([]float64, n)
		loss := func() float64 {
			kernels.Ridge(y, x, w1, b1, w2, 0.3)
			return dot(dy, y)
		}
		slope, dx := make([]float64, n), make([]float64, n)
		a, b := make([]float64, hidden), make([]float64, hidden)
		dw1, db1, dw2 := make([]float64, hidden), make([]float64, hidden), make([]float64, hidden)
		kernels.RidgeBackward(slope, a, b, dy, x, w1, b1, w2)
		kernels.MulAdd(dw1, w2, a)
		kernels.MulAdd(db1, w2, b)
		kernels.MulAdd(dw2, b1, b)
		kernels.MulAdd(dw2, w1, a)
		kernels.MulAdd(dx, dy, slope)
		checkGradient(t, "x", x, dx, loss)
		checkGradient(t, "w1", w1, dw1, loss)
		checkGradient(t, "b1", b1, db1, loss)
		checkGradient(t, "w2", w2, dw2, loss)
	})
}
