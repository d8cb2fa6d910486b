package ot

import (
	"fmt"
	"math"
	"testing"
)

// A linear map with a symmetric positive matrix is a Brenier map (a gradient of
// a convex function): the plan between a cloud and its image must find it.
func TestBarycentricFindsALinearBrenierMap(t *testing.T) {
	x := gauss(300, 2, 0, 1)
	y := mapped(x, func(p []float64) { p[0], p[1] = 2*p[0]+0.5*p[1]+1, 0.5*p[0]+p[1]-3 })
	r := solve(t, x, y, SquaredEuclidean)
	got := r.Barycentric(y)
	for i, v := range y.X {
		near(t, fmt.Sprint("coordinate ", i), got.X[i], v, 1e-14)
	}
}

func TestBarycentricIsAWeightedMean(t *testing.T) {
	x, y := NewPoints([]float64{0, 0, 9, 9, 5, 5}, 2), NewPoints([]float64{1, 0, -1, 0, 9, 8}, 2)
	r, err := Solve(x, y, []float64{0.5, 0.5, 0}, []float64{0.125, 0.375, 0.5}, SquaredEuclidean)
	if err != nil {
		t.Fatal(err)
	}
	got := r.Barycentric(y).X
	for k, want := range []float64{-0.5, 0, 9, 8} {
		near(t, fmt.Sprint(k), got[k], want, 0)
	}
	if !math.IsNaN(got[4]) {
		t.Errorf("a point without mass goes to %v, want NaN", got[4:])
	}
}

func TestBarycentricOnATorusTakesTheNearestImage(t *testing.T) {
	x, y := NewPoints([]float64{170, -175}, 1), NewPoints([]float64{-170, 360 + 175, -178, 178}, 1)
	r := solve(t, x, y, SquaredEuclidean.OnTorus(360))
	near(t, "W2²", r.Cost, first(CircleW2Squared(x.X, y.X, 360)), 1e-10)
	for i, v := range r.Barycentric(y).X {
		if math.Abs(v-x.X[i]) > 15 {
			t.Errorf("%v goes to %v, the other way round", x.X[i], v)
		}
	}
}

// McCann's interpolation is a geodesic: W2 grows in proportion to time.
func TestInterpolationIsAGeodesic(t *testing.T) {
	for _, cost := range []Cost{SquaredEuclidean, SquaredEuclidean.OnTorus(4, 0)} {
		x, y := doubleWell(60, 1), gauss(80, 2, 1, 2)
		r := solve(t, x, y, cost)
		for _, time := range []float64{0, 0.3, 0.75, 1} {
			p, w := r.Interpolate(x, y, time)
			from, err := Solve(x, p, nil, w, cost)
			if err != nil {
				t.Fatal(err)
			}
			to, err := Solve(p, y, w, nil, cost)
			if err != nil {
				t.Fatal(err)
			}
			near(t, fmt.Sprint("W2 from x at ", time), from.W2(), time*r.W2(), 1e-7)
			near(t, fmt.Sprint("W2 to y at ", time), to.W2(), (1-time)*r.W2(), 1e-7)
		}
	}
}

func TestCloudsOfAnotherResultPanic(t *testing.T) {
	r := solve(t, gauss(3, 2, 0, 1), gauss(4, 2, 0, 2), SquaredEuclidean)
	for name, f := range map[string]func(){
		"y of another size":    func() { r.Barycentric(gauss(3, 2, 0, 1)) },
		"x of another size":    func() { r.Interpolate(gauss(4, 2, 0, 1), gauss(4, 2, 0, 2), 0.5) },
		"different dimensions": func() { r.Interpolate(gauss(3, 1, 0, 1), gauss(4, 2, 0, 2), 0.5) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
