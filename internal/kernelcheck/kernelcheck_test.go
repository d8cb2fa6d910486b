package kernelcheck

import (
	"context"
	"math"
	"strings"
	"testing"

	"pushforward/kernels"
)

func TestCompareFindsWhatIsWrong(t *testing.T) {
	type call struct {
		x   []float32 // a panel of 3 rows of 5
		ld  int
		arg []int
	}
	draw := func(in *Input) call {
		x, ld := panel[float32](in, "x", 3, 5)
		x[1] = float32(math.NaN())
		return call{x, ld, integers(in, "arg", 2)}
	}
	for _, c := range []struct {
		name  string
		spoil func(call)
		want  string // a part of the message; none for no mismatch
	}{
		{"nothing", func(call) {}, ""},
		{"another NaN is no difference", func(c call) { c.x[1] = math.Float32frombits(0x7fc12345) }, ""},
		{"a NaN that became a number", func(c call) { c.x[1] = 1 }, "x[0*"},
		{"the last bit of a number", func(c call) {
			at := &c.x[2*c.ld+4]
			*at = math.Float32frombits(math.Float32bits(*at) ^ 1)
		}, "x[2*"},
		{"a changed sign of zero", func(c call) { c.x[3] = float32(math.Copysign(0, -1)) }, "want"},
		{"a write between rows", func(c call) { c.x[5] = float32(math.NaN()) }, "outside the array"},
		{"an integer", func(c call) { c.arg[1]++ }, "arg[1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			seed := uint64(0)
			for ; ; seed++ { // one with a gap between rows
				if x := draw(Seeded(seed)); x.ld > 5 {
					break
				}
			}
			want, got := Seeded(seed), Seeded(seed)
			reference := draw(want)
			reference.x[3] = 0
			spoilt := draw(got)
			spoilt.x[3] = 0
			c.spoil(spoilt)
			m := compare(got, want)
			switch {
			case c.want == "" && m != nil:
				t.Errorf("found %v", m)
			case c.want != "" && (m == nil || !strings.Contains(m.Error(), c.want)):
				t.Errorf("found %v, want a mismatch with %q", m, c.want)
			}
		})
	}
}

func TestCompareSeesWritesBeforeAndBehindAnArray(t *testing.T) {
	for _, at := range []int{-1, 4} {
		k := Kernel{Name: "Wild", Type: "float64", draw: func(in *Input) func() {
			vector[float64](in, "x", 4)
			a := &in.arrays[0]
			return func() { a.mem[a.start+at*a.size] ^= 1 }
		}}
		err := k.Compare(nil, func() *Input { return Seeded(1) })
		if err == nil || !strings.Contains(err.Error(), "outside the array") {
			t.Errorf("a write to x[%d] gives %v", at, err)
		}
	}
}

func TestAnInputIsAFunctionOfItsSource(t *testing.T) {
	for _, k := range Table {
		for _, source := range []func() *Input{
			func() *Input { return Seeded(7) },
			func() *Input { return FromBytes([]byte("some bytes of a fuzzer, a few dozen of them")) },
		} {
			a, b := source(), source()
			k.Call(a)
			k.Call(b)
			if m := compare(a, b); m != nil || len(a.arrays) != len(b.arrays) {
				t.Errorf("%s/%s: equal sources give different inputs: %v", k.Name, k.Type, m)
			}
		}
	}
}

func TestDrawnNumbersAreOfAllKinds(t *testing.T) {
	in := Seeded(3)
	seen := map[string]int{}
	for range 400 {
		x := vector[float32](in, "x", 20)
		for _, v := range x {
			a := math.Abs(float64(v))
			switch {
			case v != v:
				seen["NaN"]++
			case math.IsInf(float64(v), 1):
				seen["+Inf"]++
			case math.IsInf(float64(v), -1):
				seen["-Inf"]++
			case v == 0 && math.Signbit(float64(v)):
				seen["-0"]++
			case v == 0:
				seen["+0"]++
			case a < 0x1p-126:
				seen["subnormal"]++
			case a > 0.1 && a < 10:
				seen["of order one"]++
			}
		}
	}
	for _, kind := range []string{"NaN", "+Inf", "-Inf", "-0", "+0", "subnormal", "of order one"} {
		if seen[kind] < 10 {
			t.Errorf("%d of 8000 numbers are %s, want at least 10", seen[kind], kind)
		}
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	err := Run(ctx, kernels.Available(), 1, func(n int) { calls = n; cancel() })
	if err != nil || calls != len(Table) {
		t.Errorf("Run compared %d calls with error %v, want %d and none", calls, err, len(Table))
	}
}
