package ot

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestASweepWithoutRootsFindsTheSameRows(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const n, m = 203, 60
	for _, period := range [][]float64{nil, {1, 0}} {
		met := &metric{kind: euclidean, dim: 2, period: period}
		x, y := uniform64(n, 2, 1).X, uniform64(m, 2, 2).X
		plain := newRowPanel(met, x, y)
		sweep := newDistanceSweep(newRowPanel(met, x, y))
		for _, size := range []float64{0, 1e-9, 0.3, 1e6} {
			w := make([]float64, n)
			for i := range w {
				w[i] = size * r.NormFloat64()
			}
			plain.setWeights(w)
			sweep.setWeights(w)
			forked := sweep.fork()
			want, got := make([]found, 7), make([]found, 7)
			for j := range m {
				all := make([]float64, n)
				for i := range all {
					all[i] = plain.between(i, j) + w[i]
				}
				slices.Sort(all)
				// The optimum's limits are values themselves.
				for _, limit := range []float64{all[0], all[1], math.Nextafter(all[1], math.Inf(1)), all[20], all[n-1] + 1, math.Inf(1)} {
					k, l := plain.nearestFew(j, limit, want), forked.nearestFew(j, limit, got)
					if k != l || !slices.Equal(want[:k], got[:l]) {
						t.Fatalf("weights of size %v, column %d below %v: %v, want %v", size, j, limit, got[:l], want[:k])
					}
				}
			}
		}
	}
}
