package flow

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"pushforward/kernels"
)

func TestThePapersFlowsHaveThePapersParameterCounts(t *testing.T) {
	for _, c := range []struct {
		name         string
		arch         Architecture
		all, acting  int
		wantSameNets bool
	}{
		{name: "masked, 6 layers, hidden 128", arch: RealNVP(2, 6, Masked, 128), all: 7704, acting: 4620},
		{name: "split, 6 layers, hidden 64", arch: RealNVP(2, 6, Split, 64), all: 2316, acting: 2316},
	} {
		f, err := New[float32](c.arch, 1)
		if err != nil {
			t.Fatal(err)
		}
		if f.NumParameters() != c.all || f.NumActing() != c.acting {
			t.Errorf("%s: %d parameters, %d acting, want %d and %d", c.name, f.NumParameters(), f.NumActing(), c.all, c.acting)
		}
		if len(f.stretches) != 1 {
			t.Errorf("%s: %d calls of a kernel, want all layers in one", c.name, len(f.stretches))
		}
	}
}

func TestAFreshFlowIsTheIdentity(t *testing.T) {
	for name, a := range architectures() {
		f, err := New[float32](a, 3)
		if err != nil {
			t.Fatal(err)
		}
		z := normals[float32](50, a.Dim, 1)
		x, logDet := make([]float32, len(z)), make([]float64, 50)
		f.Forward(x, logDet, z)
		if !slices.Equal(x, z) || slices.ContainsFunc(logDet, func(v float64) bool { return v != 0 }) {
			t.Errorf("%s: F is not the identity", name)
		}
	}
}

func TestInverseUndoesForwardAndNegatesItsLogDet(t *testing.T) {
	for name, a := range architectures() {
		f := testFlow[float64](t, a, 5, 1)
		for _, n := range []int{0, 1, 63, 64, 65, 300} {
			z := normals[float64](n, a.Dim, 9)
			x, back := make([]float64, len(z)), make([]float64, len(z))
			forward, inverse := make([]float64, n), make([]float64, n)
			f.Forward(x, forward, z)
			f.Inverse(back, inverse, x)
			for i := range forward {
				forward[i] = -forward[i]
			}
			if e := maxAbs(back, z); !(e < 1e-9) {
				t.Errorf("%s, n = %d: round trip is off by %g", name, n, e)
			}
			if e := maxAbs(forward, inverse); !(e < 1e-9) {
				t.Errorf("%s, n = %d: log-determinants of F and F⁻¹ differ by %g", name, n, e)
			}
			if n == 300 && maxAbs(x, z) < 0.1 {
				t.Errorf("%s: the flow under test is close to the identity", name)
			}
		}
	}
}

func TestLogDetIsThatOfANumericalJacobian(t *testing.T) {
	const h = 1e-6
	for name, a := range architectures() {
		f := testFlow[float64](t, a, 7, 1)
		d := a.Dim
		for _, op := range []struct {
			name string
			run  func(y []float64, logDet []float64, x []float64)
		}{{"Forward", f.Forward}, {"Inverse", f.Inverse}} {
			for sample := range 3 {
				x := normals[float64](1, d, uint64(sample))
				logDet := make([]float64, 1)
				op.run(make([]float64, d), logDet, x)
				jacobian := mat.NewDense(d, d, nil)
				for k := range d {
					up, down := slices.Clone(x), slices.Clone(x)
					up[k] += h
					down[k] -= h
					op.run(up, nil, up)
					op.run(down, nil, down)
					for i := range d {
						jacobian.Set(i, k, (up[i]-down[i])/(2*h))
					}
				}
				det := mat.Det(jacobian)
				if det <= 0 || math.Abs(math.Log(det)-logDet[0]) > 1e-7 {
					t.Errorf("%s, %s: log |det J| = %g, numerically %g", name, op.name, logDet[0], math.Log(det))
				}
			}
		}
	}
}

func TestLogProbIsTheBaseDensityPlusTheLogDet(t *testing.T) {
	for name, a := range architectures() {
		f := testFlow[float64](t, a, 11, 1)
		const n = 100
		x, z := normals[float64](n, a.Dim, 2), make([]float64, n*a.Dim)
		logDet, got := make([]float64, n), make([]float64, n)
		f.LogProb(got, x)
		f.Inverse(z, logDet, x)
		for i := range n {
			want := logDet[i]
			for _, v := range z[i*a.Dim : (i+1)*a.Dim] {
				want += -v*v/2 - math.Log(2*math.Pi)/2
			}
			if math.Abs(got[i]-want) > 1e-12*(1+math.Abs(want)) {
				t.Fatalf("%s: log ρ = %.17g, want %.17g", name, got[i], want)
			}
		}
	}
}

func TestTheDensityIntegratesToOne(t *testing.T) {
	a := RealNVP(2, 4, Masked, 16)
	a.Activation = kernels.SiLU
	f := testFlow[float64](t, a, 13, 1)
	const m, half = 400, 12.0
	x := make([]float64, 0, 2*m*m)
	for i := range m {
		for j := range m {
			x = append(x, half*(2*(float64(i)+0.5)/m-1), half*(2*(float64(j)+0.5)/m-1))
		}
	}
	logProb := make([]float64, m*m)
	f.LogProb(logProb, x)
	sum := 0.0
	for _, l := range logProb {
		sum += math.Exp(l)
	}
	if sum *= (2 * half / m) * (2 * half / m); math.Abs(sum-1) > 1e-4 {
		t.Errorf("the density integrates to %g", sum)
	}
}

