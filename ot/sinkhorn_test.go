package ot

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func sinkhornOf(t testing.TB, x, y Points, a, b []float64, cost Cost, epsilon float64, options ...Option) *Entropic {
	t.Helper()
	e, err := Sinkhorn(x, y, a, b, cost, epsilon, options...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestSinkhornFixedPointsOfOtherPrograms(t *testing.T) {
	var list []struct {
		Name                                               string
		Epsilon, Transport, KL, Cost, Dual, Marginal, Rtol float64
	}
	readJSON(t, "sinkhorn.json", &list)
	if len(list) != 6 {
		t.Fatalf("%d instances, want 6", len(list))
	}
	for _, in := range list {
		v := readArrays(t, in.Name+".npz")
		d := v["X"].Shape[1]
		e := sinkhornOf(t, NewPoints(v["X"].Data, d), NewPoints(v["Y"].Data, d), v["a"].Data, v["b"].Data,
			SquaredEuclidean, in.Epsilon, WithTolerance(1e-12))
		if e.Status != Converged || !(e.MarginalError <= 2e-12) {
			t.Errorf("%s: %v after %d iterations, marginal error %v", in.Name, e.Status, e.Iterations, e.MarginalError)
		}
		near(t, in.Name+" ⟨P, C⟩", e.Transport, in.Transport, in.Rtol*in.Transport)
		near(t, in.Name+" KL", e.KL, in.KL, in.Rtol*in.KL)
		near(t, in.Name+" cost", e.Cost, in.Cost, in.Rtol*in.Cost)
		near(t, in.Name+" dual", e.Dual, in.Dual, in.Rtol*in.Dual)
		// Theirs have Σ a f = 0, ours Σ a f = Σ b g.
		for i, f := range v["f"].Data {
			near(t, in.Name+" f", e.F[i]-in.Dual/2, f, 1e-8*in.Dual)
		}
		for j, g := range v["g"].Data {
			near(t, in.Name+" g", e.G[j]+in.Dual/2, g, 1e-8*in.Dual)
		}
	}
}

// checkEntropic holds a converged result to its definition, entry by entry.
func checkEntropic(t *testing.T, e *Entropic, x, y Points, a, b []float64, cost Cost) {
	t.Helper()
	a, b = normalized(a, x.Len()), normalized(b, y.Len())
	period, err := cost.forDim(x.Dim)
	if err != nil {
		t.Fatal(err)
	}
	met := metric{kind: cost.kind, dim: x.Dim}
	p := e.Dense()
	column := make([]float64, y.Len())
	var transport, kl, miss, dual, left, right float64
	scale := 0.0
	for i := range x.Len() {
		sum := 0.0
		for j := range y.Len() {
			v := slices.Clone(x.At(i))
			for k, w := range y.At(j) {
				v[k] -= w
				if period != nil && period[k] > 0 {
					v[k] = math.Remainder(v[k], period[k])
				}
			}
			c := met.between(v, make([]float64, x.Dim))
			scale = max(scale, c)
			q := p[i*y.Len()+j]
			want := a[i] * b[j] * math.Exp((e.F[i]+e.G[j]-c)/e.Epsilon)
			near(t, "plan", q, want, 1e-13*(1+scale/e.Epsilon)*(want+1e-30))
			sum += q
			column[j] += q
			transport += q * c
			if q > 0 {
				kl += q * math.Log(q/(a[i]*b[j]))
			}
		}
		miss += math.Abs(sum - a[i])
		left += a[i] * e.F[i]
	}
	for j, v := range column {
		miss += math.Abs(v - b[j])
		right += b[j] * e.G[j]
	}
	dual = left + right
	near(t, "Σ a F and Σ b G", left, right, 1e-12*scale)
	near(t, "⟨P, C⟩", e.Transport, transport, 1e-12*scale)
	near(t, "KL", e.KL, kl, 1e-8+1e-13*scale/e.Epsilon)
	near(t, "cost", e.Cost, transport+e.Epsilon*kl, 1e-8*e.Epsilon+1e-12*scale)
	near(t, "dual", e.Dual, dual, 1e-8*e.Epsilon+1e-12*scale)
	near(t, "cost and dual", e.Cost, e.Dual, 1e-8*(e.Epsilon+scale))
	near(t, "marginal error", e.MarginalError, miss, 1e-11+1e-13*scale/e.Epsilon)
	if e.Status != Converged || e.MarginalError > 2e-9 {
		t.Errorf("%v with a marginal error of %v", e.Status, e.MarginalError)
	}
}

func TestSinkhornIsWhatItsDefinitionSays(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 21))
	for _, c := range []struct{ n, m, d int }{{1, 1, 2}, {1, 5, 1}, {7, 1, 3}, {40, 40, 2}, {70, 130, 3}, {30, 20, 9}} {
		for _, cost := range []Cost{SquaredEuclidean, Euclidean, CityBlock, SquaredEuclidean.OnTorus(1.5), CityBlock.OnTorus(1.1)} {
			for _, weighted := range []bool{false, true} {
				x, y := gauss(c.n, c.d, 0, 1), gauss(c.m, c.d, 0.7, 2)
				var a, b []float64
				if weighted {
					a, b = exponentials(c.n, r), exponentials(c.m, r)
					if c.n > 2 {
						a[1] = 0
					}
					a, b = normalized(a, c.n), normalized(b, c.m)
				}
				for _, epsilon := range []float64{0.2, 3} {
					t.Run(fmt.Sprintf("%dx%d/d=%d/%v/weighted=%v/%v", c.n, c.m, c.d, cost, weighted, epsilon), func(t *testing.T) {
						checkEntropic(t, sinkhornOf(t, x, y, a, b, cost, epsilon), x, y, a, b, cost)
					})
				}
			}
		}
	}
}

