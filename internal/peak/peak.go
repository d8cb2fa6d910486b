// Package peak measures what the core that it runs on can do at most, by loops
// on registers alone, so that a kernel's speed can be given as a share of it.
// Cores share power and neighbours: measure the peak beside the kernel, in the
// same run, not once for all.
package peak

import (
	"slices"
	"time"

	"pushforward/asm"
)

// chains is the number of independent FMAs in a turn of asm.FMAPeak.
const chains = 12

// turns of one measurement: 20 to 60 µs.
const turns = 10000

// Flops is the rate of floating-point operations that FMAs reach on isa, in
// 10^9 a second, one FMA counting as two: the median of some short runs, which
// feels other programs on the core as the median of a kernel's runs does. It is
// 0 in plain Go.
func Flops[T asm.Float](isa asm.ISA) float64 {
	var x T
	lanes := isa.VectorBytes() / size(x)
	times := measure(func() bool {
		x = 0
		return asm.FMAPeak(isa, &x, turns)
	})
	if times == nil {
		return 0
	}
	return 2 * chains * turns * float64(lanes) / times[runs/2]
}

// Clock is the core's frequency in GHz: the best rate of additions that wait
// for each other, a cycle each, in isa's code. It is 0 in plain Go.
func Clock(isa asm.ISA) float64 {
	times := measure(func() bool { return asm.AddChain[float32](isa, new(float32), turns) })
	if times == nil {
		return 0
	}
	return 16 * turns / times[0]
}

// runs is the number of runs of a measurement.
const runs = 9

// measure is the sorted times of run in nanoseconds, nil where it reports false.
func measure(run func() bool) []float64 {
	times := make([]float64, runs)
	for i := range times {
		start := time.Now()
		if !run() {
			return nil
		}
		times[i] = float64(time.Since(start).Nanoseconds())
	}
	slices.Sort(times)
	return times
}

func size(x any) int {
	if _, ok := x.(float32); ok {
		return 4
	}
	return 8
}
