package md

import (
	"math"
	"strings"
	"testing"
)

// lennardJones is the potential 4(r⁻¹² − r⁻⁶) of a distance r, +Inf at r = 0 and
// with a gradient that is not a number there.
type lennardJones struct{}

func (lennardJones) Dim() int { return 1 }

func (lennardJones) Energies(u, x []float64, _, n int) {
	for i, r := range x[:n] {
		s := math.Pow(r, -6)
		u[i] = 4 * s * (s - 1)
	}
}

func (lennardJones) Gradients(g []float64, _ int, x []float64, _, n int) {
	for i, r := range x[:n] {
		s := math.Pow(r, -6)
		g[i] = -24 * s * (2*s - 1) / r
		if r == 0 {
			g[i] = math.NaN()
		}
	}
}

func regularized(t *testing.T, epsilon float64) *Regularized[float64] {
	t.Helper()
	r, err := Regularize(lennardJones{}, epsilon)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// distances are points of (0, 2], and the collision.
func distances() []float64 {
	x := make([]float64, 4001)
	for i := range x {
		x[i] = float64(i) / 2000
	}
	return x
}

func TestTheRegularizedEnergyIsThatOfTheorem1(t *testing.T) {
	x := distances()
	n := len(x)
	u, g := make([]float64, n), make([]float64, n)
	lennardJones{}.Energies(u, x, n, n)
	lennardJones{}.Gradients(g, n, x, n, n)
	for _, epsilon := range []float64{2, 0.5, 0.1, 1e-3} {
		v, dv, w, dw := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		r := regularized(t, epsilon)
		r.Energies(v, x, n, n)
		r.Gradients(dv, n, x, n, n)
		r.EnergiesAndGradients(w, dw, n, x, n, n)
		steepest := 0.0
		for i := range x {
			if v[i] != w[i] || dv[i] != dw[i] {
				t.Fatalf("ε = %v, r = %v: %v, %v together, %v, %v alone", epsilon, x[i], w[i], dw[i], v[i], dv[i])
			}
			if u[i] <= 1/epsilon && (v[i] != u[i] || dv[i] != g[i]) { // (iv)
				t.Errorf("ε = %v, r = %v: %v, gradient %v, want U = %v, %v", epsilon, x[i], v[i], dv[i], u[i], g[i])
			}
			if !(v[i] >= -1 && v[i] <= u[i] && v[i] <= 2/epsilon) { // (ii) and the ceiling
				t.Errorf("ε = %v, r = %v: energy %v, want at least -1, at most U = %v and %v", epsilon, x[i], v[i], u[i], 2/epsilon)
			}
			if !(math.Abs(dv[i]) <= math.Abs(g[i]) || x[i] == 0 && dv[i] == 0) {
				t.Errorf("ε = %v, r = %v: gradient %v is steeper than %v", epsilon, x[i], dv[i], g[i])
			}
			steepest = max(steepest, math.Abs(dv[i]))
		}
		for i := range n - 1 { // (i)
			if d := math.Abs(v[i+1] - v[i]); !(d <= 1.001*steepest/2000) {
				t.Errorf("ε = %v, r = %v: changes by %v in 1/2000, want Lipschitz's %v", epsilon, x[i], d, steepest)
			}
		}
	}
}

func TestTheRegularizedGradientIsContinuousAndThatOfTheEnergy(t *testing.T) {
	r := regularized(t, 0.1)
	const h = 1e-5
	for i := range 400 {
		x := 0.7 + float64(i)/1000
		var u, g [4]float64
		points := [4]float64{x - 2*h, x - h, x + h, x + 2*h}
		r.EnergiesAndGradients(u[:], g[:], 4, points[:], 4, 4)
		slope := (8*(u[2]-u[1]) - (u[3] - u[0])) / (12 * h)
		middle := []float64{0}
		r.Gradients(middle, 1, []float64{x}, 1, 1)
		// h'' jumps by 0 at a, h''' does not: the differences are good to third order there.
		if math.Abs(slope-middle[0]) > 2e-5*(1+math.Abs(middle[0])) {
			t.Errorf("r = %v: gradient %v, differences %v", x, middle[0], slope)
		}
	}
}

func TestRegularizedEnergiesConverge(t *testing.T) {
	x := distances()[1000:] // (iii): wherever U is finite
	n := len(x)
	u, v := make([]float64, n), make([]float64, n)
	lennardJones{}.Energies(u, x, n, n)
	for _, epsilon := range []float64{1, 1e-2, 1e-4, 1e-6} {
		regularized(t, epsilon).Energies(v, x, n, n)
		for i := range x {
			if d := u[i] - v[i]; d != 0 && u[i] <= 1/epsilon {
				t.Errorf("ε = %v, r = %v: off by %v", epsilon, x[i], d)
			}
		}
	}
	if slowest := u[0]; slowest > 1e6 {
		t.Fatalf("U = %v is not below the last 1/ε", slowest)
	}
}

func TestRegularizedDensitiesConvergeInL1(t *testing.T) {
	// The distances ‖ρ_ε − ρ‖₁ on (0, 2) at β = 1, by an independent quadrature.
	for _, c := range []struct{ ceiling, want float64 }{{2, 2.07e-2}, {5, 5.4e-5}, {10, 7.0e-9}} {
		r := regularized(t, 1/c.ceiling)
		var z, zr, distance float64
		density := func(use func(f, fr, half float64)) {
			const intervals = 20000
			var x, u, v, f, fr [8]float64
			for k := range intervals {
				half := gaussPoints(&x, 2*float64(k)/intervals, 2*float64(k+1)/intervals)
				lennardJones{}.Energies(u[:], x[:], 8, 8)
				r.Energies(v[:], x[:], 8, 8)
				for i := range x {
					f[i], fr[i] = math.Exp(-u[i]), math.Exp(-v[i])
					if z > 0 {
						f[i] = math.Abs(f[i]/z - fr[i]/zr)
					}
				}
				use(gaussSum(&f, half), gaussSum(&fr, half), half)
			}
		}
		var a, b float64
		density(func(f, fr, _ float64) { a += f; b += fr })
		z, zr = a, b
		density(func(f, _, _ float64) { distance += f })
		if math.Abs(distance-c.want) > 0.01*c.want {
			t.Errorf("1/ε = %v: distance %.3g, want %.3g", c.ceiling, distance, c.want)
		}
		if bound := 2 * (zr - z) / zr; distance > bound*(1+1e-6) {
			t.Errorf("1/ε = %v: distance %v above its bound %v", c.ceiling, distance, bound)
		}
	}
}

func TestRegularizeRefusesWhatIsNoScale(t *testing.T) {
	for _, epsilon := range []float64{0, -1, math.NaN(), math.Inf(1), 1e-309} {
		if _, err := Regularize(lennardJones{}, epsilon); err == nil || !strings.Contains(err.Error(), "want a positive number") {
			t.Errorf("ε = %v: error %v", epsilon, err)
		}
	}
}

func TestAnEnergyThatIsNoNumberStaysOne(t *testing.T) {
	var u, g [2]float64
	regularized(t, 1).EnergiesAndGradients(u[:], g[:], 2, []float64{math.NaN(), 1}, 2, 2)
	if !math.IsNaN(u[0]) || !math.IsNaN(g[0]) || u[1] != 0 {
		t.Errorf("energies %v, gradients %v", u, g)
	}
}
