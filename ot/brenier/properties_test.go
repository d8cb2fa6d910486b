package brenier

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"

	"pushforward/ot"
)

func twoBumps(g Grid) []float64 {
	v := gaussian(g, 0.2, 0.25, 0.05, 0.05)
	for k, w := range gaussian(g, 0.8, 0.7, 0.05, 0.05) {
		v[k] += w
	}
	return normal(v)
}

// waves are smooth positive densities on the unit torus.
func waves(g Grid, shift float64) []float64 {
	return sampled(g, func(x, y float64) float64 {
		return 1.1 + math.Sin(2*math.Pi*(x-shift))*math.Cos(2*math.Pi*(y+2*shift))
	})
}

func TestADensityToItselfCostsNothing(t *testing.T) {
	for _, g := range []Grid{Box(40, 33, 2, 1), Torus(33, 40, 1, 2)} {
		mu := noise(g, 1)
		r := run(t, g, mu, mu)
		near(t, "W2²", r.W2Squared, 0, 1e-15)
		near(t, "residual", r.Residual, 0, 1e-13)
		for k := range r.Map.U {
			near(t, "displacement", math.Hypot(r.Map.U[k], r.Map.V[k]), 0, 1e-12)
		}
	}
}

func TestW2IsSymmetric(t *testing.T) {
	g := Box(96, 96, 1, 1)
	mu, nu := gaussian(g, 0.5, 0.5, 0.1, 0.1), twoBumps(g)
	a, b := run(t, g, mu, nu), run(t, g, nu, mu)
	near(t, "W2² there and back", a.W2Squared, b.W2Squared, 3e-4*a.W2Squared)
}

func TestMassUnitAndBoxScaleOut(t *testing.T) {
	g := Box(48, 48, 1, 1)
	mu, nu := gaussian(g, 0.5, 0.4, 0.1, 0.1), gaussian(g, 0.45, 0.6, 0.08, 0.12)
	r := run(t, g, mu, nu)
	for _, c := range []struct{ length, mass float64 }{{1 << 30, 1}, {0x1p-30, 0x1p-900}, {1, 0x1p1000}} {
		s := func(v []float64) []float64 {
			w := make([]float64, len(v))
			for k := range v {
				w[k] = v[k] * c.mass
			}
			return w
		}
		big := Grid{Axis{-c.length, 0, 48, false}, Axis{c.length, 2 * c.length, 48, false}}
		q := run(t, big, s(mu), s(nu))
		near(t, "W2²", q.W2Squared/sq(c.length), r.W2Squared, 1e-13*r.W2Squared)
		near(t, "interpolated", sum(q.Interpolate(0.5))/c.mass, 1, 1e-12)
	}
}

func TestProductsOfLinesMapEachCoordinate(t *testing.T) {
	// U(0,1)² to the densities 2y and 3y²/2 + 1/2: on each axis the map is G⁻¹.
	g := Box(128, 128, 1, 1)
	mu := sampled(g, func(x, y float64) float64 { return 1 })
	nu := sampled(g, func(x, y float64) float64 { return 2 * x * (0.5 + 1.5*y*y) })
	inverse := func(u float64) float64 { // of y/2 + y³/2
		y := u
		for range 60 {
			y -= (y/2 + y*y*y/2 - u) / (0.5 + 1.5*y*y)
		}
		return y
	}
	var want float64 // W2² is a sum over the axes
	const m = 100000
	for k := range m {
		u := (float64(k) + 0.5) / m
		want += (sq(u-math.Sqrt(u)) + sq(u-inverse(u))) / m
	}
	r := run(t, g, mu, nu)
	near(t, "W2²", r.W2Squared, want, 2e-3*want)
	e := mapError(r.Map, mu, func(x, y float64) (float64, float64) { return math.Sqrt(x), inverse(y) })
	if e > 2e-3 {
		t.Errorf("the map is off by %.2e", e)
	}
}

