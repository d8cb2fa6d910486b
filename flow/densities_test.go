package flow

import (
	"math"
	"sort"

	"pushforward/kernels"
)

// density is a distribution in the plane that can be sampled exactly and whose entropy is known.
type density struct {
	name    string
	entropy float64 // nats
	logProb func(x, y float64) float64
	sample  func(n int, seed uint64) []float64
}

// banana is x ~ N(0, 1), y ~ N(x²/2, ¼): its entropy is that of the normal, less log 2.
func banana() density {
	return density{
		name:    "banana",
		entropy: 1 + math.Log(2*math.Pi) - math.Ln2,
		logProb: func(x, y float64) float64 {
			r := 2 * (y - x*x/2)
			return -x*x/2 - r*r/2 - math.Log(2*math.Pi) + math.Ln2
		},
		sample: func(n int, seed uint64) []float64 {
			x := normals[float64](n, 2, seed)
			for i := 0; i < len(x); i += 2 {
				x[i+1] = x[i+1]/2 + x[i]*x[i]/2
			}
			return x
		},
	}
}

// doubleWellDensity is exp(-U) with U = (x²-1)²/4 + y²/2, the paper's section 6.1 at β = 1.
func doubleWellDensity() density {
	const grid, end = 20000, 6.0
	cdf := make([]float64, grid+1)
	for i := 1; i <= grid; i++ {
		x := end * (2*(float64(i)-0.5)/grid - 1)
		cdf[i] = cdf[i-1] + math.Exp(-(x*x-1)*(x*x-1)/4)
	}
	z := cdf[grid] * 2 * end / grid
	for i := range cdf {
		cdf[i] /= cdf[grid]
	}
	return density{
		name:    "double well",
		entropy: 2.77078,
		logProb: func(x, y float64) float64 {
			return -(x*x-1)*(x*x-1)/4 - y*y/2 - math.Log(z) - math.Log(2*math.Pi)/2
		},
		sample: func(n int, seed uint64) []float64 {
			x := normals[float64](n, 2, seed)
			u := make([]float64, n)
			kernels.Uniforms(u, n, seed, 78, 0, n, 1)
			for i := range n {
				k := sort.SearchFloat64s(cdf, u[i])
				share := (u[i] - cdf[k-1]) / (cdf[k] - cdf[k-1])
				x[2*i] = end * (2*(float64(k-1)+share)/grid - 1)
			}
			return x
		},
	}
}

func toFloat32(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}
