package brenier

import (
	"math"
	"math/rand/v2"
	"testing"
)

// apply is −div(ρ∇u) on the finest level, cell by cell from its definition.
func apply(g Grid, rho, u []float64) []float64 {
	out := make([]float64, g.Len())
	nx, ny := g.X.Cells, g.Y.Cells
	flow := func(k, l int, c float64) {
		f := c * (rho[k] + rho[l]) / 2 * (u[k] - u[l])
		out[k] += f
		out[l] -= f
	}
	for i := range nx {
		for j := range ny {
			k := i*ny + j
			if i+1 < nx || g.X.Periodic {
				flow(k, (i+1)%nx*ny+j, g.Y.Step()/g.X.Step())
			}
			if j+1 < ny || g.Y.Periodic {
				flow(k, i*ny+(j+1)%ny, g.X.Step()/g.Y.Step())
			}
		}
	}
	return out
}

func TestCyclesSolveTheWeightedPoissonEquation(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, c := range []struct {
		name string
		g    Grid
		most float64 // of the error that a cycle may leave
	}{
		{"box", Box(64, 64, 1, 1), 0.25},
		{"torus", Torus(64, 64, 1, 1), 0.25},
		{"long box of odd sizes", Box(101, 37, 3, 1), 0.4},
		{"odd torus", Torus(63, 77, 1, 1), 0.4},
		{"cylinder of flat cells", Grid{Axis{Hi: 1, Cells: 40, Periodic: true}, Axis{Hi: 9, Cells: 50}}, 0.4},
		{"smallest", Box(4, 4, 1, 1), 0.25},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := c.g
			rho, u := make([]float64, g.Len()), make([]float64, g.Len())
			for k := range u {
				// Eight decades of density.
				x, y := float64(k/g.Y.Cells)/float64(g.X.Cells)-0.4, float64(k%g.Y.Cells)/float64(g.Y.Cells)-0.5
				rho[k] = math.Exp(-40*(x*x+y*y)) + 1e-8
				u[k] = r.NormFloat64()
			}
			mean := sum(u) / float64(len(u))
			for k := range u {
				u[k] -= mean
			}
			m := newMultigrid(g, team{2})
			m.weigh(rho)
			left, v := apply(g, rho, u), make([]float64, g.Len())
			step := make([]float64, g.Len())
			energy := func() float64 {
				e := make([]float64, g.Len())
				for k := range e {
					e[k] = u[k] - v[k]
				}
				return math.Sqrt(sumProducts(e, apply(g, rho, e)))
			}
			before := energy()
			for cycle := range 6 {
				m.solve(step, left)
				for k, s := range step {
					v[k] += s
				}
				for k, f := range apply(g, rho, step) {
					left[k] -= f
				}
				after := energy()
				if after > c.most*before && before > 1e-10 {
					t.Errorf("cycle %d leaves %.2f of the error, want at most %.2f", cycle+1, after/before, c.most)
				}
				before = after
			}
		})
	}
}

func TestAWaveIsAnEigenvectorForEvenWeights(t *testing.T) {
	g := Torus(32, 32, 2, 2)
	rho, r, u := make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())
	for k := range r {
		rho[k] = 3
		r[k] = math.Cos(math.Pi*g.X.Center(k/32)) * g.cellArea()
	}
	m := newMultigrid(g, team{1})
	m.weigh(rho)
	left := append([]float64(nil), r...)
	step := make([]float64, g.Len())
	for range 8 {
		m.solve(step, left)
		for k, v := range step {
			u[k] += v
		}
		for k, f := range apply(g, rho, step) {
			left[k] -= f
		}
	}
	h := g.X.Step()
	lambda := 3 * (2 - 2*math.Cos(math.Pi*h)) / (h * h)
	for k := range u {
		near(t, "u", u[k], r[k]/g.cellArea()/lambda, 1e-5/lambda)
	}
}
