package ot

import (
	"math"
	"time"
)

// boundShare is the share of the time that a scanning simplex may spend on
// bounds for whoever follows its progress.
const boundShare = 0.05

// leastToTell is room for the columns' least costs + weights, where somebody is
// told of the bound that they make.
func (l *level) leastToTell() []float64 {
	if !l.finest || !l.watch.told() {
		return nil
	}
	return make([]float64, l.col.len())
}

// tellBound reports the basis and the dual value of the rows' potentials, nil for zeros,
// with the columns' least costs + weights, nil for none.
func (l *level) tellBound(pi, least []float64) {
	if least != nil {
		l.watch.tell(l.row.len()+l.col.len(), l.tree.value(), l.value(pi, least), math.NaN())
	}
}

// boundTeller gives a scan, which never sees all columns at the same potentials,
// a bound now and then.
type boundTeller struct {
	last time.Time
	took time.Duration
}

// tell prices all columns, if it is time for a report and that is worth it.
func (b *boundTeller) tell(l *level, s scanner) {
	if !l.finest || !l.watch.due() {
		return
	}
	begin := time.Now()
	if float64(begin.Sub(b.last))*boundShare < float64(b.took) {
		return
	}
	pi := l.tree.pi[:l.row.len()]
	least := l.leastToTell()
	var row [scanBlock]int
	for from := 0; from < len(least); from += scanBlock {
		k := min(scanBlock, len(least)-from)
		s.price(from, pi, least[from:from+k], row[:k])
	}
	l.tellBound(pi, least)
	b.last, b.took = time.Now(), time.Since(begin)
}
