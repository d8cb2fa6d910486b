package kernels_test

import (
	"fmt"
	"testing"

	"pushforward/kernels"
)

// shapes are layers: samples, inputs, outputs.
var shapes = [][3]int{{1024, 128, 128}, {4096, 256, 256}, {1024, 128, 2}, {1024, 33, 128}}

// pad is added to strides, as flows do: rows a large power of two apart share few
// sets of the first-level cache.
const pad = 16

// benchmarkDense runs a layer over all samples in panels [feature][64], one a
// call, whose rows are tile+pad apart; xT is a panel's transpose, with rows
// in+pad apart.
func benchmarkDense[T kernels.Float](b *testing.B, name string, run func(x, xT, y, w []T, in, out int)) {
	for _, s := range shapes {
		n, in, out := s[0], s[1], s[2]
		panels := n / tile
		x, y, w := numbers[T](panels*in*(tile+pad)), numbers[T](panels*out*(tile+pad)), numbers[T](in*out)
		xT := numbers[T](panels * tile * (in + pad))
		i := 0
		measure(b, fmt.Sprintf("%dx%dx%d/%s", n, in, out, name), 2*float64(tile*in*out), "flop", func() {
			i = (i + 1) % panels
			run(x[i*in*(tile+pad):], xT[i*tile*(in+pad):], y[i*out*(tile+pad):], w, in, out)
		})
	}
}

func BenchmarkDense(b *testing.B) {
	benchmarkDense(b, "float32", forward[float32])
	benchmarkDense(b, "float64", forward[float64])
}

func forward[T kernels.Float](x, _, y, w []T, in, out int) {
	kernels.Dense(y, tile+pad, x, tile+pad, w, nil, in, out, tile, kernels.ReLU)
}

func BenchmarkDenseBackwardInput(b *testing.B) {
	benchmarkDense(b, "float32", backwardInput[float32])
	benchmarkDense(b, "float64", backwardInput[float64])
}

func backwardInput[T kernels.Float](x, _, y, w []T, in, out int) {
	kernels.DenseBackwardInput(x, tile+pad, y, tile+pad, w, in, out, tile)
}

func BenchmarkDenseBackwardWeights(b *testing.B) {
	benchmarkDense(b, "float32", backwardWeights[float32])
	benchmarkDense(b, "float64", backwardWeights[float64])
}

func backwardWeights[T kernels.Float](_, xT, y, w []T, in, out int) {
	kernels.DenseBackwardWeights(w, nil, y, tile+pad, xT, in+pad, in, out, tile)
}

func BenchmarkRidge(b *testing.B) {
	benchmarkRidge(b, "float32", 4, func(y, x, _, _, w []float32) { kernels.Ridge(y, x, w, w, w, 1) })
	benchmarkRidge(b, "float64", 4, func(y, x, _, _, w []float64) { kernels.Ridge(y, x, w, w, w, 1) })
}

func BenchmarkRidgeFlowForward(b *testing.B) {
	benchmarkRidgeFlow(b, "float32", kernels.RidgeFlowForward[float32])
	benchmarkRidgeFlow(b, "float64", kernels.RidgeFlowForward[float64])
}

func BenchmarkRidgeFlowInverse(b *testing.B) {
	benchmarkRidgeFlow(b, "float32", kernels.RidgeFlowInverse[float32])
	benchmarkRidgeFlow(b, "float64", kernels.RidgeFlowInverse[float64])
}

// benchmarkRidgeFlow runs 6 layers with nets 1→128→1; flops are those of the nets.
func benchmarkRidgeFlow[T kernels.Float](b *testing.B, name string, run func(x, y []T, f *kernels.RidgeFlow[T], logdet []float64)) {
	const layers, hidden, stride = 6, 128, 2 * (3*128 + 1)
	f := kernels.RidgeFlow[T]{Layers: layers, Hidden: hidden, Params: numbers[T](layers * stride), Stride: stride, Alpha: []T{0.5}}
	for i := range f.Params {
		f.Params[i] /= 16
	}
	for _, n := range []int{1, 16, 64, 256} {
		x, y, logdet := numbers[T](n), numbers[T](n), make([]float64, n)
		measure(b, fmt.Sprintf("%d/%s", n, name), float64(8*hidden*layers*n), "flop", func() {
			run(x, y, &f, logdet)
		})
	}
}

