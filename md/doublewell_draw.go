package md

import (
	"fmt"
	"math"

	"pushforward/kernels"
)

// The kernels' streams of the exact draws: proposals for x1, and x2 itself;
// and the uniform numbers that decide about the proposals.
const (
	drawNormals  uint32 = 0x6d640002
	drawUniforms uint32 = 0x6d640003
)

const (
	drawBlock = 512 // samples for one call of the kernels
	drawTries = 3   // proposals that are made for every sample at once
)

// Draw writes the samples offset, offset+1, … of the infinite sequence of
// exact independent draws that the seed names to dst, row-major [n][2].
// Sample i depends on the seed and i alone.
//
// x1 is drawn by rejection. With a = β(sqrt(1 + 4/β) - 1)/2 a normal proposal
// of variance 1/a is accepted with probability exp(-β(x1² - 1 - a/β)²/4),
// which leaves exactly exp(-β(x1²-1)²/4); this a maximizes the share of
// accepted proposals, 64 % at β = 1. Normal number 0 of a sample gives x2, and
// number t its t-th proposal, decided by uniform number t.
func Draw[T kernels.Float](l *DoubleWellLaw, dst []T, seed, offset uint64) {
	if len(dst)%2 != 0 {
		panic(fmt.Sprintf("md: Draw: len(dst) = %d, want a multiple of 2", len(dst)))
	}
	var normals, uniforms [(drawTries + 1) * drawBlock]float64
	var accept [drawBlock]float64
	a := l.beta * (math.Sqrt(1+4/l.beta) - 1) / 2
	d := drawer{
		seed:   seed,
		shift:  1 + a/l.beta,
		scale1: 1 / math.Sqrt(a),
		scale2: 1 / math.Sqrt(l.beta),
		beta:   l.beta,
	}
	for len(dst) > 0 {
		n := min(drawBlock, len(dst)/2)
		kernels.Normals(normals[:], drawBlock, seed, drawNormals, offset, n, drawTries+1)
		kernels.Uniforms(uniforms[:], drawBlock, seed, drawUniforms, offset, n, drawTries+1)
		for i := range n {
			dst[2*i] = T(math.NaN())
			dst[2*i+1] = T(normals[i] * d.scale2)
		}
		for t := 1; t <= drawTries; t++ {
			x := normals[t*drawBlock:][:n]
			d.propose(x, accept[:n])
			for i, u := range uniforms[t*drawBlock:][:n] {
				if dst[2*i] != dst[2*i] && u < accept[i] {
					dst[2*i] = T(x[i])
				}
			}
		}
		for i := range n {
			if dst[2*i] != dst[2*i] {
				dst[2*i] = T(d.keepTrying(offset + uint64(i)))
			}
		}
		dst = dst[2*n:]
		offset += uint64(n)
	}
}

// drawer holds the constants of the rejection.
type drawer struct {
	seed                        uint64
	beta, shift, scale1, scale2 float64
}

// propose scales standard normals to proposals, and writes the probability
// with which each is accepted.
func (d *drawer) propose(x, accept []float64) {
	for i, z := range x {
		v := z * d.scale1
		x[i] = v
		q := float64(v*v) - d.shift
		accept[i] = -0.25 * d.beta * float64(q*q)
	}
	kernels.Exp(accept, accept)
}

// keepTrying goes on with one sample after its first drawTries proposals.
func (d *drawer) keepTrying(sample uint64) float64 {
	for first, numbers := drawTries+1, 4*(drawTries+1); ; first, numbers = numbers, 4*numbers {
		x := make([]float64, numbers)
		u := make([]float64, numbers)
		accept := make([]float64, numbers)
		kernels.Normals(x, 1, d.seed, drawNormals, sample, 1, numbers)
		kernels.Uniforms(u, 1, d.seed, drawUniforms, sample, 1, numbers)
		d.propose(x, accept)
		for t := first; t < numbers; t++ {
			if u[t] < accept[t] {
				return x[t]
			}
		}
	}
}
