package kernels_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestPlaneNearestFewFindsTheThreeLeast(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for n := 0; n <= kernels.NearestFewLen; n++ {
			const ldy = kernels.NearestFewLen + 3
			y, w := numbers[float64](ldy+n), numbers[float64](n)
			slices.Reverse(w)
			x := [2]float64{0.3, -0.2}
			sums := make([]float64, n, n+3)
			for j := range sums {
				p, q := x[0]-y[j], x[1]-y[ldy+j]
				sums[j] = p*p + q*q + w[j]
			}
			sorted := append(slices.Clone(sums), inf, inf, inf)
			slices.Sort(sorted)
			var few [3]float64
			kernels.PlaneNearestFew(&few, &x, y, ldy, w)
			for r, v := range few {
				if r >= n {
					if !math.IsInf(v, 1) {
						t.Errorf("n = %d: number %d is %v, want +Inf", n, r, v)
					}
					continue
				}
				j := int(math.Float64bits(v) & kernels.NearestFewPlace)
				if j >= n || sums[j] != sorted[r] || math.Abs(v-sums[j]) > 0x1p-45*math.Abs(sums[j]) {
					t.Errorf("n = %d: number %d is %v of point %d, want %v", n, r, v, j, sorted[r])
				}
			}
		}
	})
}

func TestPlaneNearestFewPassesOverWhatIsNotFinite(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, bad := range []float64{nan, inf} {
			w := slices.Repeat([]float64{bad}, 40)
			y := make([]float64, 80)
			var few [3]float64
			kernels.PlaneNearestFew(&few, &[2]float64{1, 2}, y, 40, w)
			if !math.IsInf(few[0], 1) || !math.IsInf(few[1], 1) || !math.IsInf(few[2], 1) {
				t.Errorf("of 40 times %v: %v, want +Inf three times", bad, few)
			}
			w[37] = -3
			kernels.PlaneNearestFew(&few, &[2]float64{1, 2}, y, 40, w)
			if at := math.Float64bits(few[0]) & kernels.NearestFewPlace; at != 37 || math.Abs(few[0]-2) > 1e-13 || !math.IsInf(few[1], 1) || !math.IsInf(few[2], 1) {
				t.Errorf("beside %v: %v at %d, want 2 at 37 and +Inf twice", bad, few, at)
			}
		}
	})
}

func TestPlaneNearestFewOfEqualSumsTakesTheFirst(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		var few [3]float64
		kernels.PlaneNearestFew(&few, &[2]float64{1, 2}, make([]float64, 80), 40, make([]float64, 40))
		for r, v := range few {
			if at := int(math.Float64bits(v) & kernels.NearestFewPlace); at != r {
				t.Errorf("number %d comes from point %d, want %d", r, at, r)
			}
		}
	})
}
