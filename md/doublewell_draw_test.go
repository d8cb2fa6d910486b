package md

import (
	"math"
	"slices"
	"testing"
)

func TestDrawsAreAFunctionOfSeedAndIndex(t *testing.T) {
	l := newLaw(t, 1)
	const n = 3 * drawBlock
	all := make([]float64, 2*n)
	Draw(l, all, 7, 0)
	for _, part := range [][2]int{{0, 1}, {1, 5}, {511, 514}, {700, n}} {
		some := make([]float64, 2*(part[1]-part[0]))
		Draw(l, some, 7, uint64(part[0]))
		if !slices.Equal(some, all[2*part[0]:2*part[1]]) {
			t.Errorf("samples %d to %d drawn alone differ from those of the whole", part[0], part[1])
		}
	}
	single := make([]float32, 2*n)
	Draw(l, single, 7, 0)
	for i, v := range all {
		if single[i] != float32(v) {
			t.Fatalf("number %d is %v in float32 and %v in float64", i, single[i], v)
		}
	}
	other := make([]float64, 2*n)
	Draw(l, other, 8, 0)
	if slices.Equal(all, other) {
		t.Error("two seeds gave the same samples")
	}
}

func TestDrawsFollowTheLaw(t *testing.T) {
	n := 200_000
	if testing.Short() {
		n = 20_000
	}
	for _, beta := range []float64{0.5, 1, 8} {
		l := newLaw(t, beta)
		x := make([]float64, 2*n)
		Draw(l, x, 3, 0)
		for c := range 2 {
			one := make([]float64, n)
			for i := range one {
				one[i] = x[2*i+c]
			}
			slices.Sort(one)
			var ks float64 // the statistic of Kolmogorov and Smirnov
			for i, v := range one {
				p := l.CDF(c, v)
				ks = max(ks, p-float64(i)/float64(n), float64(i+1)/float64(n)-p)
			}
			if limit := 1.95 / math.Sqrt(float64(n)); ks > limit { // p = 0.001
				t.Errorf("β = %v: x%d is %v from its law, want less than %v", beta, c+1, ks, limit)
			}
		}
		var cross float64
		for i := range n {
			cross += x[2*i] * x[2*i+1] / float64(n)
		}
		sd := math.Sqrt(l.Moment(2, 2) / float64(n))
		if math.Abs(cross) > 4*sd {
			t.Errorf("β = %v: E[x1 x2] = %v ± %v, want 0", beta, cross, sd)
		}
	}
}

func TestDrawsThatNeedManyTriesKeepTheirIndex(t *testing.T) {
	// At a low temperature two thirds of the proposals are turned down.
	l := newLaw(t, 100)
	x := make([]float64, 2*5000)
	Draw(l, x, 1, 0)
	for i := range 5000 {
		if v := math.Abs(x[2*i]); !(v > 0.3 && v < 1.6) {
			t.Fatalf("sample %d has x1 = %v, want one near a well", i, x[2*i])
		}
	}
}
