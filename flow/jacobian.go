package flow

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// BiLipschitz has the extreme singular values of the flow's Jacobian over some samples: local
// bi-Lipschitz constants, which say how far F and its inverse can stretch small errors there.
type BiLipschitz struct {
	// Largest and Smallest are the greatest and the least singular value of J_F over all samples.
	// So Largest is the greatest stretch by F, 1/Smallest the greatest stretch by F⁻¹.
	Largest, Smallest float64
	// LargestAt and SmallestAt are the numbers of the samples where they occur.
	LargestAt, SmallestAt int
	// MeanLogLargest and MeanLogSmallest are the means over the samples of the logarithms of the
	// greatest and the least singular value.
	MeanLogLargest, MeanLogSmallest float64
}

// BiLipschitz computes the singular values of J_F at the points of the base that F maps to the
// samples x, row-major [n][d], in float64. The Jacobian is exact up to rounding: d passes of the
// reverse mode.
//
// It panics unless n ≥ 1.
func (f *Flow[T]) BiLipschitz(x []T) BiLipschitz {
	if f.samples("BiLipschitz", "x", len(x)) == 0 {
		panic("flow: BiLipschitz: no samples, want at least one")
	}
	result := BiLipschitz{Smallest: math.Inf(1)}
	d, i := f.arch.Dim, 0
	var svd mat.SVD
	values := make([]float64, d)
	f.inverseJacobians(x, func(jacobian []float64) {
		largest, smallest := math.NaN(), math.NaN()
		if svd.Factorize(mat.NewDense(d, d, jacobian), mat.SVDNone) {
			svd.Values(values)
			// J_F is the inverse of this Jacobian.
			largest, smallest = 1/values[d-1], 1/values[0]
		}
		if exceeds(largest, result.Largest) {
			result.Largest, result.LargestAt = largest, i
		}
		if exceeds(-smallest, -result.Smallest) {
			result.Smallest, result.SmallestAt = smallest, i
		}
		result.MeanLogLargest += math.Log(largest)
		result.MeanLogSmallest += math.Log(smallest)
		i++
	})
	result.MeanLogLargest /= float64(i)
	result.MeanLogSmallest /= float64(i)
	return result
}

// inverseJacobians calls visit with J_{F⁻¹} at each sample of x, row-major [d][d] with
// element (i, k) = ∂z_i/∂x_k, in a slice that it uses again.
func (f *Flow[T]) inverseJacobians(x []T, visit func(jacobian []float64)) {
	g, d := Convert[float64](f), f.arch.Dim
	tp := newTape(g)
	rows := make([]int32, tp.lanes)
	data := make([]float64, tp.lanes*d)
	block := make([]float64, d*d*tp.lanes) // [d][d][lanes]
	jacobian := make([]float64, d*d)
	for len(x) > 0 {
		n := min(tp.lanes, len(x)/d)
		for i, v := range x[:n*d] {
			data[i] = float64(v)
		}
		for i := range n {
			rows[i] = int32(i)
		}
		tp.loadRows(data, rows[:n], d)
		g.inverseOnTape(tp, n)
		for i := range d {
			clear(tp.grad)
			copy(tp.grad[i*tp.ld:i*tp.ld+n], tp.ones)
			g.backward(tp, 0, nil, n)
			for k := range d {
				copy(block[(i*d+k)*tp.lanes:(i*d+k)*tp.lanes+n], tp.grad[k*tp.ld:])
			}
		}
		for lane := range n {
			for e := range jacobian {
				jacobian[e] = block[e*tp.lanes+lane]
			}
			visit(jacobian)
		}
		x = x[n*d:]
	}
}

// RoundTrip says how far F(F⁻¹(x)) is from x.
type RoundTrip struct {
	// Largest is the greatest error of a feature over all samples, at sample At; RMS its root mean
	// square. Both are in the unit of the data.
	Largest float64
	At      int
	RMS     float64
}

// RoundTrip maps the samples x, row-major [n][d], to the base and back. The result measures
// rounding alone: every invertible map, the worst one too, is exact but for that.
func (f *Flow[T]) RoundTrip(x []T) RoundTrip {
	f.samples("RoundTrip", "x", len(x))
	y := make([]T, len(x))
	f.Inverse(y, nil, x)
	f.Forward(y, nil, y)
	var r RoundTrip
	sum := 0.0
	for i := range x {
		e := math.Abs(float64(y[i]) - float64(x[i]))
		sum += float64(e * e)
		if exceeds(e, r.Largest) {
			r.Largest, r.At = e, i/f.arch.Dim
		}
	}
	if len(x) > 0 {
		r.RMS = math.Sqrt(sum / float64(len(x)))
	}
	return r
}

// exceeds is x > largest where a NaN is larger than all numbers.
func exceeds(x, largest float64) bool { return x > largest || x != x && largest == largest }

// String gives the numbers on a line.
func (r RoundTrip) String() string {
	return fmt.Sprintf("largest %.3g at sample %d, RMS %.3g", r.Largest, r.At, r.RMS)
}
