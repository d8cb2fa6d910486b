package kernels

import "math"

// hugeSquare is the greatest square of a distance that Born knows, in nm²: r⁶ is
// still finite in float32.
const hugeSquare = 0x1p40

// bornSumsRef adds half of each pair's H to the sums of both atoms, i in
// from … to-1, j > i from the last one back. With L = max(ρ_i, |r − s_j|) and U = r + s_j, H is
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
			sum := &s.recordOf(i)[bornSum*s.lanes+l]
			for j := s.atoms - 1; j > i; j-- {
				_, square := separation(xi, vectorOf(x[3*j*ldx+l:], ldx))
				square = minOf(hugeSquare, square)
				r := sqrt(square)
				half := 0.5 / r
				b := s.atom[j*bornAtomSize:]
				hi, ci := descreening(r, half, a[bornRho], a[bornInverseRho], b[bornReach], b[bornReachSquared])
				hj, cj := descreening(r, half, b[bornRho], b[bornInverseRho], a[bornReach], a[bornReachSquared])
				*sum += hi
				s.recordOf(j)[bornSum*s.lanes+l] += hj
				p := pairs[(s.atoms-1-j)*bornPair*s.lanes+l:]
				p[0], p[s.lanes], p[2*s.lanes] = square, ci, cj
			}
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
		h += inverseRho - 1/lower
	}
	if upper <= rho {
		h, c = 0, 0
	}
	return h, c
}

// bornRadiiRef makes radii of the sums, and what an atom's own energies and
// derivatives are.
func bornRadiiRef[T Float](s *bornScratch[T]) {
	for i := range s.atoms {
		a := s.atom[i*bornAtomSize:]
		for l := range s.lanes {
			record := strided[T]{s.recordOf(i)[l:], s.lanes}
			sum := *record.at(bornSum)
			th := tanhOf(T(sum * fma(sum, fma(sum, a[bornGamma], a[bornBeta]), a[bornAlpha])))
			slope := fma(sum, fma(sum, a[bornGamma3], a[bornBeta2]), a[bornAlpha])
			v := fma(-th, a[bornInverseR], a[bornInverseRho])
			b := 1 / v
			*record.at(bornInverse), *record.at(bornRadius) = v, b
			*record.at(bornChain) = T(T(slope*fma(-th, th, 1)) * T(T(b*b)*a[bornHalfR]))
			v2 := T(v * v)
			own := T(a[bornSelf] * v)
			surface := T(a[bornSurface] * T(T(v2*v2)*v2))
			*record.at(bornOwn) = own + surface
			*record.at(bornSlope) = T((v + v) * fma(6, surface, own))
		}
	}
}

// strided is one lane of vectors.
type strided[T Float] struct {
	x     []T
	lanes int
}

func (s strided[T]) at(i int) *T { return &s.x[i*s.lanes] }

// bornEnergiesRef adds the energies of the atoms from … to-1 and of their pairs
// with j > i. With f² = r² + B_i B_j e, e = exp(−r²/(4 B_i B_j)), a pair has
//
//	U = −Strength q_i q_j / f
//	−U'/r = U/f² (e/4 − 1),  −2 ∂U/∂B_i = U/f² e (1 + r²/(4 B_i B_j)) B_j
func bornEnergiesRef[T Float](s *bornScratch[T], u []T, from, to int) {
	bottom, quarterLog2E := T(-60), T(-0.25*math.Log2E) // 2^-60 does not count beside 1
	if !is32[T]() {
		bottom = -200
	}
	for l := range s.lanes {
		energy, low := T(sumOrigin), T(0)
		for i := from; i < to; i++ {
			charges := s.charges[s.pairIndex(i):]
			a := strided[T]{s.recordOf(i)[l:], s.lanes}
			pair := strided[T]{s.pairsOf(i)[l:], s.lanes}
			bi, ki := *a.at(bornRadius), T(quarterLog2E**a.at(bornInverse))
			energy, low = addLow(energy, low, *a.at(bornOwn))
			slope := *a.at(bornSlope)
			for j := s.atoms - 1; j > i; j-- {
				b := strided[T]{s.recordOf(j)[l:], s.lanes}
				square := pair.at((s.atoms - 1 - j) * bornPair)
				bj := *b.at(bornRadius)
				x := maxOf(bottom, T(T(ki**b.at(bornInverse))**square)) // log₂ e
				e := exp2(x)
				f2 := fma(T(bi*bj), e, *square)
				y := 1 / f2
				q, root := charges[s.atoms-1-j], sqrt(y)
				v := T(q * root)
				energy, low = addLow(energy, low, v)
				// v/(f root) is q/f, and f root nearly 1.
				low -= fma(T(0.5*v), fma(f2, T(root*root), -1), fma(-q, root, v))
				over := T(v * y)
				*square = T(over * fma(0.25, e, -1))
				d := T(T(over*e) * fma(-math.Ln2, x, 1))
				slope = fma(d, bj, slope)
				*b.at(bornSlope) = fma(d, bi, *b.at(bornSlope))
			}
			*a.at(bornChain) = T(*a.at(bornChain) * slope)
		}
		u[l] += low + (energy - sumOrigin)
	}
}

// bornGradientsRef adds the gradients, for i in from … to-1 and j > i: those at
// constant radii, and those through the radii.
func bornGradientsRef[T Float](s *bornScratch[T], g []T, ldg int, x []T, ldx, from, to int) {
	for i := from; i < to; i++ {
		for l := range s.lanes {
			xi, gi := vectorOf(x[3*i*ldx+l:], ldx), vectorOf(g[3*i*ldg+l:], ldg)
			ci := s.recordOf(i)[bornChain*s.lanes+l]
			for j := s.atoms - 1; j > i; j-- {
				cj := s.recordOf(j)[bornChain*s.lanes+l]
				d, _ := separation(xi, vectorOf(x[3*j*ldx+l:], ldx))
				p := strided[T]{s.pairsOf(i)[(s.atoms-1-j)*bornPair*s.lanes+l:], s.lanes}
				f := fma(ci, *p.at(1), fma(cj, *p.at(2), *p.at(0)))
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
