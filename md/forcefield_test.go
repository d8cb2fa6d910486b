package md_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// openMM are the 100 configurations with the energies and forces of OpenMM's
// Reference platform.
type openMM struct {
	archive *npy.Archive
	n       int
	panel   []float64 // [66][n]
}

func readOpenMM(t testing.TB) *openMM {
	t.Helper()
	archive, err := npy.OpenArchive("testdata/ala2_configs.npz")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { archive.Close() })
	o := &openMM{archive: archive}
	x := o.read(t, "positions")
	o.n = len(x) / 66
	o.panel = transposed(x, o.n, 66)
	return o
}

func (o *openMM) read(t testing.TB, name string) []float64 {
	t.Helper()
	a, err := npy.ReadFrom[float64](o.archive, name)
	if err != nil {
		t.Fatal(err)
	}
	return a.Data
}

// transposed is the panel [d][n] of rows [n][d], or the other way round.
func transposed[T any](x []T, n, d int) []T {
	y := make([]T, len(x))
	for i := range n {
		for k := range d {
			y[k*n+i] = x[i*d+k]
		}
	}
	return y
}

func converted[T, S kernels.Float](x []S) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = T(v)
	}
	return y
}

func field[T kernels.Float](t testing.TB, s *md.System) *md.ForceField[T] {
	t.Helper()
	f, err := md.NewForceField[T](s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// vacuum is a system without its solvent.
func vacuum(s *md.System) *md.System {
	v := *s
	v.Solvent = nil
	return &v
}

func TestEnergiesAndForcesAreThoseOfOpenMM(t *testing.T) {
	o := readOpenMM(t)
	s, _ := molecules.AlanineDipeptide()
	systems := map[string]*md.System{
		"total_obc": s, "total_vacuum": vacuum(s),
		"bond": s.Only(md.BondTerm), "angle": s.Only(md.AngleTerm), "proper": s.Only(md.TorsionTerm), "improper": s.Only(md.ImproperTerm),
		"lj": s.Only(md.LennardJonesTerm), "lj14": s.Only(md.LennardJones14Term),
		"coul": s.Only(md.CoulombTerm), "coul14": s.Only(md.Coulomb14Term),
		"gb": s.Only(md.GeneralizedBornTerm), "sa": s.Only(md.SurfaceTerm),
	}
	if len(systems) != 2+len(md.Terms()) {
		t.Fatalf("%d systems for %d terms", len(systems), len(md.Terms()))
	}
	for name, system := range systems {
		t.Run(name, func(t *testing.T) {
			u, g := make([]float64, o.n), make([]float64, 66*o.n)
			field[float64](t, system).EnergiesAndGradients(u, g, o.n, o.panel, o.n, o.n)
			wantU, wantF := o.read(t, "E_"+name), transposed(o.read(t, "F_"+name), o.n, 66)
			for i := range o.n {
				if d := math.Abs(u[i] - wantU[i]); !(d <= 1e-11*max(1, math.Abs(wantU[i]))) {
					t.Errorf("configuration %d: energy %v, want %v", i, u[i], wantU[i])
				}
				largest := 0.0
				for k := range 66 {
					largest = max(largest, math.Abs(wantF[k*o.n+i]))
				}
				for k := range 66 {
					if d := math.Abs(-g[k*o.n+i] - wantF[k*o.n+i]); !(d <= 1e-10*max(largest, 1)) {
						t.Errorf("configuration %d: force %v on coordinate %d, want %v (largest %v)", i, -g[k*o.n+i], k, wantF[k*o.n+i], largest)
						break
					}
				}
			}
		})
	}
}

func TestFloat32IsAsCloseAsOpenMMsCPUPlatform(t *testing.T) {
	o := readOpenMM(t)
	s, _ := molecules.AlanineDipeptide()
	x := converted[float32](o.panel)
	u, g := make([]float32, o.n), make([]float32, 66*o.n)
	field[float32](t, s).EnergiesAndGradients(u, g, o.n, x, o.n, o.n)
	// Rounding the positions is no error of the force field.
	wantU, wantG := make([]float64, o.n), make([]float64, 66*o.n)
	field[float64](t, s).EnergiesAndGradients(wantU, wantG, o.n, converted[float64](x), o.n, o.n)
	// Bounds are what OpenMM's own CPU platform deviates by from its Reference, but for
	// nearly linear angles: these it computes in double precision and is off by 1.5e-8 and
	// 2.4e-9, which is less than rounding a number to float32 takes.
	for _, c := range []struct {
		name     string
		from, to int
		relative bool // to the energy and to the largest force
		u, f     float64
	}{
		{"300 K and 600 K", 0, 70, false, 8.9e-5, 9.0e-4},
		{"random torsions and noise", 70, 90, true, 3.5e-5, 3.5e-6},
		{"near clashes", 90, 96, true, 2.9e-6, 3.0e-6},
		{"extreme clashes", 96, 98, true, 2.4e-4, 2.6e-4},
		{"nearly linear angles", 98, 100, true, 4e-7, 4e-7},
	} {
		worstU, worstF := 0.0, 0.0
		for i := c.from; i < c.to; i++ {
			largest := 0.0
			for k := range 66 {
				largest = max(largest, math.Abs(wantG[k*o.n+i]))
			}
			scaleU, scaleF := 1.0, 1.0
			if c.relative {
				scaleU, scaleF = math.Abs(wantU[i]), largest
			}
			worstU = max(worstU, math.Abs(float64(u[i])-wantU[i])/scaleU)
			for k := range 66 {
				worstF = max(worstF, math.Abs(float64(g[k*o.n+i])-wantG[k*o.n+i])/scaleF)
			}
		}
		t.Logf("%s: energies off by %.2g, forces by %.2g", c.name, worstU, worstF)
		if !(worstU <= c.u && worstF <= c.f) {
			t.Errorf("%s: energies off by %.2g (want %.2g), forces by %.2g (want %.2g)", c.name, worstU, c.u, worstF, c.f)
		}
	}
}

func TestBornRadiiAreThoseOfOpenMM(t *testing.T) {
	o := readOpenMM(t)
	s, _ := molecules.AlanineDipeptide()
	b, err := md.BornRadii(s, o.panel, o.n, o.n)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range transposed(o.read(t, "born_radii"), o.n, 22) {
		if !(math.Abs(b[i]/want-1) <= 1e-11) {
			t.Errorf("configuration %d: Born radius %v of atom %d, want %v", i%o.n, b[i], i/o.n, want)
		}
	}
	if _, err := md.BornRadii(vacuum(s), o.panel, o.n, o.n); err == nil {
		t.Error("a molecule in vacuum has Born radii")
	}
}

// perturbed are n configurations near a molecule's minimum, as a panel.
func perturbed[T kernels.Float](x []float64, n int, by float64, seed uint64) []T {
	r := rand.New(rand.NewPCG(seed, 1))
	panel := make([]T, len(x)*n)
	for i := range panel {
		panel[i] = T(x[i/n] + by*r.NormFloat64())
	}
	return panel
}

func TestForcesAreDifferencesOfEnergies(t *testing.T) {
	for name, load := range map[string]func() (*md.System, []float64){"OBC2": molecules.AlanineDipeptide, "ff96, OBC1": molecules.AlanineDipeptideFF96} {
		s, x := load()
		f := field[float64](t, s)
		const n, h = 6, 1e-5
		panel := perturbed[float64](x, n, 0.004, 3)
		g := make([]float64, 66*n)
		f.Gradients(g, n, panel, n, n)
		at := func(k int, step float64) []float64 {
			y := append([]float64(nil), panel...)
			for i := range n {
				y[k*n+i] += step
			}
			u := make([]float64, n)
			f.Energies(u, y, n, n)
			return u
		}
		for k := range 66 {
			a, b, c, d := at(k, -2*h), at(k, -h), at(k, h), at(k, 2*h)
			for i := range n {
				slope := (8*(c[i]-b[i]) - (d[i] - a[i])) / (12 * h)
				if math.Abs(slope-g[k*n+i]) > 1e-5*(1+math.Abs(slope)) {
					t.Errorf("%s: coordinate %d of configuration %d: gradient %v, differences %v", name, k, i, g[k*n+i], slope)
				}
			}
		}
	}
}

func TestAMoleculeAloneHasNoNetForceAndTorque(t *testing.T) {
	s, x := molecules.AlanineDipeptide()
	f := field[float64](t, s)
	const n = 5
	panel := perturbed[float64](x, n, 0.01, 4)
	g := make([]float64, 66*n)
	f.Gradients(g, n, panel, n, n)
	for i := range n {
		var force, torque [3]float64
		scale := 0.0
		for a := range 22 {
			var p, q [3]float64
			for c := range 3 {
				p[c], q[c] = panel[(3*a+c)*n+i], g[(3*a+c)*n+i]
				scale = max(scale, math.Abs(q[c]))
				force[c] += q[c]
			}
			for c := range 3 {
				d, e := (c+1)%3, (c+2)%3
				torque[c] += p[d]*q[e] - p[e]*q[d]
			}
		}
		for c := range 3 {
			if math.Abs(force[c]) > 1e-12*scale || math.Abs(torque[c]) > 1e-12*scale {
				t.Errorf("configuration %d: net force %v, torque %v (largest force %v)", i, force, torque, scale)
			}
		}
	}
}

func TestTheMinimaOfAlanineDipeptide(t *testing.T) {
	s, x := molecules.AlanineDipeptide()
	u, g := make([]float64, 1), make([]float64, 66)
	field[float64](t, s).EnergiesAndGradients(u, g, 1, x, 1, 1)
	if math.Abs(u[0]+134.333084502) > 1e-9 {
		t.Errorf("energy %.12f at the minimum, want -134.333084502", u[0])
	}
	for k, v := range g {
		if math.Abs(v) > 1e-3 {
			t.Errorf("gradient %v along coordinate %d at the minimum", v, k)
		}
	}
}

func TestTermsAddUpToTheWhole(t *testing.T) {
	s, x := molecules.AlanineDipeptideFF96()
	sum := 0.0
	u := make([]float64, 1)
	for _, term := range md.Terms() {
		field[float64](t, s.Only(term)).Energies(u, x, 1, 1)
		sum += u[0]
	}
	field[float64](t, s).Energies(u, x, 1, 1)
	if math.Abs(u[0]-sum) > 1e-11*math.Abs(sum) {
		t.Errorf("the terms add up to %v, the whole is %v", sum, u[0])
	}
}

func TestConfigurationsDoNotDisturbEachOther(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		s, x := molecules.AlanineDipeptide()
		f := field[float32](t, s)
		const n = 150 // more than a chunk
		panel := perturbed[float32](x, n, 0.003, 5)
		want, g := make([]float32, n), make([]float32, 66*n)
		f.EnergiesAndGradients(want, g, n, panel, n, n)
		for i, bad := range map[int]float32{3: float32(math.NaN()), 66: float32(math.Inf(1)), 149: float32(math.NaN())} {
			panel[17*n+i] = bad
		}
		u, h := make([]float32, n), make([]float32, 66*n)
		f.EnergiesAndGradients(u, h, n, panel, n, n)
		for i := range n {
			if i == 3 || i == 66 || i == 149 {
				if u[i]-u[i] == 0 {
					t.Errorf("configuration %d has the energy %v without a position", i, u[i])
				}
				continue
			}
			for k := range 66 {
				if u[i] != want[i] || g[k*n+i] != h[k*n+i] {
					t.Fatalf("configuration %d is disturbed: energy %v, %v before", i, u[i], want[i])
				}
			}
		}
		one := make([]float32, 1)
		for i := range n {
			if want[i] == want[i] && i%7 == 0 && i != 66 && i != 3 && i != 149 {
				x := make([]float32, 66)
				for k := range x {
					x[k] = panel[k*n+i]
				}
				if f.Energies(one, x, 1, 1); one[0] != want[i] {
					t.Errorf("configuration %d alone: energy %v, among others %v", i, one[0], want[i])
				}
			}
		}
	})
}

