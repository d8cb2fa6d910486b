package ot

import "math"

// stopLevels makes the best of levels of which number k was stopped and those
// after it are solved: levels[0] gets potentials, and its plan is returned.
//
// Two plans compete: the basis of level k, with the mass on its artificial arcs
// dealt out in order, and the optimum of level k+1. So do the potentials that
// level k began with and those of its basis. The better of each goes down to
// the finest level, flows dealt out among the members of their groups.
func stopLevels(met *metric, how strategy, levels []*level, k int, warm []float64) []entry {
	l := levels[k]
	plan := l.tree.completed()
	if k+1 < len(levels) {
		if p := l.dealGroups(levels[k+1].tree.completed(), levels[k+1]); l.cost(p) < l.cost(plan) {
			plan = p
		}
	}
	l.rowPi = l.bestPotentials(warm)
	for ; k > 0; k-- {
		l, fine := levels[k], levels[k-1]
		plan = fine.dealGroups(plan, l)
		l.colPi = l.transform(l.rowPi)
		fine.rowPi = l.carry(met, fine.row)
		fine.pairs = how.pairs(met, fine.row.x, fine.col.x)
	}
	return plan
}

// stopped makes the best of a problem without levels in the same way.
func (l *level) stopped(warm []float64) []entry {
	l.rowPi = l.bestPotentials(warm)
	return l.tree.completed()
}

// bestPotentials are those of the rows with the highest dual value: zeros, the
// ones that the solver began with, or those of its basis.
func (l *level) bestPotentials(warm []float64) []float64 {
	n := l.row.len()
	best := make([]float64, n)
	value := l.dual(best)
	for _, pi := range [][]float64{warm, l.tree.pi[:n]} {
		if pi == nil {
			continue
		}
		if v := l.dual(pi); v > value {
			best, value = pi, v
		}
	}
	return best
}

// transform gives the columns the highest potentials that those of the rows allow.
func (l *level) transform(pi []float64) []float64 {
	l.pairs.setWeights(pi)
	col := make([]float64, l.col.len())
	one := make([]found, 1)
	for j := range col {
		l.pairs.nearestFew(j, math.Inf(1), one)
		col[j] = one[0].value
	}
	return col
}

// dual is the value of potentials of the rows, with the columns' to match.
func (l *level) dual(pi []float64) float64 { return l.value(pi, l.transform(pi)) }

// value is that of potentials of the rows, nil for zeros, and of the columns.
func (l *level) value(pi, col []float64) float64 {
	var s accumulator
	for j, v := range col {
		s.add(float64(v * float64(l.col.mass[j])))
	}
	for i, v := range pi {
		s.add(-float64(v * float64(l.row.mass[i])))
	}
	return s.value()
}

// cost is that of a plan.
func (l *level) cost(plan []entry) float64 {
	var s accumulator
	for _, e := range plan {
		s.add(float64(l.pairs.between(int(e.i), int(e.j)) * float64(e.flow)))
	}
	return s.value()
}

// dealGroups splits the flows of a coarser plan into flows between the members
// of its groups.
func (l *level) dealGroups(plan []entry, coarse *level) []entry {
	rows := newDealer(l.row.groups(l.row.groupIn(coarse.row)), l.row.mass)
	cols := newDealer(l.col.groups(coarsening), l.col.mass)
	var fine []entry
	for _, e := range plan {
		fine = deal(fine, &rows, &cols, e.i, e.j, e.flow)
	}
	return fine
}

// groups are so many neighbours each, as places.
func (s *side) groups(size int) *places {
	n := s.len()
	p := &places{side: side{mass: make([]int64, (n+size-1)/size)}}
	for i := range n {
		if i%size == 0 {
			p.start = append(p.start, int32(i))
		}
		p.member = append(p.member, int32(i))
	}
	p.start = append(p.start, int32(n))
	return p
}

// completed is the basis as a plan: the flows of its real arcs, and what is
// left on artificial ones dealt out by the north-west corner rule, rows and
// columns in their order.
func (t *spanningTree) completed() []entry {
	var plan []entry
	n, m := int(t.rows), int(t.root-t.rows)
	restRow, restCol := make([]int64, n), make([]int64, m)
	for u := range t.root {
		v := &t.nodes[u]
		switch {
		case v.flow == 0:
		case v.parent == t.root && t.isColumn(u):
			restCol[u-t.rows] = v.flow
		case v.parent == t.root:
			restRow[u] = v.flow
		case t.isColumn(u):
			plan = append(plan, entry{v.parent, u - t.rows, v.flow})
		default:
			plan = append(plan, entry{u, v.parent - t.rows, v.flow})
		}
	}
	for i, j := 0, 0; ; {
		for i < n && restRow[i] == 0 {
			i++
		}
		for j < m && restCol[j] == 0 {
			j++
		}
		if i == n || j == m {
			return plan
		}
		w := min(restRow[i], restCol[j])
		plan = append(plan, entry{int32(i), int32(j), w})
		restRow[i] -= w
		restCol[j] -= w
	}
}
