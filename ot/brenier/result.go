package brenier

import (
	"fmt"
	"math"
)

// Result is the transport between two densities on a grid.
type Result struct {
	// W2Squared is the square of the Wasserstein distance of order 2: the value
	// of the potentials, Σ μ_i F_i + Σ ν_j G_j over the masses of the cells. No
	// plan between the masses put at the centres of the cells is cheaper.
	W2Squared float64
	// Primal is Σ μ_i |x_i − T(x_i)|², the same number if T carries mu to nu.
	// Primal − W2Squared is an estimate of the error, not a bound.
	Primal float64
	// F and G are the potentials of mu and nu: F(x) + G(y) ≤ |x − y|² for all
	// pairs of centres.
	F, G []float64
	// Map is Brenier's map T from mu to nu, Inverse the one back.
	Map, Inverse *Map
	// Residual is the share of the mass by which T#μ misses ν, half the total
	// variation of their difference.
	Residual   float64
	Status     Status
	Iterations int // on the given grid

	solver *solver
	total  float64 // the sum of mu's values
}

// W2 is the Wasserstein distance of order 2, in the unit of the coordinates.
func (r *Result) W2() float64 { return math.Sqrt(max(r.W2Squared, 0)) }

// Interpolate is the displacement interpolation, the density of (1−t)x + tT(x)
// for x distributed as mu: values at the cells, with the sum of mu's. It is mu
// at t = 0 and nu, but for Residual, at t = 1. It panics when t is not in
// [0, 1]. Not for concurrent use.
func (r *Result) Interpolate(t float64) []float64 {
	if !(t >= 0 && t <= 1) {
		panic(fmt.Sprintf("brenier: interpolation at t = %v, want 0 ≤ t ≤ 1", t))
	}
	out := make([]float64, r.solver.grid.Len())
	r.solver.push.apply(r.solver.mu, r.solver.psi, t, func(k int, m float64) {
		out[k] = float64(m * r.total)
	})
	return out
}

// result completes a solution; total is the sum of mu's values.
func (s *solver) result(total float64) *Result {
	r := &Result{W2Squared: 2 * s.dual, solver: s, total: total}
	r.F, r.G = make([]float64, s.grid.Len()), make([]float64, s.grid.Len())
	for k := range r.F {
		r.F[k], r.G[k] = 2*s.psi[k], 2*s.phi[k]
	}
	// The potential stepped last is no c-transform: its own transform's is.
	s.c.apply(s.psi, s.phi)
	r.Map, r.Inverse = newMap(s.grid, s.psi), newMap(s.grid, s.phi)
	cost := make([]float64, s.grid.Len())
	for k, u := range r.Map.U {
		cost[k] = float64(u*u) + float64(r.Map.V[k]*r.Map.V[k])
	}
	r.Primal = sumProducts(s.mu, cost)
	s.push.apply(s.mu, s.psi, 1, func(k int, m float64) {
		s.residual[k] = math.Abs(s.nu[k] - m)
	})
	r.Residual = sum(s.residual) / 2
	return r
}

// Map is a map of a grid's rectangle into itself, x ↦ x + (U, V).
type Map struct {
	Grid Grid
	// U and V are the displacements of the centres of the cells along X and Y.
	// Where the source has no mass they are without meaning.
	U, V []float64
}

// newMap is −∇ψ by central differences.
func newMap(g Grid, psi []float64) *Map {
	m := &Map{Grid: g, U: make([]float64, g.Len()), V: make([]float64, g.Len())}
	nx, ny := g.X.Cells, g.Y.Cells
	a, b, c := make([]float64, ny+2), make([]float64, ny+2), make([]float64, ny+2)
	for i := range nx {
		padRow(g, a, psi, i-1)
		padRow(g, b, psi, i)
		padRow(g, c, psi, i+1)
		for j := range ny {
			m.U[i*ny+j] = (a[j+1] - c[j+1]) / (2 * g.X.Step())
			m.V[i*ny+j] = (b[j] - b[j+2]) / (2 * g.Y.Step())
		}
	}
	return m
}

// At is the image of the point (x, y), from the displacements around it by
// bilinear interpolation. On a free axis, points outside are moved as the
// nearest ones inside, and images stay between the walls; on a periodic axis
// points and images may lie anywhere.
func (m *Map) At(x, y float64) (tx, ty float64) {
	i, k, s := m.Grid.X.between(x)
	j, l, t := m.Grid.Y.between(y)
	n := m.Grid.Y.Cells
	mean := func(v []float64) float64 {
		p := float64((1-t)*v[i*n+j]) + float64(t*v[i*n+l])
		q := float64((1-t)*v[k*n+j]) + float64(t*v[k*n+l])
		return float64((1-s)*p) + float64(s*q)
	}
	return m.Grid.X.inside(x + mean(m.U)), m.Grid.Y.inside(y + mean(m.V))
}

// between is the pair of cells between whose centres x lies, and how far.
func (a Axis) between(x float64) (i, k int, t float64) {
	p := (x-a.Lo)/a.Step() - 0.5
	n := float64(a.Cells)
	if a.Periodic {
		p -= float64(n * math.Floor(p/n))
		f := min(math.Floor(p), n-1)
		return int(f), (int(f) + 1) % a.Cells, p - f
	}
	// Half a cell from the wall the displacement goes on as before.
	f := min(max(math.Floor(p), 0), n-2)
	return int(f), int(f) + 1, min(max(p, -0.5), n-0.5) - f
}

// inside moves x between the walls of a free axis.
func (a Axis) inside(x float64) float64 {
	if a.Periodic {
		return x
	}
	return min(max(x, a.Lo), a.Hi)
}
