package ot

import (
	"fmt"
	"math"
)

// Barycentric is the mean of where each point of x goes, Σ_j P_ij y_j / a_i, the
// estimate of the Brenier map at x_i that a plan gives. y are the points that
// the result was solved for. On a torus the images of y_j nearest x_i count, so
// the mean may lie outside the period's cell. A point without mass goes nowhere: NaN.
func (r *Result) Barycentric(y Points) Points {
	r.checkPoints("y", y, r.m)
	d := y.Dim
	sum := make([]accumulator, r.n*d)
	weight := make([]accumulator, r.n)
	for _, e := range r.Plan {
		weight[e.I].add(e.Mass)
		for k, v := range y.At(e.J) {
			if r.period != nil {
				v = nearestImage(v, r.x.At(e.I)[k], r.period[k])
			}
			sum[e.I*d+k].add(float64(v * e.Mass))
		}
	}
	out := make([]float64, r.n*d)
	for i := range out {
		out[i] = sum[i].value() / weight[i/d].value()
	}
	return NewPoints(out, d)
}

// Interpolate is the displacement interpolation between the laws (McCann 1997)
// at time t: x at 0, y at 1, and between them every share of mass on its
// straight way, on a torus the shortest. It has a point with its weight for
// each entry of the plan, in that order; the weights sum to one.
func (r *Result) Interpolate(x, y Points, t float64) (Points, []float64) {
	r.checkPoints("x", x, r.n)
	r.checkPoints("y", y, r.m)
	if x.Dim != y.Dim {
		panic(fmt.Sprintf("ot: interpolation between points of dimension %d and %d", x.Dim, y.Dim))
	}
	out, weight := make([]float64, 0, len(r.Plan)*x.Dim), make([]float64, len(r.Plan))
	for q, e := range r.Plan {
		to := y.At(e.J)
		for k, u := range x.At(e.I) {
			v := to[k]
			if r.period != nil {
				v = nearestImage(v, u, r.period[k])
			}
			out = append(out, float64((1-t)*u)+float64(t*v))
		}
		weight[q] = e.Mass
	}
	return NewPoints(out, x.Dim), weight
}

// checkPoints panics when p cannot be the cloud that the result is about.
func (r *Result) checkPoints(name string, p Points, n int) {
	if p.Len() != n {
		panic(fmt.Sprintf("ot: %d points %s for a result about %d", p.Len(), name, n))
	}
	if r.period != nil && p.Dim != len(r.period) {
		panic(fmt.Sprintf("ot: points %s of dimension %d for a result on a torus of dimension %d", name, p.Dim, len(r.period)))
	}
}

// nearestImage is the image of v on a circle of circumference p that is nearest
// u; p = 0 stands for the line.
func nearestImage(v, u, p float64) float64 {
	if p == 0 {
		return v
	}
	return u + math.Remainder(v-u, p)
}
