package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// randomFloat32 is a number drawn by its bits, so every magnitude occurs; one
// in eight is a special one.
func randomFloat32(r *rand.Rand) float32 {
	special := [...]uint32{0, 1, 0x007fffff, 0x00800000, 0x3f800000, 0x3f7fffff, 0x7f7fffff, 0x7f800000, 0x7fc00000}
	u := r.Uint32()
	if u%8 == 0 {
		u = special[r.IntN(len(special))] | u&sign32
	}
	return math.Float32frombits(u)
}

// fmaBig is the definition of fma32, slowly.
func fmaBig(a, b, c float32) float32 {
	f := float64(a)*float64(b) + float64(c)
	if math.IsNaN(f) || math.IsInf(f, 0) || f == 0 {
		// Not a finite sum, or zeros whose sign float64 gets right: an exact
		// sum of zero or an underflow is impossible otherwise, for a
		// float32 product is at least 2^-298.
		return float32(f)
	}
	exact := new(big.Float).SetPrec(2000).SetFloat64(float64(a))
	exact.Mul(exact, big.NewFloat(float64(b)))
	exact.Add(exact, big.NewFloat(float64(c)))
	y, _ := exact.Float32()
	return y
}

func sameBits32(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func TestFMA32RoundsOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n := 500_000
	if testing.Short() {
		n = 50_000
	}
	twice := 0
	check := func(a, b, c float32) {
		got, want := fma32(a, b, c), fmaBig(a, b, c)
		if !sameBits32(got, want) {
			t.Fatalf("fma32(%x, %x, %x) = %x, want %x", a, b, c, got, want)
		}
		if !sameBits32(want, float32(math.FMA(float64(a), float64(b), float64(c)))) {
			twice++
		}
	}
	for range n {
		a, b, c := randomFloat32(r), randomFloat32(r), randomFloat32(r)
		check(a, b, c)
		// A sum near a midpoint: a·b is half of c's last place but for a
		// relative 2^-46, which float64 rounds away (or twice or half as much).
		k, j := r.IntN(250)-126, r.IntN(4)
		c = float32(math.Ldexp(float64(r.IntN(1<<23)+1<<23), k-23))
		a = 1 + float32(j)*0x1p-23
		b = float32(math.Ldexp(1-float64(j)*0x1p-23, k-25+r.IntN(3)))
		check(a, b, c)
		check(a, -b, c)
		// Subnormal sums.
		a = float32(math.Ldexp(1+r.Float64(), -75))
		b = float32(math.Ldexp(1+r.Float64(), r.IntN(30)-85))
		c = math.Float32frombits(r.Uint32() & (sign32 | 0x00ffffff))
		check(a, b, c)
	}
	if twice == 0 {
		t.Error("no case on which rounding twice goes wrong: the test tests nothing")
	}
}

func TestFMA32OfSpecialNumbers(t *testing.T) {
	inf, nan, big, tiny := inf32, nan32, float32(math.MaxFloat32), float32(math.SmallestNonzeroFloat32)
	negative := float32(math.Copysign(0, -1))
	for _, c := range []struct{ a, b, c, want float32 }{
		{inf, 1, 1, inf},
		{inf, 0, 1, nan},
		{inf, 1, -inf, nan},
		{-inf, 1, -inf, -inf},
		{nan, 1, 1, nan},
		{1, 1, nan, nan},
		{big, 2, -big, big},
		{big, 2, 0, inf},
		{big, 1, 0x1p103, inf},
		{big, 1, math.Nextafter32(0x1p103, 0), big},
		{tiny, 0.5, 0, 0},
		{tiny, 0.5, tiny, 2 * tiny},
		{tiny, -0.5, 0, negative},
		{1, 1, -1, 0},
		{negative, 1, negative, negative},
		{negative, 1, 0, 0},
	} {
		if got := fma32(c.a, c.b, c.c); !sameBits32(got, c.want) {
			t.Errorf("fma32(%g, %g, %g) = %g, want %g", c.a, c.b, c.c, got, c.want)
		}
	}
}

// The conversion keeps a compiler from fusing, also where T is a parameter.
//
//go:noinline
func roundedProductSum[T Float](a, b, c T) T { return T(a*b) + c }

func TestARoundedProductIsNotFused(t *testing.T) {
	// 1 - (1+e)(1-e) is e² fused, and 0 where the product rounds to 1.
	if got := roundedProductSum(1+float32(0x1p-20), 1-float32(0x1p-20), -1); got != 0 {
		t.Errorf("float32: %g, want 0", got)
	}
	if got := roundedProductSum(1+0x1p-40, 1-0x1p-40, -1); got != 0 {
		t.Errorf("float64: %g, want 0", got)
	}
	if got := fma(1+float32(0x1p-20), 1-float32(0x1p-20), -1); got != -0x1p-40 {
		t.Errorf("fma float32: %g, want -2^-40", got)
	}
	if got := fma(1+0x1p-40, 1-0x1p-40, -1.0); got != -0x1p-80 {
		t.Errorf("fma float64: %g, want -2^-80", got)
	}
}

func TestMaxAndMinGiveTheSecondWhereOrderFails(t *testing.T) {
	negative := math.Copysign(0, -1)
	nan := math.NaN()
	for _, c := range []struct{ a, b, max, min float64 }{
		{1, 2, 2, 1}, {2, 1, 2, 1}, {nan, 1, 1, 1}, {1, nan, nan, nan}, {0, negative, negative, negative}, {negative, 0, 0, 0},
	} {
		same := func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y }
		if !same(maxOf(c.a, c.b), c.max) || !same(minOf(c.a, c.b), c.min) {
			t.Errorf("of %g, %g: max %g, min %g; want %g, %g", c.a, c.b, maxOf(c.a, c.b), minOf(c.a, c.b), c.max, c.min)
		}
	}
}
