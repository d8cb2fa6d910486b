package ot

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// byAuction solves with the auction and says whether it had to be helped.
func byAuction(t testing.TB, x, y Points, cost Cost, options ...Option) (r *Result, alone bool) {
	t.Helper()
	r, err := Solve(x, y, nil, nil, cost, append(options, WithMethod(Auction))...)
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, r, x, y, nil, nil, cost)
	return r, r.Method == Auction.String()
}

func TestTheAuctionSolvesSamplesAlone(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y Points
		cost Cost
	}{
		{"in the plane", doubleWell(2500, 1), doubleWell(2500, 2), SquaredEuclidean},
		{"far apart", gauss(1100, 2, 0, 1), gauss(1100, 2, 5, 2), SquaredEuclidean},
		{"on a torus", uniform64(1100, 2, 1), uniform64(1100, 2, 2), SquaredEuclidean.OnTorus(1)},
		{"on a cylinder", uniform64(1100, 2, 1), uniform64(1100, 2, 2), SquaredEuclidean.OnTorus(0.5, 0)},
		{"in space by boxes", gauss(2100, 3, 0, 1), gauss(2100, 3, 0.1, 2), SquaredEuclidean},
		{"in space", gauss(1100, 3, 0, 1), gauss(1100, 3, 0.1, 2), SquaredEuclidean},
		{"in many dimensions", gauss(600, 10, 0, 1), gauss(600, 10, 0.1, 2), SquaredEuclidean},
		{"by distance", gauss(700, 2, 0, 1), gauss(700, 2, 0, 2), Euclidean},
		{"by distance in many dimensions", gauss(600, 7, 0, 1), gauss(600, 7, 1, 2), Euclidean},
		{"just above the smallest", gauss(auctionCoarsest+1, 2, 0, 1), gauss(auctionCoarsest+1, 2, 1, 2), SquaredEuclidean},
		{"just below", gauss(auctionCoarsest, 2, 0, 1), gauss(auctionCoarsest, 2, 1, 2), SquaredEuclidean},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, alone := byAuction(t, c.x, c.y, c.cost)
			if !alone {
				t.Errorf("solved by %s", r.Method)
			}
			if len(r.Plan) != c.x.Len() {
				t.Errorf("%d entries in the plan, want a permutation of %d", len(r.Plan), c.x.Len())
			}
			other, err := Solve(c.x, c.y, nil, nil, c.cost, WithMethod(ColumnGeneration))
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(r.Cost-other.Cost) > 1e-12*r.Scale {
				t.Errorf("cost %v, by the simplex %v", r.Cost, other.Cost)
			}
		})
	}
}

func TestTheAuctionOfGivenCosts(t *testing.T) {
	for _, n := range []int{1, 2, 3, 100, 251, 800} {
		r := rand.New(rand.NewPCG(uint64(n), 7))
		c := make([]float64, n*n)
		for i := range c {
			c[i] = r.Float64() - 0.3
		}
		got, err := SolveMatrix(c, n, n, nil, nil, WithMethod(Auction))
		if err != nil {
			t.Fatal(err)
		}
		want, err := SolveMatrix(c, n, n, nil, nil, WithMethod(ColumnGeneration))
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(got.Cost-want.Cost) <= 1e-13) || !(math.Abs(got.Gap) <= 1e-13) {
			t.Errorf("n = %d: cost %v with gap %v, by the simplex %v", n, got.Cost, got.Gap, want.Cost)
		}
		if got.Method != Auction.String() {
			t.Errorf("n = %d: solved by %s", n, got.Method)
		}
	}
}

func TestTheAuctionAgainstAllPermutations(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 8; n++ {
		for trial := range 20 {
			x, y := make([]float64, 2*n), make([]float64, 2*n)
			for i := range x {
				if trial%2 == 0 {
					x[i], y[i] = r.NormFloat64(), r.NormFloat64()
				} else {
					x[i], y[i] = float64(r.IntN(3)), float64(r.IntN(3))
				}
			}
			for _, cost := range []Cost{SquaredEuclidean, Euclidean, CityBlock, SquaredEuclidean.OnTorus(2)} {
				p, q := NewPoints(x, 2), NewPoints(y, 2)
				got, _ := byAuction(t, p, q, cost)
				best := bestPermutation(p, q, cost)
				if !(math.Abs(got.Cost-best) <= 1e-14*(1+best)) {
					t.Fatalf("n = %d, %v: cost %v, the best of all permutations is %v", n, cost, got.Cost, best)
				}
			}
		}
	}
}

