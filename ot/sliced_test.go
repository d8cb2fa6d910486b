package ot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestSlicedValuesOfOtherPrograms(t *testing.T) {
	var list []struct {
		Name   string
		Values map[string]float64
		Rtol   float64
	}
	readJSON(t, "sliced.json", &list)
	if len(list) != 3 {
		t.Fatalf("%d instances, want 3", len(list))
	}
	for _, in := range list {
		v := readArrays(t, in.Name+".npz")
		d := v["X"].Shape[1]
		columns := v["P"].Data // [d][L]
		n := len(columns) / d
		directions := make([]float64, len(columns))
		for k := range n {
			for i := range d {
				directions[k*d+i] = columns[i*n+k]
			}
		}
		s, err := SlicedCost(NewPoints(v["X"].Data, d), NewPoints(v["Y"].Data, d), nil, nil, 2, NewPoints(directions, d))
		if err != nil {
			t.Fatal(err)
		}
		near(t, in.Name, s.W(), in.Values["SW2"], in.Rtol*in.Values["SW2"])
		near(t, in.Name+", max", s.MaxW(), in.Values["max_over_given"], in.Rtol*in.Values["max_over_given"])
	}
}

func TestEachSliceIsTheLineCostOfTheProjections(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	for _, c := range []struct{ n, m, d int }{{1, 1, 1}, {30, 30, 2}, {20, 45, 3}, {100, 64, 20}, {1000, 1000, 2}} {
		x, y := gauss(c.n, c.d, 0, 1), gauss(c.m, c.d, 0.5, 2)
		a, b := exponentials(c.n, r), exponentials(c.m, r)
		if c.n > 4 {
			a[3] = 0
		}
		a, b = normalized(a, c.n), normalized(b, c.m)
		directions := Directions(18, c.d, 5) // in blocks of 8, 8 and 2
		for _, p := range []float64{1, 1.5, 2, 3} {
			for _, w := range [][2][]float64{{nil, nil}, {a, nil}, {a, b}} {
				s, err := SlicedCost(x, y, w[0], w[1], p, directions)
				if err != nil {
					t.Fatal(err)
				}
				for k, got := range s.Costs {
					want := first(LineCost(project(x, directions.At(k)), project(y, directions.At(k)), w[0], w[1], p))
					if got != want {
						t.Fatalf("%d against %d points, direction %d, p = %v: %v, want %v", c.n, c.m, k, p, got, want)
					}
				}
			}
		}
	}
}

func project(p Points, direction []float64) []float64 {
	out := make([]float64, p.Len())
	for i := range out {
		for k, v := range p.At(i) {
			out[i] = math.FMA(direction[k], v, out[i])
		}
	}
	return out
}

func TestSlicedDistanceOfATranslationAveragesItsSquaredComponent(t *testing.T) {
	for _, d := range []int{1, 2, 3, 10} {
		x := gauss(50, d, 0, 1)
		y := NewPoints(slices.Clone(x.X), d)
		for i := range y.X {
			if i%d == 0 {
				y.X[i] += 3
			}
		}
		const n = 4000
		s, err := SlicedCost(x, y, nil, nil, 2, Directions(n, d, 1))
		if err != nil {
			t.Fatal(err)
		}
		// (θ·t)²/|t|² has the mean 1/d and the variance 2(d−1)/(d²(d+2)) on the sphere.
		D := float64(d)
		want := 9 * math.Sqrt(2*(D-1)/(D*D*(D+2))/n)
		near(t, "standard error", s.StdErr, want, 0.1*want+1e-12)
		near(t, "mean", s.Mean, 9/D, 4*want+1e-12)
		near(t, "relative errors", s.WStdErr()/s.W(), s.StdErr/s.Mean/2, 1e-14)
	}
}

func TestSlicedDistanceIsBelowTheDistance(t *testing.T) {
	x, y := doubleWell(200, 1), gauss(150, 2, 0.4, 2)
	s, err := SlicedCost(x, y, nil, nil, 2, Directions(60, 2, 3))
	if err != nil {
		t.Fatal(err)
	}
	w := first(W2(x, y))
	if !(s.W() < s.MaxW() && s.MaxW() < w) {
		t.Errorf("sliced %v, greatest slice %v, W2 %v: want them in this order", s.W(), s.MaxW(), w)
	}
	if got := first(SlicedW2(x, y, 60, 3)); got != s.W() {
		t.Errorf("SlicedW2 is %v, SlicedCost's %v", got, s.W())
	}
	if got := first(SlicedW2Squared(x, y, 60, 3)); got != s.Mean {
		t.Errorf("SlicedW2Squared is %v, SlicedCost's %v", got, s.Mean)
	}
}

