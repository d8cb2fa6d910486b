package ot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestAWarmStartLeadsToTheSameOptimumSooner(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, c := range []struct {
		name   string
		x, y   Points
		a, b   []float64
		cost   Cost
		method Method
	}{
		{"lists", doubleWell(700, 1), doubleWell(900, 2), nil, nil, SquaredEuclidean, ColumnGeneration},
		{"whole columns", doubleWell(200, 1), doubleWell(900, 2), nil, nil, SquaredEuclidean, SmallSide},
		{"weighted", doubleWell(600, 1), doubleWell(500, 2), exponentials(600, r), exponentials(500, r), SquaredEuclidean, ColumnGeneration},
		{"far", gauss(400, 2, 0, 1), gauss(400, 2, 1000, 2), nil, nil, SquaredEuclidean, ColumnGeneration},
		{"torus, distances", gauss(500, 2, 0, 1), gauss(500, 2, 1, 2), nil, nil, Euclidean.OnTorus(4, 0), ColumnGeneration},
		{"ten dimensions", gauss(300, 10, 0, 1), gauss(300, 10, 0.1, 2), nil, nil, SquaredEuclidean, SmallSide},
	} {
		if c.a != nil {
			c.a, c.b = normalized(c.a, len(c.a)), normalized(c.b, len(c.b))
		}
		solve := func(name string, x Points, o ...Option) *Result {
			res, err := Solve(x, c.y, c.a, c.b, c.cost, append(o, WithMethod(c.method))...)
			if err != nil {
				t.Fatalf("%s, %s: %v", c.name, name, err)
			}
			checkResult(t, res, x, c.y, c.a, c.b, c.cost)
			return res
		}
		cold := solve("cold", c.x)
		again := solve("again", c.x, WithWarmStart(cold.F, cold.G))
		near(t, c.name, again.Cost, cold.Cost, 1e-12*cold.Scale)
		// Uneven weights leave no arc of the tree empty, so each of the n + m − 1
		// enters once however good the potentials are.
		limit := cold.Pivots / 3
		if c.a != nil {
			limit = 3 * (len(c.a) + len(c.b)) / 2
		}
		if again.Pivots > limit {
			t.Errorf("%s: %d pivots from the optimal potentials, %d without", c.name, again.Pivots, cold.Pivots)
		}
		// Another problem of the same sizes.
		moved := mapped(c.x, func(p []float64) { p[0] += 1e-3 * p[1] })
		want := solve("moved", moved)
		warm := solve("moved, warm", moved, WithWarmStart(cold.F, cold.G))
		near(t, c.name+", moved", warm.Cost, want.Cost, 1e-12*want.Scale)
		if warm.Pivots >= want.Pivots {
			t.Errorf("%s, moved: %d pivots from the potentials before the move, %d without", c.name, warm.Pivots, want.Pivots)
		}
		// Bad potentials cost time, not truth.
		f, g := exponentials(c.x.Len(), r), exponentials(c.y.Len(), r)
		near(t, c.name+", misled", solve("misled", c.x, WithWarmStart(f, g)).Cost, cold.Cost, 1e-12*cold.Scale)
		// Nor does a limit.
		for _, limit := range []int{1, 100} {
			res, err := Solve(c.x, c.y, c.a, c.b, c.cost, WithWarmStart(f, g), WithLimit(limit), WithMethod(c.method))
			if res == nil {
				t.Fatal(err)
			}
			checkResult(t, res, c.x, c.y, c.a, c.b, c.cost)
		}
	}
}

func TestAMatrixStartsWarmToo(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 7))
	const n, m = 150, 220
	c := make([]float64, n*m)
	for k := range c {
		c[k] = r.NormFloat64()
	}
	cold, err := SolveMatrix(c, n, m, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	warm, err := SolveMatrix(c, n, m, nil, nil, WithWarmStart(cold.F, cold.G))
	if err != nil {
		t.Fatal(err)
	}
	checkMatrixResult(t, warm, c, n, m, nil, nil)
	near(t, "cost", warm.Cost, cold.Cost, 1e-14)
	if warm.Pivots > cold.Pivots/3 {
		t.Errorf("%d pivots, %d without", warm.Pivots, cold.Pivots)
	}
}

func TestWrongWarmStartsAreNamed(t *testing.T) {
	x, y := gauss(3, 2, 0, 1), gauss(2, 2, 0, 2)
	for want, o := range map[string]Option{
		"2 potentials f for 3 points": WithWarmStart(make([]float64, 2), make([]float64, 2)),
		"3 potentials g for 2 points": WithWarmStart(make([]float64, 3), make([]float64, 3)),
		"g[1] is NaN":                 WithWarmStart(make([]float64, 3), []float64{0, math.NaN()}),
		"f[0] is +Inf":                WithWarmStart([]float64{math.Inf(1), 0, 0}, make([]float64, 2)),
	} {
		if _, err := Solve(x, y, nil, nil, SquaredEuclidean, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

func TestThreadsChangeNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y Points
		cost Cost
	}{
		{"boxes", doubleWell(3000, 1), doubleWell(2500, 2), SquaredEuclidean},
		{"a table", gauss(400, 12, 0, 1), gauss(1500, 12, 0.1, 2), SquaredEuclidean},
		{"distances", gauss(1200, 2, 0, 1), gauss(2100, 2, 0.1, 2), Euclidean},
	} {
		for _, method := range []Method{ColumnGeneration, SmallSide} {
			var want *Result
			for _, n := range []int{1, 2, 7} {
				r, err := Solve(c.x, c.y, nil, nil, c.cost, WithThreads(n), WithMethod(method))
				if err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want = r
				} else if fmt.Sprint(r.Plan, r.F, r.G, r.Pivots) != fmt.Sprint(want.Plan, want.F, want.G, want.Pivots) {
					t.Errorf("%s, %v: %d threads give another result than one", c.name, method, n)
				}
			}
		}
	}
}
