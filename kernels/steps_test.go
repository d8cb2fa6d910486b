package kernels_test

import (
	"math"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func FuzzAddScaledRows(f *testing.F)        { fuzzKernel(f, "AddScaledRows") }
func FuzzAddScaledDifferences(f *testing.F) { fuzzKernel(f, "AddScaledDifferences") }
func FuzzThermalDrift(f *testing.F)         { fuzzKernel(f, "ThermalDrift") }
func FuzzFiniteColumns(f *testing.F)        { fuzzKernel(f, "FiniteColumns") }

// Without friction or noise a thermal drift is a drift; with much friction the
// velocities are the noise alone.
func TestThermalDriftsOfNoneAndOfMuchFriction(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		const ld, n = 19, 17
		x, v, xi, y := numbers[float64](3*ld), numbers[float64](3*ld + 1)[1:], numbers[float64](3*ld + 2)[2:], make([]float64, 3*ld)
		still := append([]float64(nil), v...)
		kernels.ThermalDrift(y, x, still, xi, ld, 0.25, 1, make([]float64, 3), n)
		hot := append([]float64(nil), v...)
		z := make([]float64, 3*ld)
		kernels.ThermalDrift(z, x, hot, xi, ld, 0.25, 0, []float64{1, 2, 3}, n)
		for r := range 3 {
			for i := range n {
				k := r*ld + i
				if still[k] != v[k] || math.Abs(y[k]-(x[k]+0.5*v[k])) > 1e-15 {
					t.Errorf("no friction: x = %v, v = %v, want %v, %v", y[k], still[k], x[k]+0.5*v[k], v[k])
				}
				noise := float64(r+1) * xi[k]
				if hot[k] != noise || math.Abs(z[k]-(x[k]+0.25*v[k]+0.25*noise)) > 1e-15 {
					t.Errorf("much friction: x = %v, v = %v, want v = %v", z[k], hot[k], noise)
				}
			}
		}
	})
}

func TestFiniteColumnsFindsEveryNumberThatIsNot(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		const ld, n, rows = 150, 139, 5
		dst := make([]float32, n)
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for r := range rows {
				for i := range n {
					x := numbers[float32](rows * ld)
					x[0], x[ld] = math.MaxFloat32, -math.MaxFloat32
					x[r*ld+i] = float32(bad)
					kernels.FiniteColumns(dst, x, ld, rows)
					for j, v := range dst {
						if (v != v) != (j == i) || j != i && math.Float32bits(v) != 0 {
							t.Fatalf("%v in row %d of column %d: column %d gives %v", bad, r, i, j, v)
						}
					}
				}
			}
		}
	})
}

func BenchmarkAddScaledRows(b *testing.B) {
	benchmarkSteps(b, func(x, y, v, z, s []float32, ld, n int) { kernels.AddScaledRows(v, ld, x, ld, s, n) },
		func(x, y, v, z, s []float64, ld, n int) { kernels.AddScaledRows(v, ld, x, ld, s, n) })
}

func BenchmarkAddScaledDifferences(b *testing.B) {
	benchmarkSteps(b, func(x, y, v, z, s []float32, ld, n int) { kernels.AddScaledDifferences(v, x, y, ld, 0, len(s), n) },
		func(x, y, v, z, s []float64, ld, n int) { kernels.AddScaledDifferences(v, x, y, ld, 0, len(s), n) })
}

func BenchmarkThermalDrift(b *testing.B) {
	benchmarkSteps(b, func(x, y, v, z, s []float32, ld, n int) { kernels.ThermalDrift(y, x, v, z, ld, 1e-3, 0.9, s, n) },
		func(x, y, v, z, s []float64, ld, n int) { kernels.ThermalDrift(y, x, v, z, ld, 1e-3, 0.9, s, n) })
}

func BenchmarkFiniteColumns(b *testing.B) {
	benchmarkSteps(b, func(x, y, v, z, s []float32, ld, n int) { kernels.FiniteColumns(y[:n], x, ld, len(s)) },
		func(x, y, v, z, s []float64, ld, n int) { kernels.FiniteColumns(y[:n], x, ld, len(s)) })
}

func benchmarkSteps(b *testing.B, single func(x, y, v, z, s []float32, ld, n int), double func(x, y, v, z, s []float64, ld, n int)) {
	benchmarkStep(b, "66x64/float32", single)
	benchmarkStep(b, "66x64/float64", double)
}

func benchmarkStep[T kernels.Float](b *testing.B, name string, call func(x, y, v, z, s []T, ld, n int)) {
	const rows, n, ld = 66, 64, 80
	x, y, v, z := numbers[T](rows*ld), numbers[T](rows*ld), numbers[T](rows*ld), numbers[T](rows*ld)
	s := make([]T, rows)
	measure(b, name, rows*n, "number", func() { call(x, y, v, z, s, ld, n) })
}
