package ot

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// FloorFromSample is NoiseFloor where all that is at hand of a law is one sample
// of it: every repetition draws n and m points from it without replacement,
// none twice. So it takes a sample of at least n + m points, and gives an error
// for less: with replacement, or with points in common, distances would come
// out too small.
//
// If the sample's points are independent, each value has exactly the law of the
// test between independent draws, and Mean is right on average. But the
// repetitions share points: from a sample that is not several times n + m, all
// values lie off to the same side by chance, and Std says less than the truth.
// Points that depend on each other, as those of a trajectory in time do, are
// mixed: the floor is then that of independent ones.
func FloorFromSample(sample Points, n, m, repetitions int, seed uint64, distance func(x, y Points) (float64, error)) (*Floor, error) {
	if err := sample.check("the sample"); err != nil {
		return nil, err
	}
	if n < 1 || m < 1 || repetitions < 1 {
		return nil, fmt.Errorf("ot: noise floor of %d against %d points in %d repetitions, want at least one of each", n, m, repetitions)
	}
	if n+m > sample.Len() {
		return nil, fmt.Errorf("ot: noise floor of %d against %d points out of a sample of %d, want at most as many in all", n, m, sample.Len())
	}
	if distance == nil {
		distance = W2
	}
	return repeatTest("noise floor", repetitions, func(k int) (float64, error) {
		return distance(sample.split(n, m, mix(seed, uint64(k))))
	})
}

// Permutation is the outcome of a permutation test.
type Permutation struct {
	// Observed is the distance between the two samples as they are.
	Observed float64
	// Floor is what the distance is between random halves of their union, of the
	// same sizes: its law if the samples came from one and the same.
	Floor *Floor
	// P is the p-value: if both samples came from one law, distances as great as
	// Observed would have at most this chance.
	P float64
}

// PermutationTest asks whether two samples may come from the same law: it pools
// them, deals the pool at random to samples of the same sizes, and counts how
// often those are as far apart (Fisher 1935; Pitman 1937),
//
//	P = (1 + number of permutations whose distance reaches Observed) / (1 + permutations).
//
// The test is exact for any law, size and distance (nil stands for W2) if the
// points are exchangeable, so independent ones; those of a trajectory have to be
// thinned first. P is never below 1/(1 + permutations). Permutation k depends on
// seed and k alone, so the outcome does not depend on the number of threads;
// distance is called concurrently.
func PermutationTest(x, y Points, permutations int, seed uint64, distance func(x, y Points) (float64, error)) (*Permutation, error) {
	if err := checkPair(x, y); err != nil {
		return nil, err
	}
	if permutations < 1 {
		return nil, fmt.Errorf("ot: %d permutations, want at least 1", permutations)
	}
	if distance == nil {
		distance = W2
	}
	observed, err := distance(x, y)
	if err != nil {
		return nil, err
	}
	pool := NewPoints(slices.Concat(x.X, y.X), x.Dim)
	f, err := repeatTest("permutation test", permutations, func(k int) (float64, error) {
		return distance(pool.split(x.Len(), y.Len(), mix(seed, uint64(k))))
	})
	if err != nil {
		return nil, err
	}
	// The observed samples with their names exchanged are as far apart, but not to
	// the last digit.
	return &Permutation{observed, f, f.PValue(observed - 1e-12*math.Abs(observed))}, nil
}

// split draws n and m points without replacement, each in their order in p: the
// same ones give the same distance to the bit.
func (p Points) split(n, m int, seed uint64) (x, y Points) {
	order := make([]int32, p.Len())
	for i := range order {
		order[i] = int32(i)
	}
	for i := range n + m { // Fisher and Yates, from the front
		// The chance of each differs by less than 2^-32 from the others'.
		skip, _ := bits.Mul64(mix(seed, uint64(i)), uint64(len(order)-i))
		j := i + int(skip)
		order[i], order[j] = order[j], order[i]
	}
	gather := func(which []int32) Points {
		slices.Sort(which)
		out := make([]float64, 0, len(which)*p.Dim)
		for _, i := range which {
			out = append(out, p.At(int(i))...)
		}
		return NewPoints(out, p.Dim)
	}
	return gather(order[:n]), gather(order[n : n+m])
}
