package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// points draws points (x, y) for the measurement of angles: all quadrants, ratios
// of all magnitudes and, more of them, those where the definition changes.
func points(r *rand.Rand, f func(y, x float64)) {
	at := []float64{9. / 16, 0.58, 1, 1.7, 16. / 9}
	x := math.Ldexp(1+r.Float64(), r.IntN(60)-30)
	ratio := math.Ldexp(1+r.Float64(), r.IntN(70)-35)
	switch r.IntN(4) {
	case 0:
		ratio = at[r.IntN(len(at))] * (1 + 0.05*r.NormFloat64())
	case 1:
		ratio = 3 * r.Float64()
	}
	y := x * ratio
	if r.IntN(2) == 0 {
		y = -y
	}
	if r.IntN(2) == 0 {
		x = -x
	}
	f(y, x)
}

func TestAtan2ErrorsStayBelowTheTable(t *testing.T) {
	single, double := 4_000_000, 100_000
	if testing.Short() {
		single, double = 100_000, 4_000
	}
	r := rand.New(rand.NewPCG(5, 6))
	for _, a := range accuracies {
		if a.name != "Atan2" {
			continue
		}
		t.Run(a.String(), func(t *testing.T) {
			var w worst
			measure32 := func(y, x float64) {
				a, b := float32(y), float32(x)
				w.add(error32(atan232(a, b), atan264(float64(a), float64(b))), y/x)
			}
			measure64 := func(y, x float64) {
				w.add(ulps64(atan264(y, x), bigAtan2(bigOf(y), bigOf(x))), y/x)
			}
			if a.typ == "float32" {
				for range single {
					points(r, measure32)
				}
				for range single / 4 {
					y, x := math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32()>>r.IntN(9))
					measure32(float64(y), float64(x))
				}
			} else {
				for range double {
					points(r, measure64)
				}
				for range double / 4 {
					y, x := math.Float64frombits(r.Uint64()>>r.IntN(12)), math.Float64frombits(r.Uint64())
					if y-y == 0 && x-x == 0 && (x != 0 || y != 0) {
						measure64(y, x)
					}
				}
			}
			t.Logf("at most %.4f ULP, at y/x = %x", w.ulp, w.at)
			if !(w.ulp <= a.ulp) {
				t.Errorf("%.4f ULP at y/x = %x = %g, want at most %.2f", w.ulp, w.at, w.at, a.ulp)
			}
			if w.ulp < 0.5 {
				t.Error("the errors are too small to be true")
			}
		})
	}
}

// IEEE 754-2019, section 9.2.1.
func TestAnglesOfSpecialPoints(t *testing.T) {
	testSpecialPoints[float32](t, math.MaxFloat32, math.SmallestNonzeroFloat32)
	testSpecialPoints[float64](t, math.MaxFloat64, math.SmallestNonzeroFloat64)
}

