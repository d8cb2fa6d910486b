package kernels

import "math"

// hugeSquare is the greatest square of a distance that Born knows, in nm²: r⁶ is
// still finite in float32.
const hugeSquare = 0x1p40

// bornSumsRef adds half of each pair's H to the sums of both atoms, i in
// from … to-1, j > i. With L = max(ρ_i, |r − s_j|) and U = r + s_j, H is
//
//	H = 1/L − 1/U + ¼(r − s²/r)(1/U² − 1/L²) + ½ ln(L/U)/r
//	    + 2(1/ρ − 1/L) where ρ < s − r, and all is 0 where ρ ≥ r + s,
//
// and its derivative that by r alone, for those by L and U vanish or cancel. What
// follows needs one quotient for H and its derivative.
func bornSumsRef[T Float](s *bornScratch[T], x []T, ldx, from, to int) {
	for i := from; i < to; i++ {
		pairs := s.pairsOf(i)
		for l := range s.lanes {
			xi := vectorOf(x[3*i*ldx+l:], ldx)
			a := s.atom[i*bornAtomSize:]
			sum := s.sum[i*s.lanes+l]
			for j := i + 1; j < s.atoms; j++ {
				_, square := separation(xi, vectorOf(x[3*j*ldx+l:], ldx))
				square = minOf(hugeSquare, square)
				r := sqrt(square)
				half := 0.5 / r
				b := s.atom[j*bornAtomSize:]
				hi, ci := descreening(r, half, a[bornRho], a[bornInverseRho], b[bornReach], b[bornReachSquared])
				hj, cj := descreening(r, half, b[bornRho], b[bornInverseRho], a[bornReach], a[bornReachSquared])
				sum += hi
				s.sum[j*s.lanes+l] += hj
				p := pairs[(j-i-1)*bornPairRows*s.lanes+l:]
				p[0], p[s.lanes], p[2*s.lanes] = square, ci, cj
			}
			s.sum[i*s.lanes+l] = sum
		}
	}
}

// descreening is ½H and -½H'/r of an atom of radius rho that another one, of the
// scaled radius reach, descreens. half is ½/r.
func descreening[T Float](r, half, rho, inverseRho, reach, reach2 T) (h, c T) {
	upper, d := r+reach, r-reach
	lower := maxOf(rho, absOf(d))
	near, k := nearPower(lower, upper) // lower·2^k
	w := near + upper
	p := T(upper * lower)
	q := 0.5 / T(p*w)
	y := T(w * q) // ½/(L U)
	diff := T((upper - lower) * y)
	d2 := T(diff * T((upper+lower)*y)) // ¼(1/L² − 1/U²)
	z := fma(reach2, d2, halfLog(T((near-upper)*T(p*q)), k))
	inverse := half + half
	h = fma(half, z, fma(-T(0.5*r), d2, diff))
	c = T(half * fma(T(inverse*inverse), z, d2))
	if d < -rho {
		h += inverseRho - T((upper+upper)*y)
	}
	if upper <= rho {
		h, c = 0, 0
	}
	return h, c
}

// bornRadiiRef makes radii of the sums, and what an atom's own energies and
// derivatives are.
func bornRadiiRef[T Float](s *bornScratch[T]) {
	for i := range s.sum {
		a := s.atom[i/s.lanes*bornAtomSize:]
		sum := s.sum[i]
		th := tanhOf(T(sum * fma(sum, fma(sum, a[bornGamma], a[bornBeta]), a[bornAlpha])))
		slope := fma(sum, fma(sum, a[bornGamma3], a[bornBeta2]), a[bornAlpha])
		v := fma(-th, a[bornInverseR], a[bornInverseRho])
		b := 1 / v
		s.inverse[i], s.radius[i] = v, b
		s.chain[i] = T(T(slope*fma(-th, th, 1)) * T(T(b*b)*a[bornHalfR]))
		v2 := T(v * v)
		own := T(a[bornSelf] * v)
		surface := T(a[bornSurface] * T(T(v2*v2)*v2))
		s.self[i] = own + surface
		s.slope[i] = T((v + v) * fma(6, surface, own))
	}
}

// bornEnergiesRef adds the energies of the atoms from … to-1 and of their pairs
// with j > i. With f² = r² + B_i B_j e, e = exp(−r²/(4 B_i B_j)), a pair has
//
//	U = −Strength q_i q_j / f
//	−U'/r = U/f² (e/4 − 1),  −2 ∂U/∂B_i = U/f² e (1 + r²/(4 B_i B_j)) B_j
func bornEnergiesRef[T Float](s *bornScratch[T], u []T, from, to int) {
	bottom, quarterLog2E := T(-60), T(-0.25*math.Log2E) // e^-41 does not count beside 1
	if !is32[T]() {
		bottom = -200
	}
	for i := from; i < to; i++ {
		pairs := s.pairsOf(i)
		charges := s.charges[s.pairIndex(i):]
		for l := range s.lanes {
			at := i*s.lanes + l
			bi, ki := s.radius[at], T(quarterLog2E*s.inverse[at])
			energy, slope := s.self[at], s.slope[at]
			for j := i + 1; j < s.atoms; j++ {
				k := j - i - 1
				square := pairs[k*bornPairRows*s.lanes+l:]
				bj := s.radius[j*s.lanes+l]
				x := maxOf(bottom, T(T(ki*s.inverse[j*s.lanes+l])*square[0])) // log₂ e
				e := exp2(x)
				y := 1 / fma(T(bi*bj), e, square[0])
				pair := T(charges[k] * sqrt(y))
				energy += pair
				over := T(pair * y)
				square[0] = T(over * fma(0.25, e, -1))
				d := T(T(over*e) * fma(-math.Ln2, x, 1))
				slope = fma(d, bj, slope)
				s.slope[j*s.lanes+l] = fma(d, bi, s.slope[j*s.lanes+l])
			}
			s.chain[at] = T(s.chain[at] * slope)
			u[l] += energy
		}
	}
}

// bornGradientsRef adds the gradients, for i in from … to-1 and j > i: those at
// constant radii, and those through the radii.
func bornGradientsRef[T Float](s *bornScratch[T], g []T, ldg int, x []T, ldx, from, to int) {
	for i := from; i < to; i++ {
		pairs := s.pairsOf(i)
		for l := range s.lanes {
			xi, gi := vectorOf(x[3*i*ldx+l:], ldx), vectorOf(g[3*i*ldg+l:], ldg)
			for j := i + 1; j < s.atoms; j++ {
				d, _ := separation(xi, vectorOf(x[3*j*ldx+l:], ldx))
				p := pairs[(j-i-1)*bornPairRows*s.lanes+l:]
				f := fma(s.chain[i*s.lanes+l], p[s.lanes], fma(s.chain[j*s.lanes+l], p[2*s.lanes], p[0]))
				for c := range d {
					gi[c] = fma(f, d[c], gi[c])
					gj := &g[(3*j+c)*ldg+l]
					*gj = fma(-f, d[c], *gj)
				}
			}
			for c, v := range gi {
				g[(3*i+c)*ldg+l] = v
			}
		}
	}
}

// pairIndex is the number of atom i's first pair.
func (t *BornTable[T]) pairIndex(i int) int { return i * (2*t.atoms - i - 1) / 2 }

func (s *bornScratch[T]) pairsOf(i int) []T { return s.pair[s.pairIndex(i)*bornPairRows*s.lanes:] }
