package kernels

// tinySquare is the least square of a distance that energies know, in nm².
const tinySquare = 0x1p-40

// pairsPartRef takes partners two at a time: a quotient for both, 1/(r²s²), gives
// 1/r² and 1/s² by products, for divisions take longest.
func pairsPartRef[T Float](u, g []T, ldg int, x []T, ldx int, rows, groups []int, terms []T) {
	for l := range u {
		groups, terms := groups, terms
		var lj T // 6 times the Lennard-Jones energy of all pairs
		coulomb, low := T(sumOrigin), T(0)
		for list := rows; len(list) > 0; list = list[2:] {
			row, end := list[0], list[1]
			gi := vectorOf(g[row*ldg+l:], ldg)
			xi := vectorOf(x[row*ldx+l:], ldx)
			force := func(d [3]T, inverse T, partner int, terms []T) {
				i6 := T(T(inverse*inverse) * inverse)
				c := T(terms[2] * sqrt(inverse))
				a6 := T(terms[0] * i6)
				e6 := a6 - terms[1]
				lj = fma(i6, e6, lj)
				coulomb, low = addLow(coulomb, low, c)
				f := T(fma(i6, a6+e6, c) * inverse) // -U'(r)/r
				for k := range d {
					gi[k] = fma(-f, d[k], gi[k])
					gj := &g[(partner+k)*ldg+l]
					*gj = fma(f, d[k], *gj)
				}
			}
			for k := range end {
				i, j := groups[3*k+1], groups[3*k+2]
				d, r := separation(xi, vectorOf(x[i*ldx+l:], ldx))
				e, s := separation(xi, vectorOf(x[j*ldx+l:], ldx))
				y := 1 / T(r*s)
				force(d, T(s*y), i, terms[6*k:])
				force(e, T(r*y), j, terms[6*k+3:])
			}
			for c, v := range gi {
				g[(row+c)*ldg+l] = v
			}
			groups, terms = groups[3*end:], terms[6*end:]
		}
		u[l] += fma(lj, 1./6, low) + (coulomb - sumOrigin)
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
