package kernelcheck

import (
	"unsafe"

	"pushforward/kernels"
)

var partners = table(
	entry("GroupPairs", groupPairs[float32], groupPairs[float64]),
	entry("GroupPairsWithin", groupPairsWithin[float32], groupPairsWithin[float64]),
)

// particles draws groups of particles, mostly like those of a liquid, and the
// gradient to add to.
func particles[T kernels.Float](in *Input) (g, p []T, groups, lanes int) {
	lanes = kernels.GroupBytes / int(unsafe.Sizeof(T(0)))
	groups = (in.short() + lanes - 1) / lanes
	p = vector[T](in, "p", groups*kernels.ParticleRows*lanes)
	g = vector[T](in, "g", groups*3*lanes)
	if in.chance(8) {
		return g, p, groups, lanes // anything at all
	}
	odd := in.chance(3)
	side := 0.5 + float64(in.below(8))/4
	uniform := func(low, high float64) T {
		return T(low + (high-low)*float64(in.word()>>11)*0x1p-53)
	}
	for i := range groups * lanes {
		place := p[i/lanes*kernels.ParticleRows*lanes+i%lanes:]
		for k := range 3 {
			place[k*lanes] = uniform(0, side)
		}
		place[3*lanes], place[4*lanes], place[5*lanes] = uniform(-9, 9), uniform(0.05, 0.2), uniform(0, 5)
		if !odd {
			continue
		}
		switch k := in.below(64); {
		case k < 6: // without one of the interactions
			place[(3+k%3)*lanes] = 0
		case k < 12 && i > 0: // at another's place
			j := in.below(i)
			for k := range 3 {
				place[k*lanes] = p[j/lanes*kernels.ParticleRows*lanes+k*lanes+j%lanes]
			}
		case k == 12:
			place[in.below(kernels.ParticleRows)*lanes] = special[T](in)
		}
	}
	for i := range g {
		g[i] = 0
	}
	return g, p, groups, lanes
}

func groupPairs[T kernels.Float](in *Input) func() {
	g, p, groups, lanes := particles[T](in)
	energies := vector[float64](in, "energies", 2)
	own := in.below(groups + 1)
	n := in.below(lanes + 1)
	if own == groups {
		n = 0
	}
	from := own
	if in.chance(3) {
		from += in.below(groups - own + 1)
	}
	to := from + in.below(groups-from+1)
	if in.chance(2) {
		to = groups
	}
	return func() { energies[0], energies[1] = kernels.GroupPairs(g, p, own, n, from, to) }
}

func groupPairsWithin[T kernels.Float](in *Input) func() {
	g, p, groups, lanes := particles[T](in)
	energies := vector[float64](in, "energies", 2)
	own, n := 0, 0
	if groups > 0 {
		own, n = in.below(groups), in.below(lanes+1)
	}
	first := integers(in, "first", n+1)
	most := 2
	if groups > 1 && in.N < 0 && in.chance(40) {
		most = 5000 // more than a call's
	}
	total := 0
	for r := range first {
		if first[r] = total; groups > 1 {
			total += in.below(most * groups)
		}
	}
	partner := integers(in, "partner", first[n])
	for i := range partner {
		partner[i] = (own + 1 + in.below(groups-1)) % groups
	}
	var c kernels.Cutoff[T]
	c.Set(0.3+float64(in.below(16))/10, 1+float64(in.below(80)))
	return func() { energies[0], energies[1] = kernels.GroupPairsWithin(g, p, own, first, partner, &c) }
}
