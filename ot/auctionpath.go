package ot

import "math"

// pathSearch finds shortest augmenting paths in reduced costs
// c_ij + price_j − u_i ≥ 0 (Dijkstra), from a free row to a free column.
type pathSearch struct {
	free     []int32
	distance []float64 // of columns, valid where seen
	from     []int32   // the row before a column
	seen     []int32   // the number of the search that saw a column
	done     []int32   // and of that which settled it
	number   int32
	rows     []int32 // of the tree
	reached  []float64
	columns  []int32 // settled
	heap     []pathEnd
	more     []found
}

// pathEnd is a column at a distance, or with at < 0 the row rows[^at], whose
// columns beyond the known ones begin at that distance.
type pathEnd struct {
	distance  float64
	at, known int32
}

func (s *pathSearch) prepare(n int) {
	s.distance, s.from, s.seen, s.done = make([]float64, n), make([]int32, n), make([]int32, n), make([]int32, n)
}

func (s *pathSearch) push(e pathEnd) {
	h := append(s.heap, e)
	p := len(h) - 1
	for p > 0 {
		q := (p - 1) / 2
		if h[q].distance <= e.distance {
			break
		}
		h[p] = h[q]
		p = q
	}
	h[p] = e
	s.heap = h
}

func (s *pathSearch) pop() pathEnd {
	h := s.heap
	top, e := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	for p := 0; len(h) > 0; {
		c := 2*p + 1
		if c+1 < len(h) && h[c+1].distance < h[c].distance {
			c++
		}
		if c >= len(h) || h[c].distance >= e.distance {
			h[p] = e
			break
		}
		h[p] = h[c]
		p = c
	}
	s.heap = h
	return top
}

// reach looks at column j from row i at distance d.
func (s *pathSearch) reach(i, j int32, d float64) {
	if s.done[j] == s.number || s.seen[j] == s.number && d >= s.distance[j] {
		return
	}
	s.seen[j], s.distance[j], s.from[j] = s.number, d, i
	s.push(pathEnd{distance: d, at: j})
}

// relax adds row i at distance d to the tree.
func (f *finish) relax(i int32, d float64) {
	f.work++
	s := &f.path
	s.rows = append(s.rows, i)
	s.reached = append(s.reached, d)
	if f.count[i] == 0 {
		f.search(i)
	}
	base := d - f.u[i]
	for _, o := range f.offers[int(i)*f.width:][:f.count[i]] {
		s.reach(i, o.col, base+(o.cost+f.price[o.col]))
	}
	if h := f.horizon[i]; h < math.Inf(1) {
		s.push(pathEnd{distance: base + h, at: ^int32(len(s.rows) - 1), known: f.count[i]})
	}
}

// widen looks at four times the columns of a row that the path search knew.
func (f *finish) widen(e pathEnd) {
	s := &f.path
	i, base := s.rows[^e.at], s.reached[^e.at]-f.u[s.rows[^e.at]]
	k := min(4*max(int(e.known), 8), f.n)
	f.work += k
	if cap(s.more) < k {
		s.more = make([]found, k)
	}
	few := s.more[:k]
	f.of.few(i, math.Inf(1), few)
	for _, c := range few {
		s.reach(i, c.at, base+c.value)
	}
	if k < f.n {
		s.push(pathEnd{distance: base + few[k-1].value, at: e.at, known: int32(k)})
	}
}

// augment finds a column for row i; false when it has worked for too long.
func (f *finish) augment(i int32) bool {
	s := &f.path
	s.number++
	s.rows, s.reached, s.columns, s.heap = s.rows[:0], s.reached[:0], s.columns[:0], s.heap[:0]
	f.relax(i, 0)
	var last pathEnd
	for {
		if f.work > f.limit {
			return false
		}
		last = s.pop()
		if last.at < 0 {
			if f.whole != nil {
				return false
			}
			f.widen(last)
			continue
		}
		j := last.at
		if s.done[j] == s.number || last.distance > s.distance[j] {
			continue
		}
		s.done[j] = s.number
		if f.rowOf[j] < 0 {
			break
		}
		s.columns = append(s.columns, j)
		f.relax(f.rowOf[j], last.distance)
	}
	for k, r := range s.rows {
		f.u[r] += last.distance - s.reached[k]
	}
	for _, j := range s.columns {
		f.setPrice(j, f.price[j]+(last.distance-s.distance[j]))
	}
	for j := last.at; ; {
		r := s.from[j]
		next := f.colOf[r]
		f.colOf[r], f.rowOf[j] = j, r
		if r == i {
			return true
		}
		j = next
	}
}
