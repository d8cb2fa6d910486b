package flow

import (
	"context"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestTheJacobianIsThatOfFiniteDifferences(t *testing.T) {
	const h = 1e-6
	for name, a := range architectures() {
		f := testFlow[float64](t, a, 61, 1)
		n, d := 70, a.Dim
		x := normals[float64](n, d, 3)
		i := 0
		f.inverseJacobians(x, func(jacobian []float64) {
			if i++; i%20 != 1 {
				return
			}
			row := x[(i-1)*d : i*d]
			for k := range d {
				up, down := slices.Clone(row), slices.Clone(row)
				up[k] += h
				down[k] -= h
				f.Inverse(up, nil, up)
				f.Inverse(down, nil, down)
				for j := range d {
					want := (up[j] - down[j]) / (2 * h)
					if got := jacobian[j*d+k]; math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
						t.Errorf("%s: ∂z%d/∂x%d = %g, want %g", name, j, k, got, want)
					}
				}
			}
		})
		if i != n {
			t.Errorf("%s: %d Jacobians, want %d", name, i, n)
		}
	}
}

func TestSingularValuesAreThoseOfAnAffineFlow(t *testing.T) {
	// Without hidden layers and scales that don't depend on x, F is affine.
	a := RealNVP(3, 4, Split)
	a.Bound = Bound{}
	f := testFlow[float64](t, a, 67, 1)
	for _, c := range f.layers {
		clear(c.scale.linears[0].w)
	}
	points := []float64{0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}
	f.Forward(points, nil, points)
	m := mat.NewDense(3, 3, nil)
	for k := range 3 {
		for j := range 3 {
			m.Set(j, k, points[3*(k+1)+j]-points[j])
		}
	}
	var svd mat.SVD
	svd.Factorize(m, mat.SVDNone)
	want := svd.Values(nil)
	got := f.BiLipschitz(normals[float64](100, 3, 1))
	for _, c := range [][2]float64{
		{got.Largest, want[0]}, {got.Smallest, want[2]},
		{got.MeanLogLargest, math.Log(want[0])}, {got.MeanLogSmallest, math.Log(want[2])},
	} {
		if math.Abs(c[0]-c[1]) > 1e-12*(1+math.Abs(c[1])) {
			t.Errorf("%+v, want singular values %v", got, want)
		}
	}
}

func TestBiLipschitzConstantsBoundTheLogDet(t *testing.T) {
	f := testFlow[float32](t, RealNVP(2, 6, Masked, 32), 71, 1)
	x := make([]float32, 2*500)
	f.Sample(x, 1, 0)
	logDet := make([]float64, 500)
	f.Inverse(make([]float32, len(x)), logDet, x)
	mean := -sum(logDet) / 500
	r := f.BiLipschitz(x)
	if got := r.MeanLogLargest + r.MeanLogSmallest; math.Abs(got-mean) > 1e-5 {
		t.Errorf("in the plane log σ₁ + log σ₂ = %g must be log |det J| = %g in the mean", got, mean)
	}
	if !(r.Smallest > 0 && math.Log(r.Smallest) <= r.MeanLogSmallest && r.MeanLogLargest <= math.Log(r.Largest)) {
		t.Errorf("%+v", r)
	}
}

func TestTheRoundTripErrorIsRounding(t *testing.T) {
	f := testFlow[float32](t, RealNVP(2, 6, Masked, 128), 73, 1)
	x := make([]float32, 2*5000)
	f.Sample(x, 1, 0)
	if r := f.RoundTrip(x); !(r.Largest > 0 && r.Largest < 1e-4 && r.RMS <= r.Largest) {
		t.Errorf("float32: %v", r)
	}
	wide := normals[float64](5000, 2, 1)
	if r := Convert[float64](f).RoundTrip(wide); !(r.Largest < 1e-11) {
		t.Errorf("float64: %v", r)
	}
	wide[7] = math.NaN()
	if r := Convert[float64](f).RoundTrip(wide); !math.IsNaN(r.Largest) || r.At != 3 {
		t.Errorf("a NaN goes unnoticed: %v", r)
	}
}

