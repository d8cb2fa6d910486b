package kernels

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// The sweep over all float32 numbers runs in blocks of this many.
const sweepBlock = 1 << 14

// TestFloat32ErrorsStayBelowTheTable measures every float32 argument on the
// active instruction set, and compares one block of 64 with the definition in
// plain Go (TestEveryInstructionSet… compares more). Plain Go alone is too slow
// for all of them: without vectors, and with -short, some blocks have to do.
func TestFloat32ErrorsStayBelowTheTable(t *testing.T) {
	stride := uint32(1)
	if Active() == Go {
		stride = 31
	}
	if testing.Short() {
		stride = 1009
	}
	for _, a := range accuracies {
		if a.f32 == nil {
			continue
		}
		t.Run(a.String(), func(t *testing.T) {
			w := sweep(t, a, stride)
			t.Logf("at most %.4f ULP, at x = %x", w.ulp, w.at)
			// The float64 function is itself off by 2^-29 of these units or two.
			if !(w.ulp+0x1p-27 <= a.ulp) {
				t.Errorf("%.4f ULP at x = %x = %g, want at most %.2f", w.ulp, w.at, w.at, a.ulp)
			}
			if w.ulp < 0.5 {
				t.Error("the errors are too small to be true")
			}
		})
	}
}

// sweep measures every stride-th block of arguments. Of an odd function it
// measures the positive half, and finds that the other mirrors it.
func sweep(t *testing.T, a accuracy, stride uint32) (w worst) {
	blocks := uint32(1 << 32 / sweepBlock)
	if a.odd {
		blocks /= 2
	}
	var next atomic.Uint32
	var lock sync.Mutex
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			var x, y1, y2, g1, g2 [sweepBlock]float32
			var mine worst
			for {
				block := (next.Add(1) - 1) * stride
				if block >= blocks || t.Failed() {
					break
				}
				for i := range x {
					x[i] = math.Float32frombits(block*sweepBlock + uint32(i))
				}
				a.f32(y1[:], y2[:], x[:])
				for i, v := range x {
					e1, e2 := a.wide(float64(v))
					mine.add(error32(y1[i], e1), float64(v))
					if y1[i] != y2[i] {
						mine.add(error32(y2[i], e2), float64(v))
					}
				}
				if a.odd {
					for i, v := range x {
						x[i] = -v
					}
					a.f32(g1[:], g2[:], x[:])
					for i := range x {
						if !sameBits32(g1[i], -y1[i]) || !sameBits32(g2[i], y2[i]) && !sameBits32(g2[i], -y2[i]) {
							t.Errorf("%v of x = ±%x is not odd", a, x[i])
							break
						}
						x[i] = -x[i]
					}
				}
				if block/stride%64 != 0 {
					continue
				}
				a.define(g1[:], g2[:], x[:])
				for i := range x {
					if !sameBits32(g1[i], y1[i]) || !sameBits32(g2[i], y2[i]) {
						t.Errorf("%v of x = %x: %v gives %x, %x; the definition %x, %x", a, x[i], Active(), y1[i], y2[i], g1[i], g2[i])
						break
					}
				}
			}
			lock.Lock()
			w.add(mine.ulp, mine.at)
			lock.Unlock()
		})
	}
	group.Wait()
	return w
}

// The float64 functions below take most arguments by a shorter way, to 2^-50
// of the result: most float32 numbers are tiny or huge.

func wideExp(x float64) (a, b float64) {
	var y float64
	switch {
	case math.Abs(x) < 0x1p-26:
		y = 1 + x
	case x > 200:
		y = math.Inf(1)
	case x < -200:
	default:
		y = math.Exp(x) // or NaN
	}
	return y, y
}

func wideTanh(x float64) (a, b float64) {
	y := x
	switch {
	case math.Abs(x) < 0x1p-13:
		y -= x * x * x / 3
	case x > 20:
		y = 1
	case x < -20:
		y = -1
	default:
		y = math.Tanh(x)
	}
	return y, y
}

func wideSinCos(x float64) (s, c float64) {
	if math.Abs(x) < 0x1p-13 {
		return x - x*x*x/6, 1 - x*x/2
	}
	return sincos64(x) // which TestFloat64Errors… measures
}

func wideAcos(x float64) (a, b float64) {
	y := math.NaN()
	switch {
	case math.Abs(x) < 0x1p-13:
		y = math.Pi/2 - x
	case math.Abs(x) <= 1:
		y = acos64(x) // measured in the same way
	}
	return y, y
}

// define is the definition of a float32 row.
func (a accuracy) define(y1, y2, x []float32) {
	for i, v := range x {
		switch a.name {
		case "Exp":
			y1[i] = exp32(v)
		case "Log":
			y1[i] = log32(v)
		case "Tanh":
			y1[i] = tanh32(v)
		case "Acos":
			y1[i] = acos32(v)
		case "SinCos":
			y1[i], y2[i] = sincos32(v)
			continue
		}
		y2[i] = y1[i]
	}
}

// error32 is |got - exact| in units in the last place of exact, where 2^128
// stands for an infinite got. NaN is right where exact is NaN.
func error32(got float32, exact float64) float64 {
	g := float64(got)
	switch {
	case exact != exact || got != got:
		if exact != exact && got != got {
			return 0
		}
		return math.Inf(1)
	case math.Abs(exact) >= 0x1p128:
		if got == inf32 && exact > 0 || got == -inf32 && exact < 0 {
			return 0
		}
		return math.Inf(1)
	case g > math.MaxFloat32:
		g = 0x1p128
	case g < -math.MaxFloat32:
		g = -0x1p128
	}
	e := max(math.Float64bits(exact)>>52&0x7ff, 1023-126)
	return math.Abs(g-exact) * math.Float64frombits((2046+23-e)<<52) // times 2^(23-exponent)
}
