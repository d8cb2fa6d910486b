package ot

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"testing"
)

func TestTheSameBitsOfSlicesSinkhornAndGaussiansOnEveryMachine(t *testing.T) {
	digest := func(name, want string, values ...[]float64) {
		h := sha256.New()
		for _, v := range values {
			for _, f := range v {
				var b [8]byte
				binary.LittleEndian.PutUint64(b[:], math.Float64bits(f))
				h.Write(b[:])
			}
		}
		if got := hex.EncodeToString(h.Sum(nil))[:32]; got != want {
			t.Errorf("%s: digest %s, want %s", name, got, want)
		}
	}
	x, y := uniform64(90, 3, 1), uniform64(70, 3, 2)
	weights := func(n int, seed uint64) []float64 { return normalized(uniform64(n, 1, seed).X, n) }
	a, b := weights(90, 3), weights(70, 4)
	for _, c := range []struct {
		p    float64
		want string
	}{{1, "f7869326b796e76e24355a766ddf5bb5"}, {2, "cd4277e80b9574b86841f94d2eb37551"}, {2.5, "8588c710dfe2694bab30a5748f8efe9c"}} {
		s, err := SlicedCost(x, y, a, b, c.p, Directions(30, 3, 9))
		if err != nil {
			t.Fatal(err)
		}
		line, err := LineCost(x.X, y.X, nil, nil, c.p)
		if err != nil {
			t.Fatal(err)
		}
		circle, err := CircleCost(x.X, y.X, nil, nil, 0.6, c.p)
		if err != nil {
			t.Fatal(err)
		}
		digest(fmt.Sprint("sliced, line and circle of order ", c.p), c.want, s.Costs, []float64{s.Mean, s.StdErr, s.W(), line, circle})
	}
	for _, c := range []struct {
		cost Cost
		want string
	}{
		{SquaredEuclidean, "96840267170304655677aee6b56e2f5a"},
		{Euclidean, "96038502141a4f590eb2d85dbc1ad2ce"},
		{CityBlock.OnTorus(0.7), "54dfb13e7ba6fed171f443309aee1154"},
	} {
		d, err := SinkhornDivergence(x, y, a, b, c.cost, 0.02)
		if err != nil {
			t.Fatal(err)
		}
		digest("Sinkhorn, "+c.cost.String(), c.want, []float64{d.Value, d.XY.Cost, d.XY.KL, d.XX.MarginalError}, d.XY.F, d.XY.G, d.YY.F, d.XY.Row(5, nil))
	}
	law := func(seed uint64) Gaussian {
		r := uniform64(1, 30, seed).X
		return Gaussian{r[:5], product(r[5:], transposed(r[5:], 5), 5)}
	}
	p, q := law(5), law(6)
	m, err := GaussianMap(p, q)
	if err != nil {
		t.Fatal(err)
	}
	digest("Gaussians", "fd3b8e1825787894f9c3bd3f976ef91c", m.A, []float64{first(GaussianW2Squared(p, q)), first(GaussianEntropicCost(p, q, 0.3))})
	floor, err := PermutationTest(x, y, 5, 1, func(x, y Points) (float64, error) { return SlicedW2(x, y, 7, 1) })
	if err != nil {
		t.Fatal(err)
	}
	digest("permutations", "665f9ba9252fc193c8514d02466ff7d1", floor.Floor.Values)
}

func transposed(m []float64, d int) []float64 {
	t := make([]float64, d*d)
	for i := range d {
		for j := range d {
			t[j*d+i] = m[i*d+j]
		}
	}
	return t
}
