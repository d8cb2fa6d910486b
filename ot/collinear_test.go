package ot

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPointsOnALineAreSorted(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 8))
	line := func(n int, from, along []float64) Points {
		x := make([]float64, 0, n*len(from))
		for range n {
			u := r.NormFloat64()
			for k := range from {
				x = append(x, from[k]+u*along[k])
			}
		}
		return NewPoints(x, len(from))
	}
	through, beside := []float64{0, 0, 0}, []float64{0, 4, -1}
	e := []float64{1, -2, 0.5}
	for _, c := range []struct {
		name   string
		x, y   Points
		cost   Cost
		sorted bool
	}{
		{"one line, squares", line(90, through, e), line(70, through, e), SquaredEuclidean, true},
		{"one line, distances", line(90, through, e), line(90, through, e), Euclidean, true},
		{"parallel lines, squares", line(90, through, e), line(70, beside, e), SquaredEuclidean, true},
		{"parallel lines, distances", line(90, through, e), line(70, beside, e), Euclidean, false},
		{"crossing lines", line(90, through, e), line(70, through, []float64{1, 2, 3}), SquaredEuclidean, false},
		{"a point against a line", line(1, beside, e), line(70, through, e), SquaredEuclidean, true},
		{"a torus", line(40, through, e), line(30, through, e), SquaredEuclidean.OnTorus(9), false},
		{"one place", line(9, beside, through), line(7, beside, through), SquaredEuclidean, false},
	} {
		got := solve(t, c.x, c.y, c.cost)
		checkResult(t, got, c.x, c.y, nil, nil, c.cost)
		if sorted := got.Method == Sorting.String(); sorted != c.sorted {
			t.Errorf("%s: solved by %s", c.name, got.Method)
		}
		want, err := Solve(c.x, c.y, nil, nil, c.cost, WithMethod(ColumnGeneration))
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name, got.Cost, want.Cost, 1e-13*want.Scale)
		if _, err := Solve(c.x, c.y, nil, nil, c.cost, WithMethod(Sorting)); (err == nil) != c.sorted {
			t.Errorf("%s: sorting by name gives the error %v", c.name, err)
		}
	}
}

// An outlier makes potentials large; the others' must keep their digits.
func TestSortedPotentialsKeepTheirDigits(t *testing.T) {
	x, y := gauss(500, 1, 0, 1), gauss(400, 1, 0.1, 2)
	x.X[7], y.X[9] = 1e7, 1e7
	r := solve(t, x, y, Euclidean)
	if !(math.Abs(r.RelativeGap()) <= 1e-13) {
		t.Errorf("relative gap %v", r.RelativeGap())
	}
}