// Where the auction spends its bids another method takes over: the outcome is
// exact all the same, and has not cost many bids for nothing.
func TestTheAuctionGivesUpInTime(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 400
	}
	helped := 0
	for name, c := range hardClouds(n, rand.New(rand.NewPCG(uint64(n), 3))) {
		t.Run(name, func(t *testing.T) {
			if r, alone := byAuction(t, c[0], c[1], SquaredEuclidean); !alone {
				helped++
				if r.Method == Auction.String() {
					t.Error("the method is not named")
				}
			}
		})
	}
	// On a circle spacings are far below ε; city blocks and long distances are full of ties.
	byAuction(t, gauss(n, 2, 0, 1), gauss(n, 2, 5, 2), Euclidean)
	byAuction(t, uniform64(n, 1, 1), uniform64(n, 1, 2), SquaredEuclidean.OnTorus(1))
	byAuction(t, gauss(n, 2, 0, 1), gauss(n, 2, 1, 2), CityBlock)
	if helped == 0 {
		t.Error("no cloud was hard: the test shows nothing")
	}
}

func TestAnAuctionThatIsStopped(t *testing.T) {
	matrix := func(n int) []float64 {
		x, y := gauss(n, 3, 0, 1), gauss(n, 3, 1, 2)
		c := make([]float64, 0, n*n)
		for i := range n {
			for j := range n {
				c = append(c, plainCost(x.At(i), y.At(j), SquaredEuclidean))
			}
		}
		return c
	}
	const n = 1200
	c := matrix(n)
	x, y := gauss(n, 2, 0, 1), gauss(n, 2, 1, 2)
	for name, solve := range map[string]func(...Option) (*Result, error){
		"points":      func(o ...Option) (*Result, error) { return Solve(x, y, nil, nil, SquaredEuclidean, o...) },
		"given costs": func(o ...Option) (*Result, error) { return SolveMatrix(c, n, n, nil, nil, o...) },
	} {
		best, err := solve(WithMethod(Auction))
		if err != nil {
			t.Fatal(err)
		}
		done, cancel := context.WithCancel(context.Background())
		cancel()
		for _, o := range []struct {
			name   string
			option Option
			reason error
		}{{"at once", WithContext(done), context.Canceled}, {"after a few bids", WithLimit(3000), ErrLimit}, {"near the end", WithLimit(best.Pivots - 200), ErrLimit}} {
			t.Run(name+" "+o.name, func(t *testing.T) {
				r, err := solve(WithMethod(Auction), o.option)
				if !errors.Is(err, o.reason) || r == nil || r.Status != Stopped {
					t.Fatalf("result %v, error %v; want a stopped result and %v", r != nil, err, o.reason)
				}
				rows, cols := make([]bool, n), make([]bool, n)
				for _, e := range r.Plan {
					if rows[e.I] || cols[e.J] {
						t.Fatal("the plan is no permutation")
					}
					rows[e.I], cols[e.J] = true, true
				}
				if len(r.Plan) != n {
					t.Fatalf("%d entries in the plan, want %d", len(r.Plan), n)
				}
				if r.Cost < best.Cost*(1-1e-12) || r.Dual() > best.Cost*(1+1e-12) {
					t.Errorf("cost %v, dual %v: not around the optimum %v", r.Cost, r.Dual(), best.Cost)
				}
			})
		}
	}
}

func TestTheAuctionDoesNotDependOnThreads(t *testing.T) {
	x, y := uniform64(3000, 2, 1), uniform64(3000, 2, 2)
	one, _ := byAuction(t, x, y, SquaredEuclidean, WithThreads(1))
	for _, n := range []int{2, 5} {
		many, _ := byAuction(t, x, y, SquaredEuclidean, WithThreads(n))
		if one.Cost != many.Cost || one.Gap != many.Gap || one.Pivots != many.Pivots {
			t.Fatalf("cost %v, gap %v, %d bids with one thread; %v, %v, %d with %d", one.Cost, one.Gap, one.Pivots, many.Cost, many.Gap, many.Pivots, n)
		}
		for i := range one.F {
			if one.F[i] != many.F[i] || one.G[i] != many.G[i] || one.Plan[i] != many.Plan[i] {
				t.Fatalf("point %d differs with %d threads", i, n)
			}
		}
	}
}

