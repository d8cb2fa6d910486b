package ot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// doubleWell draws points from exp(−(x1²−1)²/4 − x2²/2) by rejection.
func doubleWell(n int, seed uint64) Points {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, 0, 2*n)
	for len(x) < 2*n {
		u := 8*r.Float64() - 4
		if s := u*u - 1; r.Float64() < math.Exp(-s*s/4) {
			x = append(x, u, r.NormFloat64())
		}
	}
	return NewPoints(x, 2)
}

// gauss draws normal points of dimension d around shift.
func gauss(n, d int, shift float64, seed uint64) Points {
	r := rand.New(rand.NewPCG(seed, 2))
	x := make([]float64, n*d)
	for i := range x {
		x[i] = shift + r.NormFloat64()
	}
	return NewPoints(x, d)
}

func BenchmarkSolve(b *testing.B) {
	for _, c := range []struct{ n, m int }{{100, 100}, {1000, 1000}, {600, 10000}, {5000, 5000}, {10000, 10000}, {20000, 20000}} {
		for _, law := range []string{"dw", "far"} {
			b.Run(fmt.Sprintf("%s/%dx%d", law, c.n, c.m), func(b *testing.B) {
				x, y := doubleWell(c.n, 1), doubleWell(c.m, 2)
				if law == "far" {
					x, y = gauss(c.n, 2, 0, 1), gauss(c.m, 2, 5, 2)
				}
				for b.Loop() {
					r, err := Solve(x, y, nil, nil, SquaredEuclidean)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(r.Pivots), "pivots")
					b.ReportMetric(float64(r.Rounds), "rounds")
				}
			})
		}
	}
}

func BenchmarkSolveInHighDimension(b *testing.B) {
	for _, d := range []int{3, 10, 66} {
		b.Run(fmt.Sprintf("1000x1000/d=%d", d), func(b *testing.B) {
			x, y := gauss(1000, d, 0, 1), gauss(1000, d, 0.1, 2)
			for b.Loop() {
				if _, err := Solve(x, y, nil, nil, SquaredEuclidean); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLineW2(b *testing.B) {
	for _, n := range []int{10000, 1000000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x, y := gauss(n, 1, 0, 1).X, gauss(n, 1, 0.1, 2).X
			for b.Loop() {
				if _, err := LineW2(x, y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDensityW2(b *testing.B) {
	law := mustDensity(b, normalDensity, -12, 12)
	x := gauss(10000, 1, 0, 1).X
	for b.Loop() {
		if _, err := law.W2(x); err != nil {
			b.Fatal(err)
		}
	}
}
