package ot

import (
	"encoding/binary"
	"math"
	"testing"
)

// FuzzSolve makes small problems out of bytes: dimension, sizes, cost, weights
// and coordinates, many of them equal, and checks every result against its
// problem; equal uniform sizes against all permutations too.
func FuzzSolve(f *testing.F) {
	f.Add([]byte{1, 3, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
	f.Add([]byte{2, 5, 9, 3, 255, 255, 0, 0, 1, 1, 2, 200})
	f.Add([]byte{1, 6, 6, 9, 7, 7, 7, 7, 7, 7})
	f.Add([]byte{0, 2, 4, 13})
	f.Add([]byte{1, 20, 30, 33, 5, 5, 5, 1, 2, 3})
	f.Add([]byte{1, 30, 30, 64, 9, 1, 1, 4})
	f.Add([]byte{2, 41, 41, 97, 9, 1, 1, 4})
	f.Add([]byte{3, 40, 50, 20, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 77, 3, 121})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4 {
			return
		}
		d, n, m, mode := int(data[0])%4+1, int(data[1])%60+1, int(data[2])%60+1, int(data[3])
		data = data[4:]
		state := uint64(len(data))
		next := func() uint64 {
			state = mix(state, 1)
			if len(data) > 0 {
				state ^= uint64(data[0])
				data = data[1:]
				return state & 0xff // a byte and little else: ties
			}
			return state
		}
		scale := math.Ldexp(1, int(next()%120)-60)
		coordinate := func() float64 {
			v := next()
			switch mode / 8 % 4 {
			case 0:
				return scale * float64(v%7)
			case 1:
				return scale * float64(int64(v))
			case 2:
				return scale * math.Ldexp(float64(v%1000), int(v>>10%40)-20)
			}
			return scale * (float64(v%1000)/999 + 1e6)
		}
		cloud := func(n int) Points {
			x := make([]float64, n*d)
			for i := range x {
				x[i] = coordinate()
			}
			return NewPoints(x, d)
		}
		x, y := cloud(n), cloud(m)
		cost := []Cost{SquaredEuclidean, Euclidean, CityBlock, SquaredEuclidean.OnTorus(3 * scale)}[mode%4]
		var a, b []float64
		if mode%8 >= 4 {
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
		method := []Method{Automatic, ColumnGeneration, SmallSide, Auction}[mode/32%4]
		r, err := Solve(x, y, a, b, cost, WithMethod(method))
		if err != nil {
			if method == Auction && (n != m || a != nil) {
				return // does not apply
			}
			t.Fatal(err)
		}
		checkResult(t, r, x, y, a, b, cost)
		if n == m && n <= 6 && a == nil {
			best := bestPermutation(x, y, cost)
			if !(math.Abs(r.Cost-best) <= 1e-12*best+1e-14*r.Scale+wrapSlack(x, y, cost, r)) {
				t.Errorf("cost %v, the best permutation has %v", r.Cost, best)
			}
		}
		if d == 1 && cost.kind != cityBlock {
			var line float64
			if cost.periods != nil {
				line, err = CircleCost(x.X, y.X, a, b, cost.periods[0], 2)
			} else {
				line, err = LineCost(x.X, y.X, a, b, float64(cost.Power()))
			}
			if err != nil {
				t.Fatal(err)
			}
			if !(math.Abs(r.Cost-line) <= 1e-12*line+1e-14*r.Scale+wrapSlack(x, y, cost, r)) {
				t.Errorf("cost %v in general, %v by sorting", r.Cost, line)
			}
		}
	})
}

// wrapSlack is the rounding that wrapping coordinates far out brings.
func wrapSlack(x, y Points, cost Cost, r *Result) float64 {
	if cost.periods == nil {
		return 0
	}
	largest := 0.0
	for _, p := range []Points{x, y} {
		for _, v := range p.X {
			largest = max(largest, math.Abs(v))
		}
	}
	return 1e-14 * largest * math.Sqrt(r.Scale)
}

// FuzzBits feeds any float64 at all: an error or a certified result, never a panic.
func FuzzBits(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 17 || len(data) > 400 {
			return
		}
		d := int(data[0])%3 + 1
		var v []float64
		for k := 1; k+8 <= len(data); k += 8 {
			v = append(v, math.Float64frombits(binary.LittleEndian.Uint64(data[k:])))
		}
		half := len(v) / (2 * d) * d
		x, y := NewPoints(v[:half], d), NewPoints(v[half:half+(len(v)-half)/d*d], d)
		r, err := Solve(x, y, nil, nil, SquaredEuclidean)
		if err != nil {
			return
		}
		if math.IsNaN(r.Cost) || r.Cost < 0 || !r.Certified() && r.Cost > 1e-290 {
			t.Errorf("cost %v with gap %v, scale %v", r.Cost, r.Gap, r.Scale)
		}
	})
}
