package flow

import (
	"math"
	"sync"
	"testing"

	"pushforward/kernels"
)

func TestGradientsOfThePotentialAreDifferencesOfEnergies(t *testing.T) {
	const n, ld, beta = 70, 75, 1.7
	for _, arch := range []Architecture{RealNVP(2, 6, Masked, 16), RealNVP(5, 4, Split, 9, 7)} {
		arch.Activation = kernels.TanhUnit // smooth
		if arch.Dim == 5 {
			arch.Bound = Bound{Factor: 1.5, Learnt: true}
		}
		f := testFlow[float64](t, arch, 3, 1)
		d := arch.Dim
		p := NewPotential(f, beta)
		x := make([]float64, d*ld)
		kernels.Normals(x, ld, 8, 0, 0, n, d)
		g := make([]float64, d*ld)
		p.Gradients(g, ld, x, ld, n)

		logProb := make([]float64, 1)
		u := make([]float64, n)
		p.Energies(u, x, ld, n)
		row := make([]float64, d)
		at := func(i, k int, shift float64) float64 {
			for c := range d {
				row[c] = x[c*ld+i]
			}
			row[k] += shift
			f.LogProb(logProb, row)
			return -logProb[0] / beta
		}
		for i := range n {
			if want := at(i, 0, 0); math.Abs(u[i]-want) > 1e-13*(1+math.Abs(want)) {
				t.Fatalf("energy %d is %v, the density gives %v", i, u[i], want)
			}
			for k := range d {
				const h = 1e-4
				want := (8*(at(i, k, h)-at(i, k, -h)) - (at(i, k, 2*h) - at(i, k, -2*h))) / (12 * h)
				if got := g[k*ld+i]; math.Abs(got-want) > 1e-8*(1+math.Abs(want)) {
					t.Errorf("d = %d: ∂U/∂x%d of configuration %d is %v, differences give %v", d, k, i, got, want)
				}
			}
		}
	}
}

func TestThePotentialOfTheIdentityIsThatOfASpring(t *testing.T) {
	f, err := New[float32](RealNVP(2, 6, Masked, 128), 1)
	if err != nil {
		t.Fatal(err)
	}
	p := NewPotential(f, 2)
	x := []float32{1, -2, 0.5, 3}
	g, u := make([]float32, 4), make([]float32, 2)
	p.Gradients(g, 2, x, 2, 2)
	p.Energies(u, x, 2, 2)
	for i, v := range x {
		if g[i] != v/2 {
			t.Errorf("gradient[%d] = %v, want %v", i, g[i], v/2)
		}
	}
	if want := float32((2*halfLogTwoPi + 0.625) / 2); math.Abs(float64(u[0]-want)) > 1e-6 {
		t.Errorf("energy %v, want %v", u[0], want)
	}
}

func TestAPotentialMayBeUsedByManyGoroutines(t *testing.T) {
	const n = 300
	f := testFlow[float32](t, RealNVP(2, 6, Masked, 32), 5, 1)
	p := NewPotential(f, 1)
	x := make([]float32, 2*n)
	kernels.Normals(x, n, 1, 0, 0, n, 2)
	want := make([]float32, 2*n)
	p.Gradients(want, n, x, n, n)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			g := make([]float32, 2*n)
			for range 5 {
				// One configuration at a time gives the same bits as all at once.
				const i = 17
				p.Gradients(g[i:], n, x[i:], n, 1)
				if g[i] != want[i] || g[n+i] != want[n+i] {
					t.Errorf("gradient %d alone is (%v, %v), among others (%v, %v)", i, g[i], g[n+i], want[i], want[n+i])
				}
				p.Gradients(g, n, x, n, n)
				for i := range g {
					if g[i] != want[i] {
						t.Errorf("gradient[%d] = %v, want %v", i, g[i], want[i])
						return
					}
				}
			}
		})
	}
	wg.Wait()
	g := make([]float32, 2*n)
	if allocs := testing.AllocsPerRun(5, func() { p.Gradients(g, n, x, n, n) }); allocs > 0 {
		t.Errorf("%v allocations in a call, want none", allocs)
	}
}
