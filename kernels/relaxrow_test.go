package kernels_test

import (
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestRelaxRowLowersDistancesAndFindsTheLeast(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for n := 1; n < 70; n++ {
			d, c, w := numbers[float64](n), numbers[float64](n), numbers[float64](n)
			slices.Reverse(w)
			c[n/2] = inf
			const s = -0.25
			want := make([]float64, n)
			for j := range want {
				want[j] = min(d[j], s+(c[j]+w[j]))
			}
			least, at := kernels.RelaxRow(d, c, w, s)
			if !slices.Equal(d, want) {
				t.Errorf("n = %d: distances %v, want %v", n, d, want)
			}
			if at < 0 || at != slices.Index(want, slices.Min(want)) || least != want[at] {
				t.Errorf("n = %d: least %v at %d, want %v", n, least, at, slices.Min(want))
			}
		}
	})
}

func TestRelaxRowWithoutFiniteDistancesFindsNone(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		d, c, w := slices.Repeat([]float64{inf}, 37), slices.Repeat([]float64{inf}, 37), make([]float64, 37)
		c[3] = nan
		if least, at := kernels.RelaxRow(d, c, w, 1); at != -1 || least != inf {
			t.Errorf("least %v at %d, want +Inf at -1", least, at)
		}
	})
}
