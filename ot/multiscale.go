package ot

import "math"

// coarsest is the size below which a level is solved without a warm start.
const coarsest = 150

// solveLevels solves the problem of two clouds coarse to fine: the potentials
// of a level's columns, carried to the next finer level's rows by c-transform,
// say there which arcs are worth a place in the first basis. With warm
// potentials of the rows it goes to the finest level at once.
//
// When it is stopped it returns the finest level with the best feasible plan,
// see stopLevels, and the reason.
func solveLevels(w *watch, met *metric, row, col side, costBound float64, warm []float64) (*level, []entry, error) {
	levels := []*level{{row: row, col: col, costBound: costBound, watch: w, finest: true}}
	for warm == nil {
		l := levels[len(levels)-1]
		if l.col.len() <= coarsest || l.row.len() < 8*coarsening {
			break
		}
		levels = append(levels, &level{row: l.row.coarsen(met), col: l.col.coarsen(met), costBound: costBound, watch: w})
	}
	var partners [][]int32
	for k := len(levels) - 1; k >= 0; k-- {
		l := levels[k]
		l.pairs = newClouds(met, l.row.x, l.col.x)
		if k+1 < len(levels) {
			warm = levels[k+1].carry(met, l.row)
			partners = levels[k+1].partners()
		}
		if err := l.solve(warm, partners); err != nil {
			return levels[0], stopLevels(met, levels, k, warm), err
		}
	}
	return levels[0], nil, nil
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

// carry gives finer rows potentials from the level's columns:
// the least pi with c(x, y_j) + pi ≥ colPi_j for all j.
func (l *level) carry(met *metric, fine side) []float64 {
	t := newBoxTree(met, l.col.x)
	w := make([]float64, l.col.len())
	for j, v := range l.colPi {
		w[j] = -v
	}
	t.setWeights(w)
	pi := make([]float64, fine.len())
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
