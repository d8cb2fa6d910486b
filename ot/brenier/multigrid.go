package brenier

// multigrid solves the weighted Poisson equation −div(ρ∇u) = r, flat at walls
// and periodic on periodic axes, roughly: by one V-cycle, which leaves about a
// tenth of the error. ρ may range over many decades.
//
// The equation is discretized by fluxes through the faces of cells. A coarser
// level joins cells two by two along the axes on which they are short. Errors
// are smoothed by Gauss and Seidel's relaxation in red-black order, residuals
// are summed and corrections interpolated linearly.
type multigrid struct {
	levels []*level
}

// level is one grid of the hierarchy.
type level struct {
	team   team
	x, y   Axis
	nx, ny int
	rx, ry int       // how many cells make one of the next level, 1 or 2
	rho    []float64 // weights of cells
	kx, ky []float64 // conductance to the next cell along an axis; the last one's is to the first
	inv    []float64 // one over the sum of a cell's conductances
	u, r   []float64
	diag   []float64
}

// sharedCells is the size of a grid from which on threads share a sweep over it:
// 0.15 ms of work, where to wake another core takes 0.05.
const sharedCells = 1 << 16

func newMultigrid(g Grid, t team) *multigrid {
	m := &multigrid{}
	for {
		l := &level{team: t, x: g.X, y: g.Y, nx: g.X.Cells, ny: g.Y.Cells, rx: 1, ry: 1}
		// A colour is not free of itself across the seam of an odd circle; small
		// grids are not worth the goroutines.
		if g.Len() < sharedCells || l.x.Periodic && l.nx%2 == 1 {
			l.team = team{1}
		}
		for _, v := range []*[]float64{&l.rho, &l.kx, &l.ky, &l.inv, &l.u, &l.r, &l.diag} {
			*v = make([]float64, g.Len())
		}
		m.levels = append(m.levels, l)
		hx, hy := g.X.Step(), g.Y.Step()
		if l.nx >= 4 && (hx <= 1.5*hy || l.ny < 4) {
			l.rx = 2
		}
		if l.ny >= 4 && (hy <= 1.5*hx || l.nx < 4) {
			l.ry = 2
		}
		if l.rx == 1 && l.ry == 1 {
			return m
		}
		g.X, g.Y = g.X.joined(l.rx), g.Y.joined(l.ry)
	}
}

// joined is the axis with r cells made one, the last perhaps beyond the end.
func (a Axis) joined(r int) Axis {
	n := (a.Cells + r - 1) / r
	a.Hi = a.Lo + float64(float64(n)*float64(float64(r)*a.Step()))
	a.Cells = n
	return a
}

// weigh takes the weights ρ, one for each cell.
func (m *multigrid) weigh(rho []float64) {
	copy(m.levels[0].rho, rho)
	for k, l := range m.levels {
		if k > 0 {
			m.levels[k-1].joinWeights(l)
		}
		l.conduct()
	}
}

// joinWeights averages the weights for the next level.
func (l *level) joinWeights(next *level) {
	part := 1 / float64(l.rx*l.ry)
	clear(next.rho)
	for i := range l.nx {
		to, row := next.rho[i/l.rx*next.ny:][:next.ny], l.rho[i*l.ny:][:l.ny]
		if l.ry == 1 {
			for j, v := range row {
				to[j] += float64(part * v)
			}
			continue
		}
		for j, v := range row {
			to[j/2] += float64(part * v)
		}
	}
	// A last cell that stands alone is a whole one.
	if l.rx == 2 && l.nx%2 == 1 {
		double(next.rho[(next.nx-1)*next.ny:])
	}
	if l.ry == 2 && l.ny%2 == 1 {
		for i := range next.nx {
			double(next.rho[(i+1)*next.ny-1:][:1])
		}
	}
}

func double(v []float64) {
	for k := range v {
		v[k] *= 2
	}
}

// conduct finds the conductances: the mean weight of two cells, times the
// length of their face, over their distance.
func (l *level) conduct() {
	nx, ny := l.nx, l.ny
	hx, hy := l.x.Step(), l.y.Step()
	cx, cy := 0.5*hy/hx, 0.5*hx/hy
	l.team.each(nx, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			row, up := l.row(l.rho, i), l.row(l.rho, i+1)
			kx, ky := l.row(l.kx, i), l.row(l.ky, i)
			if i == nx-1 && !l.x.Periodic {
				clear(kx)
			} else {
				for j := range kx {
					kx[j] = float64(cx * (row[j] + up[j]))
				}
			}
			for j := range ny - 1 {
				ky[j] = float64(cy * (row[j] + row[j+1]))
			}
			ky[ny-1] = 0
			if l.y.Periodic {
				ky[ny-1] = float64(cy * (row[ny-1] + row[0]))
			}
		}
	})
	l.team.each(nx, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			kx, kd, ky := l.row(l.kx, i), l.row(l.kx, i-1), l.row(l.ky, i)
			diag, inv := l.row(l.diag, i), l.row(l.inv, i)
			left := ky[ny-1]
			for j := range diag {
				d := kx[j] + kd[j] + ky[j] + left
				left = ky[j]
				diag[j] = d
				inv[j] = 1 / d
			}
		}
	})
}

// row is row i of an array of the level, i from −1 to nx taken round.
func (l *level) row(v []float64, i int) []float64 {
	return v[wrap(i, l.nx)*l.ny:][:l.ny]
}

