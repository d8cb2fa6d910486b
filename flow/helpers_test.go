package flow

import (
	"fmt"
	"math"
	"testing"

	"pushforward/kernels"
)

// testFlow returns a flow whose parameters are all uniform in ±size/√in, so that no net is zero.
func testFlow[T kernels.Float](t testing.TB, a Architecture, seed uint64, size float64) *Flow[T] {
	t.Helper()
	f, err := New[T](a, seed)
	if err != nil {
		t.Fatal(err)
	}
	tensor := uint64(1 << 20)
	for k := range f.layers {
		c := &f.layers[k]
		for _, n := range []net[T]{c.scale, c.shift} {
			for _, l := range n.linears {
				bound := size / math.Sqrt(float64(l.in))
				initUniform(l.w, bound, seed, tensor)
				initUniform(l.b, bound, seed, tensor+1)
				tensor += 2
			}
		}
		if a.Bound.Learnt {
			for i := range c.alpha {
				c.alpha[i] = T(a.Bound.Factor * (1 + 0.1*float64(i)))
			}
		}
	}
	return f
}

// normals returns n·d standard normal numbers as row-major samples.
func normals[T kernels.Float](n, d int, seed uint64) []T {
	panel, x := make([]T, n*d), make([]T, n*d)
	kernels.Normals(panel, n, seed, 77, 0, n, d)
	kernels.Transpose(x, d, panel, n, d, n)
	return x
}

// architectures are the shapes on which the mathematics is tested.
func architectures() map[string]Architecture {
	all := map[string]Architecture{}
	for _, d := range []int{2, 3, 7} {
		for _, layout := range []Layout{Masked, Split} {
			for depth := 0; depth <= 3; depth++ {
				hidden := []int{9, 6, 5}[:depth]
				a := RealNVP(d, 3, layout, hidden...)
				a.Activation = []kernels.Activation{kernels.TanhUnit, kernels.SiLU, kernels.LeakyReLU, kernels.ReLU}[(depth+d)%4]
				a.Bound = []Bound{{}, {Factor: 0.8}, {Factor: 1.5, Learnt: true}}[(depth+d)%3]
				all[fmt.Sprintf("%v, d = %d, hidden %v, %v, bound %v", layout, d, hidden, a.Activation, a.Bound)] = a
			}
		}
	}
	for _, act := range []kernels.Activation{kernels.Identity, kernels.ReLU, kernels.LeakyReLU, kernels.TanhUnit, kernels.SiLU} {
		for _, bound := range []Bound{{}, {Factor: 1}, {Factor: 0.7, Learnt: true}} {
			a := RealNVP(2, 2, Split, 8)
			a.Activation, a.Bound = act, bound
			all[fmt.Sprintf("split 1 → 8 → 1, %v, bound %v", act, bound)] = a
		}
	}
	odd := RealNVP(7, 3, Split, 8, 6)
	odd.Masks = []Mask{{true, false, false, true, true, false, true}, {false, false, false, false, false, false, true}, {true, true, true, false, false, true, true}}
	odd.Bound.Learnt = true
	all["arbitrary masks of unequal shares"] = odd
	return all
}

func maxAbs(a, b []float64) float64 {
	worst := 0.0
	for i := range a {
		if d := math.Abs(a[i] - b[i]); !(d <= worst) {
			worst = d
		}
	}
	return worst
}

func repeat[T any](v T, n int) []T { return filled(n, v) }
