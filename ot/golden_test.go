package ot

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// uniform64 gives n·d numbers in [0, 1) by integer arithmetic alone.
func uniform64(n, d int, seed uint64) Points {
	x := make([]float64, n*d)
	for i := range x {
		x[i] = float64(mix(seed, uint64(i))>>11) * 0x1p-53
	}
	return NewPoints(x, d)
}

func TestTheSameBitsOnEveryMachine(t *testing.T) {
	h := sha256.New()
	put := func(v ...float64) {
		for _, f := range v {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(f))
			h.Write(b[:])
		}
	}
	for _, d := range []int{1, 2, 3, 7} {
		for _, cost := range []Cost{SquaredEuclidean, SquaredEuclidean.OnTorus(0.7), Euclidean, CityBlock} {
			r := solve(t, uniform64(230, d, 1), uniform64(311, d, 2), cost)
			put(r.Cost, r.Gap, r.Scale)
			put(r.F...)
			put(r.G...)
			for _, e := range r.Plan {
				put(float64(e.I), float64(e.J), e.Mass)
			}
		}
	}
	x, y := uniform64(100, 1, 3).X, uniform64(77, 1, 4).X
	for _, p := range []float64{1, 2, 3} {
		put(first(LineCost(x, y, nil, nil, p)), first(CircleCost(x, y, nil, nil, 0.9, p)))
	}
	put(first(QuantileW2Squared(x, func(u float64) float64 { return float64(u * u) })))
	law := mustDensity(t, func(x float64) float64 { return 1 - float64(x*x) }, -1, 1)
	put(first(law.W2Squared(x)), law.Normalizer(), law.Quantile(0.3), law.CDF(0.3))
	const want = "697dfa16129a0c43b207efcb99a3989f57eeab1460c916c54c71b66d3c790ec3"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}
