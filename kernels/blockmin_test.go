package kernels_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestBlockMinSumIsRowMinSumOfBlocks(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, n := range []int{0, 1, 2, 7, 15, 16, 17, 31, 32, 33, 100, 160, 1000, 20001} {
			c, w := numbers[float64](n), numbers[float64](n)
			slices.Reverse(w)
			dst := make([]float64, (n+15)/16)
			kernels.BlockMinSum(dst, c, w)
			for k, v := range dst {
				i, p := 16*k, min(16, n-16*k)
				least, at := []float64{0}, []int{0}
				kernels.RowMinSum(least, at, c[i:i+p], p, 1, p, w[i:i+p])
				if v != least[0] {
					t.Errorf("n = %d, block %d: %v, want %v", n, k, v, least[0])
				}
			}
		}
	})
}

func TestBlockMinSumOfSpecialNumbers(t *testing.T) {
	zero := math.Copysign(0, -1)
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, c := range []struct {
			name string
			c, w []float64
			want []float64
		}{
			{"nothing but NaN", []float64{nan, nan}, []float64{1, inf}, []float64{inf}},
			{"NaN never wins", []float64{nan, 3, inf, nan}, []float64{0, 1, -inf, 0}, []float64{4}},
			{"NaN in every lane but one", slices.Concat(slices.Repeat([]float64{nan}, 14), []float64{5, nan}), make([]float64, 16), []float64{5}},
			{"infinity", []float64{inf, inf}, []float64{0, 1}, []float64{inf}},
			{"minus infinity", []float64{1, -inf}, []float64{0, 1}, []float64{-inf}},
			{"the sum of zeros below zero is +0", []float64{zero, 3}, []float64{zero, 3}, []float64{0}},
			{"and beside others", slices.Repeat([]float64{zero}, 17), slices.Repeat([]float64{zero}, 17), []float64{0, 0}},
			{"lanes beyond the end do not win", slices.Repeat([]float64{2}, 18), slices.Repeat([]float64{1}, 18), []float64{3, 3}},
		} {
			got := slices.Repeat([]float64{7}, len(c.want))
			kernels.BlockMinSum(got, c.c, c.w)
			for k := range got {
				if math.Float64bits(got[k]) != math.Float64bits(c.want[k]) {
					t.Errorf("%s: block %d is %v, want %v", c.name, k, got[k], c.want[k])
				}
			}
		}
	})
}
