package ot

import "math"

// coarsest is the size below which a level is solved without a warm start.
const coarsest = 150

// keepRows is how many times more columns than rows there must be for a coarser
// level to keep the rows as they are: their potentials then are nearly right
// (600 × 10,000 points took half as many pivots).
const keepRows = 8

// solveLevels solves the problem of two clouds coarse to fine: the potentials
// of a level, carried to the next finer level's rows, say there which arcs are
// worth a place in the first basis. Without a ladder, or with warm potentials of
// the rows, it goes to the finest level at once.
//
// When it is stopped it returns the finest level with the best feasible plan,
// see stopLevels, and the reason.
func (f *frame) solveLevels(w *watch, how strategy, row, col side, warm []float64) (*level, []entry, error) {
	met := &f.met
	levels := []*level{{row: row, col: col, costBound: f.costBound, watch: w, scanning: how.scanning, finest: true, crashing: warm != nil}}
	for warm == nil && how.ladder {
		l := levels[len(levels)-1]
		if l.col.len() <= coarsest || l.row.len() < 8*coarsening {
			break
		}
		c := *l
		c.finest = false
		c.crashing = false
		c.col = l.col.coarsen(met)
		if keepRows*l.row.len() > l.col.len() {
			c.row = l.row.coarsen(met)
		}
		levels = append(levels, &c)
	}
	var partners [][]int32
	for k := len(levels) - 1; k >= 0; k-- {
		l := levels[k]
		l.pairs = how.pairs(met, l.row.x, l.col.x)
		if k+1 < len(levels) {
			coarse := levels[k+1]
			warm = coarse.carry(met, l.row)
			partners = coarse.partners()
			l.rowGroup = l.row.groupIn(coarse.row)
		}
		if err := l.solve(warm, partners); err != nil {
			return levels[0], stopLevels(met, how, levels, k, warm), err
		}
	}
	return levels[0], nil, nil
}

// groupIn is how many of s's points stand for one of a coarser side's.
func (s *side) groupIn(coarse side) int {
	if coarse.len() == s.len() {
		return 1
	}
	return coarsening
}

// coarsen puts the mass of each group of neighbours into its centre of mass.
func (s *side) coarsen(met *metric) side {
	d := met.dim
	groups := (s.len() + coarsening - 1) / coarsening
	c := side{x: make([]float64, groups*d), mass: make([]int64, groups)}
	for g := range groups {
		lo, hi := g*coarsening, min((g+1)*coarsening, s.len())
		at := c.x[g*d:][:d]
		for i := lo; i < hi; i++ {
			c.mass[g] += s.mass[i]
			for k, v := range s.at(met, i) {
				at[k] += float64(v * float64(s.mass[i]))
			}
		}
		for k := range at {
			at[k] /= float64(c.mass[g])
		}
	}
	return c
}

// carry gives finer rows potentials: the level's own where the rows are the
// same, or from its columns the least pi with c(x, y_j) + pi ≥ colPi_j for all j.
func (l *level) carry(met *metric, fine side) []float64 {
	if fine.len() == l.row.len() {
		return l.rowPi
	}
	w := negated(l.colPi)
	pi := make([]float64, fine.len())
	if met.wholePays(len(w)) {
		newRowPanel(met, l.col.x, fine.x).price(0, w, pi, make([]int, len(pi)))
		return negated(pi)
	}
	t := newBoxTree(met, l.col.x)
	t.setWeights(w)
	one := make([]found, 1)
	for i := range pi {
		t.nearestFew(fine.at(met, i), math.Inf(1), one)
		pi[i] = -one[0].value
	}
	return pi
}

// partners lists for each column the rows that it receives mass from.
func (l *level) partners() [][]int32 {
	p := make([][]int32, l.col.len())
	l.tree.flows(func(i, j int32, _ int64) { p[j] = append(p[j], i) })
	return p
}
