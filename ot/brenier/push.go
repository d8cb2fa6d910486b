package brenier

import "math"

// Masses are added as integers, 2^-62 of the total each: any order of additions
// gives the same sum, and not a unit of mass is lost.
const massUnit = 0x1p-62

// push carries masses along x ↦ x − t∇ψ(x) into the cells of the grid.
//
// A cell's image is taken as the parallelogram that the map's derivative makes
// of it; where that is oblique it is cut along the cell's sides into pieces, and a
// piece is spread over the rectangle that has its centre and its variances.
// The density within a cell has the slope that its neighbours tell. Where the
// map acts on each coordinate alone this is exact for masses of such densities.
type push struct {
	grid  Grid
	team  team
	cells [][]int64 // a grid for each worker
	// A cell with less, a thousandth of the mean, is not worth cuts.
	matters int64
	parts   [][]float64 // scratch, a row for each worker
	pad     [][3][]float64
}

func newPush(g Grid, t team) *push {
	p := &push{grid: g, team: t, matters: (1 << 52) / int64(g.Len())}
	for range t.size {
		p.cells = append(p.cells, make([]int64, g.Len()))
		p.parts = append(p.parts, make([]float64, 3*g.Y.Cells+8))
		var rows [3][]float64
		for k := range rows {
			rows[k] = make([]float64, g.Y.Cells+2)
		}
		p.pad = append(p.pad, rows)
	}
	return p
}

// apply calls result for every cell with the mass that arrives there, for
// several cells at once.
func (p *push) apply(mass, psi []float64, t float64, result func(cell int, mass float64)) {
	for _, c := range p.cells {
		clear(c)
	}
	p.team.each(p.grid.X.Cells, func(w, lo, hi int) {
		for i := lo; i < hi; i++ {
			p.row(w, i, mass, psi, t)
		}
	})
	ny := p.grid.Y.Cells
	p.team.each(p.grid.X.Cells, func(_, lo, hi int) {
		for k := lo * ny; k < hi*ny; k++ {
			s := p.cells[0][k]
			for _, c := range p.cells[1:] {
				s += c[k]
			}
			result(k, float64(s)*massUnit)
		}
	})
}

// row deposits the masses of row i.
func (p *push) row(w, i int, mass, psi []float64, t float64) {
	g := p.grid
	ny := g.Y.Cells
	hx, hy := g.X.Step(), g.Y.Step()
	ux, uy := t/float64(hx*hx), t/float64(hy*hy)
	a, b, c := p.pad[w][0], p.pad[w][1], p.pad[w][2]
	padRow(g, a, psi, i-1)
	padRow(g, b, psi, i)
	padRow(g, c, psi, i+1)
	// No image is longer than the axes, nor turned over.
	lx, ly := float64(g.X.Cells), float64(ny)
	row := mass[i*ny:][:ny]
	before, after := mass[g.X.near(i-1)*ny:][:ny], mass[g.X.near(i+1)*ny:][:ny]
	for j, m := range row {
		units := int64(math.RoundToEven(m / massUnit))
		if units == 0 {
			continue
		}
		l, o, r := b[j], b[j+1], b[j+2]
		d, u := a[j+1], c[j+1]
		cross := (c[j+2] - c[j] - a[j+2] + a[j]) / 4
		im := image{
			x:  float64(i) + 0.5 - float64(0.5*float64((u-d)*ux)),
			y:  float64(j) + 0.5 - float64(0.5*float64((r-l)*uy)),
			xx: between(0, 1-float64((u-o-(o-d))*ux), lx),
			yy: between(0, 1-float64((r-o-(o-l))*uy), ly),
			xy: between(-lx, -float64(cross*ux), lx),
			yx: between(-ly, -float64(cross*uy), ly),

			slopeX: slope(before[j], m, after[j]),
			slopeY: slope(row[g.Y.near(j-1)], m, row[g.Y.near(j+1)]),
		}
		p.deposit(p.cells[w], p.parts[w], &im, units)
	}
}

// between holds v back to [lo, hi].
func between(lo, v, hi float64) float64 {
	if v < lo {
		return lo
	}
	if v > hi {
		return hi
	}
	return v
}

// near is cell i, or the one in its place beyond an end of the axis: the last
// before a wall, the one at the other end of a circle.
func (a Axis) near(i int) int {
	if a.Periodic {
		return wrap(i, a.Cells)
	}
	return min(max(i, 0), a.Cells-1)
}

// padRow writes row i of psi with a cell more on either side; beyond walls,
// here and for i itself, second differences go on unchanged.
func padRow(g Grid, dst, psi []float64, i int) {
	nx, ny := g.X.Cells, g.Y.Cells
	row := func(i int) []float64 { return psi[i*ny:][:ny] }
	in := dst[1 : ny+1]
	switch {
	case i >= 0 && i < nx:
		copy(in, row(i))
	case g.X.Periodic:
		copy(in, row((i+nx)%nx))
	default:
		k, s := 0, 1
		if i == nx {
			k, s = nx-1, -1
		}
		a, b, c := row(k), row(k+s), row(k+2*s)
		for j := range in {
			in[j] = float64(3*(a[j]-b[j])) + c[j]
		}
	}
	if g.Y.Periodic {
		dst[0], dst[ny+1] = in[ny-1], in[0]
		return
	}
	dst[0] = float64(3*(in[0]-in[1])) + in[2]
	dst[ny+1] = float64(3*(in[ny-1]-in[ny-2])) + in[ny-3]
}

// image is where a cell goes, in cells: centre and derivative, and the relative
// slopes of the density along the cell's two sides.
type image struct{ x, y, xx, xy, yx, yy, slopeX, slopeY float64 }