func TestAPerfectFlowHasFullEffectiveSampleSizeAndTheExactLogZ(t *testing.T) {
	f := testFlow[float64](t, RealNVP(3, 4, Split, 16), 79, 1)
	const logZ = 3.25
	exact := EnergyFunc(func(dst, x []float64) {
		f.LogProb(dst, x)
		for i := range dst {
			dst[i] = -dst[i] - logZ
		}
	})
	r := f.Importance(exact, 40000, 1, 0)
	if math.Abs(r.ESS-1) > 1e-12 || math.Abs(r.LogZ-logZ) > 1e-10 || math.Abs(r.ReverseKL) > 1e-10 || r.N != 40000 {
		t.Errorf("%+v, want ESS 1, log Z %g, KL 0", r, logZ)
	}
}

func TestImportanceWeightsOfGaussiansHaveTheirClosedForms(t *testing.T) {
	// A target N(m, 1) in one of two features, from N(0, 1): E w² = exp(m²), KL = m²/2.
	f, _ := New[float64](RealNVP(2, 2, Split, 4), 1)
	const m = 0.5
	energy := EnergyFunc(func(dst, x []float64) {
		for i := range dst {
			dst[i] = (x[2*i]-m)*(x[2*i]-m)/2 + x[2*i+1]*x[2*i+1]/2
		}
	})
	r := f.Importance(energy, 200000, 1, 7)
	if math.Abs(r.ESS-math.Exp(-m*m)) > 0.01 || math.Abs(r.ReverseKL-m*m/2) > 0.01 {
		t.Errorf("%+v, want ESS %g, KL %g", r, math.Exp(-m*m), m*m/2)
	}
	if want := math.Log(2 * math.Pi); math.Abs(r.LogZ-want) > 4*r.LogZError || r.LogZError > 0.01 {
		t.Errorf("log Z = %g ± %g, want %g", r.LogZ, r.LogZError, want)
	}
	walls := EnergyFunc(func(dst, x []float64) {
		for i := range dst {
			dst[i] = math.Inf(1)
			if x[2*i] > 0 {
				dst[i] = 0
			}
		}
	})
	nowhere := EnergyFunc(func(dst, x []float64) { copy(dst, repeat(math.Inf(1), len(dst))) })
	if r := f.Importance(nowhere, 10, 1, 0); r.ESS != 0 || !math.IsInf(r.LogZ, -1) {
		t.Errorf("energies that are infinite everywhere: %+v", r)
	}
	if r := f.Importance(walls, 1000, 1, 0); math.IsNaN(r.LogZ) || !(r.ESS > 0 && r.ESS < 1) {
		t.Errorf("infinite energies: %+v", r)
	}
}

func TestATrainedFlowGivesTheLogZOfTheDoubleWell(t *testing.T) {
	steps, ess := 1500, 0.97
	if testing.Short() {
		steps, ess = 400, 0.9
	}
	f, _ := New[float32](RealNVP(2, 6, Split, 32), 1)
	if _, err := Train(context.Background(), f, toFloat32(doubleWellDensity().sample(20000, 1)), TrainConfig{
		Steps: steps, Batch: 512, Optimizer: AdamW{Rate: 5e-3},
	}); err != nil {
		t.Fatal(err)
	}
	energy := EnergyFunc(func(dst, x []float64) {
		for i := range dst {
			a, b := x[2*i], x[2*i+1]
			dst[i] = (a*a-1)*(a*a-1)/4 + b*b/2
		}
	})
	r := f.Importance(energy, 50000, 3, 0)
	t.Logf("%+v", r)
	const exact = 2.03123
	if math.Abs(r.LogZ-exact) > 0.01 || r.ESS < ess {
		t.Errorf("log Z = %.5f ± %.5f, want %.5f; ESS %.4f, want above %g", r.LogZ, r.LogZError, exact, r.ESS, ess)
	}
}
