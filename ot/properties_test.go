package ot

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func solve(t testing.TB, x, y Points, cost Cost) *Result {
	t.Helper()
	r, err := Solve(x, y, nil, nil, cost)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryPermutationIsAtLeastAsDear(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for n := 1; n <= 8; n++ {
		for _, d := range []int{1, 2, 3, 5} {
			for _, cost := range []Cost{SquaredEuclidean, Euclidean, CityBlock, SquaredEuclidean.OnTorus(2), Euclidean.OnTorus(1.5)} {
				x, y := randomPoints(n, d, r), randomPoints(n, d, r)
				if r.IntN(3) == 0 { // ties
					for i := range x.X {
						x.X[i], y.X[i] = math.Round(x.X[i]), math.Round(y.X[i])
					}
				}
				want := bestPermutation(x, y, cost)
				for _, method := range []Method{Automatic, ColumnGeneration, SmallSide, Auction} {
					res, err := Solve(x, y, nil, nil, cost, WithMethod(method))
					if err != nil {
						t.Fatal(err)
					}
					checkResult(t, res, x, y, nil, nil, cost)
					near(t, fmt.Sprintf("n = %d, d = %d, %v, %v", n, d, cost, method), res.Cost, want, 1e-13*res.Scale)
					if res, err = SolveMatrix(costMatrix(x, y, cost), n, n, nil, nil, WithMethod(method)); err != nil {
						t.Fatal(err)
					}
					near(t, fmt.Sprintf("matrix, n = %d, d = %d, %v, %v", n, d, cost, method), res.Cost, want, 1e-13*res.Scale)
				}
			}
		}
	}
}

func randomPoints(n, d int, r *rand.Rand) Points {
	x := make([]float64, n*d)
	for i := range x {
		x[i] = 2 * r.NormFloat64()
	}
	return NewPoints(x, d)
}

// bestPermutation tries all.
func bestPermutation(x, y Points, cost Cost) float64 {
	n := x.Len()
	used := make([]bool, n)
	best := math.Inf(1)
	var try func(i int, sum float64)
	try = func(i int, sum float64) {
		if sum >= best {
			return
		}
		if i == n {
			best = sum
			return
		}
		for j := range n {
			if !used[j] {
				used[j] = true
				try(i+1, sum+plainCost(x.At(i), y.At(j), cost))
				used[j] = false
			}
		}
	}
	try(0, 0)
	return best / float64(n)
}

func mapped(p Points, f func(x []float64)) Points {
	q := NewPoints(append([]float64(nil), p.X...), p.Dim)
	for i := range q.Len() {
		f(q.At(i))
	}
	return q
}

func TestSymmetry(t *testing.T) {
	x, y := doubleWell(150, 1), gauss(210, 2, 1, 2)
	for _, cost := range []Cost{SquaredEuclidean, Euclidean, SquaredEuclidean.OnTorus(3, 0)} {
		near(t, cost.String(), solve(t, x, y, cost).Cost, solve(t, y, x, cost).Cost, 1e-13)
	}
}

func TestTriangleInequality(t *testing.T) {
	a, b, c := doubleWell(100, 1), gauss(130, 2, 0.5, 2), gauss(90, 2, -0.5, 3)
	for _, cost := range []Cost{SquaredEuclidean, Euclidean, CityBlock, SquaredEuclidean.OnTorus(2.5)} {
		p := float64(cost.Power())
		ab, bc, ac := solve(t, a, b, cost).W(p), solve(t, b, c, cost).W(p), solve(t, a, c, cost).W(p)
		if ac > ab+bc || ab > ac+bc || bc > ab+ac {
			t.Errorf("%v: %v, %v, %v", cost, ab, bc, ac)
		}
	}
}

func TestTranslationAddsItsSquare(t *testing.T) {
	x, y := doubleWell(200, 1), doubleWell(120, 2)
	base := solve(t, x, y, SquaredEuclidean).Cost
	mx, my := means(x), means(y)
	for _, s := range []float64{0, 1e-3, 10, 1e6} {
		moved := mapped(y, func(p []float64) { p[0] += s; p[1] -= 2 * s })
		mm := means(moved)
		want := base
		for k := range mm {
			want += (mm[k]-mx[k])*(mm[k]-mx[k]) - (my[k]-mx[k])*(my[k]-mx[k])
		}
		res := solve(t, x, moved, SquaredEuclidean)
		checkResult(t, res, x, moved, nil, nil, SquaredEuclidean)
		near(t, fmt.Sprint("moved by ", s), res.Cost, want, 1e-12*want)
	}
}

func means(p Points) []float64 {
	m := make([]float64, p.Dim)
	for i, v := range p.X {
		m[i%p.Dim] += v / float64(p.Len())
	}
	return m
}

func TestScalingAndRotation(t *testing.T) {
	x, y := doubleWell(200, 1), gauss(130, 2, 0.3, 2)
	for _, cost := range []Cost{SquaredEuclidean, Euclidean} {
		base := solve(t, x, y, cost)
		for _, s := range []float64{1e-9, 1e-7, 1e9, 1e-140, 1e140, 1e-150} {
			f := func(p []float64) { p[0] *= s; p[1] *= s }
			res := solve(t, mapped(x, f), mapped(y, f), cost)
			p := float64(cost.Power())
			want := base.W(p) * s
			near(t, fmt.Sprint(cost, " × ", s), res.W(p), want, 1e-13*want)
			if !res.Certified() {
				t.Errorf("%v × %v: gap %v of %v", cost, s, res.Gap, res.Cost)
			}
		}
		sin, cos := math.Sincos(1)
		turn := func(p []float64) { p[0], p[1] = cos*p[0]-sin*p[1], sin*p[0]+cos*p[1] }
		near(t, "turned", solve(t, mapped(x, turn), mapped(y, turn), cost).Cost, base.Cost, 1e-13)
	}
}

func TestATorusIsSeamless(t *testing.T) {
	x, y := gauss(80, 2, 0, 1), gauss(110, 2, 0.4, 2)
	cost := SquaredEuclidean.OnTorus(5, 7)
	base := solve(t, x, y, cost)
	r := rand.New(rand.NewPCG(1, 1))
	shifted := func(p Points) Points {
		return mapped(p, func(v []float64) {
			v[0] += 2.2 + 5*float64(r.IntN(7)-3)
			v[1] += -3.1 + 7*float64(r.IntN(7)-3)
		})
	}
	near(t, "moved across the seam", solve(t, shifted(x), shifted(y), cost).Cost, base.Cost, 1e-12)
	near(t, "one period for all", solve(t, x, y, SquaredEuclidean.OnTorus(6)).Cost, solve(t, x, y, SquaredEuclidean.OnTorus(6, 6)).Cost, 0)
	near(t, "no period at all", solve(t, x, y, SquaredEuclidean.OnTorus(0, 0)).Cost, solve(t, x, y, SquaredEuclidean).Cost, 0)
	near(t, "periods that are wide", solve(t, x, y, SquaredEuclidean.OnTorus(100, 0)).Cost, solve(t, x, y, SquaredEuclidean).Cost, 1e-12)
}

func TestTorusCut(t *testing.T) {
	var list []map[string]any
	readJSON(t, "closed.json", &list)
	for _, in := range list {
		if in["kind"] != "torus_cut_invariance" {
			continue
		}
		cloud := func(name string) Points {
			var x []float64
			for _, p := range in[name].([]any) {
				x = append(x, p.([]any)[0].(float64), p.([]any)[1].(float64))
			}
			return NewPoints(x, 2)
		}
		res := solve(t, cloud("X"), cloud("Y"), SquaredEuclidean.OnTorus(in["period"].(float64)))
		near(t, "W2² across the cut", res.Cost, in["value"].(float64), 1e-10)
		return
	}
	t.Error("no instance found")
}

func TestSplittingWeightsChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	x, y := randomPoints(40, 2, r), randomPoints(60, 2, r)
	a, b := normalized(exponentials(40, r), 40), normalized(exponentials(60, r), 60)
	res, err := Solve(x, y, a, b, SquaredEuclidean)
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, res, x, y, a, b, SquaredEuclidean)
	// Every x twice with half its weight, and one more without any.
	var twice, half []float64
	for i := range x.Len() {
		twice = append(append(twice, x.At(i)...), x.At(i)...)
		half = append(half, a[i]/2, a[i]/2)
	}
	twice, half = append(twice, 100, 100), append(half, 0)
	split, err := Solve(NewPoints(twice, 2), y, half, b, SquaredEuclidean)
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, split, NewPoints(twice, 2), y, half, b, SquaredEuclidean)
	near(t, "split", split.Cost, res.Cost, 1e-13)
	// Totals other than one mean the same laws.
	for i := range a {
		a[i] *= 3
	}
	for j := range b {
		b[j] *= 3
	}
	scaled, err := Solve(x, y, a, b, SquaredEuclidean)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "weights × 3", scaled.Cost, res.Cost, 1e-13)
}

