package ot

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s: %.17g, want %.17g ± %.2g (off by %.3g)", what, got, want, tol, math.Abs(got-want))
	}
}

func TestLineCostsOfOtherPrograms(t *testing.T) {
	var list []struct {
		Name   string
		Values map[string]float64
		Rtol   float64
	}
	readJSON(t, "line.json", &list)
	for _, in := range list {
		v := readArrays(t, in.Name+".npz")
		for name, p := range map[string]float64{"W1^1": 1, "W2^2": 2, "W3^3": 3} {
			got, err := LineCost(v["x"].Data, v["y"].Data, v["a"].Data, v["b"].Data, p)
			if err != nil {
				t.Fatal(err)
			}
			near(t, in.Name+" "+name, got, in.Values[name], in.Rtol*in.Values[name])
		}
	}
}

func TestCircleAgreesWithTheGeneralSolver(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, c := range []struct{ n, m int }{{1, 1}, {1, 4}, {3, 3}, {7, 12}, {40, 40}, {30, 50}, {20, 20}} {
		for _, spread := range []float64{0.3, 1, 20} {
			draw := func(n int) []float64 {
				s := make([]float64, n)
				for i := range s {
					s[i] = spread * r.NormFloat64()
				}
				return s
			}
			x, y := draw(c.n), draw(c.m)
			var a, b []float64
			if c.n == 20 { // weighted, one point without mass
				a, b = normalized(exponentials(c.n, r), c.n), normalized(exponentials(c.m, r), c.m)
				a[4] += a[3]
				a[3] = 0
			}
			period := 2 * math.Pi
			res, err := Solve(NewPoints(x, 1), NewPoints(y, 1), a, b, SquaredEuclidean.OnTorus(period))
			if err != nil {
				t.Fatal(err)
			}
			got, err := CircleCost(x, y, a, b, period, 2)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "W2²", got, res.Cost, 1e-13)
			res, err = Solve(NewPoints(x, 1), NewPoints(y, 1), a, b, Euclidean.OnTorus(period))
			if err != nil {
				t.Fatal(err)
			}
			got, err = CircleCost(x, y, a, b, period, 1)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "W1", got, res.Cost, 1e-13)
		}
	}
}

func TestCircleValuesOfOtherPrograms(t *testing.T) {
	var list []instance
	readJSON(t, "exact.json", &list)
	seen := 0
	for _, in := range list {
		if in.D != 1 {
			continue
		}
		x, y, a, b, _ := in.load(t)
		var got float64
		var err error
		if in.Period > 0 {
			got, err = CircleCost(x.X, y.X, a, b, in.Period, 2)
			seen++
		} else {
			got, err = LineCost(x.X, y.X, a, b, 2)
		}
		if err != nil {
			t.Fatal(err)
		}
		near(t, in.Name, got, in.Value, in.Rtol*in.Value+in.Atol)
	}
	if seen != 2 {
		t.Errorf("%d instances on a circle, want 2", seen)
	}
}

func TestSortingAgreesWithTheSimplex(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, n := range []int{1, 2, 5, 30, 100} {
		x, y := make([]float64, n), make([]float64, 2*n+1)
		for i := range x {
			x[i] = math.Floor(20 * r.Float64())
		}
		for i := range y {
			y[i] = math.Floor(30 * r.Float64())
		}
		for _, cost := range []Cost{SquaredEuclidean, Euclidean, CityBlock} {
			res, err := Solve(NewPoints(x, 1), NewPoints(y, 1), nil, nil, cost)
			if err != nil {
				t.Fatal(err)
			}
			checkResult(t, res, NewPoints(x, 1), NewPoints(y, 1), nil, nil, cost)
			if res.Method != "sorting" {
				t.Errorf("solved by %s, want sorting", res.Method)
			}
			// A second coordinate that is the same everywhere calls for the simplex.
			flat := func(s []float64) Points {
				f := make([]float64, 0, 2*len(s))
				for _, v := range s {
					f = append(f, v, 1)
				}
				return NewPoints(f, 2)
			}
			plane, err := Solve(flat(x), flat(y), nil, nil, cost)
			if err != nil {
				t.Fatal(err)
			}
			near(t, cost.String(), res.Cost, plane.Cost, 1e-12*plane.Cost)
			line, err := LineCost(x, y, nil, nil, float64(cost.Power()))
			if err != nil {
				t.Fatal(err)
			}
			near(t, cost.String(), line, res.Cost, 1e-13*plane.Cost)
		}
	}
}

// exponentials are n positive weights of very different sizes.
func exponentials(n int, r *rand.Rand) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = r.ExpFloat64()
	}
	return w
}
