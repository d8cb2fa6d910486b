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

// perType is the first in float32, the second in float64.
func perType[T Float](single float32, double float64) T {
	if is32[T]() {
		return T(single)
	}
	return T(double)
}

func bondsPanelRef[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms []int, length, stiffness []T) {
	for i := range n {
		e := T(0)
		for t := range length {
			a, b := atoms[2*t], atoms[2*t+1]
			d := position(x, ldx, a, i).minus(position(x, ldx, b, i))
			r := sqrt(maxOf(collision, d.dot(d)))
			stretch := r - length[t]
			w := T(stiffness[t] * stretch)
			e = fma(T(0.5*w), stretch, e)
			f := d.times(w / r)
			addGradient(g, ldg, a, i, f)
			subGradient(g, ldg, b, i, f)
		}
		u[i] += e
	}
}

func anglesPanelRef[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms []int, theta, stiffness []T) {
	for i := range n {
		e := T(0)
		for t := range theta {
			j := position(x, ldx, atoms[3*t+1], i)
			a := position(x, ldx, atoms[3*t], i).minus(j)
			b := position(x, ldx, atoms[3*t+2], i).minus(j)
			c := a.cross(b)
			s := sqrt(maxOf(perType[T](straight32, straight64), c.dot(c)))
			bend := halfPlaneOf(s, a.dot(b)) - theta[t]
			w := T(stiffness[t] * bend)
			e = fma(T(0.5*w), bend, e)
			// θ grows fastest along a × c and c × b, by 1/|a| and 1/|b|.
			fa := a.cross(c).times(w / T(maxOf(collision, a.dot(a))*s))
			fb := c.cross(b).times(w / T(maxOf(collision, b.dot(b))*s))
			addGradient(g, ldg, atoms[3*t], i, fa)
			subGradient(g, ldg, atoms[3*t+1], i, fa.plus(fb))
			addGradient(g, ldg, atoms[3*t+2], i, fb)
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
