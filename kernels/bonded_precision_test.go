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

// Cross products of bonds cancel there, and forces of torsions grow as 1/sin of the
// angles. Those of cos φ and of sin φ are never both small.
func TestForcesOfNearlyStraightChainsHaveTheirDigitsInFloat32(t *testing.T) {
	for _, bent := range []float64{0.5, 0.1, 1e-2, 1e-3, 1e-4} {
		r := rand.New(rand.NewPCG(11, 12))
		offAngle, offTorsion := 0.0, 0.0
		for range 500 {
			x := near32(r, 4, 0.1)
			// Atom 2 goes where atoms 0 and 1 lead, but for so many radians.
			a, b := point(x, 0), point(x, 1)
			for k := range 3 {
				x[6+k] = float32(b[k] + 1.1*(b[k]-a[k]) + 0.05*bent*r.NormFloat64())
			}
			wide := make([]float64, len(x))
			for k := range x {
				wide[k] = float64(x[k])
			}
			got, want := angleForces(x), angleForces(wide)
			offAngle = max(offAngle, largestOff(got, want)/largest(want))
			cos, sin := torsionForces(x, 1, 0), torsionForces(x, 0, 1)
			wantCos, wantSin := torsionForces(wide, 1, 0), torsionForces(wide, 0, 1)
			off := max(largestOff(cos, wantCos), largestOff(sin, wantSin))
			offTorsion = max(offTorsion, off/math.Hypot(largest(wantCos), largest(wantSin)))
		}
		t.Logf("bent by %g: forces off by %.2g (angles) and %.2g (torsions) of the largest", bent, offAngle, offTorsion)
		if !(offAngle <= 4e-7 && offTorsion <= 1e-6) {
			t.Errorf("bent by %g: forces off by %.2g (angles, want 4e-7) and %.2g (torsions, want 1e-6)", bent, offAngle, offTorsion)
		}
	}
}

// angleForces are the gradients of the angle at atom 1 of four, torsionForces those of
// a cos φ + b sin φ.
func angleForces[T kernels.Float](x []T) []T {
	g := make([]T, len(x))
	kernels.Angles(make([]T, 1), g, 1, x, 1, 1, angles[T](kernels.Angle{J: 1, K: 2, Theta: 2, Stiffness: 500}))
	return g
}

func torsionForces[T kernels.Float](x []T, a, b T) []T {
	g := make([]T, len(x))
	table := kernels.TorsionTable[T]{Atoms: []int{0, 1, 2, 3}, Terms: []int{1}, Series: []T{0, a, b}}
	kernels.Torsions(make([]T, 1), g, 1, x, 1, 1, &table)
	return g
}

func largest[T kernels.Float](x []T) float64 { return largestOff(x, make([]float64, len(x))) }

// largestOff is the largest difference of two vectors' numbers.
func largestOff[T kernels.Float](x []T, y []float64) float64 {
	off := 0.0
	for k := range x {
		off = max(off, math.Abs(float64(x[k])-y[k]))
	}
	return off
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
