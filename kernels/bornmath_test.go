package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The quotient under the logarithm is rounded, which counts for much where the
// logarithm is small: errors are held against an ulp of 1/2 there.
func TestHalfLogIsTwoUlpsOffAtMost(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	var w32, w64 worst
	for k := range 200_000 {
		y := math.Ldexp(1+r.Float64(), r.IntN(40)-20)
		x := y * math.Exp(-3*r.Float64())
		if k%4 == 0 {
			x = y * math.Exp(-40*r.Float64())
		}
		x32, y32 := float32(x), float32(y)
		near, p := nearPower(x32, y32)
		if q := near / y32; !(q > 0.66 && q < 1.51) {
			t.Fatalf("%v becomes %v for %v", x32, near, y32)
		}
		got := halfLog(0.5*(near-y32)/(near+y32), p)
		exact := math.Log(float64(x32)/float64(y32)) / 2
		w32.add(math.Abs(float64(got)-exact)/ulpOf(max(0.5, math.Abs(exact)), 24), x)
		if k%8 != 0 {
			continue
		}
		wide, e := nearPower(x, y)
		diff := newBig().Quo(bigOf(x), bigOf(y))
		diff.Sub(bigOf(halfLog(0.5*(wide-y)/(wide+y), e)), newBig().Quo(bigLog(diff), bigOf(2)))
		d, _ := diff.Float64()
		w64.add(math.Abs(d)/ulpOf(max(0.5, math.Abs(exact)), 53), x)
	}
	t.Logf("float32 %.2f ULP, float64 %.2f", w32.ulp, w64.ulp)
	if !(w32.ulp < 2) || !(w64.ulp < 2) {
		t.Errorf("float32 is %.2f ULP off, float64 %.2f", w32.ulp, w64.ulp)
	}
}

func ulpOf(x float64, digits int) float64 {
	_, e := math.Frexp(x)
	return math.Ldexp(1, e-digits)
}

func TestExp2IsTwoUlpsOffAtMost(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var w32, w64 worst
	for k := range 400_000 {
		x := -60 * r.Float64()
		if k%2 == 0 {
			x = -2 * r.Float64()
		}
		x32 := float32(x)
		exact := math.Exp2(float64(x32))
		w32.add(math.Abs(float64(exp2(x32))-exact)/ulpOf(exact, 24), x)
		if k%16 == 0 {
			e := bigExp(newBig().Mul(bigLn2, bigOf(x)))
			w64.add(ulps64(exp2(x), e), x)
		}
	}
	t.Logf("float32 %.2f ULP, float64 %.2f", w32.ulp, w64.ulp)
	if !(w32.ulp < 2) || !(w64.ulp < 1) {
		t.Errorf("float32 is %.2f ULP off, float64 %.2f", w32.ulp, w64.ulp)
	}
	if exp2(float32(0)) != 1 || exp2(0.0) != 1 || exp2(-3.0) != 0.125 {
		t.Error("powers of two are not exact")
	}
}
