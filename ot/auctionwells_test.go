package ot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// wells are n points in two wells, each with even chances: two such clouds have
// unequal numbers in them.
func wells(n int, r *rand.Rand) Points {
	x := make([]float64, 2*n)
	for i := range n {
		x[2*i] = 0.3*r.NormFloat64() + float64(2*r.IntN(2)-1)
		x[2*i+1] = r.NormFloat64()
	}
	return NewPoints(x, 2)
}

// Where some points have to cross between clusters, the prices of whole clusters
// must follow: paths over whole rows find them, not bids without end.
func TestTheAuctionCrossesBetweenClusters(t *testing.T) {
	for _, n := range []int{260, 400, 700, 1000} {
		r := rand.New(rand.NewPCG(uint64(n), 5))
		for _, c := range []struct {
			name string
			x, y Points
			cost Cost
		}{
			{"two wells", wells(n, r), wells(n, r), SquaredEuclidean},
			{"two wells on a cylinder", wells(n, r), wells(n, r), SquaredEuclidean.OnTorus(0, 7)},
			{"two clusters far apart", hardClouds(n, r)["two clusters far apart"][0], hardClouds(n, r)["two clusters far apart"][1], SquaredEuclidean},
		} {
			t.Run(fmt.Sprintf("%s, %d points", c.name, n), func(t *testing.T) {
				got, alone := byAuction(t, c.x, c.y, c.cost)
				if !alone {
					t.Errorf("solved by %s", got.Method)
				}
				want, err := Solve(c.x, c.y, nil, nil, c.cost, WithMethod(ColumnGeneration))
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(got.Cost-want.Cost) > 1e-13*got.Scale {
					t.Errorf("cost %v, by the simplex %v", got.Cost, want.Cost)
				}
			})
		}
	}
}

// A path over whole rows must be as short as one over lists that grow: both end
// in an optimum, with tight potentials.
func TestThePathsOfTheFinishOverWholeRows(t *testing.T) {
	const n = 300
	met := &metric{dim: 2, kind: squaredEuclidean}
	r := rand.New(rand.NewPCG(1, 2))
	_, x := inKdOrder(wells(n, r).X, 2)
	_, y := inKdOrder(wells(n, r).X, 2)
	set := newSettings(nil)
	w := newWatch(&set, Auction, nil)
	var cost [2]float64
	for k, whole := range []bool{false, true} {
		m := newMarket(met, x, y, make([]float64, n))
		for i := range n {
			m.row.mate[i], m.col.mate[i] = -1, -1
		}
		f := newFinish(newOfferLists(marketRows{m}, m.col.price, auctionOffers), m.col.mate, m.row.mate, m.choices(w), nil, m.col.tree.raise)
		f.limit = math.MaxInt
		if whole {
			f.whole = &costPanel{panel: newRowPanel(met, y, x), n: n, buffer: make([]float64, n)}
		}
		if err := f.run(w); err != nil {
			t.Fatal(err)
		}
		if whole != (f.wholePath != nil) {
			t.Errorf("paths over whole rows: %v, want %v", f.wholePath != nil, whole)
		}
		for i, j := range f.colOf {
			cost[k] += f.of.cost(int32(i), j)
			if f.rowOf[j] != int32(i) {
				t.Fatalf("row %d has column %d, which has row %d", i, j, f.rowOf[j])
			}
			for l := range int32(n) {
				if s := f.of.cost(int32(i), l) + f.price[l] - f.u[i]; s < -1e-13 || l == j && s > 1e-13 {
					t.Fatalf("slack %v at row %d, column %d, whose own is %d", s, i, l, j)
				}
			}
		}
	}
	if math.Abs(cost[0]-cost[1]) > 1e-12*cost[0] {
		t.Errorf("costs %v and %v", cost[0], cost[1])
	}
}

// The spread tells how far apart neighbours are, whatever a few points or clusters
// far apart do.
func TestTheSpreadOfClouds(t *testing.T) {
	met := &metric{dim: 2, kind: squaredEuclidean}
	spread := func(p [2]Points) (float64, bool) {
		_, x := inKdOrder(p[0].X, 2)
		_, y := inKdOrder(p[1].X, 2)
		return cloudSpread(met, x, y), uneven(cellSpreads(x, y))
	}
	const n = 1000
	even := [2]Points{uniform64(n, 2, 1), uniform64(n, 2, 2)}
	if s, u := spread(even); !(s > 0.13 && s < 0.18) || u {
		t.Errorf("of the unit square %v, uneven %v; want 1/6", s, u)
	}
	hard := hardClouds(n, rand.New(rand.NewPCG(3, 4)))
	if s, u := spread(hard["two clusters far apart"]); !(s > 0.5 && s < 10) || u {
		t.Errorf("of two clusters far apart %v, uneven %v; want what one has", s, u)
	}
	if _, u := spread(hard["twelve decades of size"]); !u {
		t.Error("twelve decades of size are even")
	}
	if s, u := spread(hard["all points at one place"]); s != 0 || u {
		t.Errorf("of one place %v, uneven %v", s, u)
	}
}

// The first bids of many points that move far go through many leaves, and are not
// lost all the same.
func TestTheAuctionOfManyPointsThatMoveFar(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 points take a second each")
	}
	for _, seed := range []uint64{1, 7, 9} { // the last two go through the most
		r, err := Solve(gauss(20000, 2, 0, seed), gauss(20000, 2, 5, seed+1), nil, nil, SquaredEuclidean)
		if err != nil {
			t.Fatal(err)
		}
		if r.Method != Auction.String() || !r.Certified() {
			t.Errorf("seed %d: solved by %s with a gap of %v of %v", seed, r.Method, r.Gap, r.Cost)
		}
	}
}
