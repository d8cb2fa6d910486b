package kernels_test

import (
	"math"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestSquaredDistancesInThePlaneAndOnATorus(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for name, period := range map[string][]float64{
			"plain": nil, "torus": {2 * math.Pi, 0.5, 1}, "cylinder": {0, 1.5, 0},
		} {
			t.Run(name, func(t *testing.T) {
				testDistances[float32](t, period, 2e-6)
				testDistances[float64](t, period, 1e-14)
			})
		}
	})
}

func testDistances[T kernels.Float](t *testing.T, period []float64, tolerance float64) {
	t.Helper()
	const n, m, d = 9, 133, 3
	x, y := numbers[T](n*d), numbers[T](2 * m * d)[m*d:]
	var p []T
	for _, v := range period {
		p = append(p, T(v))
	}
	dst := make([]T, n*m)
	kernels.SquaredDistances(dst, m, x, n, y, m, m, d, p)
	for i := range n {
		for j := range m {
			var want float64
			for k := range d {
				q := float64(x[i*d+k]) - float64(y[k*m+j])
				best := q * q
				if p != nil && p[k] > 0 { // the nearest of all images
					for image := -30; image <= 30; image++ {
						z := q + float64(image)*float64(p[k])
						best = min(best, z*z)
					}
				}
				want += best
			}
			if got := float64(dst[i*m+j]); !near(got, want, tolerance) {
				t.Fatalf("distance² of x[%d] and y[%d] is %v, want %v", i, j, got, want)
			}
		}
	}
}

func TestDistancesAreZeroToOneself(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		const n, d = 70, 2
		y := numbers[float32](n * d)
		x, dst := make([]float32, n*d), make([]float32, n*n)
		kernels.Transpose(x, d, y, n, d, n)
		kernels.SquaredDistances(dst, n, x, n, y, n, n, d, []float32{1, 0})
		for i := range n {
			if dst[i*n+i] != 0 {
				t.Errorf("point %d lies %v from itself", i, dst[i*n+i])
			}
			for j := range n {
				if dst[i*n+j] != dst[j*n+i] {
					t.Errorf("distances of %d and %d differ by direction", i, j)
				}
			}
		}
	})
}
