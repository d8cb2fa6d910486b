package ot

import (
	"fmt"
	"math"
	"testing"
)

// A map that is the gradient of a convex function is optimal between any points
// and their images.
func TestPointsGoToTheirImagesUnderBrenierMaps(t *testing.T) {
	var list []map[string]any
	readJSON(t, "closed.json", &list)
	count := 0
	for i, in := range list {
		from, ok := in["x"].([]any)
		if !ok {
			continue
		}
		count++
		t.Run(fmt.Sprint(in["kind"], i), func(t *testing.T) {
			x, y := cloudOf(from), cloudOf(in["Tx"].([]any))
			var want accumulator
			for k, v := range x.X {
				want.add((v - y.X[k]) * (v - y.X[k]) / float64(x.Len()))
			}
			r, err := Solve(x, y, nil, nil, SquaredEuclidean)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "W2²", r.Cost, want.value(), 1e-12*want.value())
			for _, m := range r.Plan {
				if m.I != m.J {
					t.Fatalf("point %d goes to the image of point %d", m.I, m.J)
				}
			}
		})
	}
	if count < 12 {
		t.Errorf("%d maps in the file, want at least 12", count)
	}
}

// cloudOf reads points, or numbers as points on a line.
func cloudOf(points []any) Points {
	var x []float64
	dim := 1
	for _, p := range points {
		if v, ok := p.(float64); ok {
			x = append(x, v)
			continue
		}
		dim = len(p.([]any))
		for _, v := range p.([]any) {
			x = append(x, v.(float64))
		}
	}
	return NewPoints(x, dim)
}

// The cost of a radial map is that between the radii, that of a product the sum
// of the coordinates'.
func TestClosedFormsOfRadialLawsAndProducts(t *testing.T) {
	var list []map[string]any
	readJSON(t, "closed.json", &list)
	const n = 20000
	count := 0
	for i, in := range list {
		num := func(k string) float64 { v, _ := in[k].(float64); return v }
		power := func(u float64) float64 { return math.Pow(u, num("p")) }
		var pairs [][2]func(u float64) float64 // quantile functions
		switch in["kind"] {
		case "radial_power":
			radius := func(u float64) float64 { return math.Pow(u, 1/num("d")) }
			pairs = [][2]func(float64) float64{{radius, func(u float64) float64 { return power(radius(u)) }}}
		case "radial_gauss_to_disc":
			pairs = [][2]func(float64) float64{{func(u float64) float64 { return math.Sqrt(-2 * math.Log1p(-u)) }, math.Sqrt}}
		case "product2d":
			uniform := func(u float64) float64 { return u }
			pairs = [][2]func(float64) float64{{uniform, func(u float64) float64 { return -math.Log1p(-u) / num("rate") }}, {uniform, power}}
		default:
			continue
		}
		count++
		t.Run(fmt.Sprint(in["kind"], i), func(t *testing.T) {
			sum := 0.0
			for _, p := range pairs {
				x := make([]float64, n) // quantiles in the middle of n slices
				for k := range x {
					x[k] = p[0]((float64(k) + 0.5) / n)
				}
				v, err := QuantileW2Squared(x, p[1])
				if err != nil {
					t.Fatal(err)
				}
				sum += v
			}
			near(t, "W2²", sum, num("W2sq"), 2e-4*num("W2sq"))
		})
	}
	if count != 5 {
		t.Errorf("%d laws in the file, want 5", count)
	}
}
