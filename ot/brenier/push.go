package brenier

import "math"

// Masses are added as integers, 2^-62 of the total each: any order of additions
// gives the same sum, and not a unit of mass is lost.
const massUnit = 0x1p-62

// push carries masses along x ↦ x − t∇ψ(x) into the cells of the grid.
//
// A cell's image is taken as the parallelogram that the map's derivative makes
// of it; it is cut along the cell's sides into pieces at most a cell long, and a
// piece is spread evenly over the rectangle that has its centre and its variances.
// Where the map acts on each coordinate alone this is exact for masses that are
// even within their cells.
type push struct {
	grid  Grid
	team  team
	cells [][]int64 // a grid for each worker
	pad   [][3][]float64
}

func newPush(g Grid, t team) *push {
	p := &push{grid: g, team: t}
	for range t.size {
		p.cells = append(p.cells, make([]int64, g.Len()))
		var rows [3][]float64
		for k := range rows {
			rows[k] = make([]float64, g.Y.Cells+2)
		}
		p.pad = append(p.pad, rows)
	}
	return p
}

// apply calls result for every cell with the mass that arrives there.
func (p *push) apply(mass, psi []float64, t float64, result func(cell int, mass float64)) {
	for _, c := range p.cells {
		clear(c)
	}
	p.team.each(p.grid.X.Cells, func(w, lo, hi int) {
		for i := lo; i < hi; i++ {
			p.row(w, i, mass, psi, t)
		}
	})
	for k := range p.cells[0] {
		s := p.cells[0][k]
		for _, c := range p.cells[1:] {
			s += c[k]
		}
		result(k, float64(s)*massUnit)
	}
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
		im.deposit(p.cells[w], g, units)
	}
}

// between holds v back to [lo, hi].
func between(lo, v, hi float64) float64 { return min(max(lo, v), hi) }

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

func (im *image) deposit(cells []int64, g Grid, units int64) {
	// Pieces along the first and the second side of the cell.
	a, b := max(im.xx, math.Abs(im.yx)), max(im.yy, math.Abs(im.xy))
	// Rectangles in the place of parallelograms leave a ripple of a hundredth of
	// the density, which smaller pieces make a fifth of that.
	if math.Abs(im.xy)+math.Abs(im.yx) > 0.05 {
		a, b = 1.5*a, 1.5*b
	}
	m, n := pieces(a), pieces(b)
	if m == 1 && n == 1 {
		im.spread(cells, g, units)
		return
	}
	fm, fn := 1/float64(m), 1/float64(n)
	p := image{xx: im.xx * fm, xy: im.xy * fn, yx: im.yx * fm, yy: im.yy * fn}
	rest := units
	for k := range m {
		u := float64(k) + 0.5 - float64(0.5*float64(m))
		su := 1 + float64(im.slopeX*float64(u*fm))
		p.slopeX = float64(im.slopeX*fm) / su
		for l := range n {
			v := float64(l) + 0.5 - float64(0.5*float64(n))
			sv := 1 + float64(im.slopeY*float64(v*fn))
			p.slopeY = float64(im.slopeY*fn) / sv
			p.x = im.x + float64(p.xx*u) + float64(p.xy*v)
			p.y = im.y + float64(p.yx*u) + float64(p.yy*v)
			q := rest
			if k+1 < m || l+1 < n {
				q = min(rest, int64(float64(units)*float64(float64(su*fm)*float64(sv*fn))))
			}
			rest -= q
			p.spread(cells, g, q)
		}
	}
}

// pieces is the number of pieces for a side of the given length.
func pieces(length float64) int {
	const most = 64
	if !(length > 1) {
		return 1
	}
	return int(math.Ceil(min(length, most)))
}

// segment is one side of the rectangle: where it begins, its length, and the
// relative slope of the mass along it.
type segment struct{ from, length, slope float64 }

// below is the part of the segment's mass below p.
func (s segment) below(p float64) float64 {
	t := (p - s.from) / s.length
	return float64(t * (1 - float64(0.5*s.slope)*(1-t)))
}

// spread shares units among the cells under the rectangle that has the
// parallelogram's centre, variances and mean.
func (im *image) spread(cells []int64, g Grid, units int64) {
	x := side(im.x, im.xx, im.xy, im.slopeX, im.slopeY)
	y := side(im.y, im.yy, im.yx, im.slopeY, im.slopeX)
	nx, ny := g.X.Cells, g.Y.Cells
	i, last := span(x, g.X)
	j, lastRow := span(y, g.Y)
	var done int64
	for ; i < last; i++ {
		c := max(done, min(units, int64(x.below(float64(i+1))*float64(units))))
		spreadRow(cells[wrap(i, nx)*ny:][:ny], j, lastRow, y, c-done)
		done = c
	}
	spreadRow(cells[wrap(last, nx)*ny:][:ny], j, lastRow, y, units-done)
}

// side makes the segment around a centre for sides of lengths a and b along this axis.
func side(centre, a, b, slopeA, slopeB float64) segment {
	w, s := a, slopeA
	if b != 0 {
		w = math.Sqrt(float64(a*a) + float64(b*b))
		s = min(max((float64(a*slopeA)+float64(b*slopeB))/w, -2), 2)
	}
	return segment{centre - float64(0.5*w), w, s}
}

// span is the first and the last cell of an axis under a segment; walls stop it.
func span(s segment, a Axis) (first, last int) {
	lo, hi := s.from, s.from+s.length
	if !a.Periodic { // values far outside must not reach the conversion
		end := float64(a.Cells)
		lo, hi = min(max(lo, 0), end), min(max(hi, 0), end)
	}
	first, last = int(math.Floor(lo)), int(math.Ceil(hi))-1
	if !a.Periodic {
		first = min(first, a.Cells-1)
	}
	return first, max(first, last)
}

func spreadRow(row []int64, j, last int, y segment, units int64) {
	if units == 0 {
		return
	}
	var done int64
	for ; j < last; j++ {
		c := max(done, min(units, int64(y.below(float64(j+1))*float64(units))))
		row[wrap(j, len(row))] += c - done
		done = c
	}
	row[wrap(last, len(row))] += units - done
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
