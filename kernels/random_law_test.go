package kernels

import (
	"math"
	"slices"
	"testing"
)

// The laws are tested on panels of the exported functions, 4 numbers a sample,
// with bounds of five standard deviations of what is measured.

func draw[T Float](n int, stream uint32, fill func(dst []T, ld int, seed uint64, stream uint32, first uint64, n, d int)) []T {
	x := make([]T, n)
	fill(x, n/4, 0x9e3779b97f4a7c15, stream, 1<<33, n/4, 4)
	return x
}

func draws() int {
	if testing.Short() {
		return 400_000
	}
	return 10_000_000
}

func TestUniformsHaveTheUniformLaw(t *testing.T) {
	t.Run("float32", testUniform[float32])
	t.Run("float64", testUniform[float64])
}

func testUniform[T Float](t *testing.T) {
	x := draw(draws(), 1, Uniforms[T])
	for k := 1; k <= 6; k++ {
		m := 1 / float64(k+1)
		meanIs(t, x, func(u float64) float64 { return math.Pow(u, float64(k)) }, m, 1/float64(2*k+1)-m*m, "u^%d", k)
	}
	kolmogorovSmirnov(t, x, func(u float64) float64 { return u })
	independent(t, x, 0.5, 1./12)
	for _, u := range x {
		if !(u > 0 && u <= 1) {
			t.Fatalf("%g is not in (0, 1]", u)
		}
	}
}

func TestNormalsHaveTheNormalLaw(t *testing.T) {
	t.Run("float32", testNormal[float32])
	t.Run("float64", testNormal[float64])
}

func testNormal[T Float](t *testing.T) {
	x := draw(draws(), 2, Normals[T])
	moments := []float64{1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395}
	for k := 1; k <= 6; k++ {
		m := moments[k]
		meanIs(t, x, func(z float64) float64 { return math.Pow(z, float64(k)) }, m, moments[2*k]-m*m, "z^%d", k)
	}
	for _, edge := range []float64{2, 3, 4, 5} {
		p := math.Erfc(edge / math.Sqrt2)
		share := meanOf(x, func(z float64) float64 {
			if math.Abs(z) > edge {
				return 1
			}
			return 0
		})
		n := float64(len(x))
		if math.Abs(share-p)*n > 5*math.Sqrt(p*n)+3 {
			t.Errorf("|z| > %g: %g of %g, want %g", edge, share*n, n, p*n)
		}
	}
	kolmogorovSmirnov(t, x, func(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 })
	independent(t, x, 0, 1)
}

func meanOf[T Float](x []T, f func(float64) float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += f(float64(v))
	}
	return sum / float64(len(x))
}

func meanIs[T Float](t *testing.T, x []T, f func(float64) float64, mean, variance float64, format string, k int) {
	t.Helper()
	got, sigma := meanOf(x, f), math.Sqrt(variance/float64(len(x)))
	if math.Abs(got-mean) > 5*sigma {
		t.Errorf("mean of "+format+" is %g, want %g ± %g", k, got, mean, sigma)
	}
}

// kolmogorovSmirnov: sqrt(n) times the greatest distance of the distribution
// functions is above 2.4 with probability 2e-5. A million numbers do.
func kolmogorovSmirnov[T Float](t *testing.T, x []T, law func(float64) float64) {
	t.Helper()
	y := slices.Clone(x[:min(len(x), 1_000_000)])
	slices.Sort(y)
	n, d := float64(len(y)), 0.0
	for i, v := range y {
		p := law(float64(v))
		d = max(d, p-float64(i)/n, float64(i+1)/n-p)
	}
	if d*math.Sqrt(n) > 2.4 {
		t.Errorf("Kolmogorov-Smirnov: sqrt(n) D = %.3f", d*math.Sqrt(n))
	}
}

// independent: numbers of one sample, each pair of rows, and those of samples
// next to each other have no correlation, nor have their squares.
func independent[T Float](t *testing.T, x []T, mean, variance float64) {
	t.Helper()
	n := len(x) / 4
	row := func(j int) []T { return x[j*n:][:n] }
	square := func(v float64) float64 { d := (v - mean) * (v - mean) / variance; return d }
	spread := meanOf(x, func(v float64) float64 { s := square(v) - 1; return s * s })
	check := func(what string, a, b []T) {
		t.Helper()
		var c1, c2 float64
		for i := range a {
			u, v := float64(a[i]), float64(b[i])
			c1 += (u - mean) * (v - mean)
			c2 += (square(u) - 1) * (square(v) - 1)
		}
		c1 /= variance * float64(len(a))
		c2 /= spread * float64(len(a))
		if bound := 5 / math.Sqrt(float64(len(a))); math.Abs(c1) > bound || math.Abs(c2) > bound {
			t.Errorf("%s: correlation %g, of the squares %g; want below %g", what, c1, c2, bound)
		}
	}
	for j := range 4 {
		for k := j + 1; k < 4; k++ {
			check("numbers of one sample", row(j), row(k))
		}
		check("samples next to each other", row(j)[1:], row(j)[:n-1])
	}
}
