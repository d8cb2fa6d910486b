package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pushforward/kernels"
)

// Bonds and angles are stiff: of the difference between r and r0, or θ and θ0, a
// rounding error of r or θ is too much.

func TestSmallStretchesHaveAllTheirDigitsInFloat32(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		x := near32(r, 2, 0.1)
		a, b := point(x, 0), point(x, 1)
		length := distance(a, b) * (1 - math.Exp(r.Float64()*8-12))
		bond := kernels.Bond{I: 0, J: 1, Length: length, Stiffness: 284512}
		u, g := make([]float32, 1), make([]float32, 6)
		kernels.Bonds(u, g, 1, x, 1, 1, bonds[float32](bond))
		stretch := distance(a, b) - length
		if want := 0.5 * bond.Stiffness * stretch * stretch; !(math.Abs(float64(u[0])-want) <= 2e-6*want) {
			t.Errorf("stretched by %g nm: energy %g, want %g", stretch, u[0], want)
		}
		for k := range 3 {
			want := bond.Stiffness * stretch * (a[k] - b[k]) / distance(a, b)
			if !(math.Abs(float64(g[k])-want) <= 1e-6*bond.Stiffness*stretch) || g[3+k] != -g[k] {
				t.Errorf("stretched by %g nm: gradients %g and %g, want %g", stretch, g[k], g[3+k], want)
			}
		}
	}
}

// θ itself, as a float32, would be off by 5e-8.
func TestBendsAreOffBy2e8InFloat32(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	squares, count := 0.0, 0
	for range 2000 {
		x := near32(r, 3, 0.1)
		a, b, c := point(x, 0), point(x, 1), point(x, 2)
		ab, bc := distance(a, b), distance(b, c)
		dot := 0.0
		for k := range b {
			dot += (a[k] - b[k]) * (c[k] - b[k])
		}
		theta := math.Acos(dot / (ab * bc))
		if theta < 1.2 || theta > 2.6 {
			continue
		}
		bend := (2*r.Float64() - 1) * 0.1
		u := make([]float32, 1)
		kernels.Angles(u, make([]float32, 9), 1, x, 1, 1, angles[float32](kernels.Angle{J: 1, K: 2, Theta: theta - bend, Stiffness: 2}))
		got := math.Copysign(math.Sqrt(float64(u[0])), bend)
		squares += (got - bend) * (got - bend)
		count++
	}
	if off := math.Sqrt(squares / float64(count)); !(off <= 2e-8) {
		t.Errorf("bends are off by %g rad, their root mean square", off)
	} else {
		t.Logf("bends are off by %g rad", off)
	}
}

// near32 is a chain of atoms with bonds of such a length, not far from the origin.
func near32(r *rand.Rand, atoms int, length float64) []float32 {
	x := make([]float32, 3*atoms)
	for a := range atoms {
		var d [3]float64
		for k := range d {
			d[k] = r.NormFloat64()
		}
		norm := math.Sqrt(d[0]*d[0] + d[1]*d[1] + d[2]*d[2])
		for k := range d {
			if a == 0 {
				x[k] = float32(0.2 * d[k])
			} else {
				x[3*a+k] = float32(float64(x[3*a+k-3]) + length*(1+0.2*r.Float64())*d[k]/norm)
			}
		}
	}
	return x
}

func point(x []float32, atom int) (p [3]float64) {
	for k := range p {
		p[k] = float64(x[3*atom+k])
	}
	return p
}