// solve writes to u the solution for the masses r (of cells, not densities).
func (m *multigrid) solve(u, r []float64) {
	l := m.levels[0]
	copy(l.r, r)
	clear(l.u)
	m.cycle(0)
	mean := sum(l.u) / float64(len(u))
	for k, v := range l.u {
		u[k] = v - mean
	}
}

const (
	sweeps         = 2
	coarsestSweeps = 20
)

func (m *multigrid) cycle(k int) {
	l := m.levels[k]
	if k == len(m.levels)-1 {
		for range coarsestSweeps {
			l.sweep(0)
			l.sweep(1)
		}
		return
	}
	for range sweeps {
		l.sweep(0)
		l.sweep(1)
	}
	next := m.levels[k+1]
	l.restrict(next)
	clear(next.u)
	m.cycle(k + 1)
	l.correct(next)
	for range sweeps {
		l.sweep(1)
		l.sweep(0)
	}
}

// sweep relaxes the cells of one colour: those with i + j + colour even. Of an odd
// number of rows the first and the last, which are neighbours across the border,
// have the same colours: the last has to wait.
func (l *level) sweep(colour int) {
	last := l.nx &^ 1
	l.team.each(last, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			l.relax(i, colour)
		}
	})
	if last < l.nx {
		l.relax(last, colour)
	}
}

// relax is sweep for row i.
func (l *level) relax(i, colour int) {
	n := l.neighbours(i)
	inv, u := l.row(l.inv, i), n.u
	j := (i + colour) & 1
	if j == 0 {
		u[0] = float64(n.atEnd(0) * inv[0])
		j = 2
	}
	for ; j < len(u)-1; j += 2 {
		u[j] = float64(n.at(j) * inv[j])
	}
	if j == len(u)-1 {
		u[j] = float64(n.atEnd(j) * inv[j])
	}
}

// neighbours is a row with all that its equations need.
type neighbours struct{ u, up, down, kx, kd, ky, r []float64 }

func (l *level) neighbours(i int) neighbours {
	return neighbours{
		l.row(l.u, i), l.row(l.u, i+1), l.row(l.u, i-1),
		l.row(l.kx, i), l.row(l.kx, i-1), l.row(l.ky, i), l.row(l.r, i),
	}
}

// at is what flows into cell j, from r and from its neighbours, 0 < j < ny−1.
func (n *neighbours) at(j int) float64 {
	return n.r[j] + float64(n.kx[j]*n.up[j]) + float64(n.kd[j]*n.down[j]) +
		float64(n.ky[j]*n.u[j+1]) + float64(n.ky[j-1]*n.u[j-1])
}

// atEnd is at for any j.
func (n *neighbours) atEnd(j int) float64 {
	p, q := wrap(j+1, len(n.u)), wrap(j-1, len(n.u))
	return n.r[j] + float64(n.kx[j]*n.up[j]) + float64(n.kd[j]*n.down[j]) +
		float64(n.ky[j]*n.u[p]) + float64(n.ky[q]*n.u[q])
}

// restrict sums residuals for the next level. Only the cells relaxed first
// have any left.
func (l *level) restrict(next *level) {
	clear(next.r)
	next.team.each(next.nx, func(_, lo, hi int) {
		for i := lo * l.rx; i < min(hi*l.rx, l.nx); i++ {
			n := l.neighbours(i)
			diag, to := l.row(l.diag, i), next.row(next.r, i/l.rx)
			j := i & 1
			if j == 0 {
				to[0] += n.atEnd(0) - float64(diag[0]*n.u[0])
				j = 2
			}
			for ; j < l.ny-1; j += 2 {
				to[j/l.ry] += n.at(j) - float64(diag[j]*n.u[j])
			}
			if j == l.ny-1 {
				to[j/l.ry] += n.atEnd(j) - float64(diag[j]*n.u[j])
			}
		}
	})
}

// correct adds the next level's solution, interpolated linearly.
func (l *level) correct(next *level) {
	at, beside := l.y.pairs(l.ry, next.ny)
	l.team.each(l.nx, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			near, far := i/l.rx, i/l.rx
			if l.rx == 2 {
				far = l.x.beside(i, next.nx)
			}
			a, b, u := next.row(next.u, near), next.row(next.u, far), l.row(l.u, i)
			for j := range u {
				p, q := at[j], beside[j]
				u[j] += float64(0.75*(float64(0.75*a[p])+float64(0.25*a[q]))) +
					float64(0.25*(float64(0.75*b[p])+float64(0.25*b[q])))
			}
		}
	})
}

// beside is the joined cell on cell i's side of its own, of n.
func (a Axis) beside(i, n int) int {
	k := i/2 - 1 + 2*(i&1)
	if k >= 0 && k < n {
		return k
	}
	if a.Periodic {
		return wrap(k, n)
	}
	return i / 2
}

// pairs lists for each cell the joined one that it is in and the one beside it.
func (a Axis) pairs(r, n int) (at, next []int32) {
	at, next = make([]int32, a.Cells), make([]int32, a.Cells)
	for j := range at {
		at[j] = int32(j / r)
		next[j] = at[j]
		if r == 2 {
			next[j] = int32(a.beside(j, n))
		}
	}
	return at, next
}
