package ot

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

func TestLineCostOfAnyOrderIsTheMeanPowerOfSortedDifferences(t *testing.T) {
	x, y := gauss(500, 1, 0, 1).X, gauss(500, 1, 1, 2).X
	u, v := slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y))
	for _, p := range []float64{1, 1.5, 2, 2.25, 3, 4, 7, 12.75} {
		var want accumulator
		for i := range u {
			want.add(math.Pow(math.Abs(u[i]-v[i]), p) / 500)
		}
		got, err := LineCost(x, y, nil, nil, p)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "W_p^p", got, want.value(), 2e-15*(p+1)*want.value())
		pow, _ := newPower(p)
		near(t, "W_p", pow.root(got), math.Pow(got, 1/p), 1e-14*pow.root(got))
	}
}

func TestLineCostOfWeightsIsThatOfRepeatedPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{1, 2, 17, 400} {
		x, times := make([]float64, n), make([]float64, n)
		var repeated []float64
		for i := range x {
			x[i] = math.Floor(50*r.Float64()) / 8
			times[i] = float64(r.IntN(5)) // some have no mass
			if i == 0 {
				times[i]++
			}
			for range int(times[i]) {
				repeated = append(repeated, x[i])
			}
		}
		y := gauss(300, 1, 2, 5).X
		for _, p := range []float64{1, 1.5, 2, 3} {
			want, err := LineCost(repeated, y, nil, nil, p)
			if err != nil {
				t.Fatal(err)
			}
			got, err := LineCost(x, y, normalized(times, n), nil, p)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "weighted x", got, want, 1e-13*want)
			got, err = LineCost(y, x, nil, normalized(times, n), p)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "weighted y", got, want, 1e-13*want)
		}
	}
}

func TestLineCostDoesNotDependOnThreads(t *testing.T) {
	x, y := gauss(20001, 1, 0, 1).X, gauss(9000, 1, 0.3, 2).X
	r := rand.New(rand.NewPCG(4, 4))
	a, b := normalized(exponentials(len(x), r), len(x)), normalized(exponentials(len(y), r), len(y))
	want := [2]float64{first(LineCost(x, y, nil, nil, 2)), first(LineCost(x, y, a, b, 2))}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if got := [2]float64{first(LineCost(x, y, nil, nil, 2)), first(LineCost(x, y, a, b, 2))}; got != want {
		t.Errorf("on one thread %v, on several %v", got, want)
	}
}

func TestLineCostRefusesOrdersAndOverflow(t *testing.T) {
	for _, p := range []float64{0.5, 0, -1, math.NaN(), math.Inf(1), 1e9} {
		if _, err := LineCost([]float64{0}, []float64{1}, nil, nil, p); err == nil {
			t.Errorf("order %v passes", p)
		}
		if _, err := CircleCost([]float64{0}, []float64{1}, nil, nil, 3, p); err == nil {
			t.Errorf("order %v passes on a circle", p)
		}
	}
	far := []float64{-1e200, 1e308}
	if v, err := LineCost(far, []float64{1e200, -1e308}, nil, nil, 2); err == nil {
		t.Errorf("an overflow passes as %v", v)
	}
}

func TestCircleCostWithWeightsIsTheBestCut(t *testing.T) {
	// Cut the circle before every point of x and of y in turn, and in each
	// case try every shift of the quantiles at which a point begins.
	r := rand.New(rand.NewPCG(8, 8))
	for _, p := range []float64{1, 1.5, 2, 3} {
		for range 20 {
			n, m := 1+r.IntN(6), 1+r.IntN(6)
			x, y := make([]float64, n), make([]float64, m)
			a, b := make([]float64, n), make([]float64, m)
			for i := range x {
				x[i], a[i] = r.Float64(), float64(1+r.IntN(4))
			}
			for j := range y {
				y[j], b[j] = r.Float64(), float64(1+r.IntN(4))
			}
			a, b = normalized(a, n), normalized(b, m)
			got, err := CircleCost(x, y, a, b, 1, p)
			if err != nil {
				t.Fatal(err)
			}
			best := bestShift(x, y, a, b, p)
			near(t, "circle", got, best, 1e-13)
		}
	}
}

// bestShift is the least cost over the shifts θ of y's quantiles against x's
// at which two of their steps meet: between them the cost is linear.
func bestShift(x, y, a, b []float64, p float64) float64 {
	type step struct{ at, mass float64 }
	steps := func(x, a []float64) []step {
		s := make([]step, len(x))
		for i := range x {
			s[i] = step{x[i], a[i]}
		}
		slices.SortFunc(s, func(p, q step) int {
			if p.at < q.at {
				return -1
			}
			return 1
		})
		return s
	}
	sx, sy := steps(x, a), steps(y, b)
	quantile := func(s []step, u float64) float64 {
		turn := math.Floor(u)
		u -= turn
		for _, t := range s {
			if u -= t.mass; u < 0 {
				return t.at + turn
			}
		}
		return s[len(s)-1].at + turn
	}
	ends := func(s []step) []float64 {
		e, sum := []float64{0}, 0.0
		for _, t := range s {
			sum += t.mass
			e = append(e, sum)
		}
		return e
	}
	best := math.Inf(1)
	for _, u := range ends(sx) {
		for _, v := range ends(sy) {
			for turn := -2.0; turn <= 2; turn++ {
				theta := u - v + turn
				cuts := ends(sy)
				for _, e := range ends(sx) {
					c := e - theta
					cuts = append(cuts, c-math.Floor(c))
				}
				slices.Sort(cuts)
				cost := 0.0
				for k := 1; k < len(cuts); k++ {
					if w := cuts[k] - cuts[k-1]; w > 1e-12 {
						mid := (cuts[k] + cuts[k-1]) / 2
						cost += w * math.Pow(math.Abs(quantile(sx, mid+theta)-quantile(sy, mid)), p)
					}
				}
				best = min(best, cost)
			}
		}
	}
	return best
}
