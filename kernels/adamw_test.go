package kernels_test

import (
	"math"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestAdamWFollowsThePublishedAlgorithm(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		testAdamW[float32](t, 2e-5)
		testAdamW[float64](t, 1e-12)
	})
}

func testAdamW[T kernels.Float](t *testing.T, tolerance float64) {
	t.Helper()
	const n, rate, beta1, beta2, epsilon, decay, clip = 77, 3e-3, 0.9, 0.99, 1e-8, 0.05, 0.5
	p, m, v := numbers[T](n), make([]T, n), make([]T, n)
	q, mean, square := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range p {
		q[i] = float64(p[i])
	}
	g := make([]T, n)
	for step := 1; step <= 20; step++ {
		for i := range g {
			g[i] = p[i] - T(i%5) + T(step%3)
		}
		c1, c2 := 1-math.Pow(beta1, float64(step)), 1-math.Pow(beta2, float64(step))
		for i := range q { // algorithm 2 of the paper, in its order
			grad := clip * (q[i] - float64(i%5) + float64(step%3))
			mean[i] = beta1*mean[i] + (1-beta1)*grad
			square[i] = beta2*square[i] + (1-beta2)*grad*grad
			q[i] -= rate*(mean[i]/c1)/(math.Sqrt(square[i]/c2)+epsilon) + rate*decay*q[i]
		}
		kernels.AdamW(p, g, m, v, kernels.AdamWStep[T]{
			Rate: rate, Beta1: beta1, Beta2: beta2, Epsilon: epsilon, Decay: decay,
			Correction1: T(1 / c1), Correction2: T(1 / c2), GradScale: clip,
		})
		for i := range p {
			if !near(float64(p[i]), q[i], tolerance) {
				t.Fatalf("step %d: p[%d] = %v, want %v", step, i, p[i], q[i])
			}
		}
	}
}
