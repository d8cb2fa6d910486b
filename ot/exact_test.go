package ot

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestExactValuesOfOtherPrograms(t *testing.T) {
	var list []instance
	readJSON(t, "exact.json", &list)
	for _, in := range list {
		t.Run(in.Name, func(t *testing.T) {
			if testing.Short() && in.N*in.M > 600*2000 {
				t.Skip("large; run without -short")
			}
			x, y, a, b, cost := in.load(t)
			chosen := ""
			for _, method := range []Method{Automatic, ColumnGeneration, SmallSide, Sorting, Auction} {
				if method.String() == chosen || method == SmallSide && min(in.N, in.M) > 1000 {
					continue // done, or right but slow
				}
				start := time.Now()
				r, err := Solve(x, y, a, b, cost, WithMethod(method))
				if err != nil {
					if method == Sorting && (in.D > 1 || in.Period > 0) || method == Auction && (in.N != in.M || !isUniform(a) || !isUniform(b)) {
						continue // does not apply
					}
					t.Fatal(err)
				}
				took := time.Since(start)
				if method == Automatic {
					chosen = r.Method
				} else if r.Method != method.String() && method != Auction {
					t.Errorf("method %q, want %q", r.Method, method)
				}
				checkResult(t, r, x, y, a, b, cost)
				if e := math.Abs(r.Cost - in.Value); !(e <= in.Rtol*math.Abs(in.Value)+in.Atol) {
					t.Errorf("%v: cost %.17g, want %.17g (off by %.3g)", method, r.Cost, in.Value, e)
				}
				if in.N*in.M >= 1e6 {
					t.Logf("%s, %v: %v, %d pivots, %d rounds, relative gap %.2g", in.Name, method, took, r.Pivots, r.Rounds, r.RelativeGap())
				}
			}
		})
	}
}

func isUniform(w []float64) bool { return w == nil || slices.Min(w) == slices.Max(w) }

// checkResult verifies a result against its problem alone: marginals, cost of
// the plan, feasibility of the potentials over all pairs, and the gap.
func checkResult(t testing.TB, r *Result, x, y Points, a, b []float64, cost Cost) {
	t.Helper()
	// Rounding: of costs, and of wrapping coordinates that lie far out.
	largest := 0.0
	for _, v := range append(append([]float64{}, x.X...), y.X...) {
		largest = max(largest, math.Abs(v))
	}
	slack := 1e-14 * r.Scale
	if cost.periods != nil {
		slack += 1e-15 * largest * math.Pow(r.Scale, 1-1/float64(cost.Power()))
	}
	n, m := x.Len(), y.Len()
	if len(r.Plan) > n+m-1 {
		t.Errorf("the plan has %d entries, want at most n+m−1 = %d", len(r.Plan), n+m-1)
	}
	rowSum, colSum := make([]accumulator, n), make([]accumulator, m)
	var primal accumulator
	for k, e := range r.Plan {
		if !(e.Mass > 0) {
			t.Errorf("entry %d has mass %v", k, e.Mass)
		}
		rowSum[e.I].add(e.Mass)
		colSum[e.J].add(e.Mass)
		primal.add(e.Mass * plainCost(x.At(e.I), y.At(e.J), cost))
	}
	wa, wb := normalized(a, n), normalized(b, m)
	for i := range rowSum {
		if e := math.Abs(rowSum[i].value() - wa[i]); !(e <= 3e-16*wa[i]+2.5e-16) {
			t.Fatalf("row %d has mass %v, want %v", i, rowSum[i].value(), wa[i])
		}
	}
	for j := range colSum {
		if e := math.Abs(colSum[j].value() - wb[j]); !(e <= 3e-16*wb[j]+2.5e-16) {
			t.Fatalf("column %d has mass %v, want %v", j, colSum[j].value(), wb[j])
		}
	}
	if e := math.Abs(primal.value() - r.Cost); !(e <= 1e-12*r.Cost+slack) {
		t.Errorf("the plan costs %v, Cost says %v", primal.value(), r.Cost)
	}
	var dual accumulator
	for i, f := range r.F {
		if wa[i] > 0 {
			dual.add(wa[i] * f)
		}
	}
	for j, g := range r.G {
		if wb[j] > 0 {
			dual.add(wb[j] * g)
		}
	}
	if e := math.Abs(dual.value() - r.Dual()); !(e <= 1e-10*r.Cost+slack) {
		t.Errorf("the potentials are worth %v, Dual says %v", dual.value(), r.Dual())
	}
	worst := 0.0
	for i := range n {
		for j := range m {
			worst = max(worst, r.F[i]+r.G[j]-plainCost(x.At(i), y.At(j), cost))
		}
	}
	if worst > slack {
		t.Errorf("the potentials violate a constraint by %v (scale %v)", worst, r.Scale)
	}
	if r.Status == Stopped {
		return // what it has stands, but for the gap
	}
	if !r.Certified() {
		t.Errorf("gap %v of cost %v, scale %v: not certified", r.Gap, r.Cost, r.Scale)
	}
	if r.Cost > 1e-7*r.Scale && !(math.Abs(r.RelativeGap()) <= 1e-10) {
		t.Errorf("relative gap %v, want at most 1e-10", r.RelativeGap())
	}
}

func normalized(w []float64, n int) []float64 {
	out := make([]float64, n)
	var s accumulator
	for i := range out {
		out[i] = 1
		if w != nil {
			out[i] = w[i]
		}
		s.add(out[i])
	}
	for i := range out {
		out[i] /= s.value()
	}
	return out
}

// plainCost is the definition of a cost, from the given coordinates.
func plainCost(x, y []float64, cost Cost) float64 {
	var sum, square float64
	for k := range x {
		d := math.Abs(x[k] - y[k])
		if cost.periods != nil {
			if p := cost.periods[k%len(cost.periods)]; p > 0 {
				d = math.Abs(math.Remainder(x[k]-y[k], p))
			}
		}
		sum += d
		square += d * d
	}
	switch cost.kind {
	case euclidean:
		return math.Sqrt(square)
	case cityBlock:
		return sum
	}
	return square
}
