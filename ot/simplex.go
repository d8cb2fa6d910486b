package ot

import (
	"math"
	"slices"
	"sync"
)

// level is a transport problem with integer masses: the given one or a coarser
// one, whose points stand for groups of neighbours. Rows are the smaller side.
type level struct {
	pairs      pairs
	row, col   side
	costBound  float64   // no cost is above it in size
	rowPi      []float64 // potentials after solve: c + rowPi − colPi ≥ 0
	colPi      []float64
	tree       *spanningTree
	rounds     int
	candidates candidateLists
	watch      *watch
	checked    int  // pivots at the last look at the watch
	finest     bool // the given problem itself
	scanning   bool // whole columns are priced, without lists
	crashing   bool // the warm start is good enough for a basis at once
	rowGroup   int  // rows that one row of the next coarser level stands for
}

// side is one cloud in kdOrder, or the rows or columns of a matrix (x nil).
type side struct {
	x    []float64
	mass []int64
}

func (s *side) at(met *metric, i int) []float64 { return s.x[i*met.dim:][:met.dim] }

func (s *side) len() int { return len(s.mass) }

const (
	firstCandidates = 8  // rows that a column's list starts with
	firstArcs       = 4  // of which the best are offered to the initial basis
	manyCandidates  = 12 // for each column, that a late sweep adds where lists are of no use
	addedCandidates = 4  // at most so many more in the first sweep, twice as many in each further one
	priceBlock      = 4  // columns whose best arcs compete for a pivot
)

// arc is a row and a column that may enter the basis.
type arc struct {
	key      float64
	row, col int32
	cost     float64
}

// solve runs the network simplex from a first basis to the optimum: with lists
// and sweeps (generate), or pricing whole columns (scan).
//
// warm are potentials of the rows to start from, and partners the rows of the
// next coarser level's columns; both may be nil.
//
// An error is the watch's reason to stop, or errStuck; the tree then is a basis
// on the way to the optimum.
func (l *level) solve(warm []float64, partners [][]int32) error {
	n, m := l.row.len(), l.col.len()
	big := 2 * l.costBound
	if big == 0 {
		big = 1
	}
	l.tree = newSpanningTree(l.row.mass, l.col.mass, big)
	if err := l.start(warm, partners); err != nil {
		return err
	}
	var err error
	if l.scanning {
		err = l.scan(l.pairs.scanner())
	} else {
		err = l.generate()
	}
	if err != nil {
		return err
	}
	l.rowPi = l.tree.pi[:n]
	l.colPi = make([]float64, m)
	for j := range l.colPi {
		l.colPi[j] = l.tree.columnPotential(int32(n + j))
	}
	return nil
}

// generate runs the network simplex with column generation: each column knows a
// short list of rows; when no arc of the lists can improve, a sweep over all
// pairs adds those that can, until there are none.
func (l *level) generate() error {
	n, m := l.row.len(), l.col.len()
	t := l.tree
	p := l.newPatience()
	for {
		l.rounds++
		for turn := newTurns(m); ; {
			from, size := turn.next(priceBlock)
			if size == 0 {
				break
			}
			best := arc{row: -1}
			for j := from; j < from+size; j++ {
				col := int32(n + j)
				i, c, v := l.candidates.best(j, t.pi)
				if rc := v - t.columnPotential(col); rc < best.key && l.improves(v, c, i, col, p) {
					best = arc{rc, int32(i), col, c}
				}
			}
			if best.row < 0 {
				continue
			}
			turn.again()
			if err := l.pivot(best.row, best.col, best.cost); err != nil {
				return err
			}
			if err := p.pivoted(t.pivots); err != nil {
				return err
			}
		}
		added, err := l.sweep(p)
		if err != nil || added == 0 {
			return err
		}
		if l.rounds > 2 && added > m*manyCandidates {
			// Where costs are all but the sum of a row's and a column's, the columns
			// agree on which rows are best, and sweeps would bring in only those.
			return l.scan(l.pairs.scanner())
		}
		if err := p.swept(l.rounds); err != nil {
			return err
		}
	}
}

// improves says whether the arc from row i to column node col with value
// v = c + pi[i] has a reduced cost below what rounding may feign.
func (l *level) improves(v, c float64, i int, col int32, p *patience) bool {
	t := l.tree
	u := t.columnPotential(col)
	rc := v - u
	if !(rc < 0) {
		return false
	}
	if -rc <= float64(p.tolerance*(math.Abs(c)+math.Abs(t.pi[i])+math.Abs(u)))+p.floor {
		return false
	}
	// An arc of the tree has reduced cost 0; rounding must not bring it in twice.
	return t.nodes[col].parent != int32(i) && t.nodes[i].parent != col
}

// pivot brings an arc into the basis, and says when it is time to stop.
func (l *level) pivot(row, col int32, c float64) error {
	l.tree.pivot(row, col, c)
	l.watch.steps++
	if l.watch.steps-l.checked < 256 && l.watch.steps < l.watch.limit {
		return nil
	}
	return l.check()
}

