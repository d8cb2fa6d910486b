package kernels

// tinySquare is the least square of a distance that energies know, in nm².
const tinySquare = 0x1p-40

// pairsPartRef takes an atom's partners two at a time: a quotient for both,
// 1/(r²s²), gives 1/r² and 1/s² by products, for divisions take longest.
func pairsPartRef[T Float](u, g []T, ldg int, x []T, ldx int, t *PairTable[T], from, to int) {
	for i := from; i < to; i++ {
		for l := range u {
			var lj, coulomb T // 6 times the Lennard-Jones energy of the atom's pairs, and Coulomb's
			gi := vectorOf(g[3*i*ldg+l:], ldg)
			xi := vectorOf(x[3*i*ldx+l:], ldx)
			force := func(k int, d [3]T, inverse T) {
				a, b, q := t.terms[3*k], t.terms[3*k+1], t.terms[3*k+2]
				i2 := T(inverse * inverse)
				i6 := T(i2 * inverse)
				a6 := T(a * i6)
				e6 := a6 - b
				c := T(q * sqrt(inverse))
				lj = fma(i6, e6, lj)
				coulomb += c
				f := T(fma(i6, a6+e6, c) * inverse) // -U'(r)/r
				gj := g[t.partner[k]*ldg+l:]
				for k := range d {
					gi[k] = fma(-f, d[k], gi[k])
					gj[k*ldg] = fma(f, d[k], gj[k*ldg])
				}
			}
			distance := func(k int) (d [3]T, square T) {
				return separation(xi, vectorOf(x[t.partner[k]*ldx+l:], ldx))
			}
			k, end := t.first[i], t.first[i+1]
			for ; k+1 < end; k += 2 {
				d, r := distance(k)
				e, s := distance(k + 1)
				y := 1 / T(r*s)
				force(k, d, T(s*y))
				force(k+1, e, T(r*y))
			}
			if k < end {
				d, r := distance(k)
				force(k, d, 1/r)
			}
			for c, v := range gi {
				g[(3*i+c)*ldg+l] = v
			}
			u[l] += fma(lj, 1./6, coulomb)
		}
	}
}

// vectorOf is the vector in three rows, ld apart.
func vectorOf[T Float](x []T, ld int) [3]T { return [3]T{x[0], x[ld], x[2*ld]} }

// separation is x - y, and its square but not less than tinySquare.
func separation[T Float](x, y [3]T) (d [3]T, square T) {
	d = [3]T{x[0] - y[0], x[1] - y[1], x[2] - y[2]}
	square = fma(d[0], d[0], fma(d[1], d[1], T(d[2]*d[2])))
	return d, maxOf(tinySquare, square)
}
