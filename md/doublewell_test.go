package md

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestForcesAreDifferencesOfEnergies(t *testing.T) {
	const n, ld = 50, 57
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, 2*ld)
	for i := range x {
		x[i] = 2 * rng.NormFloat64()
	}
	g := make([]float64, 2*ld)
	DoubleWell[float64]{}.Gradients(g, ld, x, ld, n)
	energy := func(k, i int, shift float64) float64 {
		one := []float64{x[i], x[ld+i]}
		one[k] += shift
		u := make([]float64, 1)
		DoubleWell[float64]{}.Energies(u, one, 1, 1)
		return u[0]
	}
	const h = 1e-3
	for i := range n {
		for k := range 2 {
			// Central differences of fourth order: exact for a quartic.
			want := (8*(energy(k, i, h)-energy(k, i, -h)) - (energy(k, i, 2*h) - energy(k, i, -2*h))) / (12 * h)
			if got := g[k*ld+i]; math.Abs(got-want) > 1e-10*(1+math.Abs(want)) {
				t.Errorf("∂U/∂x%d at (%v, %v) = %v, differences of energies give %v", k+1, x[i], x[ld+i], got, want)
			}
		}
	}
}

func TestWellsAndSaddleOfTheDoubleWell(t *testing.T) {
	x := []float64{-1, 0, 1, 2, 0, 0, 0, 3}
	u := make([]float64, 4)
	g := make([]float64, 8)
	DoubleWell[float64]{}.Energies(u, x, 4, 4)
	DoubleWell[float64]{}.Gradients(g, 4, x, 4, 4)
	for i, want := range []float64{0, 0.25, 0, 2.25 + 4.5} {
		if u[i] != want {
			t.Errorf("U(%v, %v) = %v, want %v", x[i], x[4+i], u[i], want)
		}
	}
	for i, want := range []float64{0, 0, 0, 6, 0, 0, 0, 3} {
		if g[i] != want {
			t.Errorf("gradient[%d] = %v, want %v", i, g[i], want)
		}
	}
}

func TestANaNStaysInItsLane(t *testing.T) {
	x := []float32{1, float32(math.NaN()), -1, 0, 0, 0}
	u, g := make([]float32, 3), make([]float32, 6)
	DoubleWell[float32]{}.Energies(u, x, 3, 3)
	DoubleWell[float32]{}.Gradients(g, 3, x, 3, 3)
	for _, i := range []int{0, 2} {
		if u[i] != 0 || g[i] != 0 || g[3+i] != 0 {
			t.Errorf("replica %d beside a NaN: U = %v, gradient (%v, %v), want zeros", i, u[i], g[i], g[3+i])
		}
	}
	if u[1] == u[1] || g[1] == g[1] {
		t.Errorf("energy %v and gradient %v of a NaN, want NaN", u[1], g[1])
	}
}

func TestPanelsThatDoNotFitPanic(t *testing.T) {
	defer func() {
		if msg, _ := recover().(string); !strings.Contains(msg, "DoubleWell.Energies: x") {
			t.Errorf("panic %q, want one that names the argument", msg)
		}
	}()
	DoubleWell[float64]{}.Energies(make([]float64, 4), make([]float64, 7), 4, 4)
}
