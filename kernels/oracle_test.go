package kernels

import (
	"math"
	"math/big"
)

// The functions of this file are exp, ln, tanh, sin, cos and arcs in numbers of 256
// bits, by the plainest series, to measure the kernels against. Each is right to
// about 220 bits, ln to 150.

const oracleBits = 256

func newBig() *big.Float { return new(big.Float).SetPrec(oracleBits) }

func bigOf(x float64) *big.Float { return newBig().SetFloat64(x) }

// bigPi is π to 1,500 bits by Machin's formula, for arguments up to 2^1024.
var bigPi = func() *big.Float {
	const bits = 1500
	one := new(big.Int).Lsh(big.NewInt(1), bits+20)
	arcCot := func(n int64) *big.Int {
		sum, term := new(big.Int), new(big.Int).Div(one, big.NewInt(n))
		for k := int64(1); term.Sign() != 0; k += 2 {
			t := new(big.Int).Div(term, big.NewInt(k))
			if k%4 == 1 {
				sum.Add(sum, t)
			} else {
				sum.Sub(sum, t)
			}
			term.Div(term, big.NewInt(n*n))
		}
		return sum
	}
	sum := new(big.Int).Mul(big.NewInt(4), arcCot(5))
	sum.Sub(sum, arcCot(239))
	pi := new(big.Float).SetPrec(bits).SetInt(sum)
	return pi.SetMantExp(pi, 2-(bits+20))
}()

// bigLn2 is the sum of 1/(k 2^k).
var bigLn2 = func() *big.Float {
	sum := newBig()
	for k := 1; k <= oracleBits; k++ {
		t := newBig().Quo(bigOf(1), bigOf(float64(k)))
		sum.Add(sum, t.SetMantExp(t, -k))
	}
	return sum
}()

// overFactorial holds 1/k!.
var overFactorial = func() (c [64]*big.Float) {
	c[0] = bigOf(1)
	for k := 1; k < len(c); k++ {
		c[k] = newBig().Quo(c[k-1], bigOf(float64(k)))
	}
	return c
}()

// bigExp is e^x for |x| < 2^20.
func bigExp(x *big.Float) *big.Float {
	f, _ := x.Float64()
	n := math.Round(f / math.Ln2)
	r := newBig().Mul(bigLn2, bigOf(n))
	r.Sub(x, r)
	const halvings = 16
	r.SetMantExp(r, -halvings)
	sum := newBig()
	for k := 14; k >= 0; k-- { // (r/2^16)^15 / 15! < 2^-290
		sum.Mul(sum, r)
		sum.Add(sum, overFactorial[k])
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum.SetMantExp(sum, int(n))
}

// bigLog is ln x for a positive x: one step of Halley's method from float64,
// whose relative error of 2^-52 becomes its cube.
func bigLog(x *big.Float) *big.Float {
	mant := newBig()
	e := x.MantExp(mant)
	m, _ := mant.Float64()
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
		mant.SetMantExp(mant, 1)
	}
	y := bigOf(math.Log(m))
	expY := bigExp(y)
	d := newBig().Sub(mant, expY)
	d.Quo(d, expY.Add(expY, mant))
	d.SetMantExp(d, 1)
	y.Add(y, d)
	return y.Add(y, newBig().Mul(bigLn2, bigOf(float64(e))))
}

// bigTanh is tanh x.
func bigTanh(x *big.Float) *big.Float {
	if x.Sign() == 0 || x.MantExp(nil) < -40 {
		// x - x³/3 + 2x⁵/15; the next term is 2^-240 of it.
		x2 := newBig().Mul(x, x)
		t := newBig().Mul(x2, bigOf(2))
		t.Quo(t, bigOf(15))
		third := newBig().Quo(bigOf(1), bigOf(3))
		t.Sub(t, third)
		t.Mul(t, x2)
		t.Add(t, bigOf(1))
		return t.Mul(t, x)
	}
	if f, _ := x.Float64(); math.Abs(f) > 100 {
		return bigOf(math.Copysign(1, f)) // to 280 bits
	}
	e := bigExp(newBig().SetMantExp(x, 1))
	num := newBig().Sub(e, bigOf(1))
	return num.Quo(num, e.Add(e, bigOf(1)))
}