func TestAnAuctionStartsFromPotentials(t *testing.T) {
	x, y := doubleWell(3000, 1), doubleWell(3000, 2)
	cold, _ := byAuction(t, x, y, SquaredEuclidean)
	warm, alone := byAuction(t, x, y, SquaredEuclidean, WithWarmStart(cold.F, cold.G))
	if !alone || warm.Pivots >= cold.Pivots {
		t.Errorf("%d bids from the optimal potentials, %d without", warm.Pivots, cold.Pivots)
	}
	wrong := make([]float64, 3000)
	for i := range wrong {
		wrong[i] = 100 * float64(i%7)
	}
	byAuction(t, x, y, SquaredEuclidean, WithWarmStart(wrong, wrong))
}

// A tree's searches agree with looking at all points, while prices change.
func TestPriceTree(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	for _, c := range []struct {
		name string
		met  metric
	}{
		{"plane", metric{dim: 2}},
		{"torus", metric{dim: 2, period: []float64{1, 1}}},
		{"cylinder", metric{dim: 2, period: []float64{0, 0.8}}},
		{"space", metric{dim: 3}},
		{"distance", metric{kind: euclidean, dim: 2}},
		{"city block", metric{kind: cityBlock, dim: 2, period: []float64{1, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			const n = 300
			d := c.met.dim
			_, x := inKdOrder(uniform64(n, d, 9).X, d)
			for i := range x {
				if c.met.period != nil && c.met.period[i%d] > 0 {
					x[i] *= c.met.period[i%d]
				}
			}
			price := make([]float64, n)
			tree := newPriceTree(&c.met, x, price)
			for range 2000 {
				j := int32(r.IntN(n))
				if r.IntN(2) == 0 {
					tree.raise(j, price[j]+0.1*r.Float64())
				} else {
					tree.lower(j, price[j]-0.1*r.Float64())
				}
				y := make([]float64, d)
				for k := range y {
					y[k] = r.Float64()
					if c.met.period != nil && c.met.period[k] > 0 {
						y[k] *= c.met.period[k]
					}
				}
				want := noChoice
				for i := range int32(n) {
					want.offer(i, c.met.between(x[int(i)*d:][:d], y)+price[i])
				}
				for _, near := range []int32{int32(r.IntN(n)), want.at} {
					got := tree.best(y, near)
					if got.at != want.at || got.at2 != want.at2 || math.Abs(got.first-want.first)+math.Abs(got.second-want.second) > 1e-14 {
						t.Fatalf("got %v, want %v", got, want)
					}
				}
				few := make([]found, 5)
				if k := tree.few(y, math.Inf(1), few); k != 5 || few[0].at != want.at || few[1].at != want.at2 {
					t.Fatalf("few: %d, %v, want %v", k, few, want)
				}
			}
		})
	}
}

func TestTheAuctionGivesTheSameBitsOnEveryMachine(t *testing.T) {
	h := sha256.New()
	add := func(r *Result) {
		for k, e := range r.Plan {
			var b [24]byte
			binary.LittleEndian.PutUint64(b[:], uint64(e.J))
			binary.LittleEndian.PutUint64(b[8:], math.Float64bits(r.F[k]))
			binary.LittleEndian.PutUint64(b[16:], math.Float64bits(r.G[k]))
			h.Write(b[:])
		}
	}
	for _, d := range []int{2, 3, 7} {
		for _, cost := range []Cost{SquaredEuclidean, SquaredEuclidean.OnTorus(0.7), Euclidean} {
			for _, n := range []int{120, 600} {
				r, _ := byAuction(t, uniform64(n, d, 5), uniform64(n, d, 6), cost)
				add(r)
			}
		}
	}
	// Two clusters with unequal numbers of points.
	for _, n := range []int{400, 1100} {
		x, y := uniform64(n, 2, 7), uniform64(n, 2, 8)
		for i := range n {
			x.X[2*i] += float64(2 * (i * i % 7 / 4))
			y.X[2*i] += float64(2 * (i % 2))
		}
		r, _ := byAuction(t, x, y, SquaredEuclidean)
		add(r)
	}
	const want = "dc7cd622ebb6b6c2b41a2dc7944aa542439fe5f13e58ee4b3a45db562dfce290"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}
