package kernels_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func TestLaneMinSumFindsTheThreeLeastOfEachLane(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, n := range []int{0, 1, 2, 7, 15, 16, 17, 33, 48, 100, 160, 1000, kernels.LaneMinLen} {
			c, w := numbers[float64](n), numbers[float64](n)
			slices.Reverse(w)
			dst := make([]float64, kernels.LaneMinLanes*kernels.LaneMinRanks)
			kernels.LaneMinSum(dst, c, w)
			for l := range kernels.LaneMinLanes {
				var sums []float64
				for j := l; j < n; j += kernels.LaneMinLanes {
					sums = append(sums, c[j]+w[j])
				}
				slices.Sort(sums)
				for r := range kernels.LaneMinRanks {
					v := dst[r*kernels.LaneMinLanes+l]
					if r >= len(sums) {
						if !math.IsInf(v, 1) {
							t.Errorf("n = %d, lane %d: number %d is %v, want +Inf", n, l, r, v)
						}
						continue
					}
					if math.Abs(v-sums[r]) > 0x1p-42*math.Abs(sums[r]) {
						t.Errorf("n = %d, lane %d: number %d is %v, want %v", n, l, r, v, sums[r])
					}
					j := (int(math.Float64bits(v)&kernels.LaneMinTurn)-1)*kernels.LaneMinLanes + l
					if math.Abs(v-(c[j]+w[j])) > 0x1p-42*math.Abs(v) {
						t.Errorf("n = %d, lane %d: number %d is said to be that of %d: %v, want %v", n, l, r, j, c[j]+w[j], v)
					}
				}
			}
		}
	})
}

func TestLaneMinSumPassesOverWhatIsNotFinite(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		for _, bad := range []float64{nan, inf, -inf, math.MaxFloat64} {
			c := slices.Repeat([]float64{bad}, 100)
			c[37], c[53] = 2, -1 // both of lane 5
			dst := make([]float64, kernels.LaneMinLanes*kernels.LaneMinRanks)
			kernels.LaneMinSum(dst, c, c)
			for k, v := range dst {
				want := inf
				switch k {
				case 5:
					want = -2
				case kernels.LaneMinLanes + 5:
					want = 4
				}
				if v != want && math.Abs(v-want) > 0x1p-42*math.Abs(want) {
					t.Errorf("beside %v, number %d is %v, want %v", bad, k, v, want)
				}
			}
		}
	})
}

func TestLaneMinSumOfEqualSumsTakesTheFirst(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		c, w := slices.Repeat([]float64{0.5}, 200), make([]float64, 200)
		dst := make([]float64, kernels.LaneMinLanes*kernels.LaneMinRanks)
		kernels.LaneMinSum(dst, c, w)
		for k, v := range dst {
			if turn := int(math.Float64bits(v) & kernels.LaneMinTurn); turn != k/kernels.LaneMinLanes+1 {
				t.Errorf("number %d comes from turn %d, want %d", k, turn, k/kernels.LaneMinLanes+1)
			}
		}
	})
}
