package paper

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestStatisticsOfTwoSamplesByHand(t *testing.T) {
	r := compareCounts([]int{1, 2, 2, 5}, []int{2, 3, 3}, 10, 1)
	// Distribution functions: after 1: 1/4, 0; after 2: 3/4, 1/3; after 3: 3/4, 1.
	if want := 3.0/4 - 1.0/3; math.Abs(r.KS-want) > 1e-15 {
		t.Errorf("KS = %v, want %v", r.KS, want)
	}
	// Pairs won: 5 beats all three; ties: two 2s with one 2.
	if want := (3 + 0.5*2) / 12; math.Abs(r.Effect-want) > 1e-15 {
		t.Errorf("effect = %v, want %v", r.Effect, want)
	}
}

func TestEqualLawsAreSeldomToldApartAndOthersAlways(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func(n int, mean, sd float64) []int {
		x := make([]int, n)
		for i := range x {
			x[i] = int(math.Round(mean + sd*rng.NormFloat64()))
		}
		return x
	}
	const trials = 200
	var low [2]int
	for i := range trials {
		r := compareCounts(draw(60, 40, 3), draw(80, 40, 3), 199, uint64(i))
		if r.KSP <= 0.05 {
			low[0]++
		}
		if r.MannWhitneyP <= 0.05 {
			low[1]++
		}
	}
	for i, name := range []string{"Kolmogorov–Smirnov", "Mann–Whitney"} {
		// 10 expected, binomial standard deviation 3.
		if low[i] > 22 || low[i] < 1 {
			t.Errorf("%s: p ≤ 0.05 in %d of %d pairs with one law, want about %d", name, low[i], trials, trials/20)
		}
	}
	shifted := compareCounts(draw(500, 40, 10), draw(500, 43, 10), 999, 7)
	if shifted.MannWhitneyP > 0.01 || shifted.KSP > 0.01 {
		t.Errorf("a shift of 3 standard errors gives p = %v and %v", shifted.KSP, shifted.MannWhitneyP)
	}
	if shifted.Effect > 0.5 {
		t.Errorf("the first sample is smaller, yet wins %v of the pairs", shifted.Effect)
	}
	// A difference of spread alone is seen by Kolmogorov–Smirnov.
	wider := compareCounts(draw(500, 40, 10), draw(500, 40, 15), 999, 7)
	if wider.KSP > 0.01 {
		t.Errorf("a wider law gives p = %v", wider.KSP)
	}
}

func TestSamplesThatAreEqualHaveP1(t *testing.T) {
	r := compareCounts([]int{3, 3, 3}, []int{3, 3}, 50, 1)
	if r.KS != 0 || r.KSP != 1 || r.Effect != 0.5 || r.MannWhitneyP != 1 {
		t.Errorf("constant counts: %+v", r)
	}
}
