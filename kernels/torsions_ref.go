package kernels

import "math"

// dihedral is what the angle φ about b2, the middle one of three bonds, is made of.
type dihedral[T Float] struct {
	b1, b2, b3   vector3[T]
	m, n         vector3[T] // b1 × b2 and b2 × b3
	mm, nn       T          // their squares
	square, long T          // |b2|² and |b2|
	cos, sin     T          // of φ, times |m||n|
}

// dihedralOf has sin φ by b1·n. Where three atoms are nearly in line, m, n and b1·n
// cancel while forces are great: they are made of all digits there, and b1·n of
// m × n, which is parallel to b2.
func dihedralOf[T Float](x []T, ld int, atoms []int, i int) (d dihedral[T]) {
	r0, r1 := position(x, ld, atoms[0], i), position(x, ld, atoms[1], i)
	r2, r3 := position(x, ld, atoms[2], i), position(x, ld, atoms[3], i)
	b1, rest1 := r1.minusParts(r0)
	b2, rest2 := r2.minusParts(r1)
	b3, rest3 := r3.minusParts(r2)
	m, n := b1.cross(b2), b2.cross(b3)
	mm, nn := m.dot(m), n.dot(n)
	triple, square := b1.dot(n), maxOf(collision, b2.dot(b2))
	if minOf(mm, nn) < inLine {
		m, n = b1.crossParts(b2, rest1, rest2), b2.crossParts(b3, rest2, rest3)
		mm, nn = m.dot(m), n.dot(n)
		triple = m.cross(n).dot(b2) / square
	}
	long := sqrt(square)
	return dihedral[T]{b1, b2, b3, m, n, mm, nn, square, long, m.dot(n), T(long * triple)}
}

func torsionsPanelRef[T Float](u, g []T, ldg int, x []T, ldx, n int, atoms, terms []int, series []T) {
	flat := perType[T](flat32, flat64)
	for i := range n {
		sum := T(0)
		next := series
		for t := range terms {
			at := atoms[4*t : 4*t+4]
			d := dihedralOf(x, ldx, at, i)
			one := 1 / sqrt(maxOf(perType[T](flat32*flat32, flat64*flat64), fma(d.cos, d.cos, T(d.sin*d.sin))))
			cos, sin := T(d.cos*one), T(d.sin*one)
			m, n := d.m.times(d.long/maxOf(flat, d.mm)), d.n.times(d.long/maxOf(flat, d.nn))

			e := next[0]
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
			sum += e

			// ∂φ/∂x of the outer atoms is -m and n; the inner ones balance force
			// and torque (Blondel and Karplus, J. Comput. Chem. 17, 1996).
			m, n = m.times(slope), n.times(slope)
			shorter := 1 / d.square
			w := m.times(T(d.b1.dot(d.b2)*shorter)).plusTimes(T(d.b3.dot(d.b2)*shorter), n)
			subGradient(g, ldg, at[0], i, m)
			addGradient(g, ldg, at[1], i, m.plus(w))
			subGradient(g, ldg, at[2], i, n.plus(w))
			addGradient(g, ldg, at[3], i, n)
		}
		u[i] += sum
	}
}

func torsionAnglesPanelRef[T Float](phi []T, ldp int, x []T, ldx, n int, atoms []int) {
	for k := range len(atoms) / 4 {
		for i := range n {
			d := dihedralOf(x, ldx, atoms[4*k:4*k+4], i)
			angle := atan2Of(d.sin, d.cos)
			if angle <= T(-math.Pi) {
				angle = T(math.Pi)
			}
			phi[k*ldp+i] = angle
		}
	}
}
