package kernels_test

import (
	"math"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// tree is the documented order of a sum in 64 lanes, by recursion: what the lanes
// hold when h of them are left is the pairwise sum of what 2h held.
func tree(x []float32, lane, h int) float32 {
	if h == 64 {
		var sum float32
		for i := lane; i < len(x); i += 64 {
			sum += x[i]
		}
		return sum
	}
	return tree(x, lane, 2*h) + tree(x, lane+h, 2*h)
}

func TestRowSumsAddInTheDocumentedOrder(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, n := range []int{1, 2, 63, 64, 65, 100, 128, 1000, 50000} {
			const rows = 3
			ld := n + 5
			x, dst := numbers[float32](rows*ld), []float32{1, 2, 3}
			kernels.RowSums(dst, x, ld, rows, n)
			for r := range rows {
				if want := float32(r+1) + tree(x[r*ld:][:n], 0, 1); dst[r] != want {
					t.Errorf("n = %d: row %d gives %v, want %v", n, r, dst[r], want)
				}
			}
		}
	})
}

func TestSumSquares(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, n := range []int{0, 1, 64, 65, 8192, 8193, 30000} {
			x := numbers[float64](n)
			y := make([]float32, n)
			var want, want32 float64
			for i, v := range x {
				y[i] = float32(v)
				want += v * v
				want32 += float64(y[i]) * float64(y[i])
			}
			if got := kernels.SumSquares(x); !near(got, want, 1e-12) {
				t.Errorf("n = %d: %v, want %v", n, got, want)
			}
			if got := kernels.SumSquares(y); !near(got, want32, 1e-12) {
				t.Errorf("n = %d in float32: %v, want %v", n, got, want32)
			}
		}
		// Squares of the largest float32 need float64.
		if got := kernels.SumSquares([]float32{math.MaxFloat32, math.MaxFloat32}); got != 2*math.MaxFloat32*math.MaxFloat32 {
			t.Errorf("two of the largest float32: %v", got)
		}
	})
}

func TestMulAddRoundsOnce(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		a, b, c := numbers[float64](100), numbers[float64](200)[100:], numbers[float64](300)[200:]
		dst := append([]float64(nil), c...)
		kernels.MulAdd(dst, a, b)
		for i := range dst {
			if want := math.FMA(a[i], b[i], c[i]); dst[i] != want {
				t.Errorf("dst[%d] = %v, want %v", i, dst[i], want)
			}
		}
	})
}
