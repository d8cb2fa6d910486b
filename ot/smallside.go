package ot

const (
	scanBlock = 16  // columns that are priced together; the best pairs compete
	scanShare = 0.2 // of the first one's gain is what a later pivot must bring
)

// scan runs the network simplex on the basis at hand until no column has a row
// that improves: whole columns are priced, without lists.
func (l *level) scan(s scanner) error {
	n, m := l.row.len(), l.col.len()
	t := l.tree
	var value [scanBlock]float64
	var row [scanBlock]int
	var arcs [scanBlock]arc
	p := l.newPatience()
	var bounds boundTeller
	for turn := newTurns(m); ; {
		from, size := turn.next(scanBlock)
		if size == 0 {
			return nil
		}
		bounds.tell(l, s)
		s.price(from, t.pi[:n], value[:size], row[:size])
		// The best pairs found compete for pivots until none of them improves.
		offers := 0
		for q := range size {
			col := int32(n + from + q)
			if !(value[q] < t.columnPotential(col)) {
				continue
			}
			arcs[offers] = arc{row: int32(row[q]), col: col, cost: s.between(row[q], from+q)}
			offers++
		}
		first := 0.0
		for offers > 0 {
			best, at := 0.0, -1
			for q := 0; q < offers; q++ {
				a := &arcs[q]
				v := a.cost + t.pi[a.row]
				if a.key = v - t.columnPotential(a.col); !l.improves(v, a.cost, int(a.row), a.col, p) {
					offers--
					arcs[q] = arcs[offers]
					q--
					continue
				}
				if a.key < best {
					best, at = a.key, q
				}
			}
			if at < 0 || best > scanShare*first {
				break
			}
			if first == 0 {
				first = best
			}
			turn.again()
			a := arcs[at]
			offers--
			arcs[at] = arcs[offers]
			if err := l.pivot(a.row, a.col, a.cost); err != nil {
				return err
			}
			if err := p.pivoted(t.pivots); err != nil {
				return err
			}
		}
	}
}
