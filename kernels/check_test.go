package kernels_test

import (
	"math"
	"testing"

	"pushforward/kernels"
)

func TestMistakesPanicWithTheRule(t *testing.T) {
	x := func(n int) []float32 { return make([]float32, n) }
	flow := func(layers, hidden int) *kernels.RidgeFlow[float32] {
		return &kernels.RidgeFlow[float32]{Layers: layers, Hidden: hidden, Params: x(100), Stride: 50}
	}
	for _, c := range []struct {
		want string
		call func()
	}{
		{"kernels: Exp: len(dst) = 3, want len(x) = 4", func() { kernels.Exp(x(3), x(4)) }},
		{"kernels: SinCos: len(cos) = 5, want len(x) = 4", func() { kernels.SinCos(x(4), x(5), x(4)) }},
		{"kernels: Dense: len(w) = 5, want out*in = 6", func() { kernels.Dense(x(3), 1, x(2), 1, x(5), nil, 2, 3, 1, kernels.Identity) }},
		{"kernels: Dense: len(b) = 2, want out = 3", func() { kernels.Dense(x(3), 1, x(2), 1, x(6), x(2), 2, 3, 1, kernels.Identity) }},
		{"kernels: Dense: ldx = 3, want at least the row length 4", func() { kernels.Dense(x(12), 4, x(9), 3, x(6), nil, 2, 3, 4, kernels.Identity) }},
		{"kernels: Dense: len(y) = 11, want at least (3-1)*ldy+4 = 12", func() { kernels.Dense(x(11), 4, x(9), 4, x(6), nil, 2, 3, 4, kernels.Identity) }},
		{"kernels: Dense: n = -1, want at least 0", func() { kernels.Dense(x(1), 1, x(1), 1, x(1), nil, 1, 1, -1, kernels.Identity) }},
		{"kernels: Dense: unknown activation 9", func() { kernels.Dense(x(1), 1, x(1), 1, x(1), nil, 1, 1, 1, 9) }},
		{"kernels: RowMin: len(arg) = 1, want n = 2", func() { kernels.RowMin(x(2), make([]int, 1), x(6), 3, 2, 3) }},
		{"kernels: BlockMinSum: len(dst) = 2, want ⌈len(c)/16⌉ = 3", func() { kernels.BlockMinSum(x(2), x(33), x(33)) }},
		{"kernels: SortColumns: len(x) = 50, want at least (16-1)*ld+5 = 95", func() { kernels.SortColumns(x(50), 6, 9, 5) }},
		{"kernels: LaneMinSum: len(dst) = 16, want 16×3 = 48", func() { kernels.LaneMinSum(x(16), x(33), x(33)) }},
		{"kernels: LaneMinSum: len(c) = 16369, want at most 16368", func() { kernels.LaneMinSum(x(48), x(16369), x(16369)) }},
		{"kernels: RelaxRow: len(d) = 3, want len(c) = 4", func() { kernels.RelaxRow(x(3), x(4), x(4), 0) }},
		{"kernels: RelaxRow: len(w) = 5, want len(c) = 4", func() { kernels.RelaxRow(x(4), x(4), x(5), 0) }},
		{"kernels: PlaneNearestFew: len(w) = 65, want at most 64", func() { kernels.PlaneNearestFew(new([3]float32), new([2]float32), x(130), 65, x(65)) }},
		{"kernels: PlaneNearestFew: len(y) = 8, want at least (2-1)*ldy+4 = 9", func() { kernels.PlaneNearestFew(new([3]float32), new([2]float32), x(8), 5, x(4)) }},
		{"kernels: CouplingForward: len(logdet) = 3, want n = 4", func() {
			kernels.CouplingForward(x(4), 4, x(4), 4, x(4), x(4), 4, nil, make([]float64, 3), 1, 4)
		}},
		{"kernels: RidgeFlowForward: len(b) = 3, want len(a) = 4", func() { kernels.RidgeFlowForward(x(4), x(3), flow(1, 1), nil) }},
		{"kernels: RidgeFlowForward: len(logdet) = 3, want len(a) = 4", func() { kernels.RidgeFlowForward(x(4), x(4), flow(1, 1), make([]float64, 3)) }},
		{"kernels: RidgeFlowInverse: Stride = 50, want at least the row length 56", func() { kernels.RidgeFlowInverse(x(4), x(4), flow(2, 9), nil) }},
		{"kernels: RidgeFlowInverse: len(Params) = 100, want at least (3-1)*Stride+8 = 108", func() { kernels.RidgeFlowInverse(x(4), x(4), flow(3, 1), nil) }},
		{"kernels: RidgeFlowForward: len(Alpha) = 2, want at least (2-1)*AlphaStride+1 = 3", func() {
			f := flow(2, 1)
			f.Alpha, f.AlphaStride = x(2), 2
			kernels.RidgeFlowForward(x(4), x(4), f, nil)
		}},
		{"kernels: RidgeFlowForward: len(Alpha) = 0, want at least (1-1)*AlphaStride+1 = 1", func() {
			f := flow(2, 1)
			f.Alpha = []float32{}
			kernels.RidgeFlowForward(x(4), x(4), f, nil)
		}},
		{"kernels: AdamW: len(v) = 3, want len(p) = 4", func() { kernels.AdamW(x(4), x(4), x(4), x(3), kernels.AdamWStep[float32]{}) }},
	} {
		t.Run(c.want, func(t *testing.T) {
			defer func() {
				if got := recover(); got != c.want {
					t.Errorf("panics with %v", got)
				}
			}()
			c.call()
		})
	}
}

// A size whose product overflows must not pass for a small one.
func TestHugeSizesPanic(t *testing.T) {
	const huge = math.MaxInt/2 + 1
	hugeFlow := &kernels.RidgeFlow[float32]{Layers: 1, Hidden: huge, Params: make([]float32, 4), Stride: 4}
	for name, call := range map[string]func(){
		"out*in":  func() { kernels.Dense(nil, 1, nil, 1, []float32{}, nil, huge, 4, 0, kernels.Identity) },
		"rows*ld": func() { kernels.Transpose(make([]float32, 4), 4, make([]float32, 4), huge, 4, 1) },
		"units":   func() { kernels.RidgeFlowForward(make([]float32, 4), make([]float32, 4), hugeFlow, nil) },
		"rows":    func() { kernels.RowSums(make([]float32, 4), make([]float32, 64), huge, 4, 1) },
		"distance": func() {
			kernels.SquaredDistances(make([]float32, 4), 1, []float32{}, 4, make([]float32, 4), 1, 1, huge, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			call()
		})
	}
}
