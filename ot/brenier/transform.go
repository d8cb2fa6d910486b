package brenier

// ctransform takes potentials to their c-transforms on a grid,
//
//	ψ(x) = min over y of ½|x − y|² − φ(y),
//
// one axis after the other: the square is a sum over axes, and so the minimum
// over y is one over its second coordinate, then one over its first.
type ctransform struct {
	grid    Grid
	team    team
	x, y    []*envelope // one for each worker
	rows    [][]float64
	columns []float64
}

func newCTransform(g Grid, t team) *ctransform {
	c := &ctransform{grid: g, team: t, columns: make([]float64, g.Len())}
	for range t.size {
		c.x = append(c.x, newEnvelope(g.X))
		c.y = append(c.y, newEnvelope(g.Y))
		c.rows = append(c.rows, make([]float64, bundle*max(g.X.Cells, g.Y.Cells)))
	}
	return c
}

// apply writes the c-transform of phi to psi; they may be the same slice.
func (c *ctransform) apply(psi, phi []float64) {
	nx, ny := c.grid.X.Cells, c.grid.Y.Cells
	c.team.each(nx, func(w, lo, hi int) {
		rows := c.rows[w]
		for i := lo; i < hi; i++ {
			c.y[w].transform(rows[(i-lo)*ny:][:ny], phi[i*ny:][:ny])
		}
		scatter(c.columns, nx, lo, rows, ny, hi-lo)
	})
	// The first step gave the cost less the best of φ; its negative is the
	// potential of the second.
	c.team.each(ny, func(w, lo, hi int) {
		rows := c.rows[w]
		for j := lo; j < hi; j++ {
			col := c.columns[j*nx:][:nx]
			for i, v := range col {
				col[i] = -v
			}
			c.x[w].transform(rows[(j-lo)*nx:][:nx], col)
		}
		scatter(psi, ny, lo, rows, nx, hi-lo)
	})
}
