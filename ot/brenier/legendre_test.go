package brenier

import (
	"math"
	"math/rand/v2"
	"testing"
)

// bruteForce is the c-transform with y at centres alone.
func bruteForce(a Axis, phi []float64) []float64 {
	out := make([]float64, a.Cells)
	for i := range out {
		out[i] = math.Inf(1)
		for j, v := range phi {
			out[i] = min(out[i], sq(a.distance(i, j))/2-v)
		}
	}
	return out
}

// distance is the shorter way between two centres.
func (a Axis) distance(i, j int) float64 {
	d := i - j
	if d < 0 {
		d = -d
	}
	if a.Periodic {
		d = min(d, a.Cells-d)
	}
	return float64(d) * a.Step()
}

func axes(n int) []Axis {
	return []Axis{{Lo: -1, Hi: 2, Cells: n}, {Lo: 3, Hi: 7, Cells: n, Periodic: true}}
}

func TestTransformOfAnyPotentialIsFeasibleAndNearBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{4, 5, 6, 17, 64, 101} {
		for _, a := range axes(n) {
			for _, rough := range []float64{0, 0.1, 1, 10, 1000} {
				phi, out := make([]float64, n), make([]float64, n)
				for k := range phi {
					phi[k] = rough * sq(a.Step()) * r.NormFloat64()
				}
				newEnvelope(a).transform(out, phi)
				exact := bruteForce(a, phi)
				// Between centres a parabola of second derivative b dips by b/8; the
				// hull's second difference at its nodes is bounded by the potential's.
				bend := 1 + 4*rough*3.5
				for i := range out {
					if out[i] > exact[i]+1e-12*(sq(a.Step())+math.Abs(exact[i])) {
						t.Fatalf("n = %d, %+v: ψ[%d] = %v is above the least over centres, %v", n, a, i, out[i], exact[i])
					}
					if out[i] < exact[i]-sq(a.Step())*bend/8 && i > 0 && i < n-1 {
						t.Fatalf("n = %d, %+v: ψ[%d] = %v is too far below %v", n, a, i, out[i], exact[i])
					}
				}
			}
		}
	}
}

func TestTransformIsExactForConesThatTurnAtCentres(t *testing.T) {
	// f(y) = ½y² − φ(y) is piecewise linear with kinks two cells apart.
	a := Axis{Hi: 40, Cells: 40}
	phi, out := make([]float64, 40), make([]float64, 40)
	f, slope := 0.0, -3.0
	for j := range phi {
		phi[j] = sq(a.Center(j))/2 - f
		if j%2 == 0 {
			slope += 1.7
		}
		f += slope
	}
	newEnvelope(a).transform(out, phi)
	for i, want := range bruteForce(a, phi) {
		if x := a.Center(i); x < -2 || x > 27 { // where the best y is at a wall, it goes on to the wall
			continue
		}
		near(t, "ψ", out[i], want, 1e-12)
	}
}

func TestTransformOfParabolasIsExactInBetween(t *testing.T) {
	// φ = ½q y² + by: the best y is (x + b)/(1 − q), ψ = ½x² − ½(x + b)²/(1 − q).
	a := Axis{Lo: -2, Hi: 3, Cells: 50}
	for _, q := range []float64{-3, -0.5, 0, 0.3, 0.8} {
		b := 0.037
		phi, out := make([]float64, 50), make([]float64, 50)
		for j := range phi {
			y := a.Center(j)
			phi[j] = q*y*y/2 + b*y
		}
		newEnvelope(a).transform(out, phi)
		for i := range out {
			x := a.Center(i)
			if y := (x + b) / (1 - q); y < a.Lo || y > a.Hi {
				continue
			}
			near(t, "ψ", out[i], x*x/2-sq(x+b)/(1-q)/2, 1e-13)
		}
	}
}

func TestTransformOfSmoothPotentialsIsOfThirdOrder(t *testing.T) {
	worst := func(n int) float64 {
		a := Axis{Hi: 1, Cells: n, Periodic: true}
		phi, out := make([]float64, n), make([]float64, n)
		const c = 0.015
		for j := range phi {
			phi[j] = c * math.Cos(2*math.Pi*a.Center(j))
		}
		newEnvelope(a).transform(out, phi)
		var e float64
		for i := range out {
			x := a.Center(i)
			y := x // Newton: y − x − φ'(y) = 0
			for range 50 {
				s, k := math.Sincos(2 * math.Pi * y)
				y -= (y - x + 2*math.Pi*c*s) / (1 + 4*math.Pi*math.Pi*c*k)
			}
			e = max(e, math.Abs(out[i]-(sq(x-y)/2-c*math.Cos(2*math.Pi*y))))
		}
		return e
	}
	if ratio := worst(64) / worst(128); ratio < 7 {
		t.Errorf("half the step divides the error by %.1f, want 8 or more", ratio)
	}
}

func TestTransformOnGridsAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, g := range []Grid{Box(9, 14, 1, 2), Torus(14, 9, 2, 1), {Axis{Hi: 1, Cells: 11, Periodic: true}, Axis{Lo: -1, Hi: 1, Cells: 21}}} {
		n := g.Len()
		phi, psi := make([]float64, n), make([]float64, n)
		for k := range phi {
			phi[k] = 0.1 * r.NormFloat64()
		}
		newCTransform(g, team{2}).apply(psi, phi)
		for k := range psi {
			least := math.Inf(1)
			for l := range phi {
				d := sq(g.X.distance(k/g.Y.Cells, l/g.Y.Cells)) + sq(g.Y.distance(k%g.Y.Cells, l%g.Y.Cells))
				least = min(least, d/2-phi[l])
			}
			// Noise makes cones: little is gained between centres.
			if psi[k] > least+1e-15 || psi[k] < least-0.03 {
				t.Fatalf("%+v: ψ[%d] = %v, want just below %v", g, k, psi[k], least)
			}
		}
	}
}

func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s: %.17g, want %.17g ± %.2g (off by %.3g)", what, got, want, tol, math.Abs(got-want))
	}
}
