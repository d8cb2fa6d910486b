package kernels

// leastDistance2 is what squared distances are raised to, and greatestPull what a
// float32's force over distance is lowered to: it would be infinite between
// particles at one place, and NaN times the distance 0.
const (
	leastDistance2 = 0x1p-40
	greatestPull   = 0x1p127
)

// groupRow is a particle and what it gathers in the lanes of its partner groups.
type groupRow[T Float] struct {
	me  [ParticleRows]T
	sum [5][16]T // 6 × Lennard-Jones, Coulomb, force
}

// groupPairsRef defines GroupPairs: for each of the particles its own group, of
// which the later particles count, then m groups from the given one on.
func groupPairsRef[T Float](sums, g, p []T, own, n int, self bool, from, m int) {
	for r := range n {
		row := newGroupRow(p, own, r)
		if self {
			row.group(g, p, own, r+1, nil)
		}
		for j := from; j < from+m; j++ {
			row.group(g, p, j, 0, nil)
		}
		row.fold(sums, g, own, r)
	}
}

func groupPairsWithinRef[T Float](sums, g, p []T, own, lane, rows int, self bool, first, partner []int, c *Cutoff[T]) {
	for k := range rows {
		row := newGroupRow(p, own, lane+k)
		if self {
			row.group(g, p, own, lane+k+1, c)
		}
		for _, j := range partner[first[k]:first[k+1]] {
			row.group(g, p, j, 0, c)
		}
		row.fold(sums, g, own, lane+k)
	}
}

func newGroupRow[T Float](p []T, group, lane int) *groupRow[T] {
	r := new(groupRow[T])
	for k := range r.me {
		r.me[k] = p[(ParticleRows*group+k)*groupLanes[T]()+lane]
	}
	return r
}

// group adds the pairs with the particles of a group from lane least on: to the
// row's lanes, and to the gradient of the group.
func (r *groupRow[T]) group(g, p []T, group, least int, c *Cutoff[T]) {
	lanes := groupLanes[T]()
	p, g = p[ParticleRows*group*lanes:][:ParticleRows*lanes], g[3*group*lanes:][:3*lanes]
	for l := range lanes {
		x, y, z := r.me[0]-p[l], r.me[1]-p[lanes+l], r.me[2]-p[2*lanes+l]
		r2 := maxOf(T(leastDistance2), fma(x, x, fma(y, y, T(z*z))))
		charge, epsilon := T(r.me[3]*p[3*lanes+l]), T(r.me[5]*p[5*lanes+l])
		if l < least || c != nil && !(r2 < c.Range2) {
			charge, epsilon = 0, 0
		}
		inverse2 := 1 / r2
		inverse := sqrt(inverse2)
		sigma := r.me[4] + p[4*lanes+l]
		sigma = T(sigma * sigma)
		s6 := cube(T(sigma * inverse2))
		below := s6 - 1
		coulomb, repulsion := T(charge*inverse), T(epsilon*s6)
		f := fma(repulsion, s6+below, coulomb)
		if c == nil {
			r.sum[0][l] = fma(repulsion, below, r.sum[0][l])
			r.sum[1][l] += coulomb
			f = T(f * inverse2)
		} else {
			c6 := cube(T(sigma * c.Inverse2))
			r.sum[0][l] = fma(T(epsilon*(s6-c6)), below+c6, r.sum[0][l])
			r.sum[1][l] = fma(charge, inverse+fma(c.Reaction, r2, -c.Shift), r.sum[1][l])
			f = fma(f, inverse2, T(charge*(-2*c.Reaction)))
		}
		if is32[T]() {
			f = minOf(T(greatestPull), f)
		}
		for k, d := range [3]T{x, y, z} {
			t := T(d * f)
			r.sum[2+k][l] += t
			g[k*lanes+l] += t
		}
	}
}

// fold adds the row's energies to the lanes of sums and takes its force from its
// gradient.
func (r *groupRow[T]) fold(sums, g []T, group, lane int) {
	lanes := groupLanes[T]()
	for l := range 2 * lanes {
		sums[l] += r.sum[l/lanes][l%lanes]
	}
	for k := range 3 {
		s := r.sum[2+k]
		for h := lanes / 2; h > 0; h /= 2 {
			for l := range h {
				s[l] += s[l+h]
			}
		}
		g[(3*group+k)*lanes+lane] -= s[0]
	}
}

func cube[T Float](x T) T { return T(T(x*x) * x) }
