package brenier

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// closedForm is a problem in the unit square with a known map.
type closedForm struct {
	Kind                  string
	C0, C1, Centre, Shift []float64
	S0, S1, Radius        float64
	A                     [][]float64
	W2sq                  float64
}

func closedForms(t testing.TB) []closedForm {
	t.Helper()
	raw, err := os.ReadFile("testdata/closed.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []closedForm
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// problem gives the masses of the cells and the map.
func (c *closedForm) problem(g Grid) (mu, nu []float64, T func(x, y float64) (tx, ty float64)) {
	switch c.Kind {
	case "grid2d_isotropic_gaussian":
		k := c.S1 / c.S0
		return gaussian(g, c.C0[0], c.C0[1], c.S0, c.S0), gaussian(g, c.C1[0], c.C1[1], c.S1, c.S1),
			func(x, y float64) (float64, float64) { return c.C1[0] + k*(x-c.C0[0]), c.C1[1] + k*(y-c.C0[1]) }
	case "grid2d_translated_disc":
		return ellipse(g, c.Centre[0], c.Centre[1], c.Radius, nil),
			ellipse(g, c.Centre[0]+c.Shift[0], c.Centre[1]+c.Shift[1], c.Radius, nil),
			func(x, y float64) (float64, float64) { return x + c.Shift[0], y + c.Shift[1] }
	case "uniform_disc_to_ellipse":
		return ellipse(g, c.Centre[0], c.Centre[1], c.Radius, nil), ellipse(g, c.Centre[0], c.Centre[1], c.Radius, c.A),
			func(x, y float64) (float64, float64) {
				x, y = x-c.Centre[0], y-c.Centre[1]
				return c.Centre[0] + c.A[0][0]*x + c.A[0][1]*y, c.Centre[1] + c.A[1][0]*x + c.A[1][1]*y
			}
	}
	panic(c.Kind)
}

// gaussian is a normal law's mass in every cell, which is a product.
func gaussian(g Grid, cx, cy, sx, sy float64) []float64 {
	part := func(a Axis, c, s float64) []float64 {
		v := make([]float64, a.Cells)
		for i := range v {
			lo, hi := (a.Center(i)-a.Step()/2-c)/s, (a.Center(i)+a.Step()/2-c)/s
			// On the side where the tail is small, without cancellation.
			if lo > 0 {
				lo, hi = -hi, -lo
			}
			v[i] = (math.Erfc(-hi/math.Sqrt2) - math.Erfc(-lo/math.Sqrt2)) / 2
		}
		return v
	}
	return product(g, part(g.X, cx, sx), part(g.Y, cy, sy))
}

func product(g Grid, x, y []float64) []float64 {
	v := make([]float64, 0, g.Len())
	for _, p := range x {
		for _, q := range y {
			v = append(v, p*q)
		}
	}
	return normal(v)
}

func normal(v []float64) []float64 {
	var s float64
	for _, x := range v {
		s += x
	}
	for k := range v {
		v[k] /= s
	}
	return v
}

// sampled averages f over 8 × 8 points of every cell.
func sampled(g Grid, f func(x, y float64) float64) []float64 {
	const m = 8
	v := make([]float64, g.Len())
	for k := range v {
		for s := range m * m {
			x := g.X.Center(k/g.Y.Cells) + g.X.Step()*((float64(s/m)+0.5)/m-0.5)
			y := g.Y.Center(k%g.Y.Cells) + g.Y.Step()*((float64(s%m)+0.5)/m-0.5)
			v[k] += f(x, y)
		}
	}
	return normal(v)
}

// ellipse is uniform on the image of a disc under A (nil: the disc).
func ellipse(g Grid, cx, cy, radius float64, A [][]float64) []float64 {
	if A == nil {
		A = [][]float64{{1, 0}, {0, 1}}
	}
	det := A[0][0]*A[1][1] - A[0][1]*A[1][0]
	return sampled(g, func(x, y float64) float64 {
		x, y = x-cx, y-cy
		if math.Hypot(A[1][1]*x-A[0][1]*y, A[0][0]*y-A[1][0]*x) <= det*radius {
			return 1
		}
		return 0
	})
}

// mapError is the root mean square over mu of |T − want|.
func mapError(m *Map, mu []float64, want func(x, y float64) (float64, float64)) float64 {
	var s float64
	for k, w := range mu {
		x, y := m.Grid.X.Center(k/m.Grid.Y.Cells), m.Grid.Y.Center(k%m.Grid.Y.Cells)
		p, q := want(x, y)
		s += w * (sq(x+m.U[k]-p) + sq(y+m.V[k]-q))
	}
	return math.Sqrt(s)
}

func sq(x float64) float64 { return x * x }

func run(t testing.TB, g Grid, mu, nu []float64, options ...Option) *Result {
	t.Helper()
	r, err := BackAndForth(g, mu, nu, options...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestClosedForms(t *testing.T) {
	// Errors of W2² relative, of the map in the unit of lengths.
	bounds := map[string]struct{ cost, maps, inverse float64 }{
		"grid2d_isotropic_gaussian": {4e-5, 4e-4, 4e-4},
		"grid2d_translated_disc":    {5e-4, 2e-3, 2e-3},
		"uniform_disc_to_ellipse":   {2e-2, 2e-3, 2e-3},
	}
	g := Box(128, 128, 1, 1)
	for k, c := range closedForms(t) {
		t.Run(fmt.Sprintf("%s/%d", c.Kind, k), func(t *testing.T) {
			mu, nu, T := c.problem(g)
			r := run(t, g, mu, nu)
			t.Logf("W2² off by %.1e, primal by %.1e, map %.1e, residual %.1e, %d iterations",
				r.W2Squared/c.W2sq-1, r.Primal/c.W2sq-1, mapError(r.Map, mu, T), r.Residual, r.Iterations)
			b := bounds[c.Kind]
			if !(math.Abs(r.W2Squared/c.W2sq-1) <= b.cost) {
				t.Errorf("W2² = %.9f, want %.9f (off by %.2e)", r.W2Squared, c.W2sq, r.W2Squared/c.W2sq-1)
			}
			if e := mapError(r.Map, mu, T); !(e <= b.maps) {
				t.Errorf("the map is off by %.2e", e)
			}
			// T⁻¹(T(x)) = x.
			back := mapError(r.Inverse, nu, func(x, y float64) (float64, float64) { return x, y })
			if math.Abs(back-math.Sqrt(c.W2sq)) > 5e-3*math.Sqrt(c.W2sq)+b.inverse {
				t.Errorf("the inverse goes %.6f, want W2 = %.6f", back, math.Sqrt(c.W2sq))
			}
		})
	}
}