func TestATorusForgetsWhereItIsCut(t *testing.T) {
	g := Torus(64, 48, 2, 1)
	law := func(cx, cy float64) []float64 {
		return sampled(g, func(x, y float64) float64 {
			return math.Exp(40*math.Cos(math.Pi*(x-cx)) + 20*math.Cos(2*math.Pi*(y-cy)))
		})
	}
	// Nine cells along X and seven along Y, in the middle and across both seams.
	dx, dy := 9*g.X.Step(), 7*g.Y.Step()
	var first float64
	for k, at := range [][2]float64{{1, 0.5}, {0.05, 0.95}, {1.9, 0.1}} {
		mu, nu := law(at[0], at[1]), law(at[0]+dx, at[1]+dy)
		r := run(t, g, mu, nu)
		want := dx*dx + dy*dy
		near(t, "W2²", r.W2Squared, want, 1e-3*want)
		near(t, "map", mapError(r.Map, mu, func(x, y float64) (float64, float64) { return x + dx, y + dy }), 0, 5e-3)
		if k == 0 {
			first = r.W2Squared
		}
		near(t, "W2² elsewhere", r.W2Squared, first, 1e-4*first)
	}
}

func TestPotentialsProveTheLowerBound(t *testing.T) {
	for _, g := range []Grid{Box(20, 16, 1, 1), Torus(16, 20, 1, 1)} {
		mu, nu := noise(g, 3), gaussian(g, 0.3, 0.4, 0.1, 0.2)
		r := run(t, g, mu, nu)
		near(t, "W2²", r.W2Squared, sumProducts(mu, r.F)+sumProducts(nu, r.G), 1e-14)
		for k := range r.F {
			for l := range r.G {
				c := sq(g.X.distance(k/g.Y.Cells, l/g.Y.Cells)) + sq(g.Y.distance(k%g.Y.Cells, l%g.Y.Cells))
				if r.F[k]+r.G[l] > c+1e-13 {
					t.Fatalf("F[%d] + G[%d] = %v exceeds the cost %v", k, l, r.F[k]+r.G[l], c)
				}
			}
		}
	}
}

// exact is W2² between the masses at the centres.
func exact(t *testing.T, g Grid, mu, nu []float64) float64 {
	t.Helper()
	x := make([]float64, 0, 2*g.Len())
	for k := range g.Len() {
		x = append(x, g.X.Center(k/g.Y.Cells), g.Y.Center(k%g.Y.Cells))
	}
	cost := ot.SquaredEuclidean
	if g.X.Periodic {
		cost = cost.OnTorus(g.X.Hi-g.X.Lo, g.Y.Hi-g.Y.Lo)
	}
	r, err := ot.Solve(ot.NewPoints(x, 2), ot.NewPoints(x, 2), mu, nu, cost)
	if err != nil {
		t.Fatal(err)
	}
	return r.W2Squared()
}

func TestW2AgreesWithTheExactSolver(t *testing.T) {
	// Masses put at the centres of cells cost more, by the square of the step:
	// the exact values of two grids give that of the densities.
	for _, c := range []struct {
		name string
		make func(n int) (Grid, []float64, []float64)
		tol  float64
	}{
		{"gaussians", func(n int) (Grid, []float64, []float64) {
			g := Box(n, n, 1, 1)
			return g, gaussian(g, 0.4, 0.4, 0.1, 0.15), gaussian(g, 0.55, 0.6, 0.15, 0.1)
		}, 1e-3},
		{"a mass that splits", func(n int) (Grid, []float64, []float64) { return densities("splitting", n) }, 2e-3},
		{"torus", func(n int) (Grid, []float64, []float64) { return densities("torus", n) }, 3e-3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var at [2]float64
			var r *Result
			for k, n := range []int{24, 48} {
				g, mu, nu := c.make(n)
				at[k] = exact(t, g, mu, nu)
				r = run(t, g, mu, nu)
				t.Logf("%d²: W2² %.6f, exact %.6f, primal %.6f, residual %.1e, %d iterations", n, r.W2Squared, at[k], r.Primal, r.Residual, r.Iterations)
				if r.W2Squared > at[k]*(1+1e-10) {
					t.Errorf("%d²: W2² = %v exceeds the exact %v", n, r.W2Squared, at[k])
				}
			}
			want := (4*at[1] - at[0]) / 3
			near(t, "W2²", r.W2Squared, want, c.tol*want)
		})
	}
}

