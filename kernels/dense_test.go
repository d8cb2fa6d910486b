package kernels_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestDenseIsTheAffineMap(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, s := range []struct{ in, out, n int }{
			{1, 1, 1}, {2, 128, 70}, {128, 2, 65}, {33, 17, 64}, {0, 3, 5}, {3, 0, 5}, {5, 4, 0},
		} {
			t.Run(fmt.Sprint(s.in, "→", s.out, " for ", s.n), func(t *testing.T) {
				testDense[float32](t, s.in, s.out, s.n, 1e-5)
				testDense[float64](t, s.in, s.out, s.n, 1e-14)
			})
		}
	})
}

func testDense[T kernels.Float](t *testing.T, in, out, n int, tolerance float64) {
	t.Helper()
	ldx, ldy := n+3, n+7
	x, y, w, b := numbers[T](in*ldx), numbers[T](out*ldy), numbers[T](out*in), numbers[T](out)
	for _, bias := range [][]T{b, nil} {
		kernels.Dense(y, ldy, x, ldx, w, bias, in, out, n, kernels.ReLU)
		for o := range out {
			for i := range n {
				var want, scale float64
				if bias != nil {
					want = float64(bias[o])
				}
				for k := range in {
					p := float64(w[o*in+k]) * float64(x[k*ldx+i])
					want += p
					scale += math.Abs(p)
				}
				want = max(want, 0)
				if got := float64(y[o*ldy+i]); math.Abs(got-want) > tolerance*(1+scale) {
					t.Fatalf("y[%d][%d] = %v, want %v", o, i, got, want)
				}
			}
		}
	}
}

func TestDenseAppliesItsActivation(t *testing.T) {
	const in, out, n = 7, 5, 67
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		x, w, b := numbers[float32](in*n), numbers[float32](in*out), numbers[float32](out)
		for a := kernels.Identity; a <= kernels.SiLU; a++ {
			got, want := make([]float32, out*n), make([]float32, out*n)
			kernels.Dense(got, n, x, n, w, b, in, out, n, a)
			kernels.Dense(want, n, x, n, w, b, in, out, n, kernels.Identity)
			kernels.Activate(a, want, want)
			if !slices.Equal(got, want) {
				t.Errorf("%v differs from Activate after Identity", a)
			}
		}
	})
}

func TestDenseGradientsAreDerivatives(t *testing.T) {
	const in, out, n = 5, 6, 11
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		x, w, b, dy := numbers[float64](in*n), numbers[float64](in*out), numbers[float64](out), numbers[float64](out*n)
		slices.Reverse(w)
		y := make([]float64, out*n)
		loss := func() float64 {
			kernels.Dense(y, n, x, n, w, b, in, out, n, kernels.Identity)
			return dot(dy, y)
		}
		dx, dw, db, xT := make([]float64, in*n), make([]float64, in*out), make([]float64, out), make([]float64, in*n)
		kernels.DenseBackwardInput(dx, n, dy, n, w, in, out, n)
		kernels.Transpose(xT, in, x, n, in, n)
		kernels.DenseBackwardWeights(dw, db, dy, n, xT, in, in, out, n)
		checkGradient(t, "x", x, dx, loss)
		checkGradient(t, "w", w, dw, loss)
		checkGradient(t, "b", b, db, loss)

		// A second pass adds the same again.
		twice := slices.Clone(dw)
		kernels.DenseBackwardWeights(twice, nil, dy, n, xT, in, in, out, n)
		for i := range dw {
			if !near(twice[i], 2*dw[i], 1e-14) {
				t.Fatalf("dw[%d] becomes %v after a second pass, want %v", i, twice[i], 2*dw[i])
			}
		}
	})
}

// Shapes so large that a call is cut in several, by samples, by rows and by both:
// each output is still one chain.
func TestDenseHasNoSeams(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, s := range []struct{ in, out, n int }{{64, 40, 900}, {9000, 9, 70}, {600, 80, 130}} {
			if testing.Short() && isa == kernels.Go {
				s.n /= 4
			}
			in, out, n := s.in, s.out, s.n
			x, w, y := numbers[float64](in*n), numbers[float64](in*out), make([]float64, out*n)
			kernels.Dense(y, n, x, n, w, nil, in, out, n, kernels.Identity)
			dx := make([]float64, in*n)
			kernels.DenseBackwardInput(dx, n, y, n, w, in, out, n)
			xT := make([]float64, in*n)
			kernels.Transpose(xT, in, x, n, in, n)
			dw := make([]float64, in*out)
			kernels.DenseBackwardWeights(dw, nil, y, n, xT, in, in, out, n)
			for c := range 500 {
				o, i, k := c*7%out, c*131%n, c*37%in
				var acc, back, weight float64
				for k := range in {
					acc = math.FMA(w[o*in+k], x[k*n+i], acc)
				}
				for o := range out {
					back = math.FMA(w[o*in+k], y[o*n+i], back)
				}
				for i := range n {
					weight = math.FMA(y[o*n+i], x[k*n+i], weight)
				}
				if y[o*n+i] != acc || dx[k*n+i] != back || dw[o*in+k] != weight {
					t.Fatalf("%d→%d for %d: y[%d][%d], dx[%d][%d] or dw[%d][%d] is no single chain", in, out, n, o, i, k, i, o, k)
				}
			}
		}
	})
}