// check is a look at the watch.
func (l *level) check() error {
	l.checked = l.watch.steps
	if l.watch.due() {
		primal := math.NaN()
		if l.finest {
			primal = l.tree.value()
		}
		l.watch.tell(l.row.len()+l.col.len(), primal, math.NaN(), math.NaN())
	}
	return l.watch.stop()
}

// start fills the lists with the nearest rows under the warm potentials, and
// with the finer ones of the rows that a coarser plan used, and pivots the
// best arcs in, cheapest first. Without the coarser plan's, very unequal masses
// took 100 rounds to find all the rows that they needed.
func (l *level) start(warm []float64, partners [][]int32) error {
	n, m := l.row.len(), l.col.len()
	l.pairs.setWeights(warm)
	offers := min(firstArcs, n)
	arcs := make([]arc, 0, m*offers)
	width := offers
	if !l.scanning {
		l.candidates = newCandidateLists(m, n)
		width = min(firstCandidates, n)
	}
	least := l.leastToTell()
	err := l.search(width, func(int) float64 { return math.Inf(1) }, func(j int, few []found) error {
		if least != nil {
			least[j] = few[0].value
		}
		for q, f := range few {
			c := l.pairs.between(int(f.at), j)
			if !l.scanning {
				l.candidates.add(j, int(f.at), c, nil)
			}
			if q < offers {
				key := f.value
				if warm != nil {
					key -= few[0].value
				}
				arcs = append(arcs, arc{key, f.at, int32(j), c})
			}
		}
		if partners == nil || l.scanning {
			return nil
		}
		for _, group := range partners[j/coarsening] {
			for i := l.rowGroup * int(group); i < min(n, l.rowGroup*(int(group)+1)); i++ {
				c := l.pairs.between(i, j)
				if l.candidates.add(j, i, c, l.tree.pi) {
					arcs = append(arcs, arc{c + warm[i] - few[0].value, int32(i), int32(j), c})
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	l.tellBound(warm, least)
	slices.SortFunc(arcs, func(p, q arc) int {
		switch {
		case p.key < q.key:
			return -1
		case p.key > q.key:
			return 1
		}
		if p.col != q.col {
			return int(p.col - q.col)
		}
		return int(p.row - q.row)
	})
	if l.crashing {
		l.tree.crash(arcs, l.row.mass, l.col.mass)
		return l.check()
	}
	p := l.newPatience()
	for _, a := range arcs {
		col := int32(n) + a.col
		if l.improves(a.cost+l.tree.pi[a.row], a.cost, int(a.row), col, p) {
			if err := l.pivot(a.row, col, a.cost); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweep looks at all pairs and gives each column with negative reduced costs
// the rows that have the least; it returns how many there were.
func (l *level) sweep(p *patience) (int, error) {
	t := l.tree
	n := l.row.len()
	l.pairs.setWeights(t.pi[:n])
	added := 0
	width := min(addedCandidates<<min(l.rounds-1, 4), maxCandidates)
	limit := func(j int) float64 { return t.columnPotential(int32(n + j)) }
	least, before := l.leastToTell(), t.pivots
	err := l.search(width, limit, func(j int, few []found) error {
		col := int32(n + j)
		if least != nil {
			if least[j] = limit(j); len(few) > 0 {
				least[j] = few[0].value
			}
		}
		for _, f := range few {
			i := int(f.at)
			c := l.pairs.between(i, j)
			if !l.improves(c+t.pi[i], c, i, col, p) {
				continue
			}
			added++
			if !l.candidates.add(j, i, c, t.pi) {
				// On the list already, but hidden behind an arc of the tree
				// whose reduced cost rounding has made a little lower.
				if err := l.pivot(int32(i), col, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil && t.pivots == before {
		l.tellBound(t.pi[:n], least)
	}
	return added, err
}

// search finds the width best rows below the limit for every column and hands
// them over, column after column. Goroutines share the search, in batches.
func (l *level) search(width int, limit func(j int) float64, use func(j int, few []found) error) error {
	const batch, block = 1024, 32
	m := l.col.len()
	size := min(batch, m)
	few := make([]found, size*width)
	count := make([]int, size)
	workers := threads(l.watch.threads)
	for from := 0; from < m; from += batch {
		k := min(batch, m-from)
		forks := make([]pairs, 0, workers)
		var lock sync.Mutex
		inBlocks(workers, k, block, func() func(lo, hi int) {
			p := l.pairs
			if workers > 1 && k > block {
				p = p.fork()
				lock.Lock()
				forks = append(forks, p)
				lock.Unlock()
			}
			return func(lo, hi int) {
				for q := lo; q < hi; q++ {
					count[q] = p.nearestFew(from+q, limit(from+q), few[q*width:(q+1)*width])
				}
			}
		})
		for _, p := range forks {
			l.pairs.join(p)
		}
		for q := range k {
			if err := use(from+q, few[q*width:q*width+count[q]]); err != nil {
				return err
			}
		}
		if err := l.check(); err != nil {
			return err
		}
	}
	return nil
}
