package kernels

import (
	"flag"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// accuracies says how far the elementary functions may be off, in units in the
// last place of the exact value. The tests hold each function to its row, and
// testdata/accuracy.md is made from it.
var accuracies = []accuracy{
	{name: "Exp", typ: "float32", ulp: 0.90, f32: one(Exp[float32]), wide: wideExp},
	{name: "Log", typ: "float32", ulp: 0.92, f32: one(Log[float32]), wide: oneWide(math.Log)},
	{name: "Tanh", typ: "float32", ulp: 1.75, f32: one(Tanh[float32]), odd: true, wide: wideTanh},
	{name: "SinCos", typ: "float32", ulp: 1.58, f32: SinCos[float32], odd: true, wide: wideSinCos},
	{name: "Acos", typ: "float32", ulp: 1.08, f32: one(Acos[float32]), wide: wideAcos},
	{name: "Atan2", typ: "float32", ulp: 1.60},
	{name: "Exp", typ: "float64", ulp: 0.87, f64: oneWide(exp64), exact: oneBig(bigExp), near: [][2]float64{{-746, 710}, {-1, 1}, {-745.2, -708}}},
	{name: "Log", typ: "float64", ulp: 0.94, f64: oneWide(log64), exact: oneBig(bigLog), positive: true, near: [][2]float64{{0.5, 2}, {0.78, 0.79}, {1.27, 1.29}}},
	{name: "Tanh", typ: "float64", ulp: 1.92, f64: oneWide(tanh64), exact: oneBig(bigTanh), near: [][2]float64{{-20, 20}, {0.2, 0.7}, {0.49, 0.55}}},
	{name: "SinCos", typ: "float64", ulp: 1.60, f64: sincos64, exact: bigSinCos, near: [][2]float64{{-7, 7}, {-1e6, 1e6}, {-0x1p30, 0x1p30}}},
	{name: "Acos", typ: "float64", ulp: 1.15, f64: oneWide(acos64), exact: oneBig(bigAcos), near: [][2]float64{{-1, 1}, {0.48, 0.52}, {-0.52, -0.48}, {0.9999, 1}, {-1, -0.9999}}},
	{name: "Atan2", typ: "float64", ulp: 1.60},
}

// accuracy is a function with one or two results, and its error. Where neither f32
// nor f64 is set, the function has two arguments and a test of its own.
type accuracy struct {
	name, typ string
	ulp       float64 // the greatest error

	// float32: every number is an argument, and the float64 function decides.
	f32  func(a, b, x []float32)
	wide func(x float64) (a, b float64)
	odd  bool // the first result is odd, the second odd or even

	// float64: arguments are drawn by their bits, and uniformly from near.
	f64      func(x float64) (a, b float64)
	exact    func(x *big.Float) (a, b *big.Float)
	positive bool // the domain is x > 0
	near     [][2]float64
}

func (a accuracy) String() string { return a.name + "/" + a.typ }

func one(f func(dst, x []float32)) func(a, b, x []float32) {
	return func(a, b, x []float32) { f(a, x); copy(b, a) }
}

func oneWide(f func(float64) float64) func(float64) (float64, float64) {
	return func(x float64) (float64, float64) { y := f(x); return y, y }
}

func oneBig(f func(*big.Float) *big.Float) func(x *big.Float) (a, b *big.Float) {
	return func(x *big.Float) (*big.Float, *big.Float) { y := f(x); return y, y }
}

// worst keeps the greatest error.
type worst struct {
	ulp float64
	at  float64
}

func (w *worst) add(ulp, at float64) {
	if !(ulp <= w.ulp) {
		w.ulp, w.at = ulp, at
	}
}

func TestFloat64ErrorsStayBelowTheTable(t *testing.T) {
	n := 50_000 // for each way of drawing
	if testing.Short() {
		n = 2_000
	}
	for _, a := range accuracies {
		if a.f64 == nil {
			continue
		}
		t.Run(a.String(), func(t *testing.T) {
			t.Parallel()
			var w worst
			r := rand.New(rand.NewPCG(3, 4))
			measure := func(x float64) {
				if x != x || math.IsInf(x, 0) || a.positive && x <= 0 || a.name == "Exp" && math.Abs(x) > 800 || a.name == "Acos" && math.Abs(x) > 1 {
					return // special arguments have a test of their own
				}
				got1, got2 := a.f64(x)
				exact1, exact2 := a.exact(bigOf(x))
				w.add(ulps64(got1, exact1), x)
				w.add(ulps64(got2, exact2), x)
			}
			for range n {
				measure(math.Float64frombits(r.Uint64()))
				// By bits, but of a middling magnitude.
				measure(math.Float64frombits(r.Uint64()&(sign64|1<<52-1) | uint64(1023-40+r.IntN(60))<<52))
				for _, i := range a.near {
					measure(i[0] + (i[1]-i[0])*r.Float64())
				}
				if a.name == "SinCos" { // next to a zero
					q := math.Ldexp(1+r.Float64(), r.IntN(60))
					measure(math.Round(q) * (math.Pi / 2))
				}
			}
			for u := uint64(1); u < 1<<52; u = u*3 + 1 { // subnormal
				measure(math.Float64frombits(u))
				measure(-math.Float64frombits(u))
			}
			t.Logf("at most %.4f ULP, at x = %x", w.ulp, w.at)
			if !(w.ulp <= a.ulp) {
				t.Errorf("%.4f ULP at x = %x = %g, want at most %.2f", w.ulp, w.at, w.at, a.ulp)
			}
			if w.ulp < 0.5 {
				t.Error("the errors are too small to be true")
			}
		})
	}
}

func TestTheTableOfAccuracyIsWrittenDown(t *testing.T) {
	const file = "testdata/accuracy.md"
	var b strings.Builder
	b.WriteString("# How exact the elementary functions are\n\n")
	b.WriteString("Greatest error in units in the last place of the exact value (0.5 is correct rounding).\n")
	b.WriteString("float32: found over all 2^32 arguments. float64: over samples dense where errors are great.\n")
	b.WriteString("The tests of package kernels hold the functions to this table; made by `go test ./kernels -run Accuracy -update`.\n\n")
	b.WriteString("| function | type | arguments | ULP |\n| --- | --- | --- | --- |\n")
	for _, a := range accuracies {
		how := "all"
		if a.f32 == nil {
			how = "samples"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.2f |\n", a.name, a.typ, how, a.ulp)
	}
	fmt.Fprintf(&b, "| Normals | both | samples of words | %d |\n", normalULP)
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Errorf("%s differs from the table: run with -update", file)
	}
}
