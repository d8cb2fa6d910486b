package ot

// costRowSource gives the costs from a row to all columns.
type costRowSource interface {
	rowCosts
	size() int
	// some is the problem on m of the rows and columns, spread evenly.
	some(m int) costRowSource
	// all is all costs, row-major.
	all() []float64
}

// rowCosts gives the costs from a row to all columns.
type rowCosts interface {
	// row is the costs of row i; the next call may overwrite them.
	row(i int32) []float64
	cost(i, j int32) float64
}

// costTable has all costs in memory.
type costTable struct {
	c []float64 // row-major
	n int
}

func (t *costTable) size() int               { return t.n }
func (t *costTable) row(i int32) []float64   { return t.c[int(i)*t.n:][:t.n:t.n] }
func (t *costTable) cost(i, j int32) float64 { return t.c[int(i)*t.n+int(j)] }
func (t *costTable) all() []float64          { return t.c }

func (t *costTable) some(m int) costRowSource {
	c := make([]float64, 0, m*m)
	for i := range m {
		row := t.row(int32(part(i, m, t.n)))
		for j := range m {
			c = append(c, row[part(j, m, t.n)])
		}
	}
	return &costTable{c, m}
}

// costPanel computes costs between points a row at a time.
type costPanel struct {
	panel  *rowPanel
	n      int
	buffer []float64
}

// newCostRowsOf has the costs between n and n points in memory, where they fit.
func newCostRowsOf(met *metric, x, y []float64) costRowSource {
	n := len(x) / met.dim
	p := &costPanel{panel: newRowPanel(met, y, x), n: n}
	if n*n <= tableBudget {
		return &costTable{p.all(), n}
	}
	p.buffer = make([]float64, n)
	return p
}

func (p *costPanel) size() int { return p.n }

func (p *costPanel) row(i int32) []float64 {
	p.panel.costs(p.buffer, int(i), 1)
	return p.buffer
}

func (p *costPanel) cost(i, j int32) float64 { return p.panel.between(int(j), int(i)) }

func (p *costPanel) all() []float64 {
	c := make([]float64, p.n*p.n)
	p.panel.costs(c, 0, p.n)
	return c
}

func (p *costPanel) some(m int) costRowSource {
	pick := func(x []float64) []float64 {
		d := p.panel.met.dim
		s := make([]float64, 0, m*d)
		for k := range m {
			s = append(s, x[part(k, m, p.n)*d:][:d]...)
		}
		return s
	}
	return newCostRowsOf(p.panel.met, pick(p.panel.y), pick(p.panel.x))
}
