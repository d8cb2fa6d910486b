package ot

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
)

// FuzzSolveMatrix makes small cost matrices out of bytes, with many ties or any
// float64 at all, weights and limits, and checks every result against its matrix.
func FuzzSolveMatrix(f *testing.F) {
	f.Add([]byte{3, 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add([]byte{5, 5, 1, 1, 1, 1, 0, 255, 7})
	f.Add([]byte{1, 9, 2, 200, 100, 0, 3})
	f.Add([]byte{30, 33, 7, 1, 2, 3})
	f.Add([]byte{4, 2, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f})
	// Costs of 1e-76 among whole numbers once kept the simplex going for ever.
	f.Add([]byte("11+000000000000000\xa8Ț"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 {
			return
		}
		n, m, mode := int(data[0])%40+1, int(data[1])%40+1, int(data[2])
		data = data[3:]
		state := uint64(len(data))
		next := func() uint64 {
			state = mix(state, 1)
			if len(data) > 0 {
				state ^= uint64(data[0])
				data = data[1:]
				return state & 0xff
			}
			return state
		}
		c := make([]float64, n*m)
		finite := true
		for k := range c {
			switch {
			case mode&8 != 0 && len(data) >= 8:
				c[k] = math.Float64frombits(binary.LittleEndian.Uint64(data))
				data = data[8:]
			case mode&1 != 0:
				c[k] = float64(next() % 4)
			default:
				c[k] = float64(int64(next())) * 1e-3
			}
			finite = finite && !math.IsNaN(c[k]) && !math.IsInf(c[k], 0)
		}
		var a, b []float64
		if mode&2 != 0 {
			weights := func(n int) []float64 {
				w := make([]float64, n)
				for i := range w {
					w[i] = float64(next() % 5)
				}
				w[0]++
				return normalized(w, n)
			}
			a, b = weights(n), weights(m)
		}
		var options []Option
		if mode&4 != 0 {
			options = append(options, WithLimit(int(next()%40)+1))
		}
		if mode&16 != 0 {
			options = append(options, WithMethod(ColumnGeneration))
		}
		r, err := SolveMatrix(c, n, m, a, b, options...)
		if !finite {
			if err == nil {
				t.Fatal("no error for costs that are not finite")
			}
			return
		}
		if r == nil {
			if limit := math.MaxFloat64 / 8; largest(c) < limit {
				t.Fatal(err)
			}
			return // too large to add up
		}
		if err != nil && !errors.Is(err, ErrLimit) {
			t.Fatal(err)
		}
		if largest(c) > 1e300 {
			return // the test's own sums would overflow
		}
		checkMatrixResult(t, r, c, n, m, a, b)
	})
}

func largest(c []float64) float64 {
	l := 0.0
	for _, v := range c {
		l = max(l, math.Abs(v))
	}
	return l
}
