package kernels

import (
	"math"
	"testing"
)

// Infinities, NaN, signed zeros and the ends of the range.
func TestElementaryFunctionsOfSpecialNumbers(t *testing.T) {
	testSpecial[float32](t, math.MaxFloat32, math.SmallestNonzeroFloat32, 88.7228394, -103.97208, -103.972084)
	testSpecial[float64](t, math.MaxFloat64, math.SmallestNonzeroFloat64, 709.782712893384, -745.1332191019411, -745.1332191019412)
}

func testSpecial[T Float](t *testing.T, greatest, least, overflow, last, underflow float64) {
	inf, nan, negative := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	sin := func(x T) T { s, _ := sinCosOf(x); return s }
	cos := func(x T) T { _, c := sinCosOf(x); return c }
	for _, c := range []struct {
		name    string
		f       func(T) T
		x, want float64
	}{
		{"exp", expOf[T], 0, 1}, {"exp", expOf[T], negative, 1}, {"exp", expOf[T], inf, inf}, {"exp", expOf[T], -inf, 0}, {"exp", expOf[T], nan, nan},
		{"exp", expOf[T], greatest, inf}, {"exp", expOf[T], -greatest, 0}, {"exp", expOf[T], least, 1},
		{"exp", expOf[T], overflow + 1e-4, inf}, {"exp", expOf[T], last, least}, {"exp", expOf[T], underflow - 1e-5, 0},
		{"log", logOf[T], 1, 0}, {"log", logOf[T], 0, -inf}, {"log", logOf[T], negative, -inf}, {"log", logOf[T], inf, inf}, {"log", logOf[T], nan, nan},
		{"log", logOf[T], -1, nan}, {"log", logOf[T], -inf, nan}, {"log", logOf[T], -least, nan},
		{"tanh", tanhOf[T], 0, 0}, {"tanh", tanhOf[T], negative, negative}, {"tanh", tanhOf[T], inf, 1}, {"tanh", tanhOf[T], -inf, -1}, {"tanh", tanhOf[T], nan, nan},
		{"tanh", tanhOf[T], greatest, 1}, {"tanh", tanhOf[T], least, least}, {"tanh", tanhOf[T], -least, -least},
		{"sin", sin, 0, 0}, {"sin", sin, negative, negative}, {"sin", sin, inf, nan}, {"sin", sin, -inf, nan}, {"sin", sin, nan, nan}, {"sin", sin, -least, -least},
		{"cos", cos, 0, 1}, {"cos", cos, negative, 1}, {"cos", cos, inf, nan}, {"cos", cos, nan, nan}, {"cos", cos, least, 1},
	} {
		got := float64(c.f(T(c.x)))
		if math.Float64bits(got) != math.Float64bits(c.want) && !(got != got && c.want != c.want) {
			t.Errorf("%T: %s %g = %g, want %g", T(0), c.name, c.x, got, c.want)
		}
	}
}

func TestSubnormalResultsOfExpAreRoundedOnce(t *testing.T) {
	// Six bits below the normal numbers, half a unit is left of the error, and
	// a 64th of a normal result's. A product with two rounded powers would show.
	var w worst
	for x := -91.6; x > -104; x -= 1e-3 {
		w.add(ulps32(exp32(float32(x)), bigExp(bigOf(float64(float32(x))))), x)
	}
	if w.ulp > 0.515 {
		t.Errorf("float32: %.4f ULP at %g", w.ulp, w.at)
	}
	w = worst{}
	for x := -712.6; x > -745.2; x -= 3e-3 {
		w.add(ulps64(exp64(x), bigExp(bigOf(x))), x)
	}
	if w.ulp > 0.515 {
		t.Errorf("float64: %.4f ULP at %g", w.ulp, w.at)
	}
}

func TestOddFunctionsAreOddToTheBit(t *testing.T) {
	for i := range uint32(1 << 16) {
		x := math.Float32frombits(i << 15)
		s, c := sincos32(x)
		sn, cn := sincos32(-x)
		if !sameBits32(tanh32(-x), -tanh32(x)) || !sameBits32(sn, -s) || !sameBits32(cn, c) {
			t.Fatalf("at x = %x", x)
		}
	}
}

// The float64 nearest to a multiple of π/2, and what is left of it (Muller et
// al., Handbook of Floating-Point Arithmetic, section 11.4).
func TestTheArgumentNearestToARightAngleIsReduced(t *testing.T) {
	x := math.Ldexp(6381956970095103, 797)
	s, c := sincos64(x)
	if math.Abs(c) != 4.68716592425462761112e-19 || math.Abs(s) != 1 {
		t.Errorf("sin %g, cos %g", s, c)
	}
	es, ec := bigSinCos(bigOf(x))
	if ulps64(s, es) > 1 || ulps64(c, ec) > 1 {
		t.Errorf("off by %.3f and %.3f ULP", ulps64(s, es), ulps64(c, ec))
	}
}
