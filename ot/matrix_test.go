package ot

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// checkMatrixResult verifies a result against its matrix alone.
func checkMatrixResult(t testing.TB, r *Result, c []float64, n, m int, a, b []float64) {
	t.Helper()
	if len(r.Plan) > n+m-1 {
		t.Errorf("the plan has %d entries, want at most n+m−1 = %d", len(r.Plan), n+m-1)
	}
	wa, wb := normalized(a, n), normalized(b, m)
	rowSum, colSum := make([]accumulator, n), make([]accumulator, m)
	var primal, dual accumulator
	for _, e := range r.Plan {
		rowSum[e.I].add(e.Mass)
		colSum[e.J].add(e.Mass)
		primal.add(e.Mass * c[e.I*m+e.J])
	}
	for i := range rowSum {
		near(t, fmt.Sprint("mass of row ", i), rowSum[i].value(), wa[i], 3e-16*wa[i]+2.5e-16)
		if wa[i] > 0 {
			dual.add(wa[i] * r.F[i])
		}
	}
	for j := range colSum {
		near(t, fmt.Sprint("mass of column ", j), colSum[j].value(), wb[j], 3e-16*wb[j]+2.5e-16)
		if wb[j] > 0 {
			dual.add(wb[j] * r.G[j])
		}
	}
	near(t, "cost of the plan", r.Cost, primal.value(), 1e-14*r.Scale)
	near(t, "value of the potentials", r.Dual(), dual.value(), 1e-13*r.Scale)
	for i := range n {
		for j := range m {
			if v := r.F[i] + r.G[j] - c[i*m+j]; !(v <= 1e-14*r.Scale) {
				t.Fatalf("the potentials violate the constraint of row %d, column %d by %v (scale %v)", i, j, v, r.Scale)
			}
		}
	}
	if r.Status == Optimal && !(math.Abs(r.Gap) <= 1e-14*r.Scale) {
		t.Errorf("gap %v, scale %v", r.Gap, r.Scale)
	}
}

func TestMatricesOfAllKinds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	kinds := map[string]func(i, j int) float64{
		"normal":        func(i, j int) float64 { return r.NormFloat64() },
		"all negative":  func(i, j int) float64 { return -1 - r.Float64() },
		"all equal":     func(i, j int) float64 { return -2 },
		"zeros":         func(i, j int) float64 { return 0 },
		"two values":    func(i, j int) float64 { return float64(r.IntN(2)) },
		"tiny":          func(i, j int) float64 { return 1e-300 * r.NormFloat64() },
		"huge":          func(i, j int) float64 { return 1e300 * r.NormFloat64() },
		"many decades":  func(i, j int) float64 { return math.Pow(10, 20*r.Float64()-10) },
		"whole numbers": func(i, j int) float64 { return float64((i * j) % 7) },
		"product":       func(i, j int) float64 { return -float64(i * j) },
	}
	for name, kind := range kinds {
		for _, size := range [][2]int{{1, 1}, {1, 9}, {9, 1}, {6, 6}, {5, 40}, {40, 7}, {90, 90}, {130, 60}} {
			n, m := size[0], size[1]
			c := make([]float64, n*m)
			for k := range c {
				c[k] = kind(k/m, k%m)
			}
			a, b := exponentials(n, r), exponentials(m, r)
			a[r.IntN(n)] = 0
			if n == 1 {
				a[0] = 1
			}
			a, b = normalized(a, n), normalized(b, m)
			for _, w := range []struct{ a, b []float64 }{{nil, nil}, {a, b}} {
				res, err := SolveMatrix(c, n, m, w.a, w.b)
				if err != nil {
					t.Fatalf("%s, %d × %d: %v", name, n, m, err)
				}
				t.Run(fmt.Sprintf("%s %dx%d", name, n, m), func(t *testing.T) { checkMatrixResult(t, res, c, n, m, w.a, w.b) })
				if res.Cost >= 0 && (res.W(1) != res.Cost || res.W(2) != math.Sqrt(res.Cost)) {
					t.Errorf("W of a matrix with the cost %v is %v for order 1, %v for 2", res.Cost, res.W(1), res.W(2))
				}
				for _, limit := range []int{1, 5, 40} {
					res, err := SolveMatrix(c, n, m, w.a, w.b, WithLimit(limit))
					if res == nil || err != nil && !errors.Is(err, ErrLimit) {
						t.Fatal(err)
					}
					checkMatrixResult(t, res, c, n, m, w.a, w.b)
				}
			}
		}
	}
}

func TestAMatrixOfDistancesIsTheCloud(t *testing.T) {
	x, y := doubleWell(120, 1), gauss(170, 2, 0.5, 2)
	for _, cost := range []Cost{SquaredEuclidean, Euclidean, CityBlock, SquaredEuclidean.OnTorus(3)} {
		want := solve(t, x, y, cost)
		for _, flip := range []bool{false, true} {
			x, y := x, y
			if flip {
				x, y = y, x
			}
			res, err := SolveMatrix(costMatrix(x, y, cost), x.Len(), y.Len(), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			near(t, cost.String(), res.Cost, want.Cost, 1e-13*want.Scale)
		}
	}
}

func costMatrix(x, y Points, cost Cost) []float64 {
	c := make([]float64, 0, x.Len()*y.Len())
	for i := range x.Len() {
		for j := range y.Len() {
			c = append(c, plainCost(x.At(i), y.At(j), cost))
		}
	}
	return c
}

func TestWrongMatricesAreNamed(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for _, c := range []struct {
		c    []float64
		n, m int
		a, b []float64
		want string
	}{
		{[]float64{1, 2, 3, 4, 5, nan}, 2, 3, nil, nil, "the cost of row 1, column 2 is NaN"},
		{[]float64{1, 2, inf, 4, 5, nan}, 3, 2, nil, nil, "the cost of row 1, column 0 is -Inf"},
		{[]float64{1, 2, 3}, 2, 2, nil, nil, "3 costs for 2 rows and 2 columns, want 4"},
		{nil, 0, 2, nil, nil, "a matrix of 0 × 2 costs"},
		{nil, 2, -1, nil, nil, "a matrix of 2 × -1 costs"},
		{[]float64{1, 2}, 2, 1, []float64{1, nan}, nil, "weight a[1] is NaN"},
		{[]float64{1, 2}, 1, 2, nil, []float64{1, -1}, "weight b[1] is -1"},
		{[]float64{1, 2}, 1, 2, []float64{1}, []float64{1, 1}, "want equal totals"},
	} {
		if _, err := SolveMatrix(c.c, c.n, c.m, c.a, c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
}