func TestResultsDoNotDependOnTheRun(t *testing.T) {
	x, y := doubleWell(400, 1), doubleWell(700, 2)
	first := solve(t, x, y, SquaredEuclidean)
	for range 3 {
		if again := solve(t, x, y, SquaredEuclidean); !reflect.DeepEqual(first, again) {
			t.Fatal("two runs differ")
		}
	}
}

func TestBoxTreeFindsWhatASweepFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, d := range []int{1, 2, 3, 8} {
		for _, met := range []metric{{kind: squaredEuclidean}, {kind: euclidean}, {kind: cityBlock}, {kind: squaredEuclidean, period: []float64{3, 0, 2, 1, 5, 1, 1, 4}}} {
			met.dim = d
			if met.period != nil {
				met.period = met.period[:d]
			}
			for _, n := range []int{1, 7, 8, 9, 100, 333} {
				cloud := func(n int) []float64 {
					x := randomPoints(n, d, r).X
					if met.period != nil {
						wrapAll(x, met.period)
					}
					return x
				}
				raw := cloud(n)
				var x []float64
				for _, i := range kdOrder(raw, d) {
					x = append(x, raw[int(i)*d:][:d]...)
				}
				tree := newBoxTree(&met, x)
				w := randomPoints(n, 1, r).X
				steep := math.Pow(10, 4*r.Float64())
				if n%2 == 1 { // an affine function, and little else
					for i := range w {
						w[i] *= 1e-6
						for _, v := range x[i*d:][:d] {
							w[i] += steep * v
						}
					}
				}
				tree.setWeights(w)
				for range 30 {
					y := cloud(1)
					best := math.Inf(1)
					for i := range n {
						best = min(best, met.between(x[i*d:][:d], y)+w[i])
					}
					i, v := tree.nearest(y, math.Inf(1))
					if v != best || met.between(x[i*d:][:d], y)+w[i] != best {
						t.Fatalf("d = %d, n = %d: nearest gives %v at %d, a sweep %v", d, n, v, i, best)
					}
					few := make([]found, 5)
					k, _ := tree.nearestFew(y, math.Inf(1), few)
					if k != min(5, n) || few[0].value != best {
						t.Fatalf("d = %d, n = %d: the best of few is %v, a sweep gives %v", d, n, few[0], best)
					}
					if i, _ := tree.nearest(y, best); i != -1 {
						t.Fatalf("a point below the least")
					}
				}
			}
		}
	}
}

