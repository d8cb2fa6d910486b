package kernels_test

import (
	"math"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestActivationsAndTheirDerivatives(t *testing.T) {
	functions := map[kernels.Activation]func(float64) float64{
		kernels.Identity:  func(x float64) float64 { return x },
		kernels.ReLU:      func(x float64) float64 { return max(x, 0) },
		kernels.LeakyReLU: func(x float64) float64 { return max(x, 0.01*x) },
		kernels.TanhUnit:  math.Tanh,
		kernels.SiLU:      func(x float64) float64 { return x / (1 + math.Exp(-x)) },
	}
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for a, f := range functions {
			x, dy := numbers[float64](100), numbers[float64](100)
			y, dx := make([]float64, 100), make([]float64, 100)
			kernels.Activate(a, y, x)
			for i := range x {
				if !near(y[i], f(x[i]), 1e-14) {
					t.Errorf("%v(%v) = %v, want %v", a, x[i], y[i], f(x[i]))
				}
			}
			saved := y
			if a.SavesInput() {
				saved = x
			}
			kernels.ActivateBackward(a, dx, dy, saved)
			checkGradient(t, a.String()+" x", x, dx, func() float64 {
				kernels.Activate(a, y, x)
				return dot(dy, y)
			})
		}
	})
}

func TestActivationsPassNaN(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for a := kernels.Identity; a <= kernels.SiLU; a++ {
			x := []float32{1, float32(math.NaN()), 2}
			kernels.Activate(a, x, x)
			if x[1] == x[1] || x[0] != x[0] || x[2] != x[2] {
				t.Errorf("%v of 1, NaN, 2 is %v", a, x)
			}
		}
	})
}

func TestActivationNamesParseBack(t *testing.T) {
	for a := kernels.Identity; a <= kernels.SiLU; a++ {
		if got, err := kernels.ParseActivation(a.String()); got != a || err != nil {
			t.Errorf("ParseActivation(%q) = %v, %v", a.String(), got, err)
		}
	}
	if _, err := kernels.ParseActivation("gelu"); err == nil {
		t.Error("gelu is accepted")
	}
}