func TestSamplesAreAnInfiniteSequenceThatTheSeedNames(t *testing.T) {
	a := RealNVP(3, 4, Split, 16, 16)
	f := testFlow[float32](t, a, 17, 1)
	whole, logProb := make([]float32, 3*1000), make([]float64, 1000)
	f.SampleLogProb(whole, logProb, 42, 0)
	for _, part := range [][2]int{{0, 1}, {1, 64}, {63, 200}, {999, 1000}, {5, 5}} {
		x, lp := make([]float32, 3*(part[1]-part[0])), make([]float64, part[1]-part[0])
		f.SampleLogProb(x, lp, 42, uint64(part[0]))
		if !slices.Equal(x, whole[3*part[0]:3*part[1]]) || !slices.Equal(lp, logProb[part[0]:part[1]]) {
			t.Errorf("samples %d to %d drawn by themselves differ", part[0], part[1])
		}
		f.Sample(x, 42, uint64(part[0]))
		if !slices.Equal(x, whole[3*part[0]:3*part[1]]) {
			t.Errorf("Sample and SampleLogProb differ")
		}
	}
	other := make([]float32, len(whole))
	f.Sample(other, 43, 0)
	if slices.Equal(other, whole) {
		t.Error("two seeds give the same samples")
	}
}

func TestSampleLogProbAgreesWithLogProb(t *testing.T) {
	for name, a := range architectures() {
		f := testFlow[float64](t, a, 19, 1)
		x, got, want := make([]float64, 200*a.Dim), make([]float64, 200), make([]float64, 200)
		f.SampleLogProb(x, got, 1, 1<<40)
		f.LogProb(want, x)
		if e := maxAbs(got, want); !(e < 1e-11) {
			t.Errorf("%s: log-densities differ by %g", name, e)
		}
	}
}

func TestASampleDoesNotDependOnItsPlaceInTheBatch(t *testing.T) {
	for _, a := range []Architecture{RealNVP(2, 6, Masked, 128), RealNVP(5, 3, Split, 20, 12)} {
		f := testFlow[float32](t, a, 23, 1)
		n, d := 700, a.Dim
		z := normals[float32](n, d, 3)
		x, logDet := make([]float32, n*d), make([]float64, n)
		f.Forward(x, logDet, z)
		for _, i := range []int{0, 1, 63, 64, 255, 256, 511, 699} {
			one, det := make([]float32, d), make([]float64, 1)
			f.Forward(one, det, z[i*d:(i+1)*d])
			if !slices.Equal(one, x[i*d:(i+1)*d]) || det[0] != logDet[i] {
				t.Errorf("d = %d: sample %d alone differs from the same in a batch", d, i)
			}
		}
	}
}

func TestThePathForNarrowNetsGivesTheBitsOfDenseLayers(t *testing.T) {
	masks := func(text ...string) (all []Mask) {
		for _, m := range text {
			mask, err := ParseMask(m)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, mask)
		}
		return all
	}
	for _, c := range []struct {
		name      string
		masks     []Mask
		bound     Bound
		stretches int
	}{
		{"alternating masks", masks("10", "01", "10"), Bound{Factor: 1}, 1},
		{"an even number of layers, the second feature first", masks("01", "10", "01", "10"), Bound{Factor: 0.7, Learnt: true}, 1},
		{"masks that repeat", masks("10", "10", "01", "01", "10", "10"), Bound{Factor: 0.7, Learnt: true}, 4},
		{"one mask for all, no bound", masks("01", "01"), Bound{}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := RealNVP(2, len(c.masks), Split, 23)
			a.Masks, a.Bound = c.masks, c.bound
			narrow := testFlow[float32](t, a, 29, 1)
			dense := narrow.Clone()
			dense.stretches = nil
			if len(narrow.stretches) != c.stretches {
				t.Errorf("%d calls of a kernel, want %d", len(narrow.stretches), c.stretches)
			}
			const n = 250
			x := normals[float32](n, 2, 1)
			for name, op := range map[string][2]func(y []float32, logDet []float64, x []float32){
				"Forward": {narrow.Forward, dense.Forward}, "Inverse": {narrow.Inverse, dense.Inverse},
			} {
				got, want := make([]float32, 2*n), make([]float32, 2*n)
				gotDet, wantDet := make([]float64, n), make([]float64, n)
				op[0](got, gotDet, x)
				op[1](want, wantDet, x)
				if !slices.Equal(got, want) || !slices.Equal(gotDet, wantDet) {
					t.Errorf("%s: bits differ", name)
				}
				op[0](got, nil, x)
				if !slices.Equal(got, want) {
					t.Errorf("%s: bits differ without log-determinants", name)
				}
			}
		})
	}
}

func TestMismatchedLengthsPanicWithWhatWasWanted(t *testing.T) {
	f := testFlow[float32](t, RealNVP(2, 2, Split, 4), 1, 1)
	for name, call := range map[string]func(){
		"flow: Forward: len(z) = 3, want a multiple of the dimension 2": func() { f.Forward(make([]float32, 3), nil, make([]float32, 3)) },
		"flow: Inverse: len(z) = 2, want 4":                             func() { f.Inverse(make([]float32, 2), nil, make([]float32, 4)) },
		"flow: Forward: len(logDet) = 3, want 2":                        func() { f.Forward(make([]float32, 4), make([]float64, 3), make([]float32, 4)) },
		"flow: LogProb: len(logProb) = 0, want 2":                       func() { f.LogProb(nil, make([]float32, 4)) },
		"flow: SetParameters: len(src) = 1, want 52":                    func() { f.SetParameters(make([]float32, 1)) },
	} {
		func() {
			defer func() {
				if got := recover(); got != name {
					t.Errorf("panicked with %v, want %s", got, name)
				}
			}()
			call()
		}()
	}
}
