package kernels_test

import (
	"math"
	"testing"
)

// checkGradient compares a gradient with central differences of loss, which
// reads x.
func checkGradient(t *testing.T, name string, x, gradient []float64, loss func() float64) {
	t.Helper()
	const h = 1e-5
	for i, at := range x {
		x[i] = at + h
		up := loss()
		x[i] = at - h
		down := loss()
		x[i] = at
		want := (up - down) / (2 * h)
		if diff := math.Abs(gradient[i] - want); !(diff <= 1e-7*(1+math.Abs(want))) {
			t.Errorf("∂L/∂%s[%d] = %.10g, differences give %.10g", name, i, gradient[i], want)
		}
	}
}

// dot is a loss whose gradient with respect to y is c.
func dot(c, y []float64) (sum float64) {
	for i := range c {
		sum += c[i] * y[i]
	}
	return sum
}

func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*(1+math.Abs(want))
}
