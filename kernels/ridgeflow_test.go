package kernels_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// ridgeFlow is a flow with parameters of order one, and samples for it.
func ridgeFlow[T kernels.Float](layers, hidden, n int, bounded bool) (f kernels.RidgeFlow[T], a, b []T) {
	f.Layers, f.Hidden, f.Stride = layers, hidden, 2*(3*hidden+1)+1
	f.Params = numbers[T](layers * f.Stride)
	if bounded {
		f.Alpha, f.AlphaStride = numbers[T](3*layers+1), 3
	}
	for i := range f.Params {
		f.Params[i] *= 0.3
	}
	all := numbers[T](2 * n)
	return f, all[:n], all[n:]
}

func TestAFlowOfRidgesGivesTheBitsOfItsLayers(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, layers := range []int{0, 1, 2, 5} {
			for _, hidden := range []int{0, 1, 8, 33} {
				for _, bounded := range []bool{false, true} {
					testRidgeFlow[float32](t, layers, hidden, bounded)
					testRidgeFlow[float64](t, layers, hidden, bounded)
				}
			}
		}
	})
}

// Enough units that one call into assembly takes neither all layers nor all
// samples.
func TestAFlowOfWideRidgesGivesTheBitsOfItsLayers(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		if isa == kernels.Go && testing.Short() {
			return
		}
		testRidgeFlow[float32](t, 5, 8000, true)
		testRidgeFlow[float64](t, 4, 8000, true)
	})
}

func testRidgeFlow[T kernels.Float](t *testing.T, layers, hidden int, bounded bool) {
	t.Helper()
	const n = 101
	f, a, b := ridgeFlow[T](layers, hidden, n, bounded)
	net := func(y, x, p []T) {
		kernels.Ridge(y, x, p[:hidden], p[hidden:2*hidden], p[2*hidden:3*hidden], p[3*hidden])
	}
	size := 3*hidden + 1
	for _, direction := range []string{"Forward", "Inverse"} {
		x, s, u := [2][]T{slices.Clone(a), slices.Clone(b)}, make([]T, n), make([]T, n)
		logdet := make([]float64, n)
		for i := range layers {
			k := i
			if direction == "Inverse" {
				k = layers - 1 - i
			}
			cond, trans, p := x[k%2], x[1-k%2], f.Params[k*f.Stride:]
			net(s, cond, p[:size])
			net(u, cond, p[size:2*size])
			var alpha []T
			if bounded {
				alpha = f.Alpha[k*f.AlphaStride:][:1]
			}
			if direction == "Inverse" {
				kernels.CouplingInverse(trans, n, trans, n, s, u, n, alpha, logdet, 1, n)
			} else {
				kernels.CouplingForward(trans, n, trans, n, s, u, n, alpha, logdet, 1, n)
			}
		}
		got, gotDet := [2][]T{slices.Clone(a), slices.Clone(b)}, make([]float64, n)
		if direction == "Inverse" {
			kernels.RidgeFlowInverse(got[0], got[1], &f, gotDet)
		} else {
			kernels.RidgeFlowForward(got[0], got[1], &f, gotDet)
		}
		if !sameBits(got[0], x[0]) || !sameBits(got[1], x[1]) || !sameBits(gotDet, logdet) {
			t.Errorf("%d layers of %d units, bounded %v: RidgeFlow%s differs from Ridge and Coupling%s", layers, hidden, bounded, direction, direction)
		}
	}
}

// sameBits takes all NaNs for the same.
func sameBits[T kernels.Float](x, y []T) bool {
	return slices.EqualFunc(x, y, func(a, b T) bool { return a == b || a != a && b != b })
}

func TestAFlowOfRidgesIsUndone(t *testing.T) {
	const n = 60
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		f, a, b := ridgeFlow[float64](6, 16, n, true)
		x, y, logdet := slices.Clone(a), slices.Clone(b), make([]float64, n)
		kernels.RidgeFlowForward(x, y, &f, logdet)
		if slices.Equal(x, a) || slices.Equal(y, b) {
			t.Error("the flow leaves a feature as it is")
		}
		kernels.RidgeFlowInverse(x, y, &f, logdet)
		for i := range n {
			if e := math.Max(math.Abs(x[i]-a[i]), math.Abs(y[i]-b[i])); !(e < 1e-9) || !(math.Abs(logdet[i]) < 1e-12) {
				t.Fatalf("sample %d comes back %g away, with a log-determinant of %g", i, e, logdet[i])
			}
		}
	})
}
