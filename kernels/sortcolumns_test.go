package kernels_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestSortColumnsSorts(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, n := range []int{0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 129, 255, 256, 257, 300, 511, 513, 1000, 1024, 1025, 2500} {
			for _, cols := range []int{1, 8, 19} {
				sortsColumns[float32](t, n, cols)
				sortsColumns[float64](t, n, cols)
			}
		}
		if !testing.Short() {
			sortsColumns[float64](t, 33000, 8) // passes in pieces
		}
	})
}

func sortsColumns[T kernels.Float](t *testing.T, n, cols int) {
	ld := cols + 3
	x := numbers[T](kernels.SortRows(n) * ld)
	for i := range x {
		if i%5 == 0 {
			x[i] = T(math.Round(float64(x[i]))) // some are equal
		}
	}
	want := make([][]T, cols)
	for c := range want {
		want[c] = column(x, ld, n, c)
		slices.Sort(want[c])
	}
	kernels.SortColumns(x, ld, n, cols)
	for c := range want {
		if !slices.Equal(column(x, ld, n, c), want[c]) {
			t.Errorf("column %d of %d is not sorted in its %d rows", c, cols, n)
		}
	}
}

func column[T kernels.Float](x []T, ld, n, c int) []T {
	v := make([]T, n)
	for i := range v {
		v[i] = x[i*ld+c]
	}
	return v
}

func TestSortColumnsOfSpecialNumbers(t *testing.T) {
	zero := math.Copysign(0, -1)
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, c := range []struct {
			name    string
			x, want []float64
		}{
			{"infinities, and rows of +Inf behind", []float64{3, inf, -inf, inf, 1, -inf}, []float64{-inf, -inf, 1, 3, inf, inf, inf, inf}},
			{"equal zeros stay where they are", []float64{0, zero, zero, 0, zero}, []float64{0, zero, zero, 0, zero, inf, inf, inf}},
			{"NaN is less than nothing", []float64{nan, 2}, []float64{nan, 2, inf, inf, inf, inf, inf, inf}},
		} {
			x := make([]float64, 8*len(c.want))
			for i, v := range c.x {
				for k := range 8 {
					x[8*i+k] = v
				}
			}
			kernels.SortColumns(x, 8, len(c.x), 8)
			for i, v := range x {
				if w := c.want[i/8]; math.Float64bits(v) != math.Float64bits(w) {
					t.Errorf("%s: row %d is %v, want %v", c.name, i/8, v, w)
				}
			}
		}
	})
}

func TestSortColumnsKeepsEveryNumberBesideNaN(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		const n = 1000
		x := make([]float64, 8*kernels.SortRows(n))
		copy(x, numbers[float64](8*n))
		for i := 0; i < n; i += 7 {
			x[8*i] = nan
		}
		bits := func() []uint64 {
			v := column(x, 8, n, 0)
			b := make([]uint64, n)
			for i := range b {
				b[i] = math.Float64bits(v[i])
			}
			slices.Sort(b)
			return b
		}
		before := bits()
		kernels.SortColumns(x, 8, n, 8)
		if !slices.Equal(bits(), before) {
			t.Error("the numbers are others than before")
		}
	})
}