func TestWrongInputIsNamed(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	p := func(x ...float64) Points { return NewPoints(x, 2) }
	for _, c := range []struct {
		x, y Points
		a, b []float64
		cost Cost
		want string
	}{
		{p(1, 2, 3, nan), p(1, 2), nil, nil, SquaredEuclidean, "x[1][1] is NaN"},
		{p(1, 2), p(1, 2, inf, 0), nil, nil, SquaredEuclidean, "y[1][0] is -Inf"},
		{p(), p(1, 2), nil, nil, SquaredEuclidean, "x is empty"},
		{p(1, 2), p(), nil, nil, SquaredEuclidean, "y is empty"},
		{p(1, 2), NewPoints([]float64{1, 2, 3}, 3), nil, nil, SquaredEuclidean, "x has dimension 2 and y 3"},
		{Points{X: []float64{1, 2, 3}, Dim: 2}, p(1, 2), nil, nil, SquaredEuclidean, "dimension 2 does not divide"},
		{Points{X: []float64{1}}, p(1, 2), nil, nil, SquaredEuclidean, "x has dimension 0"},
		{p(1, 2, 3, 4), p(1, 2), []float64{1, -0.5}, nil, SquaredEuclidean, "weight a[1] is -0.5"},
		{p(1, 2), p(1, 2), nil, []float64{nan}, SquaredEuclidean, "weight b[0] is NaN"},
		{p(1, 2), p(1, 2), nil, []float64{1, 2}, SquaredEuclidean, "2 weights b for 1 points"},
		{p(1, 2), p(1, 2), []float64{0}, nil, SquaredEuclidean, "the weights a sum to 0"},
		{p(1, 2), p(1, 2), []float64{1}, []float64{1 + 1e-6}, SquaredEuclidean, "want equal totals"},
		{p(1, 2), p(1, 2), nil, nil, SquaredEuclidean.OnTorus(1, 2, 3), "3 periods for points of dimension 2"},
		{p(1, 2), p(1, 2), nil, nil, SquaredEuclidean.OnTorus(1, -2), "period 1 is -2"},
		{p(1e200, 2), p(-1e200, 2), nil, nil, SquaredEuclidean, "overflows"},
	} {
		_, err := Solve(c.x, c.y, c.a, c.b, c.cost)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	for want, err := range map[string]error{
		"x[1][0] is NaN": second(LineCost([]float64{0, nan}, []float64{0}, nil, nil, 2)),
		"order p is 0.5": second(LineCost([]float64{0}, []float64{0}, nil, nil, 0.5)),
		"y[0][0] is":     second(CircleW2([]float64{0}, []float64{inf}, 1)),
		"the period is":  second(CircleW2([]float64{0}, []float64{0}, 0)),
		"x is empty":     second(QuantileW2(nil, normalQuantile)),
		"is NaN at":      second(QuantileW2([]float64{0}, func(float64) float64 { return nan })),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	for want, f := range map[string]func(float64) float64{
		"is NaN at":     func(float64) float64 { return nan },
		"is -1 at":      func(float64) float64 { return -1 },
		"integrates to": func(float64) float64 { return 0 },
	} {
		if _, err := NewDensity(f, 0, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	if !math.IsNaN(first(W2(p(nan, 1), p(1, 2)))) {
		t.Error("W2 with an error should give NaN")
	}
}

func first(v float64, _ error) float64  { return v }
func second(_ float64, err error) error { return err }

func TestRootAndSquareAreNotConfused(t *testing.T) {
	x, y := doubleWell(50, 1), doubleWell(50, 2)
	s, err := W2Squared(x, y)
	if err != nil {
		t.Fatal(err)
	}
	w, err := W2(x, y)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "W2", w, math.Sqrt(s), 0)
	defer func() {
		if recover() == nil {
			t.Error("W2 of a transport that paid distances, not squares, should panic")
		}
	}()
	solve(t, x, y, Euclidean).W2()
}

func TestNoiseFloor(t *testing.T) {
	draw := func(n int, seed uint64) (Points, error) { return doubleWell(n, seed), nil }
	f, err := NoiseFloor(60, 200, 40, 1, draw, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := NoiseFloor(60, 200, 40, 1, draw, W2)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f, again) {
		t.Error("the same seed gave another floor")
	}
	other, _ := NoiseFloor(60, 200, 40, 2, draw, nil)
	if reflect.DeepEqual(f.Values, other.Values) {
		t.Error("another seed gave the same floor")
	}
	// Two floors of one law agree; a moved cloud stands out.
	if z := math.Abs(f.Mean-other.Mean) / (f.Std * math.Sqrt(2.0/40)); z > 5 {
		t.Errorf("means %v and %v are %v standard errors apart", f.Mean, other.Mean, z)
	}
	w, _ := W2(doubleWell(60, 5), mapped(doubleWell(200, 6), func(p []float64) { p[0]++ }))
	if p := f.PValue(w); p != 1.0/41 {
		t.Errorf("p-value %v of a moved cloud, want 1/41", p)
	}
	if f.Quantile(0) > f.Quantile(0.5) || f.Quantile(0.5) > f.Quantile(1) || f.PValue(0) != 1 || f.Z(f.Mean) != 0 {
		t.Error("quantiles and p-values out of order")
	}
	g := NewFloor([]float64{3, 1, 2, 5, 4})
	near(t, "mean", g.Mean, 3, 0)
	near(t, "std", g.Std, math.Sqrt(2.5), 1e-15)
	near(t, "quantile", g.Quantile(0.1), 1.4, 1e-15)
	bad := errors.New("no draw")
	if _, err := NoiseFloor(1, 1, 3, 0, func(int, uint64) (Points, error) { return Points{}, bad }, nil); !errors.Is(err, bad) {
		t.Errorf("error %v, want %v", err, bad)
	}
	if _, err := NoiseFloor(0, 1, 3, 0, draw, nil); err == nil {
		t.Error("no error for an empty draw")
	}
}
