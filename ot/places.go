package ot

import "slices"

// places are the distinct points of a cloud, each with all its mass: points
// that coincide can share one potential, and ties between copies, which would
// make the simplex go astray, are gone.
type places struct {
	side   side
	start  []int32 // members of place k are member[start[k]:start[k+1]]
	member []int32 // numbers of the given points
}

// gather collects the places of the points used, in kdOrder.
func gather(d int, x []float64, mass []int64, used []int32) places {
	at := func(i int32) []float64 { return x[int(i)*d:][:d] }
	byPlace := byCoordinates(d, x, used)
	var first []int32 // where each place begins in byPlace
	distinct := make([]float64, 0, len(used)*d)
	for k, i := range byPlace {
		if k == 0 || !slices.Equal(at(byPlace[k-1]), at(i)) {
			first = append(first, int32(k))
			distinct = append(distinct, at(i)...)
		}
	}
	first = append(first, int32(len(byPlace)))
	order := kdOrder(distinct, d)
	p := places{
		side:   side{x: make([]float64, 0, len(distinct)), mass: make([]int64, len(order))},
		start:  make([]int32, 0, len(order)+1),
		member: make([]int32, 0, len(byPlace)),
	}
	for k, o := range order {
		p.side.x = append(p.side.x, distinct[int(o)*d:][:d]...)
		p.start = append(p.start, int32(len(p.member)))
		for _, i := range byPlace[first[o]:first[o+1]] {
			p.side.mass[k] += mass[i]
			p.member = append(p.member, i)
		}
	}
	p.start = append(p.start, int32(len(p.member)))
	return p
}

// byCoordinates sorts the points used; those that coincide by their numbers.
func byCoordinates(d int, x []float64, used []int32) []int32 {
	type key struct {
		first float64 // coordinate
		at    int32
	}
	keys := make([]key, len(used))
	for k, i := range used {
		keys[k] = key{x[int(i)*d], i}
	}
	slices.SortFunc(keys, func(p, q key) int {
		switch {
		case p.first < q.first:
			return -1
		case p.first > q.first:
			return 1
		}
		if c := slices.Compare(x[int(p.at)*d:][:d], x[int(q.at)*d:][:d]); c != 0 {
			return c
		}
		return int(p.at - q.at)
	})
	sorted := make([]int32, len(keys))
	for k, p := range keys {
		sorted[k] = p.at
	}
	return sorted
}

// spread gives every member of a place the place's potential times sign.
func (p *places) spread(pi []float64, sign float64, into []float64) {
	for k, v := range pi {
		for _, i := range p.member[p.start[k]:p.start[k+1]] {
			into[i] = sign * v
		}
	}
}

// dealer hands out a cloud's mass place by place, member after member.
type dealer struct {
	*places
	mass []int64 // of the given points
	next []int32 // per place: the member in turn
	rest []int64 // per place: what that member has left
}

func newDealer(p *places, mass []int64) dealer {
	d := dealer{places: p, mass: mass, next: slices.Clone(p.start), rest: make([]int64, p.side.len())}
	for k := range d.rest {
		d.rest[k] = mass[p.member[p.start[k]]]
	}
	return d
}

// take removes w, at most rest[k], from place k.
func (d *dealer) take(k int32, w int64) {
	if d.rest[k] -= w; d.rest[k] == 0 {
		if d.next[k]++; d.next[k] < d.start[k+1] {
			d.rest[k] = d.mass[d.member[d.next[k]]]
		}
	}
}

// deal splits a flow between two places into flows between their members.
func deal(plan []entry, row, col *dealer, i, j int32, flow int64) []entry {
	for flow > 0 {
		w := min(flow, row.rest[i], col.rest[j])
		plan = append(plan, entry{row.member[row.next[i]], col.member[col.next[j]], w})
		row.take(i, w)
		col.take(j, w)
		flow -= w
	}
	return plan
}

// singles are the rows or columns with mass of a matrix, each a place of its own.
func singles(mass []int64, used []int32) places {
	p := places{side: side{mass: make([]int64, len(used))}, start: make([]int32, len(used)+1), member: used}
	for k, i := range used {
		p.side.mass[k] = mass[i]
		p.start[k+1] = int32(k + 1)
	}
	return p
}

// collect is the inverse of spread up to the sign: the places' potentials for
// the simplex, pi = −f. Of members that differ the greatest f counts.
func (p *places) collect(pot []float64) []float64 {
	pi := make([]float64, p.side.len())
	for k := range pi {
		members := p.member[p.start[k]:p.start[k+1]]
		pi[k] = -pot[members[0]]
		for _, i := range members[1:] {
			pi[k] = min(pi[k], -pot[i])
		}
	}
	return pi
}
