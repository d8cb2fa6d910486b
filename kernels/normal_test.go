package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestUniformsOfTheExtremeWords(t *testing.T) {
	for _, c := range []struct {
		word uint32
		want float32
	}{{0, 0x1p-31}, {1, 0x1p-31}, {2, 0x1p-31}, {4, 0x3p-31}, {1 << 31, 0.5}, {0xffffff00, 1 - 0x1p-24}, {0xffffff80, 1}, {0xffffffff, 1}} {
		if got := uniform32(c.word); got != c.want {
			t.Errorf("float32 of %08x: %x, want %x", c.word, got, c.want)
		}
	}
	for _, c := range []struct {
		word uint64
		want float64
	}{{0, 1}, {1<<12 - 1, 1}, {1 << 12, 1 - 0x1p-52}, {1 << 63, 0.5}, {math.MaxUint64, 0x1p-52}} {
		if got := uniform64(c.word); got != c.want {
			t.Errorf("float64 of %016x: %x, want %x", c.word, got, c.want)
		}
	}
}

func TestNormalsOfTheExtremeWords(t *testing.T) {
	// The smallest uniform makes the largest radius.
	if a, b := normalPair32(0, 0); math.Abs(float64(a)-math.Sqrt(62*math.Ln2)) > 1e-6 || b != 0 {
		t.Errorf("float32: %g, %g", a, b)
	}
	if a, b := normalPair64(math.MaxUint64, 0); math.Abs(a-math.Sqrt(104*math.Ln2)) > 1e-14 || b != 0 {
		t.Errorf("float64: %g, %g", a, b)
	}
	// A uniform of 1 makes none.
	if a, b := normalPair32(math.MaxUint32, 1<<29); a != 0 || b != 0 {
		t.Errorf("float32: %g, %g", a, b)
	}
	if a, b := normalPair64(0, 1<<61); a != 0 || b != 0 {
		t.Errorf("float64: %g, %g", a, b)
	}
	// The four axes.
	for q, want := range [][2]float64{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
		a, b := normalPair32(0, uint32(q)<<30)
		c, d := normalPair64(math.MaxUint64, uint64(q)<<62)
		r, s := float32(math.Sqrt(62*math.Ln2)), math.Sqrt(104*math.Ln2)
		if math.Abs(float64(a/r)-want[0]) > 1e-6 || math.Abs(float64(b/r)-want[1]) > 1e-6 ||
			math.Abs(c/s-want[0]) > 1e-14 || math.Abs(d/s-want[1]) > 1e-14 {
			t.Errorf("quadrant %d: float32 %g, %g; float64 %g, %g", q, a, b, c, d)
		}
	}
}

// normalULP bounds the error of a normal number as a function of its words. The
// roundings of the radius (square root, half of the logarithm's), of the angle
// (conversion, product, π), of sine and cosine and of the last product add up to
// less than 6; samples show 3.7 in float32 and 3.1 in float64.
const normalULP = 5

func TestNormalPairsAreTheBoxMullerTransform(t *testing.T) {
	n := 60_000
	if testing.Short() {
		n = 5_000
	}
	r := rand.New(rand.NewPCG(7, 8))
	var w32, w64 worst
	for range n {
		w0, w1 := r.Uint64()>>r.IntN(40), r.Uint64()>>r.IntN(40)
		if r.IntN(2) == 0 {
			w0, w1 = ^w0, w1<<r.IntN(40)
		}
		a, b := normalPair32(uint32(w0), uint32(w1))
		ea, eb := bigBoxMuller(bigOf(float64(uniform32(uint32(w0)))), uint64(uint32(w1))<<32)
		w32.add(max(ulps32(a, ea), ulps32(b, eb)), float64(uint32(w1)))
		c, d := normalPair64(w0, w1)
		ec, ed := bigBoxMuller(bigOf(uniform64(w0)), w1&^1023)
		w64.add(max(ulps64(c, ec), ulps64(d, ed)), float64(w1))
	}
	t.Logf("float32 at most %.3f ULP, float64 %.3f", w32.ulp, w64.ulp)
	if w32.ulp > normalULP {
		t.Errorf("float32: %.3f ULP at the angle of %g", w32.ulp, w32.at)
	}
	if w64.ulp > normalULP {
		t.Errorf("float64: %.3f ULP at the angle of %g", w64.ulp, w64.at)
	}
}

// bigBoxMuller is sqrt(-2 ln u) times cosine and sine of 2π·turn/2^64.
func bigBoxMuller(u *big.Float, turn uint64) (a, b *big.Float) {
	radius := newBig()
	if u.Cmp(bigOf(1)) < 0 {
		radius = bigLog(u)
		radius.SetMantExp(radius.Neg(radius), 1)
		radius.Sqrt(radius)
	}
	angle := newBig().SetUint64(turn)
	angle.Mul(angle, bigPi)
	s, c := bigSinCos(angle.SetMantExp(angle, -63))
	return c.Mul(c, radius), s.Mul(s, radius)
}