// slope is the relative slope of the density in a cell with the given mass and
// neighbours: the central one, held back where it would leave the range of the
// three (van Leer 1977), and so within ±2.
func slope(left, mass, right float64) float64 {
	a, b := mass-left, right-mass
	if !(a*b > 0) {
		return 0
	}
	most := 2 * min(math.Abs(a), math.Abs(b))
	return min(max(0.5*(right-left), -most), most) / mass
}

// deposit shares units of mass among the cells under the image.
func (p *push) deposit(cells []int64, below []float64, im *image, units int64) {
	// A side that runs along an axis, or nearly, needs no cuts. Else, rectangles in the
	// place of parallelograms leave a ripple in the density, of 1e-2 when
	// whole cells are taken, 2e-3 with these cuts.
	m, n := 1, 1
	if units >= p.matters {
		m, n = cuts(im.xx, im.yx), cuts(im.yy, im.xy)
	}
	fm, fn := 1/float64(m), 1/float64(n)
	a, b, c, d := im.xx*fm, im.xy*fn, im.yx*fm, im.yy*fn
	x, y := side(a, b), side(d, c)
	if m == 1 && n == 1 {
		x.place(im.x, im.slopeX, im.slopeY)
		y.place(im.y, im.slopeY, im.slopeX)
		p.spread(cells, below, &x, &y, units)
		return
	}
	rest := units
	for k := range m {
		u := float64(k) + 0.5 - float64(0.5*float64(m))
		su := 1 + float64(im.slopeX*float64(u*fm))
		slopeX := float64(im.slopeX*fm) / su
		for l := range n {
			v := float64(l) + 0.5 - float64(0.5*float64(n))
			sv := 1 + float64(im.slopeY*float64(v*fn))
			slopeY := float64(im.slopeY*fn) / sv
			q := rest
			if k+1 < m || l+1 < n {
				q = min(rest, int64(float64(units)*float64(float64(su*fm)*float64(sv*fn))))
			}
			rest -= q
			x.place(im.x+float64(a*u)+float64(b*v), slopeX, slopeY)
			y.place(im.y+float64(c*u)+float64(d*v), slopeY, slopeX)
			p.spread(cells, below, &x, &y, q)
		}
	}
}

// cuts is the number of pieces for a side that goes along one axis and across.
func cuts(along, across float64) int {
	const most = 16
	length := 3 * min(along, math.Abs(across))
	if !(length > 1) {
		return 1
	}
	return int(math.Ceil(min(length, most)))
}

// segment is a rectangle's extent along one axis: a and b are the lengths of
// the two sides of the parallelogram there, which gives the length; it begins
// at from, and its mass has a relative slope.
type segment struct{ a, b, length, inverse, from, slope float64 }

func side(a, b float64) segment {
	w := a
	if b != 0 {
		w = math.Sqrt(float64(a*a) + float64(b*b))
	}
	return segment{a: a, b: b, length: w, inverse: 1 / w}
}

// place puts the segment around a centre, for a density with slopes along its two sides.
func (s *segment) place(centre, slopeA, slopeB float64) {
	s.from = centre - float64(0.5*s.length)
	s.slope = slopeA
	if s.b != 0 {
		s.slope = between(-2, float64((float64(s.a*slopeA)+float64(s.b*slopeB))*s.inverse), 2)
	}
}

// below is the part of the segment's mass below q.
func (s *segment) below(q float64) float64 {
	t := float64((q - s.from) * s.inverse)
	return float64(t * (1 - float64(float64(0.5*s.slope)*(1-t))))
}

// span is the first and the last cell of an axis under a segment; walls stop it.
func (s *segment) span(a Axis) (first, last int) {
	lo, hi := s.from, s.from+s.length
	if !a.Periodic { // values far outside must not reach the conversion
		end := float64(a.Cells)
		lo, hi = between(0, lo, end), between(0, hi, end)
	}
	first, last = int(math.Floor(lo)), int(math.Ceil(hi))-1
	if !a.Periodic {
		first = min(first, a.Cells-1)
	}
	return first, max(first, last)
}

// spread shares units among the cells under a rectangle. below is scratch for
// a row of cells.
func (p *push) spread(cells []int64, below []float64, x, y *segment, units int64) {
	nx, ny := p.grid.X.Cells, p.grid.Y.Cells
	i, lastRow := x.span(p.grid.X)
	j, last := y.span(p.grid.Y)
	if last-j >= len(below) { // all round, by rounding
		last = j + len(below) - 1
	}
	below = below[:last-j]
	for k := range below {
		below[k] = y.below(float64(j + k + 1))
	}
	var done int64
	for {
		c := units
		if i < lastRow {
			c = max(done, min(units, int64(x.below(float64(i+1))*float64(units))))
		}
		if q := c - done; q > 0 {
			spreadRow(cells[wrap(i, nx)*ny:][:ny], j, below, q)
		}
		done = c
		if i++; i > lastRow {
			return
		}
	}
}

// spreadRow shares units among the cells of a row from j on, cell by cell to
// the given parts of them, and the rest to the last.
func spreadRow(row []int64, j int, below []float64, units int64) {
	var done int64
	whole := float64(units)
	if j >= 0 && j+len(below) < len(row) {
		for k, b := range below {
			c := max(done, min(units, int64(b*whole)))
			row[j+k] += c - done
			done = c
		}
		row[j+len(below)] += units - done
		return
	}
	for k, b := range below {
		c := max(done, min(units, int64(b*whole)))
		row[wrap(j+k, len(row))] += c - done
		done = c
	}
	row[wrap(j+len(below), len(row))] += units - done
}

// wrap takes a cell's number into [0, n).
func wrap(i, n int) int {
	if uint(i) < uint(n) {
		return i
	}
	i %= n
	if i < 0 {
		i += n
	}
	return i
}
