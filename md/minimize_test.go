package md

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// valley is Rosenbrock's function of two coordinates, whose minimum is at (1, 1)
// at the end of a narrow curved valley.
type valley struct{}

func (valley) Dim() int { return 2 }

func (valley) Energies(u, x []float64, ld, n int) {
	for i := range n {
		a, b := 1-x[i], x[ld+i]-float64(x[i]*x[i])
		u[i] = float64(a*a) + float64(100*float64(b*b))
	}
}

func (valley) Gradients(g []float64, ldg int, x []float64, ld, n int) {
	for i := range n {
		a, b := 1-x[i], x[ld+i]-float64(x[i]*x[i])
		g[i] = float64(-2*a) - float64(400*float64(x[i]*b))
		g[ldg+i] = 200 * b
	}
}

func TestMinimizationFindsTheEndOfAValley(t *testing.T) {
	x0 := []float64{-1.2, 1, 3, -2, 0, 0, 1, 1, -5, 20}
	r, err := Minimize(t.Context(), valley{}, x0, MinimizeOptions{Force: 1e-8, Move: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if !r.Converged[i] || math.Abs(r.Positions[2*i]-1) > 1e-7 || math.Abs(r.Positions[2*i+1]-1) > 1e-7 {
			t.Errorf("replica %d ends at %v after %d steps, force %v", i, r.Positions[2*i:2*i+2], r.Steps[i], r.Forces[i])
		}
	}
	if r.Steps[3] != 0 || r.Steps[0] == 0 || slices.Max(r.Steps) > 300 {
		t.Errorf("%v steps", r.Steps)
	}
}

// crumpled are ethanes with their atoms moved at random, without constraints: the
// bonds to hydrogen are springs too.
func crumpled[T kernels.Float](n int) (springs[T], []T) {
	p, x, _, constraints := ethane[T]()
	for _, c := range constraints {
		p.pairs = append(p.pairs, spring3{c.I, c.J, c.Distance, 280000})
	}
	r := rand.New(rand.NewPCG(1, 2))
	var x0 []T
	for range n {
		for _, v := range x {
			x0 = append(x0, T(v+float64(0.02*r.NormFloat64())))
		}
	}
	return p, x0
}

func TestMinimizationOfManyMolecules(t *testing.T) {
	const n = 150
	p, x0 := crumpled[float64](n)
	r, err := Minimize(t.Context(), p, x0, MinimizeOptions{Force: 1e-5, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	u, g := make([]float64, n), make([]float64, 24)
	steps := 0
	for i := range n {
		p.EnergiesAndGradients(u[:1], g, 1, r.Positions[24*i:], 1, 1)
		if !r.Converged[i] || r.Forces[i] > 1e-5 || largest(g) != r.Forces[i] || u[0] != r.Energies[i] {
			t.Errorf("replica %d: converged %v, force %v (in fact %v), energy %v (in fact %v)", i, r.Converged[i], r.Forces[i], largest(g), r.Energies[i], u[0])
		}
		steps += r.Steps[i]
	}
	if steps > 150*n {
		t.Errorf("%d steps on average", steps/n)
	}

	// The same alone, on other threads, and in float32 as far as that goes.
	one, err := Minimize(t.Context(), p, x0[24*7:24*8], MinimizeOptions{Force: 1e-5})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(one.Positions, r.Positions[24*7:24*8]) || one.Steps[0] != r.Steps[7] {
		t.Error("a replica alone goes another way than among many")
	}
	p32, x32 := crumpled[float32](n)
	r32, err := Minimize(t.Context(), p32, x32, MinimizeOptions{Force: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.Index(r32.Converged, false); i >= 0 {
		t.Errorf("float32: replica %d has force %v after %d steps", i, r32.Forces[i], r32.Steps[i])
	}
}

func TestMinimizationsThatCannotEndSaySo(t *testing.T) {
	p, x0 := crumpled[float64](3)
	x0[24] = math.NaN()
	r, err := Minimize(t.Context(), p, x0, MinimizeOptions{Force: 1e-300, Evaluations: 2000})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if r.Converged[i] {
			t.Errorf("replica %d converged to a force of %v", i, r.Forces[i])
		}
	}
	if r.Steps[1] != 0 || r.Forces[0] > 1e-5 {
		t.Errorf("steps %v, forces %v", r.Steps, r.Forces)
	}
	few, err := Minimize(t.Context(), p, x0[:24], MinimizeOptions{Force: 1e-5, Evaluations: 5})
	if err != nil || few.Converged[0] || few.Steps[0] > 5 {
		t.Errorf("%d steps of 5, %v", few.Steps[0], err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Minimize(ctx, p, x0, MinimizeOptions{Force: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of a cancelled minimization", err)
	}
	for _, o := range []MinimizeOptions{{}, {Force: -1}, {Force: 1, Evaluations: -1}, {Force: 1, Move: math.NaN()}, {Force: 1, Threads: -1}} {
		if _, err := Minimize(t.Context(), p, x0, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestMinimaHaveTheSameBitsOnEveryMachine(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		p, x0 := crumpled[float64](20)
		r, err := Minimize(t.Context(), p, x0, MinimizeOptions{Force: 1e-4})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := digest(r.Positions), "a2c88306b9420ec2"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
