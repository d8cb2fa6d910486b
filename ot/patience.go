package ot

import "errors"

// patience watches over ties within rounding, which can make pivots chase each
// other: where a solve takes too long it looks at reduced costs ever more
// coarsely. The gap tells the price.
type patience struct {
	tolerance float64 // what is no improvement, relative to the numbers compared
	floor     float64 // and in absolute terms: costs of very different size leave it in sums
	bound     float64 // of costs
	step      int     // so many pivots at one tolerance
	deadline  int
}

// maxTolerance is the coarsest relative look at reduced costs: far above any
// rounding, so what goes on longer is not rounding.
const maxTolerance = 0x1p-30

var errStuck = errors.New("the network simplex makes no progress")

func (l *level) newPatience() *patience {
	step := 20*(l.row.len()+l.col.len()) + 10000
	return &patience{tolerance: 8 * epsilon, bound: l.costBound, step: step, deadline: l.tree.pivots + step}
}

// pivoted takes note of the number of pivots so far.
func (p *patience) pivoted(pivots int) error {
	if pivots < p.deadline {
		return nil
	}
	if p.tolerance == maxTolerance {
		return errStuck
	}
	p.tolerance = min(4*p.tolerance, maxTolerance)
	p.floor = max(4*p.floor, 0x1p-60*p.bound)
	p.deadline += p.step
	return nil
}

// swept takes note of the number of sweeps so far. Where all plans cost the same
// they would go on finding rounding errors: after ten, those of long sums of
// costs count as such; after a hundred ever larger ones.
func (p *patience) swept(rounds int) error {
	switch {
	case rounds >= 100:
		p.tolerance = min(2*p.tolerance, maxTolerance)
	case rounds >= 10:
		p.tolerance = min(2*p.tolerance, max(p.tolerance, 128*epsilon))
	}
	if rounds >= 10000 {
		return errStuck
	}
	return nil
}
