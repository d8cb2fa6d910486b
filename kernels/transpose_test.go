package kernels_test

import (
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestTransposeTwiceIsTheIdentity(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, s := range [][2]int{{1, 1}, {1, 70}, {70, 1}, {2, 1000}, {1000, 2}, {66, 64}, {129, 33}, {300, 200}} {
			testTranspose[float32](t, s[0], s[1])
			testTranspose[float64](t, s[0], s[1])
		}
	})
}

func testTranspose[T kernels.Float](t *testing.T, rows, cols int) {
	t.Helper()
	lds, ldd := cols+3, rows+1
	src, dst, back := numbers[T](rows*lds), make([]T, cols*ldd), make([]T, rows*lds)
	kernels.Transpose(dst, ldd, src, lds, rows, cols)
	kernels.Transpose(back, lds, dst, ldd, cols, rows)
	for i := range rows {
		for j := range cols {
			if dst[j*ldd+i] != src[i*lds+j] {
				t.Fatalf("%d×%d: element (%d, %d) is lost", rows, cols, i, j)
			}
			if back[i*lds+j] != src[i*lds+j] {
				t.Fatalf("%d×%d: element (%d, %d) does not come back", rows, cols, i, j)
			}
		}
	}
}
