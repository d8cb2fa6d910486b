package kernels_test

import (
	"math"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

func TestRowMinOfSpecialRows(t *testing.T) {
	long := make([]float64, 300)
	long[217] = -1
	tied := make([]float64, 300)
	tied[65], tied[66], tied[200] = -2, -2, -2
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, c := range []struct {
			name string
			row  []float64
			min  float64
			arg  int
		}{
			{"an empty row", nil, inf, -1},
			{"nothing but NaN", []float64{nan, nan}, inf, -1},
			{"NaN never wins", []float64{nan, 3, nan, 2, nan}, 2, 3},
			{"infinity is a number", []float64{nan, inf, inf}, inf, 1},
			{"minus infinity", []float64{1, -inf, -5}, -inf, 1},
			{"the first of equal ones", []float64{5, 1, 1, 1}, 1, 1},
			{"zeros are equal: the first, with its sign", []float64{1, 0, math.Copysign(0, -1)}, 0, 1},
			{"the same with the signs swapped", []float64{1, math.Copysign(0, -1), 0}, math.Copysign(0, -1), 1},
			{"far behind", long, -1, 217},
			{"ties in several vectors", tied, -2, 65},
		} {
			least, arg := []float64{7}, []int{7}
			kernels.RowMin(least, arg, c.row, len(c.row), 1, len(c.row))
			if math.Float64bits(least[0]) != math.Float64bits(c.min) || arg[0] != c.arg {
				t.Errorf("%s: %v at %d, want %v at %d", c.name, least[0], arg[0], c.min, c.arg)
			}
		}
	})
}

func TestRowLogSumExp(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, c := range []struct {
			name string
			row  []float64
			want float64
		}{
			{"an empty row", nil, -inf},
			{"one element", []float64{-3.5}, -3.5},
			{"equal elements", []float64{2, 2, 2, 2}, 2 + math.Log(4)},
			{"too large for exp", []float64{5000, 5000}, 5000 + math.Ln2},
			{"too small for exp", []float64{-5000, -5000}, -5000 + math.Ln2},
			{"probability zero", []float64{-inf, 1, -inf}, 1},
			{"all of probability zero", []float64{-inf, -inf}, -inf},
			{"infinity", []float64{1, inf}, inf},
			{"NaN", []float64{1, nan, inf}, nan},
			{"small ones add up", []float64{0, -1, -2, -3}, math.Log(1 + math.Exp(-1) + math.Exp(-2) + math.Exp(-3))},
		} {
			got := []float64{7}
			kernels.RowLogSumExp(got, c.row, len(c.row), 1, len(c.row))
			if got[0] != c.want && !near(got[0], c.want, 1e-15) && !(c.want != c.want && got[0] != got[0]) {
				t.Errorf("%s: %v, want %v", c.name, got[0], c.want)
			}
		}
		const n, m = 5, 333
		x, dst := numbers[float64](n*m), make([]float64, n)
		kernels.RowLogSumExp(dst, x, m, n, m)
		for i := range n {
			var sum float64
			for _, v := range x[i*m:][:m] {
				sum += math.Exp(v)
			}
			if !near(dst[i], math.Log(sum), 1e-14) {
				t.Errorf("row %d: %v, want %v", i, dst[i], math.Log(sum))
			}
		}
	})
}
