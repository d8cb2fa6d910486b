package kernelcheck

import (
	"math"

	"pushforward/kernels"
)

var lanePairs = table(
	entry("Pairs", pairs[float32], pairs[float64]),
)

func pairs[T kernels.Float](in *Input) func() {
	atoms, n := in.features(14), in.short()
	var list []kernels.Pair
	for i := range atoms {
		for j := i + 1; j < atoms; j++ {
			if in.chance(5) {
				continue
			}
			p := kernels.Pair{I: i, J: j, QQ: in.between(-100, 100)}
			if !in.chance(4) {
				epsilon, s6 := in.between(0, 1), math.Pow(in.between(0.1, 0.4), 6)
				p.C12, p.C6 = 4*epsilon*s6*s6, 4*epsilon*s6
			}
			if in.chance(2) {
				p.I, p.J = j, i
			}
			list = append(list, p)
		}
	}
	var t kernels.PairTable[T]
	t.Set(atoms, list)
	x, ldx := molecules[T](in, atoms, n)
	g, ldg := panel[T](in, "g", 3*atoms, n)
	u := vector[T](in, "u", n)
	return func() { kernels.Pairs(u, g, ldg, x, ldx, n, &t) }
}

// between is a number of the interval.
func (in *Input) between(low, high float64) float64 {
	return low + (high-low)*float64(in.word()>>11)/(1<<53)
}

// molecules makes a panel of n replicas of a molecule, in nm. Neighbours are about
// a bond apart; now and then atoms collide, or one has special coordinates, or
// all coordinates are any numbers.
func molecules[T kernels.Float](in *Input, atoms, n int) (x []T, ld int) {
	x, ld = panel[T](in, "x", 3*atoms, n)
	style := in.below(16)
	if style == 0 {
		return x, ld
	}
	for i := range n {
		var at [3]float64
		for a := range atoms {
			for c := range at {
				at[c] += in.between(-0.1, 0.1)
				v := T(at[c])
				switch {
				case style == 1 && a > 0 && in.word()%3 == 0: // where another one is
					v = x[(3*(a-1)+c)*ld+i]
				case style == 2: // close together
					v *= 0.1
				case style == 3 && in.word()%64 == 0:
					v = special[T](in)
				}
				x[(3*a+c)*ld+i] = v
			}
		}
	}
	in.keep()
	return x, ld
}
