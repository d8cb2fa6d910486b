package molfile

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSixthRootIsRightToAnULPOrTwo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100000 {
		x := math.Exp2(float64(r.IntN(400)-200) + r.Float64())
		got, want := sixthRoot(x), math.Pow(x, 1./6)
		// The rounding of 1/6 costs Pow up to 2e-17 log x.
		if math.Abs(got-want) > (4e-16+5e-17*math.Abs(math.Log(x)))*want {
			t.Fatalf("the sixth root of %v is %v, want %v", x, got, want)
		}
	}
	for y := 1; y < 300; y++ {
		if x := float64(y); sixthRoot(x*x*x*x*x*x) != x {
			t.Errorf("the sixth root of %d⁶ is %v", y, sixthRoot(x*x*x*x*x*x))
		}
	}
}
