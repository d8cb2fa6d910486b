// Package peak measures what the core that it runs on can do at most, by loops
// on registers alone, so that a kernel's speed can be given as a share of it.
// Cores share power and neighbours: measure the peak beside the kernel, in the
// same run, not once for all.
package peak

import (
	"time"

	"pushforward/asm"
)

// chains is the number of independent FMAs in a turn of asm.FMAPeak.
const chains = 12

// turns of one measurement: 20 to 60 µs.
const turns = 10000

// Flops is the rate of floating-point operations that FMAs reach on isa, in
// 10^9 a second: the best of some short runs, one FMA counting as two. It is 0
// in plain Go.
func Flops[T asm.Float](isa asm.ISA) float64 {
	var x T
	lanes := isa.VectorBytes() / size(x)
	best := fastest(func() bool {
		x = 0
		return asm.FMAPeak(isa, &x, turns)
	})
	if best == 0 {
		return 0
	}
	return 2 * chains * turns * float64(lanes) / best
}

// Clock is the core's frequency in GHz: the best rate of additions that wait
// for each other, a cycle each, in isa's code. It is 0 in plain Go.
func Clock(isa asm.ISA) float64 {
	best := fastest(func() bool { return asm.AddChain[float32](isa, new(float32), turns) })
	if best == 0 {
		return 0
	}
	return 16 * turns / best
}

// fastest is the least time of run in nanoseconds, 0 where it reports false.
func fastest(run func() bool) float64 {
	best := time.Duration(1 << 62)
	for range 9 {
		start := time.Now()
		if !run() {
			return 0
		}
		best = min(best, time.Since(start))
	}
	return float64(best.Nanoseconds())
}

func size(x any) int {
	if _, ok := x.(float32); ok {
		return 4
	}
	return 8
}
