package ot

// candidateLists holds, for each column, the rows that the simplex considers
// for it, with their costs.
type candidateLists struct {
	width int
	count []int32
	row   []int32
	cost  []float64
}

const maxCandidates = 64

func newCandidateLists(columns, rows int) candidateLists {
	w := min(maxCandidates, rows)
	return candidateLists{
		width: w,
		count: make([]int32, columns),
		row:   make([]int32, columns*w),
		cost:  make([]float64, columns*w),
	}
}

// best returns the row with the least cost + pi in column j's list, its cost and that sum.
func (l *candidateLists) best(j int, pi []float64) (row int, cost, value float64) {
	k := j * l.width
	rows := l.row[k : k+int(l.count[j])]
	costs := l.cost[k:][:len(rows)]
	at := 0
	value = costs[0] + pi[rows[0]]
	for q := 1; q < len(rows); q++ {
		if v := costs[q] + pi[rows[q]]; v < value {
			at, value = q, v
		}
	}
	return int(rows[at]), costs[at], value
}

// add puts row i of cost c on column j's list; on a full list it takes the
// place of the row with the greatest cost + pi. It says whether i was new.
func (l *candidateLists) add(j, i int, c float64, pi []float64) bool {
	k := j * l.width
	count := int(l.count[j])
	rows, costs := l.row[k:k+l.width], l.cost[k:k+l.width]
	for _, r := range rows[:count] {
		if r == int32(i) {
			return false
		}
	}
	if count < l.width {
		rows[count], costs[count] = int32(i), c
		l.count[j]++
		return true
	}
	worst := 0
	for q := range rows {
		if costs[q]+pi[rows[q]] > costs[worst]+pi[rows[worst]] {
			worst = q
		}
	}
	rows[worst], costs[worst] = int32(i), c
	return true
}