func TestDirectionsAreUniformAndEachOneASeedsOwn(t *testing.T) {
	const n, d = 20000, 3
	v := Directions(n, d, 9)
	if few := Directions(7, d, 9); !slices.Equal(few.X, v.X[:7*d]) {
		t.Error("the first 7 directions depend on how many follow")
	}
	if other := Directions(7, d, 10); slices.Equal(other.X, v.X[:7*d]) {
		t.Error("another seed gives the same directions")
	}
	var mean [d]float64
	var second [d][d]float64
	for k := range n {
		u := v.At(k)
		var s float64
		for i, p := range u {
			s += p * p
			mean[i] += p / n
			for j, q := range u {
				second[i][j] += p * q / n
			}
		}
		near(t, "length", s, 1, 4*epsilon)
	}
	for i := range d {
		near(t, "mean", mean[i], 0, 4/math.Sqrt(d*n))
		for j := range d {
			want := 0.0
			if i == j {
				want = 1.0 / d
			}
			near(t, "second moment", second[i][j], want, 4*0.3/math.Sqrt(n))
		}
	}
}

func TestSlicedCostDoesNotDependOnThreads(t *testing.T) {
	x, y := gauss(100, 4, 0, 1), gauss(77, 4, 0.2, 2)
	v := Directions(50, 4, 1)
	s, err := SlicedCost(x, y, nil, nil, 1.5, v)
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err := SlicedCost(x, y, nil, nil, 1.5, v)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Costs, one.Costs) || s.Mean != one.Mean || s.StdErr != one.StdErr {
		t.Errorf("on one thread %v ± %v, on several %v ± %v", one.Mean, one.StdErr, s.Mean, s.StdErr)
	}
}

func TestSlicedCostSaysWhatIsWrong(t *testing.T) {
	x, y := gauss(5, 2, 0, 1), gauss(6, 2, 0, 2)
	bad := NewPoints([]float64{1, 0, math.NaN(), 1}, 2)
	unit := Directions(3, 2, 1)
	long := NewPoints([]float64{0, 1, 0.8, 0.7}, 2)
	for _, c := range []struct {
		err  error
		want string
	}{
		{third(SlicedCost(bad, y, nil, nil, 2, unit)), "x[1][0] is NaN"},
		{third(SlicedCost(x, gauss(5, 3, 0, 1), nil, nil, 2, unit)), "dimension 2 and y 3"},
		{third(SlicedCost(x, y, nil, nil, 2, Directions(3, 3, 1))), "directions have dimension 3"},
		{third(SlicedCost(x, y, nil, nil, 2, long)), "direction 1 has length 1.06"},
		{third(SlicedCost(x, y, nil, nil, 0.5, unit)), "order p is 0.5"},
		{third(SlicedCost(x, y, []float64{1, 1, -1, 1, 1}, nil, 2, unit)), "weight a[2] is -1"},
		{second(SlicedW2(x, y, 0, 1)), "0 projections"},
		{second(SlicedW2(NewPoints(nil, 2), y, 5, 1)), "x is empty"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", c.err, c.want)
		}
	}
}

func third[T any](_ T, err error) error { return err }

func BenchmarkSlicedW2(b *testing.B) {
	for _, c := range []struct{ n, m, d, projections int }{
		{1000, 1000, 2, 50}, {1000, 1000, 66, 500}, {10000, 10000, 3, 100}, {600, 10000, 2, 100},
	} {
		b.Run(fmt.Sprintf("%dx%d/d=%d/%d", c.n, c.m, c.d, c.projections), func(b *testing.B) {
			x, y := gauss(c.n, c.d, 0, 1), gauss(c.m, c.d, 0.1, 2)
			for b.Loop() {
				if _, err := SlicedW2(x, y, c.projections, 1); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.projections*(c.n+c.m)), "ns/projection")
		})
	}
}
