package paper

import (
	"math"
	"math/rand/v2"
	"slices"

	"pushforward/ot"
)

// TwoSample compares two independent samples of counts. Both tests are exact
// for counts with ties, since their p-values come from random permutations of
// the pooled sample: the share of permutations whose statistic is at least as
// large, the observed one included.
type TwoSample struct {
	N1 int `json:"n1"`
	N2 int `json:"n2"`
	// KS is the statistic of Kolmogorov and Smirnov, the greatest difference
	// of the two empirical distribution functions.
	KS  float64 `json:"ks"`
	KSP float64 `json:"ks_p"`
	// Effect is Mann and Whitney's: the probability that a count of the first
	// sample exceeds one of the second, plus half that of a tie.
	Effect       float64 `json:"mann_whitney_effect"`
	MannWhitneyP float64 `json:"mann_whitney_p"`
	Permutations int     `json:"permutations"`
}

// compareCounts tests whether the counts a and b have the same law.
func compareCounts(a, b []int, permutations int, seed uint64) TwoSample {
	t := TwoSample{N1: len(a), N2: len(b), Permutations: permutations}
	pooled := append(slices.Clone(a), b...)
	values := slices.Compact(slices.Sorted(slices.Values(pooled)))
	ranks := make([]int, len(pooled)) // place of each count among the values
	total := make([]int, len(values))
	for i, v := range pooled {
		ranks[i], _ = slices.BinarySearch(values, v)
		total[ranks[i]]++
	}
	first := make([]int, len(values))
	statistics := func() (ks, effect float64) {
		clear(first)
		for _, r := range ranks[:len(a)] {
			first[r]++
		}
		return compareHistograms(first, total, len(a), len(b))
	}
	t.KS, t.Effect = statistics()
	largerKS, largerEffect := 1, 1
	rng := rand.New(rand.NewPCG(seed, 0))
	const slack = 1e-12 // for equal statistics that were rounded otherwise
	for range permutations {
		for i := range len(a) { // the first len(a) places of a random order
			j := i + rng.IntN(len(ranks)-i)
			ranks[i], ranks[j] = ranks[j], ranks[i]
		}
		ks, effect := statistics()
		if ks >= t.KS-slack {
			largerKS++
		}
		if math.Abs(effect-0.5) >= math.Abs(t.Effect-0.5)-slack {
			largerEffect++
		}
	}
	t.KSP = float64(largerKS) / float64(permutations+1)
	t.MannWhitneyP = float64(largerEffect) / float64(permutations+1)
	return t
}

// compareHistograms returns the statistics of two samples with n and m counts:
// first has how many of the first sample have each value, in increasing order,
// and total how many of both.
func compareHistograms(first, total []int, n, m int) (ks, effect float64) {
	below1, below2 := 0, 0
	wins := 0 // twice the number of pairs won by the first sample
	for v, both := range total {
		here1 := first[v]
		here2 := both - here1
		wins += here1 * (2*below2 + here2)
		below1 += here1
		below2 += here2
		ks = max(ks, math.Abs(float64(below1)/float64(n)-float64(below2)/float64(m)))
	}
	return ks, float64(wins) / (2 * float64(n) * float64(m))
}

// excess is the one-sided p-value of the question whether distances are larger on
// average than those of their noise floor: the share of permutations of all of
// them in which the first ones exceed the others as much.
func (s *runner) excess(p purpose, number, permutations int, distances, floor []float64) (float64, error) {
	difference := func(x, y ot.Points) (float64, error) {
		above, _ := meanAndSD(x.X)
		below, _ := meanAndSD(y.X)
		return above - below, nil
	}
	t, err := ot.PermutationTest(ot.NewPoints(distances, 1), ot.NewPoints(floor, 1),
		permutations, s.seed(p, number), difference)
	if err != nil {
		return 0, err
	}
	return t.P, nil
}
