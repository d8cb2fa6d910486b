package peak

import (
	"testing"

	"pushforward/kernels"
)

func TestAFloat32VectorDoesTwiceTheWorkOfAFloat64One(t *testing.T) {
	for _, isa := range kernels.Available()[1:] {
		f32, f64 := Flops[float32](isa), Flops[float64](isa)
		// A noisy neighbour may halve either; a factor of 8 is a wrong count.
		if f32 < f64/2 || f32 > 8*f64 {
			t.Errorf("%s: %.1f GFLOP/s in float32, %.1f in float64, want about twice as many", isa, f32, f64)
		}
		if c := Clock(isa); c < 0.2 || c > 10 {
			t.Errorf("clock = %.2f GHz", c)
		}
	}
	if got := Flops[float32](kernels.Go); got != 0 {
		t.Errorf("plain Go has no such loop, but Flops = %v", got)
	}
}
