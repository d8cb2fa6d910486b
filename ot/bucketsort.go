package ot

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// bucketSort sorts numbers, with a payload or without one, and keeps its
// scratch space for the next time. The order is stable, so it is a function of
// the input alone.
//
// It deals the numbers to two to four buckets a number, in
// proportion to their place between least and greatest (address calculation:
// Isaac and Singleton 1956), and finishes by insertion; large inputs go by way
// of 2048 buckets, which each fit into the cache. A bucket that keeps too many
// is dealt again; one that keeps most of all, in proportion to the numbers'
// bits, which are nearly a logarithm: that spreads tails over any number of decades.
type bucketSort struct {
	spare        [maxDeals][]float64
	sparePayload [maxDeals][]int64
	bucket       []uint16
	count        [maxDeals][]uint32
}

const (
	maxDeals      = 4
	insertionSize = 24      // up to here insertion is quicker than dealing
	oneDealSize   = 1 << 14 // up to here one deal gives buckets of one or two
	cacheBuckets  = 1 << 11
)

// sort sorts the numbers of x into dst, which may be x itself and must not
// overlap it otherwise, and payload into dstPayload along with it; both are nil
// where there is none. There must be no NaN.
func (s *bucketSort) sort(dst, x []float64, dstPayload, payload []int64) {
	if len(x) == 0 {
		return
	}
	if &dst[0] == &x[0] {
		s.deal(x, nil, payload, nil, 0, false)
		return
	}
	s.deal(x, dst, payload, dstPayload, 0, false)
}

// deal sorts x into to, or in place where that is nil.
func (s *bucketSort) deal(x, to []float64, payload, toPayload []int64, depth int, byBits bool) {
	n := len(x)
	lo, hi := x[0], x[0]
	if n > insertionSize && depth < maxDeals {
		for _, v := range x {
			if v < lo {
				lo = v
			}
			if v > hi {
				hi = v
			}
		}
	}
	if lo == hi { // few numbers, or equal ones, or none of the deals helped
		if to != nil {
			copy(to, x)
			copy(toPayload, payload)
			x, payload = to, toPayload
		}
		if n <= insertionSize {
			insertionSort(x, payload)
		} else if depth == maxDeals {
			comparisonSort(x, payload)
		}
		return
	}
	inPlace := to == nil
	if inPlace {
		to, toPayload = s.space(n, depth, payload != nil)
	}
	count, most := s.distribute(x, lo, hi, depth, byBits)
	bucket := s.bucket[:n]
	if payload == nil {
		for i, v := range x {
			k := bucket[i]
			p := count[k]
			to[p] = v
			count[k] = p + 1
		}
	} else {
		for i, v := range x {
			k := bucket[i]
			p := count[k]
			to[p], toPayload[p] = v, payload[i]
			count[k] = p + 1
		}
	}
	if most <= insertionSize {
		orderNeighbours(to, toPayload)
		insertionSort(to, toPayload)
	} else { // every bucket by itself; their ends are what count has become
		a := uint32(0)
		for _, b := range count {
			if b-a > 1 {
				crowded := !byBits && int(b-a) > n/8
				if payload == nil {
					s.deal(to[a:b], nil, nil, nil, depth+1, crowded)
				} else {
					s.deal(to[a:b], nil, toPayload[a:b], nil, depth+1, crowded)
				}
			}
			a = b
		}
	}
	if inPlace {
		copy(x, to)
		copy(payload, toPayload)
	}
}

// space is scratch space for n numbers, one for each depth: those of the
// buckets are small, used again and again, and so stay in the cache.
func (s *bucketSort) space(n, depth int, payload bool) ([]float64, []int64) {
	grow(&s.spare[depth], n)
	if !payload {
		return s.spare[depth][:n], nil
	}
	grow(&s.sparePayload[depth], n)
	return s.spare[depth][:n], s.sparePayload[depth][:n]
}

func grow[T any](s *[]T, n int) {
	if len(*s) < n {
		*s = make([]T, n)
	}
}