func TestSinkhornComesDownToTheTransportCost(t *testing.T) {
	x, y := doubleWell(60, 1), gauss(50, 2, 0.5, 2)
	exact := first(W2Squared(x, y))
	last := math.Inf(1)
	for _, epsilon := range []float64{100, 1, 0.1, 0.01, 0.002} {
		e := sinkhornOf(t, x, y, nil, nil, SquaredEuclidean, epsilon, WithTolerance(1e-8))
		// ⟨P, C⟩ − ε log min(n, m) ≤ exact ≤ ⟨P, C⟩, since 0 ≤ KL ≤ log min(n, m).
		if !(e.Transport >= exact-1e-7 && e.Dual >= exact-1e-7 && e.Dual <= exact+epsilon*math.Log(50)+1e-7) {
			t.Errorf("ε = %v: ⟨P, C⟩ = %v, dual %v, exact %v", epsilon, e.Transport, e.Dual, exact)
		}
		if !(e.Transport <= last+1e-7) {
			t.Errorf("ε = %v: ⟨P, C⟩ = %v is more than at a greater ε, %v", epsilon, e.Transport, last)
		}
		last = e.Transport
	}
	near(t, "smallest ε", last, exact, 0.01*exact)
}

func TestSinkhornOfGaussiansIsTheClosedForm(t *testing.T) {
	var list []gaussianCase
	readJSON(t, "gaussian.json", &list)
	seen := 0
	for _, in := range list {
		if in.Kind != "gaussian_entropic" || in.D != 1 {
			continue
		}
		seen++
		const n = 400 // the rule of rectangles on a smooth, decaying density: exact to rounding
		grid := func(mean, variance float64) (Points, []float64) {
			x, w := make([]float64, n), make([]float64, n)
			for i := range x {
				u := -9 + 18*float64(i)/(n-1)
				x[i], w[i] = mean+u*math.Sqrt(variance), math.Exp(-u*u/2)
			}
			return NewPoints(x, 1), normalized(w, n)
		}
		x, a := grid(in.M0[0], in.S0[0][0])
		y, b := grid(in.M1[0], in.S1[0][0])
		e := sinkhornOf(t, x, y, a, b, SquaredEuclidean, in.Eps, WithTolerance(1e-11))
		near(t, "OT_ε", e.Cost, in.Value, 1e-9*in.Value)
	}
	if seen != 1 {
		t.Errorf("%d cases, want 1", seen)
	}
}