func TestCollisionsHaveFiniteRegularizedEnergies(t *testing.T) {
	s, x := molecules.AlanineDipeptide()
	collisions[float32](t, s, x)
	collisions[float64](t, s, x)
}

// collisions puts pairs of atoms on one another, and all in one place or line.
func collisions[T kernels.Float](t *testing.T, s *md.System, x []float64) {
	r, err := md.Regularize(field[T](t, s), 1e-4)
	if err != nil {
		t.Fatal(err)
	}
	const n = 22*21/2 + 2
	panel := perturbed[T](x, n, 0, 1)
	k := 0
	for i := range 22 {
		for j := range i {
			for c := range 3 {
				panel[(3*i+c)*n+k] = panel[(3*j+c)*n+k]
			}
			k++
		}
	}
	for row := range 66 {
		panel[row*n+k] = 0.5               // all atoms in one point
		panel[row*n+k+1] = T(row/3) * 0.15 // all in a line
	}
	u, g := make([]T, n), make([]T, 66*n)
	r.EnergiesAndGradients(u, g, n, panel, n, n)
	for i, v := range u {
		if !(v <= 2e4) || v < -1000 {
			t.Errorf("%T: collision %d has the energy %v", v, i, v)
		}
		for k := range 66 {
			if d := g[k*n+i]; d-d != 0 {
				t.Errorf("%T: collision %d has the gradient %v along coordinate %d", v, i, d, k)
			}
		}
	}
}

func TestSystemsThatMakeNoSenseAreRefused(t *testing.T) {
	s, _ := molecules.AlanineDipeptide()
	s.Bonds[4].J = 22
	if _, err := md.NewForceField[float32](s); err == nil || !strings.Contains(err.Error(), "bond 4") {
		t.Errorf("error %v, want one that names bond 4", err)
	}
	if _, err := md.NewForceField[float64](&md.System{Name: "nothing"}); err == nil || !strings.Contains(err.Error(), "no atoms") {
		t.Errorf("error %v, want one that says that there are no atoms", err)
	}
}