// distribute finds the bucket of every number, for s.bucket, the place at which
// each bucket begins, and the size of the largest.
func (s *bucketSort) distribute(x []float64, lo, hi float64, depth int, byBits bool) (begin []uint32, most uint32) {
	n := len(x)
	digits := bits.Len(cacheBuckets - 1)
	if n <= oneDealSize {
		digits = bits.Len(uint(n)) + 1
	}
	grow(&s.bucket, n)
	grow(&s.count[depth], 1<<digits)
	bucket, count := s.bucket[:n], s.count[depth][:1<<digits]
	clear(count)
	scale := float64(len(count)-1) / (hi - lo)
	if !byBits && scale > 0 && scale < 0x1p1000 {
		// After rounding too, the place in [lo, hi] does not fall as v grows.
		for i, v := range x {
			k := uint16(int((v - lo) * scale))
			bucket[i] = k
			count[k]++
		}
	} else {
		least := ordered(lo)
		shift := max(0, bits.Len64(ordered(hi)-least)-digits)
		for i, v := range x {
			k := uint16((ordered(v) - least) >> shift)
			bucket[i] = k
			count[k]++
		}
	}
	var sum uint32
	for k, c := range count {
		count[k] = sum
		sum += c
		most = max(most, c)
	}
	return count, most
}

// ordered is an integer that grows as v does, and is the same for 0 and -0.
func ordered(v float64) uint64 {
	b := math.Float64bits(v + 0)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

// orderNeighbours puts pairs of neighbours in order, those that begin at even
// places and then those at odd ones. Few buckets hold more than two numbers, so
// this leaves little to insertion, whose branches nobody can predict, while
// here conditional moves serve (a third of the time of sorting 1,000 numbers).
func orderNeighbours(x []float64, payload []int64) {
	for first := 0; first < 2; first++ {
		if payload == nil {
			orderPairs(x[min(first, len(x)):])
		} else {
			orderPairsWith(x[min(first, len(x)):], payload[min(first, len(x)):])
		}
	}
}

func orderPairs(x []float64) {
	for ; len(x) >= 2; x = x[2:] {
		a, b := x[0], x[1]
		p, q := math.Float64bits(a), math.Float64bits(b)
		r := p
		if a > b {
			p = q
		}
		if a > b {
			q = r
		}
		x[0], x[1] = math.Float64frombits(p), math.Float64frombits(q)
	}
}

func orderPairsWith(x []float64, payload []int64) {
	for len(x) >= 2 && len(payload) >= 2 {
		a, b := x[0], x[1]
		p, q := math.Float64bits(a), math.Float64bits(b)
		u, v := payload[0], payload[1]
		r, w := p, u
		if a > b {
			p = q
		}
		if a > b {
			q = r
		}
		if a > b {
			u = v
		}
		if a > b {
			v = w
		}
		x[0], x[1] = math.Float64frombits(p), math.Float64frombits(q)
		payload[0], payload[1] = u, v
		x, payload = x[2:], payload[2:]
	}
}

func insertionSort(x []float64, payload []int64) {
	if payload == nil {
		for i := 1; i < len(x); i++ {
			v, j := x[i], i
			for j > 0 && x[j-1] > v {
				x[j] = x[j-1]
				j--
			}
			x[j] = v
		}
		return
	}
	payload = payload[:len(x)]
	for i := 1; i < len(x); i++ {
		v, p, j := x[i], payload[i], i
		for j > 0 && x[j-1] > v {
			x[j], payload[j] = x[j-1], payload[j-1]
			j--
		}
		x[j], payload[j] = v, p
	}
}

// comparisonSort is for inputs that dealing does not spread.
func comparisonSort(x []float64, payload []int64) {
	if payload == nil {
		slices.Sort(x)
		return
	}
	type item struct {
		x       float64
		payload int64
	}
	items := make([]item, len(x))
	for i, v := range x {
		items[i] = item{v, payload[i]}
	}
	slices.SortStableFunc(items, func(p, q item) int { return cmp.Compare(p.x, q.x) })
	for i, t := range items {
		x[i], payload[i] = t.x, t.payload
	}
}
