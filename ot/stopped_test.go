package ot

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"
)

func TestAStoppedSolveSaysWhatItHas(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y Points
		cost Cost
	}{
		{"double well", doubleWell(900, 1), doubleWell(1300, 2), SquaredEuclidean},
		{"far", gauss(800, 2, 0, 1), gauss(800, 2, 5, 2), Euclidean},
		{"torus", doubleWell(700, 1), gauss(600, 2, 1, 2), SquaredEuclidean.OnTorus(5, 0)},
		{"ten dimensions", gauss(300, 10, 0, 1), gauss(200, 10, 0.2, 2), SquaredEuclidean},
	} {
		full := solve(t, c.x, c.y, c.cost)
		for _, method := range []Method{Automatic, ColumnGeneration, SmallSide} {
			last := math.Inf(1)
			for _, limit := range []int{1, 20, 300, 1500, 4000, 1 << 40} {
				r, err := Solve(c.x, c.y, nil, nil, c.cost, WithLimit(limit), WithMethod(method))
				name := fmt.Sprintf("%s, %v, %d steps", c.name, method, limit)
				if r == nil {
					t.Fatalf("%s: %v", name, err)
				}
				checkResult(t, r, c.x, c.y, nil, nil, c.cost)
				if r.Status == Optimal {
					if err != nil || limit < 300 {
						t.Errorf("%s: optimal, with error %v", name, err)
					}
					near(t, name, r.Cost, full.Cost, 1e-12*full.Scale)
					continue
				}
				if !errors.Is(err, ErrLimit) {
					t.Errorf("%s: error %v, want %v", name, err, ErrLimit)
				}
				if !(r.Cost >= full.Cost-1e-12*full.Scale && r.Dual() <= full.Cost+1e-12*full.Scale) {
					t.Errorf("%s: between %v and %v, the optimum is %v", name, r.Dual(), r.Cost, full.Cost)
				}
				if limit >= 1500 && !(r.Gap <= last) {
					t.Errorf("%s: gap %v, and %v with fewer steps", name, r.Gap, last)
				}
				last = r.Gap
			}
			if last > full.Scale {
				t.Errorf("%s, %v: gap %v", c.name, method, last)
			}
		}
	}
}

func TestCancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x, y := doubleWell(500, 1), doubleWell(500, 2)
	r, err := Solve(x, y, nil, nil, SquaredEuclidean, WithContext(ctx))
	if !errors.Is(err, context.Canceled) || r == nil || r.Status != Stopped {
		t.Fatalf("error %v with result %v, want a stopped result and %v", err, r, context.Canceled)
	}
	checkResult(t, r, x, y, nil, nil, SquaredEuclidean)
	if !(r.Gap > 0) {
		t.Errorf("gap %v after no work at all", r.Gap)
	}
	// Large problems stop soon, whatever they are at.
	if testing.Short() {
		return
	}
	x, y = doubleWell(30000, 1), doubleWell(30000, 2)
	for _, wait := range []time.Duration{20 * time.Millisecond, 400 * time.Millisecond, 1200 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		start := time.Now()
		r, err := Solve(x, y, nil, nil, SquaredEuclidean, WithContext(ctx))
		cancel()
		if took := time.Since(start); took > wait+3*time.Second {
			t.Errorf("stopped after %v, want soon after %v", took, wait)
		}
		if err != nil && (!errors.Is(err, context.DeadlineExceeded) || r.Status != Stopped) {
			t.Errorf("error %v, status %v", err, r.Status)
		}
		t.Logf("after %v: cost %.6g, gap %.2g", wait, r.Cost, r.Gap)
	}
}

func TestProgressIsToldAndChangesNothing(t *testing.T) {
	x, y := doubleWell(6000, 1), doubleWell(6000, 2)
	want := solve(t, x, y, SquaredEuclidean)
	calls, last := 0, time.Time{}
	r, err := Solve(x, y, nil, nil, SquaredEuclidean, WithProgress(func(p Progress) {
		if now := time.Now(); now.Sub(last) < 90*time.Millisecond {
			t.Errorf("reports %v apart", now.Sub(last))
		} else {
			last = now
		}
		calls++
		if p.Points < 1 || p.Steps < 1 || p.Primal < want.Cost*(1-1e-12) || p.Dual > want.Cost*(1+1e-12) || p.Done < 0 || p.Done > 1 {
			t.Errorf("progress %+v of a problem of cost %v", p, want.Cost)
		}
	}))
	if err != nil || r.Cost != want.Cost {
		t.Errorf("cost %v, error %v; without progress %v", r.Cost, err, want.Cost)
	}
	t.Logf("%d reports", calls)
}