func TestNeitherOffsetNorScaleNorTinyEpsilonBreaksSinkhorn(t *testing.T) {
	x, y := gauss(40, 2, 0, 1), gauss(50, 2, 0.4, 2)
	want := sinkhornOf(t, x, y, nil, nil, SquaredEuclidean, 0.3)
	for _, c := range []struct{ scale, offset float64 }{{1e9, 0}, {1e-9, 0}, {1, 1e6}, {1e-3, 5}} {
		moved := func(p Points, offset float64) Points {
			q := slices.Clone(p.X)
			for i := range q {
				q[i] = q[i]*c.scale + offset
			}
			return NewPoints(q, 2)
		}
		s := c.scale * c.scale
		e := sinkhornOf(t, moved(x, c.offset), moved(y, c.offset), nil, nil, SquaredEuclidean, 0.3*s)
		near(t, fmt.Sprint("cost at ", c), e.Cost, want.Cost*s, 1e-8*want.Cost*s)
		near(t, fmt.Sprint("KL at ", c), e.KL, want.KL, 1e-7*want.KL)
		far := sinkhornOf(t, moved(x, c.offset), moved(y, -c.offset), nil, nil, SquaredEuclidean, 0.3*s)
		if d := 8 * c.offset * c.offset; d > 0 {
			near(t, fmt.Sprint("far apart at ", c), far.Cost, want.Cost*s+d, 1e-2*d+1e-8*s)
			near(t, fmt.Sprint("KL far apart at ", c), far.KL, want.KL, 1e-6*want.KL)
		}
	}
	// At ε = 1e-9 of the costs no exponential is left to round to 0 in vain.
	e := sinkhornOf(t, x, y, nil, nil, SquaredEuclidean, 1e-8, WithLimit(300))
	if math.IsNaN(e.Cost) || math.IsInf(e.Cost, 0) || !(e.Dual <= first(W2Squared(x, y))+1e-6) {
		t.Errorf("at ε = 1e-8: cost %v, dual %v, %v", e.Cost, e.Dual, e.Status)
	}
}

func TestALimitIsAStatusAndItsDualIsABound(t *testing.T) {
	x, y := gauss(80, 2, 0, 1), gauss(90, 2, 1, 2)
	full := sinkhornOf(t, x, y, nil, nil, SquaredEuclidean, 0.05, WithTolerance(1e-10))
	before := math.Inf(1)
	for _, limit := range []int{1, 3, 10, 30} {
		e := sinkhornOf(t, x, y, nil, nil, SquaredEuclidean, 0.05, WithLimit(limit), WithTolerance(1e-10))
		if e.Status != NotConverged || e.Iterations != limit || !(e.MarginalError > 2e-10) {
			t.Errorf("limit %d: %v after %d iterations, marginal error %v", limit, e.Status, e.Iterations, e.MarginalError)
		}
		if !(e.Dual <= full.Cost+1e-10) {
			t.Errorf("limit %d: dual %v above the optimum %v", limit, e.Dual, full.Cost)
		}
		if !(e.MarginalError < before) {
			t.Errorf("limit %d: marginal error %v, with a smaller one %v", limit, e.MarginalError, before)
		}
		before = e.MarginalError
	}
	again := sinkhornOf(t, x, y, nil, nil, SquaredEuclidean, 0.05, WithWarmStart(full.F, full.G))
	if again.Status != Converged || again.Iterations > 2 {
		t.Errorf("from the optimum: %v after %d iterations", again.Status, again.Iterations)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e, err := Sinkhorn(x, y, nil, nil, SquaredEuclidean, 0.05, WithContext(ctx))
	if !errors.Is(err, context.Canceled) || e == nil || e.Status != NotConverged {
		t.Errorf("cancelled: %v, %v", e, err)
	}
}

func TestSinkhornDivergenceIsOneAndMeasuresTranslations(t *testing.T) {
	for _, epsilon := range []float64{0.3, 1, 50} {
		x := doubleWell(70, 3)
		d, err := SinkhornDivergence(x, x, nil, nil, SquaredEuclidean, epsilon)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "of a law and itself", d.Value, 0, 1e-9)
		moved := NewPoints(slices.Clone(x.X), 2)
		for i := range moved.X {
			moved.X[i] += []float64{3, -4}[i%2]
		}
		if d, err = SinkhornDivergence(x, moved, nil, nil, SquaredEuclidean, epsilon); err != nil {
			t.Fatal(err)
		}
		near(t, "of a translation by 5", d.Value, 25, 1e-8)
		y := gauss(40, 2, 0.3, 4)
		xy, err := SinkhornDivergence(x, y, nil, nil, SquaredEuclidean, epsilon)
		if err != nil {
			t.Fatal(err)
		}
		yx, err := SinkhornDivergence(y, x, nil, nil, SquaredEuclidean, epsilon)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "both ways", xy.Value, yx.Value, 1e-9)
		if !(xy.Value > 0) || xy.Status() != Converged || xy.MarginalError() > 2e-9 {
			t.Errorf("ε = %v: %v, %v, marginal error %v", epsilon, xy.Value, xy.Status(), xy.MarginalError())
		}
		checkEntropic(t, xy.XX, x, x, nil, nil, SquaredEuclidean)
		if !slices.Equal(xy.XX.F, xy.XX.G) {
			t.Error("the potentials of a law and itself differ")
		}
	}
}

