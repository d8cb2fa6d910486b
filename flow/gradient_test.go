package flow

import (
	"math"
	"slices"
	"testing"

	"pushforward/kernels"
)

// nll is the negative log-likelihood of all samples of x, summed.
func nll(f *Flow[float64], x []float64) float64 {
	logProb := make([]float64, len(x)/f.Dim())
	f.LogProb(logProb, x)
	sum := 0.0
	for _, l := range logProb {
		sum -= l
	}
	return sum
}

func rowNumbers(n int) []int32 {
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

func TestTheGradientIsThatOfFiniteDifferences(t *testing.T) {
	const h = 1e-6
	for name, a := range architectures() {
		f := testFlow[float64](t, a, 31, 1)
		n := 70 // one full micro-block and a part of one
		x := normals[float64](n, a.Dim, 8)
		grad := make([]float64, f.NumActing())
		tp := newTape(f)
		loss := f.addGradient(tp, layout(f.arch, grad), x, rowNumbers(n))
		if want := nll(f, x); math.Abs(loss-want) > 1e-9*math.Abs(want) {
			t.Errorf("%s: loss %.15g, want %.15g", name, loss, want)
		}
		scale, worst := 0.0, 0.0
		for i := range f.params {
			if testing.Short() && i%7 != 0 {
				continue
			}
			p := f.params[i]
			f.params[i] = p + h
			up := nll(f, x)
			f.params[i] = p - h
			down := nll(f, x)
			f.params[i] = p
			want := (up - down) / (2 * h)
			scale = max(scale, math.Abs(want))
			worst = max(worst, math.Abs(want-grad[i]))
		}
		// A kink of ReLU within h of a sample is off by a part of that sample's share.
		if !(worst <= 2e-6*(1+scale)) {
			t.Errorf("%s: gradient is off by %g, largest %g", name, worst, scale)
		}
	}
}

func TestTheGradientWithRespectToDataIsThatOfFiniteDifferences(t *testing.T) {
	const h = 1e-6
	for name, a := range architectures() {
		f := testFlow[float64](t, a, 37, 1)
		n, d := 5, a.Dim
		x := normals[float64](n, d, 6)
		tp := newTape(f)
		f.addGradient(tp, nil, x, rowNumbers(n))
		for i := range x {
			up, down := slices.Clone(x), slices.Clone(x)
			up[i] += h
			down[i] -= h
			want := (nll(f, up) - nll(f, down)) / (2 * h)
			if got := tp.grad[i%d*tp.ld+i/d]; math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
				t.Errorf("%s: sample %d, feature %d: %g, want %g", name, i/d, i%d, got, want)
			}
		}
	}
}

func TestGradientsAddUp(t *testing.T) {
	f := testFlow[float64](t, RealNVP(3, 2, Split, 8, 8), 41, 1)
	x := normals[float64](90, 3, 6)
	whole, parts := make([]float64, f.NumActing()), make([]float64, f.NumActing())
	tp := newTape(f)
	f.addGradient(tp, layout(f.arch, whole), x, rowNumbers(90))
	for _, r := range [][]int32{rowNumbers(90)[40:], rowNumbers(90)[:40]} {
		f.addGradient(tp, layout(f.arch, parts), x, r)
	}
	if e := maxAbs(whole, parts); !(e < 1e-10) {
		t.Errorf("gradients of two halves don't add up to the whole's: off by %g", e)
	}
}

func TestNarrowAndDensePathsGiveTheSameGradient(t *testing.T) {
	f := testFlow[float64](t, RealNVP(2, 4, Masked, 32), 43, 1)
	g := f.Clone()
	g.stretches = nil
	x := normals[float64](200, 2, 6)
	a, b := make([]float64, f.NumActing()), make([]float64, f.NumActing())
	f.addGradient(newTape(f), layout(f.arch, a), x, rowNumbers(200))
	g.addGradient(newTape(g), layout(g.arch, b), x, rowNumbers(200))
	if e := maxAbs(a, b); !(e < 1e-10) {
		t.Errorf("gradients differ by %g", e)
	}
}

func TestTheTapesInverseHasTheBitsOfInverse(t *testing.T) {
	for name, a := range architectures() {
		f := testFlow[float32](t, a, 47, 1)
		n, d := 50, a.Dim
		x, z := normals[float32](n, d, 1), make([]float32, n*d)
		logDet := make([]float64, n)
		f.Inverse(z, logDet, x)
		tp := newTape(f)
		tp.loadRows(x, rowNumbers(n), d)
		f.inverseOnTape(tp, n)
		got := make([]float32, n*d)
		kernels.Transpose(got, d, tp.state, tp.ld, d, n)
		if !slices.Equal(got, z) || !slices.Equal(tp.logDet[:n], logDet) {
			t.Errorf("%s: bits differ", name)
		}
	}
}