func TestTailsOfTinyDensityConverge(t *testing.T) {
	// At the walls the densities are e^-60 of their greatest value.
	g := Box(128, 128, 1, 1)
	s0, s1 := 0.046, 0.05
	mu, nu := gaussian(g, 0.39, 0.46, s0, s0), gaussian(g, 0.41, 0.57, s1, s1)
	r := run(t, g, mu, nu)
	want := sq(0.02) + sq(0.11) + 2*sq(s1-s0)
	near(t, "W2²", r.W2Squared, want, 2e-5*want)
	for _, at := range [][2]float64{{0.39, 0.46}, {0.2, 0.46}, {0.39, 0.64}, {0.27, 0.35}} { // up to four deviations
		x, y := r.Map.At(at[0], at[1])
		near(t, "T_x", x, 0.41+s1/s0*(at[0]-0.39), g.X.Step()/2)
		near(t, "T_y", y, 0.57+s1/s0*(at[1]-0.46), g.Y.Step()/2)
	}
}

func TestWhatTheGridCannotResolveIsSaid(t *testing.T) {
	// One cell cannot become two, nor all cells of noise each another's mass.
	g := Box(64, 64, 1, 1)
	point, two := make([]float64, g.Len()), make([]float64, g.Len())
	point[32*64+20] = 1
	two[12*64+16], two[50*64+30] = 0.5, 0.5
	r := run(t, g, point, two)
	if r.Status != Unresolved || r.Residual < 0.25 {
		t.Errorf("status %v with residual %.2f, want unresolved", r.Status, r.Residual)
	}
	if want := exact(t, g, point, two); r.W2Squared > want*(1+1e-12) || r.W2Squared < 0 {
		t.Errorf("W2² = %v, want a lower bound of %v", r.W2Squared, want)
	}
}

func TestInterpolationIsAGeodesic(t *testing.T) {
	g := Box(128, 128, 1, 1)
	mu, nu := gaussian(g, 0.4, 0.4, 0.05, 0.08), gaussian(g, 0.55, 0.6, 0.08, 0.05)
	r := run(t, g, mu, nu)
	variation := func(a, b []float64) (s float64) {
		for k := range a {
			s += math.Abs(a[k]-b[k]) / 2
		}
		return s
	}
	near(t, "at 0, mu", variation(r.Interpolate(0), mu), 0, 1e-13)
	near(t, "at 1, nu", variation(r.Interpolate(1), nu), 0, r.Residual+1e-13)
	// Between Gaussians of one orientation everything is linear in t.
	mid := r.Interpolate(0.3)
	near(t, "mass", sum(mid), 1, 1e-12)
	want := gaussian(g, 0.4+0.3*0.15, 0.4+0.3*0.2, 0.05+0.3*0.03, 0.08-0.3*0.03)
	near(t, "at 0.3", variation(mid, want), 0, 1e-3)
	near(t, "distance to mu", run(t, g, mu, mid).W2(), 0.3*r.W2(), 1e-3*r.W2())
	near(t, "distance to nu", run(t, g, mid, nu).W2(), 0.7*r.W2(), 1e-3*r.W2())
}

