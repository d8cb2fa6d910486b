package kernels_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestCouplingInverseUndoesForward(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, alpha := range []bool{false, true} {
			testRoundTrip[float32](t, alpha, 3e-6)
			testRoundTrip[float64](t, alpha, 1e-14)
		}
	})
}

func testRoundTrip[T kernels.Float](t *testing.T, bounded bool, tolerance float64) {
	t.Helper()
	const rows, n = 5, 131
	x, u, shift := numbers[T](rows*n), numbers[T](2 * rows * n)[rows*n:], numbers[T](3 * rows * n)[2*rows*n:]
	var alpha []T
	if bounded {
		alpha = []T{0.5, 1, 2, -1, 0}
	}
	y, back, s := make([]T, rows*n), make([]T, rows*n), slices.Clone(u)
	logdet := make([]float64, n)
	kernels.CouplingForward(y, n, x, n, s, shift, n, alpha, logdet, rows, n)
	for i := range n {
		var want float64
		for r := range rows {
			v := float64(u[r*n+i])
			if bounded {
				v = float64(alpha[r]) * math.Tanh(v)
			}
			want += v
			if got, want := float64(y[r*n+i]), float64(x[r*n+i])*math.Exp(v)+float64(shift[r*n+i]); !near(got, want, tolerance) {
				t.Fatalf("y[%d][%d] = %v, want %v", r, i, got, want)
			}
		}
		if !near(logdet[i], want, tolerance) {
			t.Fatalf("log|det| of sample %d is %v, want %v", i, logdet[i], want)
		}
	}
	copy(s, u)
	kernels.CouplingInverse(back, n, y, n, s, shift, n, alpha, logdet, rows, n)
	for i := range x {
		if !near(float64(back[i]), float64(x[i]), 20*tolerance) {
			t.Fatalf("x[%d] = %v comes back as %v", i, x[i], back[i])
		}
	}
	for i, v := range logdet {
		if math.Abs(v) > 1e-14 {
			t.Fatalf("log-determinants of sample %d leave %v", i, v)
		}
	}
}

func TestCouplingWithoutLogdetGivesTheSameMap(t *testing.T) {
	const rows, n = 3, 70
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		x, s := numbers[float32](rows*n), numbers[float32](rows*n)
		y, z := make([]float32, rows*n), make([]float32, rows*n)
		kernels.CouplingForward(y, n, x, n, s, s, n, nil, make([]float64, n), rows, n)
		kernels.CouplingForward(z, n, x, n, s, s, n, nil, nil, rows, n)
		if !slices.Equal(y, z) {
			t.Error("y depends on logdet")
		}
	})
}

func TestCouplingGradientsAreDerivatives(t *testing.T) {
	const rows, n, g = 3, 7, 0.7
	all := numbers[float64](5 * rows * n)
	input := func(k int) []float64 { return slices.Clone(all[k*rows*n:][:rows*n]) }
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for name, pass := range map[string]struct {
			forward func(out, in, s, shift, alpha []float64, logdet []float64)
			// backward gives the gradients with respect to in, s and shift.
			backward func(din, ds, dt, dout, in, out, s []float64)
		}{
			"forward": {
				func(y, x, s, shift, alpha, logdet []float64) {
					kernels.CouplingForward(y, n, x, n, s, shift, n, alpha, logdet, rows, n)
				},
				func(dx, ds, dt, dy, x, _, s []float64) {
					kernels.CouplingForwardBackward(dx, n, ds, dt, n, dy, n, x, n, s, n, g, rows, n)
				},
			},
			"inverse": {
				func(x, y, s, shift, alpha, logdet []float64) {
					kernels.CouplingInverse(x, n, y, n, s, shift, n, alpha, logdet, rows, n)
				},
				func(dy, ds, dt, dx, _, x, s []float64) {
					kernels.CouplingInverseBackward(dy, n, ds, dt, n, dx, n, x, n, s, n, g, rows, n)
				},
			},
		} {
			in, u, shift, c := input(0), input(1), input(2), input(3)
			alpha, out, s := []float64{0.5, -2, 1.5}, make([]float64, rows*n), make([]float64, rows*n)
			loss := func() float64 { // Σ c·out + g Σ logdet
				copy(s, u)
				logdet := make([]float64, n)
				pass.forward(out, in, s, shift, alpha, logdet)
				sum := dot(c, out)
				for _, v := range logdet {
					sum += g * v
				}
				return sum
			}
			loss()
			din, ds, dt, dalpha := make([]float64, rows*n), make([]float64, rows*n), make([]float64, rows*n), make([]float64, rows)
			pass.backward(din, ds, dt, c, in, out, s)
			kernels.BoundBackward(ds, n, dalpha, s, n, alpha, rows, n)
			checkGradient(t, name+"'s input", in, din, loss)
			checkGradient(t, name+"'s u", u, ds, loss)
			checkGradient(t, name+"'s t", shift, dt, loss)
			checkGradient(t, name+"'s alpha", alpha, dalpha, loss)
		}
	})
}

// An alpha of 0, or one so small that its inverse overflows, leaves nothing of u.
func TestAnAlphaNextToZeroGivesZeroGradients(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, alpha := range []float32{0, 1e-45, -1e-39} {
			for n := range 70 {
				ds, dalpha := numbers[float32](n), []float32{3}
				kernels.BoundBackward(ds, n, dalpha, make([]float32, n), n, []float32{alpha}, 1, n)
				if slices.ContainsFunc(ds, func(v float32) bool { return math.Abs(float64(v)) > 1e-37 }) || dalpha[0] != 3 {
					t.Fatalf("alpha = %v, n = %d: ds = %v, dalpha = %v, want zeros and 3", alpha, n, ds, dalpha)
				}
			}
		}
	})
}