func BenchmarkRidgeBackward(b *testing.B) {
	benchmarkRidge(b, "float32", 5, func(slope, x, p, q, w []float32) {
		kernels.RidgeBackward(slope, p, q, x, x, w, w, w)
	})
	benchmarkRidge(b, "float64", 5, func(slope, x, p, q, w []float64) {
		kernels.RidgeBackward(slope, p, q, x, x, w, w, w)
	})
}

// benchmarkRidge runs a net 1→128→1 on 1024 samples; flops are those of a sample
// and hidden unit.
func benchmarkRidge[T kernels.Float](b *testing.B, name string, flops int, run func(y, x, p, q, w []T)) {
	const hidden, n = 128, 1024
	x, y, w := numbers[T](n), make([]T, n), numbers[T](hidden)
	p, q := make([]T, hidden), make([]T, hidden)
	measure(b, name, float64(flops*hidden*n), "flop", func() { run(y, x, p, q, w) })
}

func BenchmarkCouplingForward(b *testing.B) {
	benchmarkCoupling(b, "float32", func(c coupling[float32]) {
		kernels.CouplingForward(c.y, tile, c.x, tile, c.s, c.t, tile, nil, c.logdet, 33, tile)
	})
	benchmarkCoupling(b, "float64", func(c coupling[float64]) {
		kernels.CouplingForward(c.y, tile, c.x, tile, c.s, c.t, tile, nil, c.logdet, 33, tile)
	})
}

func BenchmarkCouplingInverse(b *testing.B) {
	benchmarkCoupling(b, "float32", func(c coupling[float32]) {
		kernels.CouplingInverse(c.x, tile, c.y, tile, c.s, c.t, tile, nil, c.logdet, 33, tile)
	})
	benchmarkCoupling(b, "float64", func(c coupling[float64]) {
		kernels.CouplingInverse(c.x, tile, c.y, tile, c.s, c.t, tile, nil, c.logdet, 33, tile)
	})
}

func BenchmarkCouplingForwardBackward(b *testing.B) {
	benchmarkCoupling(b, "float32", func(c coupling[float32]) {
		kernels.CouplingForwardBackward(c.y, tile, c.u, c.t, tile, c.x, tile, c.x, tile, c.s, tile, 1, 33, tile)
	})
	benchmarkCoupling(b, "float64", func(c coupling[float64]) {
		kernels.CouplingForwardBackward(c.y, tile, c.u, c.t, tile, c.x, tile, c.x, tile, c.s, tile, 1, 33, tile)
	})
}

func BenchmarkCouplingInverseBackward(b *testing.B) {
	benchmarkCoupling(b, "float32", func(c coupling[float32]) {
		kernels.CouplingInverseBackward(c.y, tile, c.u, c.t, tile, c.x, tile, c.x, tile, c.s, tile, 1, 33, tile)
	})
	benchmarkCoupling(b, "float64", func(c coupling[float64]) {
		kernels.CouplingInverseBackward(c.y, tile, c.u, c.t, tile, c.x, tile, c.x, tile, c.s, tile, 1, 33, tile)
	})
}

func BenchmarkBoundBackward(b *testing.B) {
	benchmarkCoupling(b, "float32", func(c coupling[float32]) {
		kernels.BoundBackward(c.u, tile, c.y[:33], c.s, tile, c.x[:33], 33, tile)
	})
	benchmarkCoupling(b, "float64", func(c coupling[float64]) {
		kernels.BoundBackward(c.u, tile, c.y[:33], c.s, tile, c.x[:33], 33, tile)
	})
}

type coupling[T kernels.Float] struct {
	x, y, s, t, u []T
	logdet        []float64
}

func benchmarkCoupling[T kernels.Float](b *testing.B, name string, run func(coupling[T])) {
	const n = 33 * tile
	c := coupling[T]{numbers[T](n), numbers[T](n), make([]T, n), make([]T, n), make([]T, n), make([]float64, tile)}
	measure(b, "33x64/"+name, n, "element", func() { run(c) })
}

func benchmarkTranspose[T kernels.Float](b *testing.B, name string, d int, bytes float64) {
	src, dst := numbers[T](tile*d), make([]T, tile*d)
	measure(b, fmt.Sprintf("64x%d/%s", d, name), bytes*tile*float64(d), "byte", func() {
		kernels.Transpose(dst, tile, src, d, tile, d)
	})
}

