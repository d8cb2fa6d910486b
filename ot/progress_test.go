package ot

import (
	"fmt"
	"math"
	"testing"
)

// withEveryReport lifts the limit on the number of reports.
func withEveryReport(s *settings) { s.every = 0 }

func TestReportsBoundTheOptimumFromBothSides(t *testing.T) {
	weights := make([]float64, 700)
	for i := range weights {
		weights[i] = float64(1 + i%7)
	}
	plane := func(n int, seed uint64) Points { return gauss(n, 2, float64(3*seed), seed) }
	for _, c := range []struct {
		name   string
		x, y   Points
		a      []float64
		cost   Cost
		method Method
		gap    float64 // relative, of the last report at most
	}{
		{"column generation", plane(700, 1), plane(900, 2), nil, SquaredEuclidean, ColumnGeneration, 1e-10},
		{"column generation with weights", plane(700, 1), plane(500, 2), weights, SquaredEuclidean, ColumnGeneration, 1e-10},
		{"column generation of distances", plane(700, 1), plane(500, 2), nil, Euclidean, ColumnGeneration, 1e-10},
		{"column generation on a torus", plane(700, 1), plane(500, 2), weights, SquaredEuclidean.OnTorus(1, 0), ColumnGeneration, 1e-10},
		{"column generation in many dimensions", gauss(300, 6, 0, 1), gauss(400, 6, 1, 2), nil, SquaredEuclidean, ColumnGeneration, 1e-10},
		{"a small side", plane(200, 1), plane(900, 2), nil, SquaredEuclidean, SmallSide, 0.05},
		{"an auction", plane(900, 1), plane(900, 2), nil, SquaredEuclidean, Auction, 1e-3},
		{"an auction in many dimensions", gauss(600, 6, 0, 1), gauss(600, 6, 1, 2), nil, SquaredEuclidean, Auction, 1e-3},
		{"an auction on a torus", plane(700, 1), plane(700, 2), nil, SquaredEuclidean.OnTorus(1, 0), Auction, 1e-3},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, err := Solve(c.x, c.y, c.a, nil, c.cost, WithMethod(c.method))
			if err != nil || !want.Certified() {
				t.Fatalf("gap %v, error %v", want.Gap, err)
			}
			reports, slack := 0, 1e-12*want.Cost+1e-15*want.Scale
			last := Progress{Primal: math.NaN(), Dual: math.NaN()}
			got, err := Solve(c.x, c.y, c.a, nil, c.cost, WithMethod(c.method), withEveryReport, WithProgress(func(p Progress) {
				reports++
				if p.Primal < want.Cost-slack || p.Dual > want.Cost+slack {
					t.Fatalf("report %d: the optimum %v is not between %v and %v", reports, want.Cost, p.Dual, p.Primal)
				}
				if p.Primal > last.Primal || p.Dual < last.Dual {
					t.Fatalf("report %d: %v to %v after %v to %v", reports, p.Dual, p.Primal, last.Dual, last.Primal)
				}
				last = p
			}))
			if err != nil || fmt.Sprint(got.Cost, got.F, got.G, got.Plan) != fmt.Sprint(want.Cost, want.F, want.G, want.Plan) {
				t.Errorf("being told changes the outcome: %v, %v; error %v", got.Cost, want.Cost, err)
			}
			if gap := last.Primal - last.Dual; !(gap <= c.gap*want.Cost+slack) {
				t.Errorf("%d reports, the last of a gap %v in %v", reports, gap, want.Cost)
			}
			t.Logf("%d reports, last gap %.2g of the cost", reports, (last.Primal-last.Dual)/want.Cost)
		})
	}
}
