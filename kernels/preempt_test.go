package kernels_test

import (
	"math"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"pushforward/internal/isatest"
	"pushforward/internal/kernelcheck"
	"pushforward/kernels"
)

// A goroutine inside assembly can't be stopped, and one that calls nothing but
// assembly may not be stopped for seconds: then all others wait for it. The bound
// is far above what a busy machine's scheduler adds, and far below that. Where an
// emulator runs the assembly, it is the time of a few calls.
func stopBound() time.Duration {
	const side = 128 // 2^21 multiply-adds: the longest call into assembly
	x, w := make([]float32, side*side), make([]float32, side*side)
	y := make([]float32, side*side)
	start := time.Now()
	kernels.Dense(y, side, x, side, w, nil, side, side, side, kernels.Identity)
	return max(5*time.Millisecond, 4*time.Since(start))
}

func TestTheGarbageCollectorNeedNotWaitForKernels(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0))))
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		n := 10000
		if isa == kernels.Go {
			n = 300 // the runtime stops plain Go anywhere; calls need only be many
		}
		eachKernel(t, func(t *testing.T, k kernelcheck.Kernel) {
			if testing.Short() && k.Type != "float32" {
				return
			}
			in := kernelcheck.Seeded(1)
			in.N = n
			call := k.Call(in)
			bound := stopBound()
			var median time.Duration
			for range 3 { // a busy machine may spoil one attempt or two
				if median = stopTime(call); median < bound {
					return
				}
			}
			t.Errorf("the collector waited %v (median), want less than %v", median, bound)
		})
	})
}

// stopTime is the median time that the collector takes to stop all goroutines
// while one of them runs the call in a loop.
func stopTime(call func()) time.Duration {
	var stop atomic.Bool
	running, done := make(chan bool), make(chan bool)
	go func() {
		call()
		close(running)
		for !stop.Load() {
			call()
		}
		close(done)
	}()
	<-running
	before := stopping()
	for range 3 {
		runtime.GC()
	}
	after := stopping()
	stop.Store(true)
	<-done
	return medianOf(before, after)
}

func stopping() *metrics.Float64Histogram {
	s := []metrics.Sample{{Name: "/sched/pauses/stopping/gc:seconds"}}
	metrics.Read(s)
	h := s[0].Value.Float64Histogram()
	return &metrics.Float64Histogram{Counts: append([]uint64(nil), h.Counts...), Buckets: h.Buckets}
}

func medianOf(before, after *metrics.Float64Histogram) time.Duration {
	var total, sum uint64
	for i := range after.Counts {
		total += after.Counts[i] - before.Counts[i]
	}
	for i := range after.Counts {
		if sum += after.Counts[i] - before.Counts[i]; 2*sum >= total && total > 0 {
			return time.Duration(after.Buckets[i+1] * float64(time.Second))
		}
	}
	return math.MaxInt64 // nothing was measured
}
