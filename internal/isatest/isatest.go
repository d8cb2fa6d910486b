// Package isatest runs tests on every instruction set that the kernels have here.
package isatest

import (
	"testing"

	"pushforward/kernels"
)

// Each runs f as a subtest for each available instruction set, forced. The sets
// are the process's: neither t nor f may be parallel.
func Each(t *testing.T, f func(t *testing.T, isa kernels.ISA)) {
	t.Helper()
	for _, isa := range kernels.Available() {
		t.Run(isa.String(), func(t *testing.T) {
			force(t, isa)
			f(t, isa)
		})
	}
}

// EachBenchmark runs f as a sub-benchmark for each available instruction set.
func EachBenchmark(b *testing.B, f func(b *testing.B, isa kernels.ISA)) {
	b.Helper()
	for _, isa := range kernels.Available() {
		b.Run(isa.String(), func(b *testing.B) {
			force(b, isa)
			f(b, isa)
		})
	}
}

func force(tb testing.TB, isa kernels.ISA) {
	restore, err := kernels.Force(isa)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(restore)
}
