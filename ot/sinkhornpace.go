package ot

import "math"

// pace chooses the overrelaxation of Sinkhorn's algorithm, which near its end
// is a linear iteration on f and g in turn, whose error falls by some ρ each
// time. Steps lengthened by ω = 2/(1 + √(1−ρ)) make it fall by ω − 1 instead
// (Young 1954; for Sinkhorn: Thibault, Chizat, Dossal and Papadakis 2021): at
// ρ = 0.95 one iteration does the work of nine. ρ is observed: from the rate λ
// at which the error falls under ω, ρ = (λ + ω − 1)²/(λω²) (Hageman and Young 1981).
type pace struct {
	omega   float64
	ceiling float64 // of omega
	steps   int     // in this window
	first   float64 // error at the beginning of the window
	rate    float64 // in the window before, under the same omega; 0: none
}

func newPace() *pace { return &pace{omega: 1, ceiling: 1.99} }

// window is how many iterations are watched: it takes about 1/(2 − ω) of them
// until the error falls steadily.
func (p *pace) window() int { return max(10, int(2/(2-p.omega))) }

// observe takes the error of an iteration. Only a rate that two windows agree
// on changes ω: before, the iteration is not a linear one yet.
func (p *pace) observe(miss float64) {
	if p.steps == 0 {
		p.first = miss
	}
	if p.steps++; p.steps <= p.window() && !(miss > 1000*p.first) {
		return
	}
	w, rate := p.omega-1, fraction(miss/p.first, 1/float64(p.steps-1))
	last := p.rate
	p.steps, p.rate = 0, rate
	switch {
	case !(rate < 1):
		// A rise after a change of ω passes; one that lasts, or a steep one, says
		// that the steps are too long.
		if last > 0 || miss > 100*p.first {
			p.ceiling = 1 + float64(0.7*w)
			p.omega, p.rate = 1, 0
		}
	case last > 0 && math.Abs(rate-last) < 0.2*(1-last) && rate > w:
		rho := float64((rate+w)*(rate+w)) / float64(rate*float64(p.omega*p.omega))
		if next := 2 / (1 + math.Sqrt(1-min(rho, 1))); next > p.omega {
			p.omega, p.rate = min(next, p.ceiling), 0
		}
	}
}

// relax makes x the point omega times the way from old to it.
func relax(x, old []float64, omega float64) {
	if omega == 1 {
		return
	}
	for i, v := range x {
		x[i] = old[i] + float64(omega*(v-old[i]))
	}
}
