package md

import (
	"context"
	"fmt"
	"math"
	"testing"
)

// timeAverages returns E[x1²] and E[x2²] of the scheme's invariant law, and
// their standard errors, from replicas that start in equilibrium.
func timeAverages(t *testing.T, scheme Scheme, dt float64, replicas, frames, every int) (m, se [2]float64) {
	t.Helper()
	s := simulate(t, draws[float64](t, replicas, 1), Options{Dt: dt, Beta: 1, Scheme: scheme, Seed: 17}, int(8/dt), nil)
	mean := make([]float64, 2*replicas)
	for range frames {
		if err := s.Run(context.Background(), every, nil); err != nil {
			t.Fatal(err)
		}
		for i, v := range s.Positions(nil) {
			mean[i] += v * v / float64(frames)
		}
	}
	for c := range 2 {
		var sum, squares float64
		for r := range replicas {
			v := mean[2*r+c]
			sum += v
			squares += v * v
		}
		n := float64(replicas)
		m[c] = sum / n
		se[c] = math.Sqrt((squares/n - m[c]*m[c]) / n)
	}
	return m, se
}

func TestEulerMaruyamaHasTheInvariantLawOfItsKernel(t *testing.T) {
	r := referenceAt(t, 1)
	steps := []float64{0.1}
	replicas, frames := 500, 400
	if !testing.Short() {
		steps = []float64{0.05, 0.1}
		replicas, frames = 2000, 1200
	}
	for _, dt := range steps {
		m, se := timeAverages(t, EulerMaruyama, dt, replicas, frames, 1)
		want := r.Euler[fmt.Sprint(dt)]
		if math.Abs(m[0]-want.E_x1_2) > 4*se[0] {
			t.Errorf("dt = %v: E[x1²] = %v ± %v, want %v", dt, m[0], se[0], want.E_x1_2)
		}
		if math.Abs(m[1]-want.E_x2_2) > 4*se[1] {
			t.Errorf("dt = %v: E[x2²] = %v ± %v, want %v", dt, m[1], se[1], want.E_x2_2)
		}
		// The bias itself is seen, not lost in the noise.
		if bias := math.Abs(m[0] - r.E_x1_2); bias < 5*se[0] {
			t.Errorf("dt = %v: bias %v is not above its error %v: the test sees nothing", dt, bias, se[0])
		}
	}
}

func TestBiasOfEulerMaruyamaIsOfFirstOrder(t *testing.T) {
	r := referenceAt(t, 1)
	// Bias/dt from the transition kernel's law tends to a constant.
	at := func(dt string, h float64) float64 { return (r.Euler[dt].E_x1_2 - r.E_x1_2) / h }
	if fine, coarse := at("0.001", 0.001), at("0.005", 0.005); math.Abs(coarse/fine-1) > 0.02 {
		t.Errorf("bias/dt = %v at 0.001 and %v at 0.005", fine, coarse)
	}
	if testing.Short() {
		return
	}
	one, se1 := timeAverages(t, EulerMaruyama, 0.05, 2000, 1200, 1)
	two, se2 := timeAverages(t, EulerMaruyama, 0.1, 2000, 1200, 1)
	ratio := (two[0] - r.E_x1_2) / (one[0] - r.E_x1_2)
	t.Logf("bias of E[x1²]: %v ± %v at 0.05, %v ± %v at 0.1, ratio %v", one[0]-r.E_x1_2, se1[0], two[0]-r.E_x1_2, se2[0], ratio)
	if ratio < 1.4 || ratio > 3.2 {
		t.Errorf("the bias grows by %v when the step is doubled, want about 2.2", ratio)
	}
}

// spring is a potential of one coordinate: U = x²/2.
type spring struct{}

func (spring) Dim() int { return 1 }

func (spring) Energies(u, x []float64, ld, n int) {
	for i, v := range x[:n] {
		u[i] = v * v / 2
	}
}

func (spring) Gradients(g []float64, ldg int, x []float64, ld, n int) { copy(g[:n], x[:n]) }

func TestInvariantVarianceOfASpringIsThatOfTheScheme(t *testing.T) {
	const n, dt, beta, steps = 20_000, 0.5, 2.0, 40
	for scheme, want := range map[Scheme]float64{
		EulerMaruyama:      1 / beta / (1 - dt/2),
		LeimkuhlerMatthews: 1 / beta, // exact at any stable step
	} {
		s, err := NewSimulation(spring{}, make([]float64, n), Options{Dt: dt, Beta: beta, Scheme: scheme, Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(context.Background(), steps, nil); err != nil {
			t.Fatal(err)
		}
		var got float64
		for _, v := range s.Positions(nil) {
			got += v * v / n
		}
		if se := want * math.Sqrt(2.0/n); math.Abs(got-want) > 4*se {
			t.Errorf("%v: variance %v ± %v, want %v", scheme, got, se, want)
		}
	}
}

func TestBiasOfLeimkuhlerMatthewsIsOfSecondOrder(t *testing.T) {
	if testing.Short() {
		return
	}
	exact := referenceAt(t, 1).E_x1_2
	one, se1 := timeAverages(t, LeimkuhlerMatthews, 0.1, 2000, 1200, 1)
	two, se2 := timeAverages(t, LeimkuhlerMatthews, 0.2, 2000, 1200, 1)
	b1, b2 := one[0]-exact, two[0]-exact
	t.Logf("bias of E[x1²]: %v ± %v at 0.1, %v ± %v at 0.2", b1, se1[0], b2, se2[0])
	if math.Abs(b2) < 5*se2[0] {
		t.Errorf("bias %v ± %v at 0.2 is not seen", b2, se2[0])
	}
	if math.Abs(b1) > math.Abs(b2)/4*1.5+3*se1[0] {
		t.Errorf("bias %v at 0.1 and %v at 0.2: more than second order allows", b1, b2)
	}
	// Ten times below Euler–Maruyama's at the same step.
	if em := math.Abs(referenceAt(t, 1).Euler["0.1"].E_x1_2 - exact); math.Abs(b1) > em/3 {
		t.Errorf("bias %v at 0.1, Euler–Maruyama's is %v", b1, em)
	}
}