func TestTheSameBitsOnEveryMachineAndForAnyThreads(t *testing.T) {
	var digests []string
	for _, threads := range []int{1, 2, 5} {
		h := sha256.New()
		put := func(v ...float64) {
			for _, f := range v {
				var b [8]byte
				binary.LittleEndian.PutUint64(b[:], math.Float64bits(f))
				h.Write(b[:])
			}
		}
		for _, g := range []Grid{Box(67, 41, 1, 1), Torus(65, 70, 1, 1), {Axis{Hi: 2, Cells: 64}, Axis{Hi: 1, Cells: 33, Periodic: true}}} {
			law := func(seed int) []float64 { // by exact operations alone
				v := make([]float64, g.Len())
				for k := range v {
					i, j := k/g.Y.Cells, k%g.Y.Cells
					x, y := float64(i*seed%17)/17, float64(j*seed%13)/13
					v[k] = 1 + float64(x*y)
				}
				return v
			}
			mu, nu := law(1), law(1)
			for k := range nu {
				nu[k] = mu[len(mu)-1-k]
			}
			r, err := BackAndForth(g, mu, nu, WithThreads(threads), WithIterations(3))
			if err != nil && !errors.Is(err, ErrIterations) {
				t.Fatal(err)
			}
			put(r.W2Squared, r.Primal, r.Residual)
			put(r.F...)
			put(r.G...)
			put(r.Map.U...)
			put(r.Inverse.V...)
			put(r.Interpolate(0.5)...)
		}
		digests = append(digests, hex.EncodeToString(h.Sum(nil)))
	}
	const want = "ca3569e262f6772266a20b40f7d11adcae43b9522612807d95d6a07e9606cfa3"
	for _, d := range digests {
		if d != want {
			t.Errorf("digests %v, want %s", digests, want)
			break
		}
	}
}

func TestAStoppedComputationSaysSoAndGivesWhatItHas(t *testing.T) {
	g, mu, nu := densities("splitting", 64)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	r, err := BackAndForth(g, mu, nu, WithContext(ctx), WithProgress(func(p Progress) {
		if calls++; calls == 9 {
			cancel()
		}
		if !(p.Residual > 0) || p.Grid.X.Cells > 64 || p.Iteration < 1 {
			t.Errorf("progress %+v", p)
		}
	}))
	if !errors.Is(err, context.Canceled) || r == nil || r.Status != Stopped || calls != 9 {
		t.Fatalf("error %v, result %+v after %d calls", err, r, calls)
	}
	full := run(t, g, mu, nu)
	if full.Status != Converged {
		t.Errorf("status %v, want converged", full.Status)
	}
	near(t, "W2² when stopped", r.W2Squared, full.W2Squared, 0.05*full.W2Squared)
	if r, err = BackAndForth(g, mu, nu, WithIterations(1)); !errors.Is(err, ErrIterations) || r.Status != Stopped || r.Iterations != 1 {
		t.Errorf("with one iteration: error %v, status %v", err, r.Status)
	}
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	g := Box(8, 9, 1, 1)
	even := func() []float64 {
		v := make([]float64, 72)
		for k := range v {
			v[k] = 1
		}
		return v
	}
	with := func(k int, x float64) []float64 {
		v := even()
		v[k] = x
		return v
	}
	for _, c := range []struct {
		name   string
		g      Grid
		mu, nu []float64
		want   string
	}{
		{"negative", g, with(11, -1), even(), "mu[1][2] is -1"},
		{"NaN", g, even(), with(71, math.NaN()), "nu[7][8] is NaN"},
		{"infinite", g, even(), with(0, math.Inf(1)), "nu[0][0] is +Inf"},
		{"zero", g, make([]float64, 72), even(), "mu is zero everywhere"},
		{"unequal", g, even(), with(0, 1.1), "mu sums to 72 and nu to 72.1"},
		{"length", g, even(), make([]float64, 71), "nu has 71 values for 8 × 9 cells"},
		{"small", Box(3, 24, 1, 1), even(), even(), "axis X has 3 cells"},
		{"empty", Box(8, 9, 1, 0), even(), even(), "axis Y goes from 0 to 0"},
		{"not finite", Box(8, 9, math.NaN(), 1), even(), even(), "axis X goes from 0 to NaN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := BackAndForth(c.g, c.mu, c.nu)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	if _, err := BackAndForth(g, even(), even(), WithIterations(0)); err == nil {
		t.Error("no error for no iterations")
	}
	if _, err := BackAndForth(g, even(), even(), WithTolerance(math.NaN())); err == nil {
		t.Error("no error for a tolerance that is no number")
	}
}
