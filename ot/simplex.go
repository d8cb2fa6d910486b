package ot

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
)

// level is a transport problem with integer masses: the given one or a coarser
// one, whose points stand for groups of neighbours. Rows are the smaller side.
type level struct {
	met        *metric
	row, col   side
	costBound  float64   // no cost is above it
	rowPi      []float64 // potentials after solve: c + rowPi − colPi ≥ 0
	colPi      []float64
	tree       *spanningTree
	rounds     int
	candidates candidateLists
}

// side is one cloud in kdOrder.
type side struct {
	x    []float64
	mass []int64
	tree *boxTree
}

func (s *side) at(met *metric, i int) []float64 { return s.x[i*met.dim:][:met.dim] }

func (s *side) len() int { return len(s.mass) }

const (
	firstCandidates = 12 // rows that a column's list starts with
	firstArcs       = 4  // of which the best are offered to the initial basis
	addedCandidates = 4  // at most so many more in the first sweep, twice as many in each further one
	priceBlock      = 4  // columns whose best arcs compete for a pivot
)

// maxTolerance is the coarsest relative look at reduced costs: far above any
// rounding, so what goes on longer is not rounding.
const maxTolerance = 0x1p-30

var errStuck = errors.New("the network simplex makes no progress")

// arc is a row and a column that may enter the basis.
type arc struct {
	key      float64
	row, col int32
	cost     float64
}

// solve runs the network simplex with column generation: each column knows a
// short list of rows; when no arc of the lists can improve, a sweep over all
// pairs adds those that can, until there are none.
//
// warm are potentials of the rows to start from, and partners the rows of the
// next coarser level's columns; both may be nil.
func (l *level) solve(ctx context.Context, warm []float64, partners [][]int32) error {
	n, m := l.row.len(), l.col.len()
	big := 2 * l.costBound
	if big == 0 {
		big = 1
	}
	t := newSpanningTree(l.row.mass, l.col.mass, big)
	l.tree = t
	l.start(warm, partners)

	tolerance := 8.0 * epsilon
	patience := 20*(n+m) + 10000
	deadline := t.pivots + patience
	for {
		l.rounds++
		if err := ctx.Err(); err != nil {
			return err
		}
		for j, clean := 0, 0; clean < m; {
			best := arc{row: -1}
			for q := 0; q < priceBlock && clean < m; q++ {
				col := int32(n + j)
				i, c, v := l.candidates.best(j, t.pi)
				if rc := v - t.columnPotential(col); rc < best.key && l.improves(v, c, i, col, tolerance) {
					best = arc{rc, int32(i), col, c}
				}
				clean++
				if j++; j == m {
					j = 0
				}
			}
			if best.row < 0 {
				continue
			}
			t.pivot(best.row, best.col, best.cost)
			clean = 0
			if t.pivots >= deadline {
				// Ties within rounding can make pivots chase each other:
				// look at them ever more coarsely. The gap tells the price.
				if tolerance == maxTolerance {
					return errStuck
				}
				tolerance = min(4*tolerance, maxTolerance)
				deadline += patience
				if err := ctx.Err(); err != nil {
					return err
				}
			}
		}
		if !l.sweep(tolerance) {
			break
		}
		if l.rounds >= 100 {
			tolerance = min(2*tolerance, maxTolerance)
		}
		if l.rounds >= 10000 {
			return errStuck
		}
	}
	l.rowPi = t.pi[:n]
	l.colPi = make([]float64, m)
	for j := range l.colPi {
		l.colPi[j] = t.columnPotential(int32(n + j))
	}
	return nil
}

// improves says whether the arc from row i to column node col with value
// v = c + pi[i] has a reduced cost below what rounding may feign.
func (l *level) improves(v, c float64, i int, col int32, tolerance float64) bool {
	t := l.tree
	u := t.columnPotential(col)
	rc := v - u
	if !(rc < 0) {
		return false
	}
	if -rc <= tolerance*(c+math.Abs(t.pi[i])+math.Abs(u)) {
		return false
	}
	// An arc of the tree has reduced cost 0; rounding must not bring it in twice.
	return t.nodes[col].parent != int32(i) && t.nodes[i].parent != col
}

// start fills the lists with the nearest rows under the warm potentials, and
// with the finer ones of the rows that a coarser plan used, and pivots the
// best arcs in, cheapest first. Without the coarser plan's, very unequal masses
// took 100 rounds to find all the rows that they needed.
func (l *level) start(warm []float64, partners [][]int32) {
	n, m := l.row.len(), l.col.len()
	l.row.tree.setWeights(warm)
	l.candidates = newCandidateLists(m, n)
	offers := min(firstArcs, n)
	arcs := make([]arc, 0, m*offers)
	few := make([]found, min(firstCandidates, n))
	for j := range m {
		y := l.col.at(l.met, j)
		k := l.row.tree.nearestFew(y, math.Inf(1), few)
		for q, f := range few[:k] {
			c := l.met.between(l.row.at(l.met, int(f.at)), y)
			l.candidates.add(j, int(f.at), c, nil)
			if q < offers {
				key := f.value
				if warm != nil {
					key -= few[0].value
				}
				arcs = append(arcs, arc{key, f.at, int32(j), c})
			}
		}
		if partners == nil {
			continue
		}
		for _, group := range partners[j/coarsening] {
			for i := coarsening * int(group); i < min(n, coarsening*(int(group)+1)); i++ {
				c := l.met.between(l.row.at(l.met, i), y)
				if l.candidates.add(j, i, c, l.tree.pi) {
					arcs = append(arcs, arc{c + warm[i] - few[0].value, int32(i), int32(j), c})
				}
			}
		}
	}
	slices.SortFunc(arcs, func(p, q arc) int {
		if p.key != q.key {
			return cmp.Compare(p.key, q.key)
		}
		if p.col != q.col {
			return int(p.col - q.col)
		}
		return int(p.row - q.row)
	})
	for _, a := range arcs {
		col := int32(n) + a.col
		if l.improves(a.cost+l.tree.pi[a.row], a.cost, int(a.row), col, 8*epsilon) {
			l.tree.pivot(a.row, col, a.cost)
		}
	}
}

// sweep looks at all pairs and gives each column with negative reduced costs
// the rows that have the least; it says whether there was any.
func (l *level) sweep(tolerance float64) bool {
	t := l.tree
	n, m := l.row.len(), l.col.len()
	l.row.tree.setWeights(t.pi[:n])
	any := false
	few := make([]found, min(addedCandidates<<min(l.rounds-1, 4), maxCandidates))
	for j := range m {
		col := int32(n + j)
		y := l.col.at(l.met, j)
		k := l.row.tree.nearestFew(y, t.columnPotential(col), few)
		for _, f := range few[:k] {
			i := int(f.at)
			c := l.met.between(l.row.at(l.met, i), y)
			if !l.improves(c+t.pi[i], c, i, col, tolerance) {
				continue
			}
			any = true
			if !l.candidates.add(j, i, c, t.pi) {
				// On the list already, but hidden behind an arc of the tree
				// whose reduced cost rounding has made a little lower.
				t.pivot(int32(i), col, c)
			}
		}
	}
	return any
}
