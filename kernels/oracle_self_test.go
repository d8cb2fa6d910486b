package kernels

import (
	"math"
	"math/big"
	"testing"
)

// Published digits (OEIS A001113, A002162, A073744, A049469, A049470, A000796).
func TestTheOracleKnowsPublishedDigits(t *testing.T) {
	sin1, cos1 := bigSinCos(bigOf(1))
	for _, c := range []struct {
		name string
		got  *big.Float
		want string
	}{
		{"e", bigExp(bigOf(1)), "2.718281828459045235360287471352662497757247093699959574966"},
		{"ln 2", bigLog(bigOf(2)), "0.693147180559945309417232121458176568075500134360255254120"},
		{"tanh 1", bigTanh(bigOf(1)), "0.761594155955764888119458282604793590412768597257936551596"},
		{"sin 1", sin1, "0.841470984807896506652502321630298999622563060798371065672"},
		{"cos 1", cos1, "0.540302305868139717400936607442976603732310420617922227670"},
		{"arctan 2", bigAtan2(bigOf(2), bigOf(1)), "1.107148717794090503017065460178537040070047645401432646676"},
		{"arccos -1/3", bigAcos(newBig().Quo(bigOf(-1), bigOf(3))), "1.910633236249018556327714205031515508486829390020010981917"},
		{"π", bigPi, "3.141592653589793238462643383279502884197169399375105820974"},
	} {
		want, _, err := big.ParseFloat(c.want, 10, oracleBits, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		d, _ := newBig().Sub(c.got, want).Float64()
		if math.Abs(d) > 1e-56 {
			t.Errorf("%s = %.57g, want %s", c.name, c.got, c.want)
		}
	}
}

func TestTheOracleKeepsIdentities(t *testing.T) {
	for _, x := range []float64{1e-300, 1e-12, 0x1p-41, 0.1, 1, 7, 300} {
		l := bigLog(bigExp(bigOf(x)))
		if d := relative(l, bigOf(x)); x > 1e-12 && d > 0x1p-150 {
			t.Errorf("ln exp %g is off by %g", x, d)
		}
		// tanh 2x = 2 tanh x / (1 + tanh² x)
		h := bigTanh(bigOf(x))
		den := newBig().Mul(h, h)
		den.Add(den, bigOf(1))
		h.Quo(h.SetMantExp(h, 1), den)
		if d := relative(h, bigTanh(bigOf(2*x))); d > 0x1p-180 {
			t.Errorf("tanh of twice %g is off by %g", x, d)
		}
	}
	for _, x := range []float64{1e-300, 1e-9, 0.1, -1, 1.6, -3, 3.14159} {
		s, c := bigSinCos(bigOf(x))
		if d := relative(bigAtan2(s, c), bigOf(x)); d > 0x1p-180 {
			t.Errorf("the angle of sine and cosine of %g is off by %g", x, d)
		}
		if d := relative(bigAcos(c), bigOf(math.Abs(x))); x > 0.05 && d > 0x1p-180 {
			t.Errorf("the arc of the cosine of %g is off by %g", x, d)
		}
	}
	for _, x := range []float64{1e-300, 0.1, -1, 1.6, -3, 4, 1e22, -math.MaxFloat64} {
		// sin 2x = 2 sin x cos x
		s, c := bigSinCos(bigOf(x))
		s.Mul(s, c)
		double, _ := bigSinCos(newBig().SetMantExp(bigOf(x), 1))
		if d := relative(s.SetMantExp(s, 1), double); d > 0x1p-180 {
			t.Errorf("sin of twice %g is off by %g", x, d)
		}
	}
}

// relative is |a-b| / |b|.
func relative(a, b *big.Float) float64 {
	d := newBig().Sub(a, b)
	f, _ := d.Quo(d, b).Float64()
	return math.Abs(f)
}
