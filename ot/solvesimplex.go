package ot

import "errors"

// solveSimplex runs the network simplex on the points with mass, or on the rows
// and columns with mass of a matrix; its rows are the smaller side.
func (f *frame) solveSimplex(w *watch, warm *warmStart) (*solution, error) {
	var row, col places
	if f.given == nil {
		d := f.met.dim
		row, col = gather(d, f.x, f.mass.a, f.usedX), gather(d, f.y, f.mass.b, f.usedY)
	} else {
		row, col = singles(f.mass.a, f.usedX), singles(f.mass.b, f.usedY)
	}
	s := &solution{f: make([]float64, len(f.mass.a)), g: make([]float64, len(f.mass.b))}
	massRow, massCol, ofRow, ofCol := f.mass.a, f.mass.b, s.f, s.g
	var warmRow []float64
	swapped := row.side.len() > col.side.len() || f.given != nil && row.side.len() == col.side.len()
	if swapped {
		row, col = col, row
		massRow, massCol, ofRow, ofCol = massCol, massRow, ofCol, ofRow
	}
	if warm != nil {
		warmRow = warm.f
		if swapped {
			warmRow = warm.g
		}
		warmRow = row.collect(warmRow)
	}
	how := f.strategy(w.method, row.side.len(), col.side.len())
	var l *level
	var plan []entry
	var err error
	if f.given == nil {
		l, plan, err = f.solveLevels(w, how, row.side, col.side, warmRow)
	} else {
		l = &level{row: row.side, col: col.side, costBound: f.costBound, watch: w, scanning: how.scanning, finest: true, crashing: warm != nil}
		l.pairs = f.given.table(row.member, col.member, swapped)
		if err = l.solve(warmRow, nil); err != nil {
			plan = l.stopped(warmRow)
		}
	}
	if errors.Is(err, errStuck) {
		return nil, err
	}
	s.stopped = err
	if err == nil {
		plan = l.tree.completed()
	}
	if l.tree != nil {
		s.pivots, s.rounds = l.tree.pivots, l.rounds
	}
	row.spread(l.rowPi, -1, ofRow)
	if err != nil {
		l.colPi = l.transform(l.rowPi)
	}
	col.spread(l.colPi, 1, ofCol)
	rows, cols := newDealer(&row, massRow), newDealer(&col, massCol)
	for _, e := range plan {
		s.plan = deal(s.plan, &rows, &cols, e.i, e.j, e.flow)
	}
	if swapped {
		for k, e := range s.plan {
			s.plan[k].i, s.plan[k].j = e.j, e.i
		}
	}
	return s, nil
}

// table are the costs of a matrix in the solver's order: column after column,
// where the solver's columns are the matrix's rows if swapped.
func (t *matrix) table(row, col []int32, swapped bool) *table {
	if swapped && len(row) == t.m && len(col) == t.n {
		return newTable(t.c, t.m)
	}
	p := newTable(make([]float64, len(row)*len(col)), len(row))
	if swapped {
		for q, j := range col {
			from, to := t.c[int(j)*t.m:][:t.m], p.column(q)
			for k, i := range row {
				to[k] = from[i]
			}
		}
		return p
	}
	for k, i := range row {
		from := t.c[int(i)*t.m:][:t.m]
		for q, j := range col {
			p.c[q*len(row)+k] = from[j]
		}
	}
	return p
}