func testSpecialPoints[T Float](t *testing.T, greatest, least float64) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	pi := math.Pi
	for _, c := range []struct{ y, x, want float64 }{
		{0, 0, 0}, {zero, 0, zero}, {0, zero, pi}, {zero, zero, -pi},
		{0, 1, 0}, {zero, 1, zero}, {0, -1, pi}, {zero, -1, -pi},
		{0, least, 0}, {0, -least, pi}, {zero, -least, -pi}, {0, greatest, 0},
		{1, 0, pi / 2}, {1, zero, pi / 2}, {-1, 0, -pi / 2}, {least, 0, pi / 2}, {-least, zero, -pi / 2}, {greatest, zero, pi / 2},
		{1, inf, 0}, {-1, inf, zero}, {1, -inf, pi}, {-1, -inf, -pi}, {0, inf, 0}, {zero, -inf, -pi},
		{inf, 1, pi / 2}, {-inf, 1, -pi / 2}, {inf, -1, pi / 2}, {inf, 0, pi / 2}, {-inf, zero, -pi / 2},
		{inf, inf, pi / 4}, {-inf, inf, -pi / 4}, {inf, -inf, 3 * pi / 4}, {-inf, -inf, -3 * pi / 4},
		{greatest, inf, 0}, {inf, greatest, pi / 2}, {least, inf, 0}, {inf, least, pi / 2},
		{greatest, greatest, pi / 4}, {greatest, -greatest, 3 * pi / 4}, {least, least, pi / 4}, {-least, -least, -3 * pi / 4},
		{greatest, least, pi / 2}, {least, greatest, 0}, {least, -greatest, pi}, {least, 1, least}, {-least, 1, -least},
		{1, nan, nan}, {nan, 1, nan}, {nan, nan, nan}, {0, nan, nan}, {nan, 0, nan}, {inf, nan, nan}, {nan, -inf, nan},
	} {
		got, want := float64(atan2Of(T(c.y), T(c.x))), float64(T(c.want))
		if math.Float64bits(got) != math.Float64bits(want) && !(got != got && want != want) {
			t.Errorf("%T: the angle of (%g, %g) is %g, want %g", T(0), c.x, c.y, got, want)
		}
	}
	for _, c := range []struct{ y, x, like, to float64 }{ // without overflow or underflow
		{greatest, greatest / 2, 2, 1}, {greatest / 4, -greatest, 1, -4}, {3 * least, -2 * least, 3, -2}, {-least, 2 * least, -1, 2}, {least, 5 * least, 1, 5},
	} {
		if got, want := atan2Of(T(c.y), T(c.x)), atan2Of(T(c.like), T(c.to)); got != want {
			t.Errorf("%T: the angle of (%g, %g) is %g, that of (%g, %g) %g", T(0), c.x, c.y, got, c.to, c.like, want)
		}
	}
}

func TestArcCosinesOfSpecialNumbers(t *testing.T) {
	testSpecialArcs[float32](t, 0x1p-24)
	testSpecialArcs[float64](t, 0x1p-53)
}

func testSpecialArcs[T Float](t *testing.T, ulp float64) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct{ x, want float64 }{
		{1, 0}, {-1, math.Pi}, {0, math.Pi / 2}, {math.Copysign(0, -1), math.Pi / 2}, {0.5, math.Pi / 3}, {-0.5, 2 * math.Pi / 3},
		{1 + 2*ulp, nan}, {-1 - 2*ulp, nan}, {inf, nan}, {-inf, nan}, {nan, nan}, {2, nan},
		{1 - ulp, math.Sqrt(2*ulp) * (1 + ulp/12)}, {math.SmallestNonzeroFloat32, math.Pi / 2},
	} {
		got, want := float64(acosOf(T(c.x))), float64(T(c.want))
		if !(math.Abs(got-want) <= 2*ulp*want) && !(got != got && want != want) || got == 0 && math.Signbit(got) {
			t.Errorf("%T: arccos %g = %g, want %g", T(0), c.x, got, want)
		}
	}
}

func TestAnglesKeepSymmetries(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 10000 {
		points(r, func(y, x float64) {
			a := atan264(y, x)
			if atan264(-y, x) != -a {
				t.Fatalf("angle of (%g, ±%g)", x, y)
			}
			// Scaling by powers of two changes nothing.
			for _, e := range []int{-1040, -700, 800, 980} {
				sy, sx := math.Ldexp(y, e), math.Ldexp(x, e)
				if math.Ldexp(sy, -e) == y && math.Ldexp(sx, -e) == x && math.Abs(math.Ldexp(a, 0)) > 1e-30 && atan264(sy, sx) != a {
					t.Fatalf("angle of 2^%d (%g, %g): %g, want %g", e, x, y, atan264(sy, sx), a)
				}
			}
			// A right angle further, to rounding.
			b := atan264(x, -y)
			if d := math.Abs(math.Remainder(b-a-math.Pi/2, 2*math.Pi)); d > 0x1p-50 {
				t.Fatalf("angles of (%g, %g) and the point a right angle further differ by %g", x, y, b-a)
			}
		})
	}
}
