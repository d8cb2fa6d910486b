package ot

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func BenchmarkLineCost(b *testing.B) {
	for _, n := range []int{10000, 1000000} {
		x, y := gauss(n, 1, 0, 1).X, gauss(n, 1, 0.1, 2).X
		r := rand.New(rand.NewPCG(1, 1))
		u, v := normalized(exponentials(n, r), n), normalized(exponentials(n, r), n)
		for _, c := range []struct {
			name string
			a, b []float64
		}{{"uniform", nil, nil}, {"weighted", u, v}} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				for b.Loop() {
					if _, err := LineCost(x, y, c.a, c.b, 2); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkCircleCost(b *testing.B) {
	for _, n := range []int{1000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x, y := uniform64(n, 1, 1).X, uniform64(n, 1, 2).X
			for i, v := range y {
				y[i] = v * v
			}
			for b.Loop() {
				if _, err := CircleW2(x, y, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