// bigSinCos is sin x and cos x.
func bigSinCos(x *big.Float) (s, c *big.Float) {
	wide := func() *big.Float { return new(big.Float).SetPrec(uint(2*oracleBits + max(0, x.MantExp(nil)))) }
	half := wide().SetMantExp(bigPi, -1)
	q, _ := wide().Quo(x, half).Int(nil)
	r := newBig().Sub(x, wide().Mul(half, wide().SetInt(q))) // |r| < π/2
	z := newBig().Mul(r, r)
	z.Neg(z)
	s, c = newBig(), newBig()
	for k := 60; k >= 0; k -= 2 { // (π/2)^61 / 61! < 2^-230
		s.Mul(s, z)
		s.Add(s, overFactorial[k+1])
		c.Mul(c, z)
		c.Add(c, overFactorial[k])
	}
	s.Mul(s, r)
	switch q.And(q, big.NewInt(3)).Int64() { // two's complement: right for negative n
	case 1:
		s, c = c, s.Neg(s)
	case 2:
		s, c = s.Neg(s), c.Neg(c)
	case 3:
		s, c = c.Neg(c), s
	}
	return s, c
}

// bigAtan2 is the angle of the point (x, y) other than (0, 0): one step from
// float64, whose error of 2^-52 becomes its fifth power.
func bigAtan2(y, x *big.Float) *big.Float {
	// The exponents may exceed float64's in what follows.
	e := max(x.MantExp(nil), y.MantExp(nil))
	fx, _ := newBig().SetMantExp(x, -e).Float64()
	fy, _ := newBig().SetMantExp(y, -e).Float64()
	angle := bigOf(math.Atan2(fy, fx))
	s, c := bigSinCos(angle)
	product := func(a, b *big.Float) *big.Float { return newBig().Mul(a, b) }
	num := newBig().Sub(product(y, c), product(x, s))
	t := num.Quo(num, newBig().Add(product(x, c), product(y, s)))
	third := product(product(t, t), t)
	third.Quo(third, bigOf(3))
	return angle.Add(angle, t.Sub(t, third))
}

// bigAcos is arccos x for |x| ≤ 1.
func bigAcos(x *big.Float) *big.Float {
	s := newBig().Mul(x, x)
	s.Sub(bigOf(1), s)
	return bigAtan2(s.Sqrt(s), x)
}

// ulps is |got - exact| in units in the last place of exact in a format with
// digits bits of precision and least exponent emin of a normal number. An
// infinite got counts as the power of two past the greatest number, and is right
// where exact is no less.
func ulps(got float64, exact *big.Float, digits, emin, emax int) float64 {
	if got != got {
		return math.Inf(1)
	}
	g := newBig()
	if math.IsInf(got, 0) {
		if exact.MantExp(nil) > emax+1 && exact.Signbit() == (got < 0) {
			return 0
		}
		g.SetMantExp(bigOf(math.Copysign(1, got)), emax+1)
	} else {
		g.SetFloat64(got)
	}
	g.Sub(g, exact)
	if g.Sign() == 0 {
		return 0
	}
	e := emin
	if exact.Sign() != 0 {
		e = max(e, exact.MantExp(nil)-1)
	}
	g.SetMantExp(g, digits-1-e)
	d, _ := g.Float64()
	return math.Abs(d)
}

func ulps64(got float64, exact *big.Float) float64 { return ulps(got, exact, 53, -1022, 1023) }
func ulps32(got float32, exact *big.Float) float64 { return ulps(float64(got), exact, 24, -126, 127) }