func BenchmarkSquaredDistances(b *testing.B) {
	for _, d := range []int{1, 2, 66} {
		benchmarkDistances[float32](b, "float32", d, nil)
		benchmarkDistances[float64](b, "float64", d, nil)
	}
	benchmarkDistances(b, "torus/float32", 2, []float32{6, 6})
	benchmarkDistances(b, "torus/float64", 2, []float64{6, 6})
}

func benchmarkDistances[T kernels.Float](b *testing.B, name string, d int, period []T) {
	const n, m = 16, 1000
	x, y, dst := numbers[T](n*d), numbers[T](m*d), make([]T, n*m)
	measure(b, fmt.Sprintf("d=%d/%s", d, name), n*m, "element", func() {
		kernels.SquaredDistances(dst, m, x, n, y, m, m, d, period)
	})
}

func BenchmarkRowMinSum(b *testing.B) {
	const n, m = 16, 1000
	c, w, least, arg := numbers[float64](n*m), numbers[float64](m), make([]float64, n), make([]int, n)
	measure(b, "16x1000/float64", 8*n*m, "byte", func() { kernels.RowMinSum(least, arg, c, m, n, m, w) })
}

func BenchmarkBlockMinSum(b *testing.B) {
	const n = 1000
	c, w, dst := numbers[float64](n), numbers[float64](n), make([]float64, (n+kernels.BlockSize-1)/kernels.BlockSize)
	measure(b, "1000/float64", n, "element", func() { kernels.BlockMinSum(dst, c, w) })
}

func BenchmarkLaneMinSum(b *testing.B) {
	const n = 1000
	c, w, dst := numbers[float64](n), numbers[float64](n), make([]float64, kernels.LaneMinLanes*kernels.LaneMinRanks)
	measure(b, "1000/float64", n, "element", func() { kernels.LaneMinSum(dst, c, w) })
}

func BenchmarkRelaxRow(b *testing.B) {
	const n = 100
	d, c, w := numbers[float64](n), numbers[float64](n), numbers[float64](n)
	measure(b, "100/float64", n, "element", func() { kernels.RelaxRow(d, c, w, 1) })
}

func BenchmarkPlaneNearestFew(b *testing.B) {
	const n = 32
	y, w := numbers[float64](2*n), numbers[float64](n)
	x, few := [2]float64{1, 2}, [3]float64{}
	measure(b, "32/float64", n, "element", func() { kernels.PlaneNearestFew(&few, &x, y, n, w) })
}

func BenchmarkNearestSum(b *testing.B) {
	const n, m = 16, 1000
	for _, d := range []int{1, 2, 3, 10, 66} {
		x, y, w, least, arg := numbers[float64](n*d), numbers[float64](m*d), numbers[float64](m), make([]float64, n), make([]int, n)
		for name, period := range map[string][]float64{"free": nil, "torus": make([]float64, d)} {
			measure(b, fmt.Sprintf("d=%d/%s/float64", d, name), n*m, "element", func() {
				kernels.NearestSum(least, arg, x, n, y, m, m, d, period, w)
			})
		}
	}
}

func BenchmarkRowMin(b *testing.B) {
	const n, m = 16, 1000
	c, d, arg := numbers[float32](n*m), numbers[float64](n*m), make([]int, n)
	s, t := make([]float32, n), make([]float64, n)
	measure(b, "16x1000/float32", 4*n*m, "byte", func() { kernels.RowMin(s, arg, c, m, n, m) })
	measure(b, "16x1000/float64", 8*n*m, "byte", func() { kernels.RowMin(t, arg, d, m, n, m) })
}

func BenchmarkRowLogSumExpAffine(b *testing.B) {
	const n, m = 16, 1000
	c, d := numbers[float32](n*m), numbers[float64](n*m)
	s, t := make([]float32, n), make([]float64, n)
	measure(b, "16x1000/float32", n*m, "element", func() { kernels.RowLogSumExpAffine(s, c, m, c[:m], -2, n, m) })
	measure(b, "16x1000/float64", n*m, "element", func() { kernels.RowLogSumExpAffine(t, d, m, d[:m], -2, n, m) })
}

func BenchmarkRowLogSumExp(b *testing.B) {
	const n, m = 16, 1000
	c, d := numbers[float32](n*m), numbers[float64](n*m)
	s, t := make([]float32, n), make([]float64, n)
	measure(b, "16x1000/float32", n*m, "element", func() { kernels.RowLogSumExp(s, c, m, n, m) })
	measure(b, "16x1000/float64", n*m, "element", func() { kernels.RowLogSumExp(t, d, m, n, m) })
}
