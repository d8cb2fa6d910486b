package kernels_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

type fill[T kernels.Float] func(dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int)

func TestAnyPartOfTheRandomSequenceCanBeDrawnByItself(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		t.Run("float32 uniforms", func(t *testing.T) { testParts(t, kernels.Uniforms[float32]) })
		t.Run("float64 uniforms", func(t *testing.T) { testParts(t, kernels.Uniforms[float64]) })
		t.Run("float32 normals", func(t *testing.T) { testParts(t, kernels.Normals[float32]) })
		t.Run("float64 normals", func(t *testing.T) { testParts(t, kernels.Normals[float64]) })
	})
}

func testParts[T kernels.Float](t *testing.T, draw fill[T]) {
	const first, n, d, seed, stream = 1<<32 - 100, 3000, 9, 0x123456789abcdef0, 5
	all := make([]T, n*d)
	draw(all, n, seed, stream, first, n, d)
	for _, c := range []struct{ at, n, d int }{{0, 1, 1}, {17, 500, 9}, {99, 2, 3}, {100, 1, 8}, {2999, 1, 9}, {63, 130, 2}} {
		part := make([]T, c.n*c.d)
		draw(part, c.n, seed, stream, first+uint64(c.at), c.n, c.d)
		for j := range c.d {
			if !slices.Equal(part[j*c.n:][:c.n], all[j*n+c.at:][:c.n]) {
				t.Errorf("samples %d … %d differ from those drawn with all others", c.at, c.at+c.n)
			}
		}
	}
	for name, other := range map[string]func(x []T){
		"seed":   func(x []T) { draw(x, n, seed+1<<32, stream, first, n, d) },
		"stream": func(x []T) { draw(x, n, seed, stream+1, first, n, d) },
		"sample": func(x []T) { draw(x, n, seed, stream, first+1, n, d) },
	} {
		x := make([]T, n*d)
		other(x)
		same := 0
		for i := range x {
			if x[i] == all[i] {
				same++
			}
		}
		if same > 10 {
			t.Errorf("with another %s %d of %d numbers are the same", name, same, n*d)
		}
	}
}

func TestUniformsComeFromPhilox(t *testing.T) {
	const seed, stream, sample = 0xfedcba9876543210, 77, 1<<40 + 3
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		x, y := make([]float32, 8), make([]float64, 4)
		kernels.Uniforms(x, 1, seed, stream, sample, 1, 8)
		kernels.Uniforms(y, 1, seed, stream, sample, 1, 4)
		for b := range 2 {
			w := kernels.Philox4x32([4]uint32{3, 1 << 8, uint32(b), stream}, [2]uint32{0x76543210, 0xfedcba98})
			for k, v := range w {
				if got, want := x[4*b+k], float32(v>>1|1)/(1<<31); got != want {
					t.Errorf("float32 %d is %v, want %v", 4*b+k, got, want)
				}
			}
			for k := range 2 {
				bits := uint64(w[2*k]) | uint64(w[2*k+1])<<32
				if got, want := y[2*b+k], 1-float64(bits>>12)/(1<<52); got != want {
					t.Errorf("float64 %d is %v, want %v", 2*b+k, got, want)
				}
			}
		}
	})
}

func TestNormalsHaveTheMomentsOfANormal(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		testMoments[float32](t)
		testMoments[float64](t)
	})
}

func testMoments[T kernels.Float](t *testing.T) {
	const n, d = 25000, 4
	x := make([]T, n*d)
	kernels.Normals(x, n, 42, 0, 0, n, d)
	for j := range d {
		var m [5]float64
		var cross float64
		for i, v := range x[j*n:][:n] {
			z := float64(v)
			for k, p := 1, z; k < len(m); k, p = k+1, p*z {
				m[k] += p / n
			}
			cross += z * float64(x[(j+1)%d*n+i]) / n
		}
		for k, want := range [5]float64{0, 0, 1, 0, 3} {
			// Four to five standard errors: var z^k = E z^2k - (E z^k)².
			bound := 4.5 * math.Sqrt([5]float64{0, 1, 2, 15, 96}[k]/n)
			if math.Abs(m[k]-want) > bound && k > 0 {
				t.Errorf("number %d: E z^%d = %v, want %v ± %v", j, k, m[k], want, bound)
			}
		}
		if math.Abs(cross) > 4.5/math.Sqrt(n) {
			t.Errorf("numbers %d and %d: correlation %v", j, (j+1)%d, cross)
		}
	}
}
