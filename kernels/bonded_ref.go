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
)

// coarse, with up to a third added or taken away, is a multiple of 2^-26 nm² in
// float32, and of 2^-55 nm² in float64.
const coarse = 0x1.8p-3

const halfInverse32, halfInverse64 = 0x7e7311c7, 0x7fce6238502484ba

// perType is the first in float32, the second in float64.
func perType[T Float](single float32, double float64) T {
	if is32[T]() {
		return T(single)
	}
	return T(double)
}

// dotParts are high and low with high - coarse + low = a·b, for bonds: high is a sum
// of multiples without rounding, and low, which has the rest, is small.
func (a vector3[T]) dotParts(b vector3[T]) (high, low T) {
	h0 := fma(a[0], b[0], coarse)
	h1 := fma(a[1], b[1], h0)
	h2 := fma(a[2], b[2], h1)
	low = fma(a[0], b[0], coarse-h0)
	low += fma(a[1], b[1], h0-h1)
	low += fma(a[2], b[2], h1-h2)
	return h2, low
}

// halfInverse is about ½/x, for an x > 0: the bits of a number are much like its
// logarithm. It is off by an eighth at most, and serves to scale what rounding left.
func halfInverse[T Float](x T) T {
	if is32[T]() {
		return T(math.Float32frombits(halfInverse32 - math.Float32bits(float32(x))))
	}
	return T(math.Float64frombits(halfInverse64 - math.Float64bits(float64(x))))
}

// minusParts is a - b, rounded, and the rest (Knuth's two-sum).
func (a vector3[T]) minusParts(b vector3[T]) (d, rest vector3[T]) {
	for c := range d {
		d[c] = a[c] - b[c]
		was := d[c] + b[c]
		rest[c] = (a[c] - was) + ((was - d[c]) - b[c])
	}
	return d, rest
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
			a, b := position(x, ldx, at[0], i).minus(j), position(x, ldx, at[2], i).minus(j)
			high, low := a.dotParts(b)
			minus := coarse - high // low - a·b
			c := a.cross(b)
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

func torsionsPanelRef[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms, terms []int, series []T) {
	flat := perType[T](flat32, flat64)
	for i := range n {
		e := T(0)
		next := series
		for t := range terms {
			at := atoms[4*t : 4*t+4]
			b1, b2, b3 := bonds(x, ldx, at, i)
			m, n := b1.cross(b2), b2.cross(b3)
			square := maxOf(collision, b2.dot(b2))
			long := sqrt(square)
			cos, sin := m.dot(n), T(long*b1.dot(n))
			one := 1 / sqrt(maxOf(perType[T](flat32*flat32, flat64*flat64), fma(cos, cos, T(sin*sin))))
			cos, sin = T(cos*one), T(sin*one)
			m = m.times(long / maxOf(flat, m.dot(m)))
			n = n.times(long / maxOf(flat, n.dot(n)))

			e += next[0]
			slope := T(0) // dU/dφ
			ck, sk := cos, sin
			for k := range terms[t] {
				a, b := next[2*k+1], next[2*k+2]
				e = fma(b, sk, e)
				e = fma(a, ck, e)
				slope = fma(T(k+1), fma(-a, sk, T(b*ck)), slope)
				ck, sk = fma(-sk, sin, T(ck*cos)), fma(sk, cos, T(ck*sin))
			}
			next = next[1+2*terms[t]:]

			// ∂φ/∂x of the outer atoms is -m and n; the inner ones balance force
			// and torque (Blondel and Karplus, J. Comput. Chem. 17, 1996).
			m, n = m.times(slope), n.times(slope)
			w := m.times(b1.dot(b2)/square).plusTimes(b3.dot(b2)/square, n)
			subGradient(g, ldg, at[0], i, m)
			addGradient(g, ldg, at[1], i, m.plus(w))
			subGradient(g, ldg, at[2], i, n.plus(w))
			addGradient(g, ldg, at[3], i, n)
		}
		u[i] += e
	}
}

// bonds are the three bonds of a chain of four atoms.
func bonds[T Float](x []T, ld int, atoms []int, i int) (b1, b2, b3 vector3[T]) {
	r0, r1 := position(x, ld, atoms[0], i), position(x, ld, atoms[1], i)
	r2, r3 := position(x, ld, atoms[2], i), position(x, ld, atoms[3], i)
	return r1.minus(r0), r2.minus(r1), r3.minus(r2)
}

func torsionAnglesPanelRef[T Float](phi []T, ldp int, x []T, ldx, n int, atoms []int) {
	for k := range len(atoms) / 4 {
		for i := range n {
			b1, b2, b3 := bonds(x, ldx, atoms[4*k:4*k+4], i)
			m, n := b1.cross(b2), b2.cross(b3)
			angle := atan2Of(T(sqrt(b2.dot(b2))*b1.dot(n)), m.dot(n))
			if angle <= T(-math.Pi) {
				angle = T(math.Pi)
			}
			phi[k*ldp+i] = angle
		}
	}
}
