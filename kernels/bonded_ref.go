package kernels

import "math"

// Squares below these are as if they were these, so that coinciding atoms and
// straight chains have finite gradients. NaN passes.
const (
	collision = 0x1p-40 // of a distance, in nm²
	// Of the cross product of two bonds, in nm⁴: what rounding leaves of it, or less.
	flat32, flat64 = 0x1p-60, 0x1p-200
	// The same where that gives an angle, and nothing is divided by its square.
	straight32, straight64 = 0x1p-100, 0x1p-200
	// A cross product of two bonds whose square is less, in nm⁴, is that of an angle of
	// less than some 20° to a straight one.
	inLine = 0x1p-16
)

const halfInverse32, halfInverse64 = 0x7e7311c7, 0x7fce6238502484ba

// perType is the first in float32, the second in float64.
func perType[T Float](single float32, double float64) T {
	if is32[T]() {
		return T(single)
	}
	return T(double)
}

// halfInverse is about ½/x, for an x > 0: the bits of a number are much like its
// logarithm. It is off by an eighth at most, and serves to scale what rounding left.
func halfInverse[T Float](x T) T {
	if is32[T]() {
		return T(math.Float32frombits(halfInverse32 - math.Float32bits(float32(x))))
	}
	return T(math.Float64frombits(halfInverse64 - math.Float64bits(float64(x))))
}

// bondsPanelRef has r - r0 = (r² - r0²)/(r + r0), for r² - r0² can be had with the
// rounding of its own size: k turns a billionth of r into 5e-4 kJ/(mol nm) of force.
func bondsPanelRef[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms []int, terms []T) {
	for i := range n {
		e := T(0)
		for t := range len(atoms) / 2 {
			a, b := atoms[2*t], atoms[2*t+1]
			p := terms[bondSize*t:]
			d, rest := position(x, ldx, a, i).minusParts(position(x, ldx, b, i))
			high, low := d.dotParts(d)
			square := maxOf(collision, (high-coarse)+low)
			r := sqrt(square)
			low = fma(2, d.dot(rest), low-p[bondSquareLow])
			stretch := ((high - p[bondSquareHigh]) + low) / fma(r, p[bondLength], square) // over r
			f := T(p[bondStiffness] * stretch)
			stretch = T(stretch * r)
			e = fma(T(p[bondHalfStiffness]*stretch), stretch, e)
			fmaGradient(g, ldg, a, i, f, d)
			fmaGradient(g, ldg, b, i, -f, d)
		}
		u[i] += e
	}
}

// anglesPanelRef has θ - θ0 as the angle of the point (|a×b|, a·b) turned back by θ0,
// so that it has the rounding of its own size.
func anglesPanelRef[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms []int, terms []T) {
	for i := range n {
		e := T(0)
		for t := range len(atoms) / 3 {
			at := atoms[3*t : 3*t+3]
			p := terms[angleSize*t:]
			j := position(x, ldx, at[1], i)
			a, aRest := position(x, ldx, at[0], i).minusParts(j)
			b, bRest := position(x, ldx, at[2], i).minusParts(j)
			high, low := a.dotParts(b)
			minus := coarse - high // low - a·b
			c := a.cross(b)
			if c.dot(c) < inLine {
				c = a.crossParts(b, aRest, bRest)
			}
			s := sqrt(maxOf(perType[T](straight32, straight64), c.dot(c)))
			// To cot θ0·s comes what s lacks, (|c|² - s²)/(2s), and what cot θ0 lacks.
			squareHigh, squareLow := c.dotParts(c)
			scale := T(p[angleCot] * halfInverse(s))
			rest := fma(scale, squareLow, T(p[angleCotLow]*s)-low)
			rest = fma(scale, fma(-s, s, squareHigh-coarse), rest)
			sin := fma(p[angleCot], s, minus) + rest
			cos := fma(p[angleCot], low-minus, s)
			bend := bendOf(sin, cos)
			w := T(p[angleStiffness] * bend)
			e = fma(T(0.5*w), bend, e)
			// θ grows fastest along a × c and c × b, by 1/|a| and 1/|b|.
			fa, fb := w/T(maxOf(collision, a.dot(a))*s), w/T(maxOf(collision, b.dot(b))*s)
			ca, cb := a.cross(c), c.cross(b)
			fmaGradient(g, ldg, at[0], i, fa, ca)
			subGradient(g, ldg, at[1], i, cb.times(fb).plusTimes(fa, ca))
			fmaGradient(g, ldg, at[2], i, fb, cb)
		}
		u[i] += e
	}
}