func TestSinkhornDivergenceGoesFromTransportToMeans(t *testing.T) {
	x, y := gauss(50, 2, 0, 1), gauss(50, 2, 0.6, 2)
	small, err := SinkhornDivergence(x, y, nil, nil, SquaredEuclidean, 0.01, WithTolerance(1e-7))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ε → 0", small.Value, first(W2Squared(x, y)), 0.02)
	large, err := SinkhornDivergence(x, y, nil, nil, SquaredEuclidean, 1e6)
	if err != nil {
		t.Fatal(err)
	}
	var means float64
	for k := range 2 {
		var d float64
		for i := range 50 {
			d += (x.At(i)[k] - y.At(i)[k]) / 50
		}
		means += d * d
	}
	near(t, "ε → ∞", large.Value, means, 1e-4)
}

func TestSinkhornDoesNotDependOnThreads(t *testing.T) {
	for _, cost := range []Cost{SquaredEuclidean, Euclidean} {
		x, y := gauss(300, 3, 0, 1), gauss(200, 3, 0.2, 2)
		one := sinkhornOf(t, x, y, nil, nil, cost, 0.1, WithThreads(1))
		many := sinkhornOf(t, x, y, nil, nil, cost, 0.1, WithThreads(7))
		if one.Cost != many.Cost || one.KL != many.KL || one.Iterations != many.Iterations ||
			!slices.Equal(one.F, many.F) || !slices.Equal(one.G, many.G) {
			t.Errorf("%v: on one thread %v, on seven %v", cost, one.Cost, many.Cost)
		}
	}
}

func TestSinkhornSaysWhatIsWrong(t *testing.T) {
	x, y := gauss(5, 2, 0, 1), gauss(6, 2, 0, 2)
	run := func(x, y Points, a []float64, epsilon float64, options ...Option) error {
		_, err := Sinkhorn(x, y, a, nil, SquaredEuclidean, epsilon, options...)
		return err
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{run(x, y, nil, 0), "epsilon is 0"},
		{run(x, y, nil, -1), "epsilon is -1"},
		{run(x, y, nil, math.NaN()), "epsilon is NaN"},
		{run(x, gauss(3, 3, 0, 1), nil, 1), "dimension 2 and y 3"},
		{run(NewPoints([]float64{0, math.Inf(1)}, 2), y, nil, 1), "x[0][1] is +Inf"},
		{run(x, y, []float64{1, 0, -2, 0, 0}, 1), "weight a[2] is -2"},
		{run(x, y, nil, 1, WithTolerance(-1)), "tolerance is -1"},
		{run(x, y, nil, 1, WithWarmStart(make([]float64, 4), make([]float64, 6))), "4 potentials f for 5 points"},
		{run(NewPoints([]float64{0, 1e200}, 2), y, nil, 1), "overflows"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", c.err, c.want)
		}
	}
}

func BenchmarkSinkhornIteration(b *testing.B) {
	for _, c := range []struct {
		n, d int
		cost Cost
	}{{1000, 2, SquaredEuclidean}, {1000, 66, SquaredEuclidean}, {1000, 2, SquaredEuclidean.OnTorus(6)}, {1000, 2, Euclidean}, {5000, 2, SquaredEuclidean}} {
		b.Run(fmt.Sprintf("%d/d=%d/%v", c.n, c.d, c.cost), func(b *testing.B) {
			x, y := gauss(c.n, c.d, 0, 1), gauss(c.n, c.d, 0.5, 2)
			set := newSettings(nil)
			s, err := newSinkhorn(x, y, nil, nil, c.cost, 0.01, &set)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s.iterate(0.01, 1)
			}
		})
	}
}
