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
// It deals the numbers to about as many buckets as there are numbers, in
// proportion to their place between least and greatest (address calculation:
// Isaac and Singleton 1956), and finishes by insertion; large inputs go by way
// of 2048 buckets, which each fit into the cache. A bucket that keeps too many
// is dealt again, in proportion to the numbers' bits this time, which are
// nearly a logarithm: that spreads tails over any number of decades.
type bucketSort struct {
	spare        []float64
	sparePayload []int64
	bucket       []uint16
	count        [maxDeals][]uint32
}

const (
	maxDeals      = 4
	insertionSize = 24      // up to here insertion is quicker than dealing
	oneDealSize   = 1 << 14 // up to here one deal gives buckets of about one
	cacheBuckets  = 1 << 11
)

// sort sorts x, and payload (of the same length, or nil) along with it. There
// must be no NaN.
func (s *bucketSort) sort(x []float64, payload []int64) {
	n := len(x)
	if len(s.spare) < n {
		s.spare, s.bucket = make([]float64, n), make([]uint16, n)
	}
	if payload != nil && len(s.sparePayload) < n {
		s.sparePayload = make([]int64, n)
	}
	if payload == nil {
		s.deal(x, s.spare[:n], nil, nil, false, 0)
		return
	}
	s.deal(x, s.spare[:n], payload, s.sparePayload[:n], false, 0)
}

// deal sorts x, in place or over to another slice of its length.
func (s *bucketSort) deal(x, to []float64, payload, toPayload []int64, over bool, depth int) {
	n := len(x)
	if n <= insertionSize || depth == maxDeals {
		if n <= insertionSize {
			insertionSort(x, payload)
		} else {
			comparisonSort(x, payload)
		}
		if over {
			copy(to, x)
			copy(toPayload, payload)
		}
		return
	}
	lo, hi := x[0], x[0]
	for _, v := range x {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	if lo == hi {
		if over {
			copy(to, x)
			copy(toPayload, payload)
		}
		return
	}
	digits := bits.Len(cacheBuckets - 1)
	if n <= oneDealSize {
		digits = bits.Len(uint(n))
	}
	if len(s.count[depth]) < 1<<digits {
		s.count[depth] = make([]uint32, 1<<digits)
	}
	at, count := s.bucket[:n], s.count[depth][:1<<digits]
	clear(count)
	scale := float64(len(count)-1) / (hi - lo)
	if depth%2 == 0 && scale > 0 && scale < 0x1p1000 {
		// After rounding too, the place in [lo, hi] does not fall as v grows.
		for i, v := range x {
			k := uint16(int((v - lo) * scale))
			at[i] = k
			count[k]++
		}
	} else {
		least := ordered(lo)
		shift := max(0, bits.Len64(ordered(hi)-least)-digits)
		for i, v := range x {
			k := uint16((ordered(v) - least) >> shift)
			at[i] = k
			count[k]++
		}
	}
	var sum, most uint32
	for k, c := range count {
		count[k] = sum
		sum += c
		most = max(most, c)
	}
	for i, v := range x {
		k := at[i]
		p := count[k]
		to[p] = v
		count[k] = p + 1
	}
	if payload != nil {
		// The buckets' ends, to which the counts have grown, are their starts one on.
		for i := n - 1; i >= 0; i-- {
			k := at[i]
			count[k]--
			toPayload[count[k]] = payload[i]
		}
		copy(count, count[1:])
		count[len(count)-1] = uint32(n)
	}
	if most <= insertionSize {
		insertionSort(to, toPayload)
		if !over {
			copy(x, to)
			copy(payload, toPayload)
		}
		return
	}
	// Every bucket by itself, and back where the result is to be: count holds their ends.
	a := uint32(0)
	for _, b := range count {
		if payload == nil {
			s.deal(to[a:b], x[a:b], nil, nil, !over, depth+1)
		} else {
			s.deal(to[a:b], x[a:b], toPayload[a:b], payload[a:b], !over, depth+1)
		}
		a = b
	}
}

// ordered is an integer that grows as v does, and is the same for 0 and -0.
func ordered(v float64) uint64 {
	b := math.Float64bits(v + 0)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
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
