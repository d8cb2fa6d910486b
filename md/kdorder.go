package md

import (
	"math"
	"math/bits"
	"slices"
	"sync"

	"pushforward/kernels"
)

// point is a particle's place and its number.
type point[T kernels.Float] struct {
	x     [3]T
	index int
}

// leftGroups is how many of m ≥ 2 groups a node of the tree has on its left.
func leftGroups(m int) int { return (m + 1) / 2 }

// compact orders points, so many to a group, as the leaves of a k-d tree: each node
// is cut across the widest side of its box, at a multiple of the group. The order is
// a function of the points alone.
func compact[T kernels.Float](p []point[T], lanes, threads int) {
	groups := (len(p) + lanes - 1) / lanes
	if groups < 2 {
		return
	}
	b := around(p)
	axis := 0
	for k := 1; k < 3; k++ {
		if b.hi[k]-b.lo[k] > b.hi[axis]-b.lo[axis] {
			axis = k
		}
	}
	cut := leftGroups(groups) * lanes
	partition(p, cut, axis)
	if threads > 1 && len(p) > 4096 {
		var wg sync.WaitGroup
		wg.Go(func() { compact(p[:cut], lanes, threads/2) })
		compact(p[cut:], lanes, threads-threads/2)
		wg.Wait()
		return
	}
	compact(p[:cut], lanes, 1)
	compact(p[cut:], lanes, 1)
}

// compare orders points along an axis, those at the same place by number.
func (p *point[T]) compare(q *point[T], axis int) int {
	switch a, b := p.x[axis], q.x[axis]; {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return p.index - q.index
}

// partition moves the k first points along an axis to the front (Hoare 1961),
// 0 < k < len(p).
func partition[T kernels.Float](p []point[T], k, axis int) {
	for rounds := 2 * bits.Len(uint(len(p))); len(p) > 24 && k > 0 && k < len(p); rounds-- {
		if rounds == 0 {
			break // an unlucky order
		}
		pivot := middle(&p[0], &p[len(p)/2], &p[len(p)-1], axis)
		i, j := 0, len(p)-1
		for i <= j {
			for p[i].compare(&pivot, axis) < 0 {
				i++
			}
			for p[j].compare(&pivot, axis) > 0 {
				j--
			}
			if i <= j {
				p[i], p[j] = p[j], p[i]
				i++
				j--
			}
		}
		switch { // p[:j+1] ≤ pivot ≤ p[i:]
		case k <= j+1:
			p = p[:j+1]
		case k >= i:
			p, k = p[i:], k-i
		default:
			return
		}
	}
	if k > 0 && k < len(p) {
		slices.SortFunc(p, func(a, b point[T]) int { return a.compare(&b, axis) })
	}
}

// middle is the middle one of three points.
func middle[T kernels.Float](a, b, c *point[T], axis int) point[T] {
	if a.compare(b, axis) > 0 {
		a, b = b, a
	}
	if b.compare(c, axis) > 0 {
		b = c
		if a.compare(b, axis) > 0 {
			b = a
		}
	}
	return *b
}

// box is what lies between two corners.
type box[T kernels.Float] struct{ lo, hi [3]T }

// around is the box of points, one or more.
func around[T kernels.Float](p []point[T]) box[T] {
	b := box[T]{p[0].x, p[0].x}
	for i := range p {
		for k, v := range p[i].x {
			b.lo[k], b.hi[k] = min(b.lo[k], v), max(b.hi[k], v)
		}
	}
	return b
}

func (b *box[T]) union(c *box[T]) box[T] {
	var u box[T]
	for k := range 3 {
		u.lo[k], u.hi[k] = min(b.lo[k], c.lo[k]), max(b.hi[k], c.hi[k])
	}
	return u
}

// extent is a box as its middle and half of its sides, for distances without
// branches.
type extent struct{ middle, half [3]float64 }

func (b *box[T]) extent() extent {
	var e extent
	for k := range 3 {
		lo, hi := float64(b.lo[k]), float64(b.hi[k])
		e.middle[k] = lo + (hi-lo)/2
		e.half[k] = max(e.middle[k]-lo, hi-e.middle[k])
	}
	return e
}

// gap2 is four times the squared distance of the box from one of the same middle as
// at, and so large.
func (e *extent) gap2(at, half *[3]float64) float64 {
	x := math.Abs(e.middle[0]-at[0]) - (e.half[0] + half[0])
	y := math.Abs(e.middle[1]-at[1]) - (e.half[1] + half[1])
	z := math.Abs(e.middle[2]-at[2]) - (e.half[2] + half[2])
	x, y, z = x+math.Abs(x), y+math.Abs(y), z+math.Abs(z) // twice what is above 0
	return float64(x*x) + float64(y*y) + float64(z*z)
}
