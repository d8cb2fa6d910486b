package ot

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func lineDistance(x, y Points) (float64, error) { return LineW2(x.X, y.X) }

func TestPermutationTestOfOneLawGivesUniformPValues(t *testing.T) {
	const tests, permutations = 400, 19
	count := make([]int, permutations+2)
	for k := range tests {
		x, y := gauss(12, 1, 0, uint64(2*k)), gauss(20, 1, 0, uint64(2*k+1))
		p, err := PermutationTest(x, y, permutations, uint64(k), lineDistance)
		if err != nil {
			t.Fatal(err)
		}
		count[int(math.Round(p.P*(permutations+1)))]++
	}
	// Each of 1/20, 2/20, … 1 has the chance 1/20: χ² with 19 degrees of freedom.
	chi := 0.0
	for _, c := range count[1:] {
		d := float64(c) - tests/(permutations+1)
		chi += d * d / (tests / (permutations + 1))
	}
	if chi > 50 { // has a chance of 1e-4
		t.Errorf("χ² = %v: p-values %v", chi, count[1:])
	}
}

func TestPermutationTestSeesADifference(t *testing.T) {
	x, y := gauss(60, 2, 0, 1), gauss(60, 2, 1, 2)
	p, err := PermutationTest(x, y, 99, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.P != 0.01 || p.Observed != first(W2(x, y)) || !(p.Floor.Quantile(1) < p.Observed) {
		t.Errorf("p = %v, observed %v, the greatest of the permutations %v", p.P, p.Observed, p.Floor.Quantile(1))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, err := PermutationTest(x, y, 99, 1, W2)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Floor.Values, p.Floor.Values) {
		t.Error("the values depend on the number of threads")
	}
}

func TestPermutationsAreAllEquallyLikely(t *testing.T) {
	// 2 and 3 of 5 points: 10 ways, each of which an exact test would count once.
	p := NewPoints([]float64{0, 1, 2, 3, 4}, 1)
	count := map[string]int{}
	const n = 20000
	for k := range n {
		x, y := p.split(2, 3, mix(5, uint64(k)))
		all := slices.Concat(x.X, y.X)
		slices.Sort(all)
		if !slices.Equal(all, p.X) {
			t.Fatalf("%v and %v are no split", x.X, y.X)
		}
		count[fmt.Sprint(x.X)]++
	}
	chi := 0.0
	for _, c := range count {
		d := float64(c) - n/10
		chi += d * d / (n / 10)
	}
	if len(count) != 10 || chi > 34 { // 9 degrees of freedom: a chance of 1e-4
		t.Errorf("χ² = %v: %v", chi, count)
	}
	// Two points against two: 1/3 of the splits separate {0, 1} from {9, 10}.
	x, y := NewPoints([]float64{0, 1}, 1), NewPoints([]float64{9, 10}, 1)
	r, err := PermutationTest(x, y, 3000, 1, lineDistance)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p", r.P, 1.0/3, 4*math.Sqrt(2.0/9/3000))
}

func TestFloorFromASampleIsTheFloorOfItsLaw(t *testing.T) {
	draw := func(n int, seed uint64) (Points, error) { return gauss(n, 1, 0, seed), nil }
	want, err := NoiseFloor(30, 50, 400, 1, draw, lineDistance)
	if err != nil {
		t.Fatal(err)
	}
	sample := gauss(20000, 1, 0, 77)
	got, err := FloorFromSample(sample, 30, 50, 400, 2, lineDistance)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", got.Mean, want.Mean, 4*want.Std*math.Sqrt(2.0/400))
	near(t, "spread", got.Std, want.Std, 0.2*want.Std)
	// No point is drawn twice, even when all are drawn.
	small := NewPoints([]float64{1, 2, 4, 8, 16, 32, 64}, 1)
	_, err = FloorFromSample(small, 3, 4, 50, 1, func(x, y Points) (float64, error) {
		sum := 0.0
		for _, v := range slices.Concat(x.X, y.X) {
			sum += v
		}
		if sum != 127 {
			t.Errorf("drew %v and %v", x.X, y.X)
		}
		return 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestResamplingSaysWhatIsWrong(t *testing.T) {
	x, y := gauss(5, 1, 0, 1), gauss(6, 1, 0, 2)
	bad := errors.New("no distance")
	fail := func(x, y Points) (float64, error) { return 0, bad }
	for _, c := range []struct {
		err  error
		want string
	}{
		{third(FloorFromSample(x, 3, 3, 5, 1, nil)), "3 against 3 points out of a sample of 5"},
		{third(FloorFromSample(x, 0, 3, 5, 1, nil)), "0 against 3"},
		{third(FloorFromSample(x, 2, 2, 0, 1, nil)), "0 repetitions"},
		{third(FloorFromSample(NewPoints(nil, 1), 2, 2, 1, 1, nil)), "the sample is empty"},
		{third(FloorFromSample(x, 2, 2, 3, 1, fail)), "repetition 0: no distance"},
		{third(PermutationTest(x, gauss(5, 2, 0, 1), 5, 1, nil)), "dimension 1 and y 2"},
		{third(PermutationTest(x, y, 0, 1, nil)), "0 permutations"},
		{third(PermutationTest(x, y, 5, 1, fail)), "no distance"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", c.err, c.want)
		}
	}
}
