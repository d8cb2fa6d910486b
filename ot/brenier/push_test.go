package brenier

import (
	"math"
	"math/rand/v2"
	"testing"
)

func pushed(g Grid, mass, psi []float64, t float64) []float64 {
	out := make([]float64, g.Len())
	newPush(g, team{1}).apply(mass, psi, t, func(k int, m float64) { out[k] = m })
	return out
}

func noise(g Grid, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 3))
	v := make([]float64, g.Len())
	for k := range v {
		v[k] = r.ExpFloat64()
	}
	return normal(v)
}

func TestPushLosesNoMass(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, g := range []Grid{Box(20, 31, 1, 1), Torus(31, 20, 1, 3), {Axis{Hi: 1, Cells: 7, Periodic: true}, Axis{Hi: 1, Cells: 8}}} {
		for _, rough := range []float64{0, 0.1, 3, 100} {
			mass, psi := noise(g, 1), make([]float64, g.Len())
			for k := range psi {
				psi[k] = rough * g.cellArea() * r.NormFloat64()
			}
			p := newPush(g, team{2})
			p.apply(mass, psi, 1, func(int, float64) {})
			var units, want int64
			for k, m := range mass {
				want += int64(math.RoundToEven(m / massUnit))
				for _, c := range p.cells {
					if c[k] < 0 {
						t.Fatalf("%+v: cell %d has mass %d", g, k, c[k])
					}
					units += c[k]
				}
			}
			if units != want {
				t.Errorf("%+v, roughness %v: %d units of mass arrive, want %d", g, rough, units, want)
			}
		}
	}
}

func TestPushByNothingChangesNothing(t *testing.T) {
	for _, g := range []Grid{Box(20, 31, 1, 1), Torus(31, 20, 1, 3)} {
		mass := noise(g, 2)
		for k, m := range pushed(g, mass, make([]float64, g.Len()), 1) {
			near(t, "mass", m, mass[k], massUnit)
		}
	}
}

func TestPushByWholeCellsIsAShift(t *testing.T) {
	g := Box(20, 31, 2, 3)
	mass, psi := make([]float64, g.Len()), make([]float64, g.Len())
	full := noise(g, 5)
	for i := range 20 {
		for j := range 31 {
			if i < 17 && j < 29 {
				mass[i*31+j] = full[i*31+j]
			}
			psi[i*31+j] = -3*g.X.Step()*g.X.Center(i) - 2*g.Y.Step()*g.Y.Center(j)
		}
	}
	out := pushed(g, mass, psi, 1)
	for i := 3; i < 20; i++ {
		for j := 2; j < 31; j++ {
			near(t, "mass", out[i*31+j], mass[(i-3)*31+j-2], 1e-14)
		}
	}
}

func TestPushWithoutShearIsOfSecondOrder(t *testing.T) {
	coarse, fine := pushError(64, 1.3, 0, 0.7), pushError(128, 1.3, 0, 0.7)
	if fine > 1e-3 || coarse/fine < 3.5 {
		t.Errorf("total variation %.2e on 64² and %.2e on 128² cells, want a quarter", coarse, fine)
	}
}

func TestPushWithShearLeavesASmallRipple(t *testing.T) {
	coarse, fine := pushError(64, 1.3, 0.4, 0.7), pushError(128, 1.3, 0.4, 0.7)
	if coarse > 3e-3 || fine > 2.5e-3 {
		t.Errorf("total variation %.2e on 64² and %.2e on 128² cells, want 2e-3", coarse, fine)
	}
}

// pushError is how far a normal law goes astray under the symmetric matrix
// (a b; b d): half the total variation.
func pushError(n int, a, b, d float64) float64 {
	A := [][]float64{{a, b}, {b, d}}
	g := Box(n, n, 1, 1)
	psi := make([]float64, g.Len())
	for k := range psi {
		x, y := g.X.Center(k/n)-0.5, g.Y.Center(k%n)-0.5
		psi[k] = ((1-A[0][0])*x*x-2*A[0][1]*x*y+(1-A[1][1])*y*y)/2 + 0.013*x
	}
	s := 0.06
	mass := gaussian(g, 0.5, 0.5, s, s)
	// The image has the covariance s²A².
	c00, c01, c11 := sq(A[0][0])+sq(A[0][1]), A[0][1]*(A[0][0]+A[1][1]), sq(A[0][1])+sq(A[1][1])
	det := c00*c11 - c01*c01
	want := sampled(g, func(x, y float64) float64 {
		x, y = x-0.5+0.013, y-0.5
		return math.Exp(-(c11*x*x - 2*c01*x*y + c00*y*y) / (2 * det * s * s))
	})
	var e float64
	for k, m := range pushed(g, mass, psi, 1) {
		e += math.Abs(m-want[k]) / 2
	}
	return e
}

func TestPushSpreadsWhatIsStretched(t *testing.T) {
	// One cell is blown up to a third of the box: evenly, mean and all.
	g := Box(90, 90, 90, 90)
	mass, psi := make([]float64, g.Len()), make([]float64, g.Len())
	for k := range psi {
		x, y := g.X.Center(k/90)-30.5, g.Y.Center(k%90)-40.5
		psi[k] = -29*x*x/2 - 29*y*y/2
	}
	mass[30*90+40] = 1
	for k, m := range pushed(g, mass, psi, 1) {
		i, j := k/90-15, k%90-25 // the image is [15.5, 45.5] × [25.5, 55.5]
		want := 1. / 900
		for _, c := range []int{i, j} {
			if c == 0 || c == 30 {
				want /= 2
			} else if c < 0 || c > 30 {
				want = 0
			}
		}
		near(t, "mass", m, want, 1e-12)
	}
}
