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

func TestRowMinSumIsRowMinOfSums(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, c := range []struct {
			name   string
			row, w []float64
			min    float64
			arg    int
		}{
			{"an empty row", nil, nil, inf, -1},
			{"the weight decides", []float64{1, 2, 3}, []float64{0, -4, -4.5}, -2, 1},
			{"the first of equal sums", []float64{5, 1, 2, 0}, []float64{-4, 0, -1, 1}, 1, 0},
			{"infinite weights leave nothing out", []float64{1, 2}, []float64{inf, inf}, inf, 0},
			{"a sum that is NaN never wins", []float64{inf, 2}, []float64{-inf, 9}, 11, 1},
		} {
			least, arg := []float64{7}, []int{7}
			kernels.RowMinSum(least, arg, c.row, len(c.row), 1, len(c.row), c.w)
			if least[0] != c.min || arg[0] != c.arg {
				t.Errorf("%s: %v at %d, want %v at %d", c.name, least[0], arg[0], c.min, c.arg)
			}
		}
	})
}

func TestNearestSumIsRowMinSumOfSquaredDistances(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, d := range []int{0, 1, 2, 3, 7} {
			for _, m := range []int{0, 1, 3, 8, 31, 64, 200} {
				const n = 5
				x, y, w := numbers[float64](n*d), numbers[float64](m*d), numbers[float64](m)
				period := make([]float64, d)
				for k := range period {
					period[k] = float64(k%2) * 1.5
				}
				for _, period := range [][]float64{nil, period} {
					c := make([]float64, n*m)
					kernels.SquaredDistances(c, m, x, n, y, m, m, d, period)
					want, wantArg := make([]float64, n), make([]int, n)
					kernels.RowMinSum(want, wantArg, c, m, n, m, w)
					got, gotArg := make([]float64, n), make([]int, n)
					kernels.NearestSum(got, gotArg, x, n, y, m, m, d, period, w)
					for i := range n {
						if got[i] != want[i] || gotArg[i] != wantArg[i] {
							t.Errorf("d = %d, m = %d, row %d: %v at %d, want %v at %d", d, m, i, got[i], gotArg[i], want[i], wantArg[i])
						}
					}
				}
			}
		}
	})
}

func TestRowLogSumExpAffine(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, c := range []struct {
			name string
			s    float64
			c, h []float64
			want float64
		}{
			{"an empty row", 2, nil, nil, -inf},
			{"one element", -2, []float64{3}, []float64{1}, -5},
			{"one rounding", 3, []float64{1.0 / 3}, []float64{-1}, math.FMA(3, 1.0/3, -1)},
			{"no mass", -1, []float64{1, 2}, []float64{-inf, -inf}, -inf},
			{"mass in one place", -1, []float64{1, 2}, []float64{-inf, 7}, 5},
			{"tiny ε", -1e6, []float64{1, 2, 3}, []float64{1e6, 2e6, 3e6}, math.Log(3)},
			{"far below the greatest", -1, []float64{0, 720, 1e5, 1e300}, []float64{3, 3, 3, 3}, 3},
			{"NaN", 1, []float64{1, nan}, []float64{1, 1}, nan},
			{"infinity", 1, []float64{1, inf}, []float64{1, 1}, nan},
		} {
			got := []float64{7}
			kernels.RowLogSumExpAffine(got, c.c, len(c.c), c.h, c.s, 1, len(c.c))
			if got[0] != c.want && !near(got[0], c.want, 1e-15) && !(c.want != c.want && got[0] != got[0]) {
				t.Errorf("%s: %v, want %v", c.name, got[0], c.want)
			}
		}
		const n, m, s = 5, 333, -0.7
		x, h, dst := numbers[float64](n*m), numbers[float64](2 * m)[m:], make([]float64, n)
		kernels.RowLogSumExpAffine(dst, x, m, h, s, n, m)
		for i := range n {
			var sum float64
			for j, v := range x[i*m:][:m] {
				sum += math.Exp(h[j] + s*v)
			}
			if !near(dst[i], math.Log(sum), 1e-14) {
				t.Errorf("row %d: %v, want %v", i, dst[i], math.Log(sum))
			}
		}
	})
}
