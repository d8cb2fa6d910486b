package md_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
)

// particles are a cluster's parameters and positions, [n][3].
type particles struct {
	charge, sigma, epsilon, x []float64
}

func (p *particles) n() int { return len(p.charge) }

func newCluster[T kernels.Float](t testing.TB, p *particles, o md.ClusterOptions) *md.Cluster[T] {
	t.Helper()
	c, err := md.NewCluster[T](p.charge, p.sigma, p.epsilon, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// drawParticles puts n particles on a lattice of about a liquid's density, each
// moved a little.
func drawParticles(n int, seed uint64) *particles {
	r := rand.New(rand.NewPCG(seed, 1))
	p := &particles{}
	side := int(math.Ceil(math.Cbrt(float64(n))))
	for i := range n {
		for _, k := range []int{i % side, i / side % side, i / side / side} {
			p.x = append(p.x, 0.31*(float64(k)+0.3*r.Float64()))
		}
		p.charge = append(p.charge, 0.5*r.NormFloat64())
		p.sigma = append(p.sigma, 0.2+0.1*r.Float64())
		p.epsilon = append(p.epsilon, r.Float64())
	}
	return p
}

func convert[T, U kernels.Float](x []U) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = T(v)
	}
	return y
}

func largest[T kernels.Float](x []T) (most float64) {
	for _, v := range x {
		most = max(most, math.Abs(float64(v)))
	}
	return most
}

// difference is the largest one of two slices, NaN if there is one.
func difference[T, U kernels.Float](x []T, y []U) (most float64) {
	for i := range x {
		most = max(most, math.Abs(float64(x[i])-float64(y[i])))
	}
	return most
}

// direct sums all pairs, or those nearer than the cutoff, one after the other.
func direct(p *particles, o md.ClusterOptions) (lj, coulomb float64, f []float64) {
	e := o.Dielectric
	if e == 0 {
		e = 78.3
	}
	rc := o.Cutoff
	f = make([]float64, len(p.x))
	for i := range p.n() {
		for j := range i {
			var d [3]float64
			r2 := 0.0
			for k := range d {
				d[k] = p.x[3*i+k] - p.x[3*j+k]
				r2 += d[k] * d[k]
			}
			if rc > 0 && r2 >= rc*rc {
				continue
			}
			r := math.Sqrt(r2)
			sigma, epsilon := (p.sigma[i]+p.sigma[j])/2, math.Sqrt(p.epsilon[i]*p.epsilon[j])
			qq := md.CoulombConstant * p.charge[i] * p.charge[j]
			s6 := math.Pow(sigma/r, 6)
			lj += 4 * epsilon * (s6*s6 - s6)
			coulomb += qq / r
			pull := (24*epsilon*(2*s6*s6-s6) + qq/r) / r2
			if rc > 0 {
				c6 := math.Pow(sigma/rc, 6)
				lj -= 4 * epsilon * (c6*c6 - c6)
				k := (e - 1) / (2*e + 1) / (rc * rc * rc)
				coulomb += qq * (k*r2 - 3*e/(2*e+1)/rc)
				pull -= 2 * qq * k
			}
			for k := range d {
				f[3*i+k] += pull * d[k]
				f[3*j+k] -= pull * d[k]
			}
		}
	}
	return lj, coulomb, f
}

// The file holds sums of 80-bit numbers over all pairs.
func TestClustersHaveTheEnergiesAndForcesOfTheReference(t *testing.T) {
	archive, err := npy.OpenArchive("testdata/pairs.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	read := func(name string) []float64 {
		a, err := npy.ReadFrom[float64](archive, name)
		if err != nil {
			t.Fatal(err)
		}
		return a.Data
	}
	systems := 0
	for _, name := range archive.Names() {
		key, ok := strings.CutSuffix(name, "_positions")
		if !ok {
			continue
		}
		systems++
		p := &particles{read(key + "_charge"), read(key + "_sigma"), read(key + "_epsilon"), read(name)}
		wantLJ, wantCoulomb := read(key + "_E_lj")[0], read(key + "_E_coul")[0]
		want, coulombForces := read(key+"_F_lj"), read(key+"_F_coul")
		for i := range want {
			want[i] += coulombForces[i]
		}
		f := make([]float64, len(p.x))
		lj, coulomb := newCluster[float64](t, p, md.ClusterOptions{}).Forces(f, p.x)
		if e := math.Abs(lj-wantLJ) / max(1, math.Abs(wantLJ)); !(e <= 1e-11) {
			t.Errorf("%s: Lennard-Jones %v, want %v (%.1e)", key, lj, wantLJ, e)
		}
		if e := math.Abs(coulomb-wantCoulomb) / max(1, math.Abs(wantCoulomb)); !(e <= 1e-11) {
			t.Errorf("%s: Coulomb %v, want %v (%.1e)", key, coulomb, wantCoulomb, e)
		}
		if e := difference(f, want) / largest(want); !(e <= 1e-10) {
			t.Errorf("%s: forces differ by %.1e of the largest", key, e)
		}
		testSingle(t, key, p)
	}
	if systems != 30 {
		t.Errorf("%d systems, want 30", systems)
	}
}

// testSingle compares float32 with float64 on the same, rounded numbers.
func testSingle(t *testing.T, key string, p *particles) {
	round := func(x []float64) []float64 { return convert[float64](x32(x)) }
	q := &particles{round(p.charge), round(p.sigma), round(p.epsilon), round(p.x)}
	want, f := make([]float64, len(q.x)), make([]float32, len(q.x))
	wantLJ, wantCoulomb := newCluster[float64](t, q, md.ClusterOptions{}).Forces(want, q.x)
	lj, coulomb := newCluster[float32](t, q, md.ClusterOptions{}).Forces(f, x32(q.x))
	scale := max(1, math.Abs(wantLJ)+math.Abs(wantCoulomb))
	if e := (math.Abs(lj-wantLJ) + math.Abs(coulomb-wantCoulomb)) / scale; !(e <= 3e-6) {
		t.Errorf("%s: energies in float32 %v and %v, want %v and %v (%.1e)", key, lj, coulomb, wantLJ, wantCoulomb, e)
	}
	// Two large forces may cancel: the energies tell how large, over some 0.1 nm.
	if e := difference(f, want) / (largest(want) + 10*scale); !(e <= 1e-6) {
		t.Errorf("%s: forces in float32 differ by %.1e of the largest", key, e)
	}
}

func x32(x []float64) []float32 { return convert[float32](x) }

var variants = map[string]md.ClusterOptions{
	"all pairs":           {},
	"cutoff":              {Cutoff: 0.8},
	"cutoff, with a skin": {Cutoff: 0.8, Skin: 0.15},
	"cutoff, conductor":   {Cutoff: 1.1, Dielectric: math.Inf(1)},
	"cutoff, no medium":   {Cutoff: 0.5, Dielectric: 1},
}

func TestClustersAreTheSumOverPairs(t *testing.T) {
	for name, o := range variants {
		if math.IsInf(o.Dielectric, 0) {
			o.Dielectric = 1e30 // as far as direct is concerned
		}
		for _, n := range []int{1, 2, 7, 16, 17, 100, 700} {
			p := drawParticles(n, uint64(n))
			wantLJ, wantCoulomb, want := direct(p, o)
			f := make([]float64, len(p.x))
			lj, coulomb := newCluster[float64](t, p, o).Forces(f, p.x)
			if !(math.Abs(lj-wantLJ) <= 1e-11*max(1, math.Abs(wantLJ))) || !(math.Abs(coulomb-wantCoulomb) <= 1e-11*max(1, math.Abs(wantCoulomb))) {
				t.Errorf("%s, %d particles: energies %v and %v, want %v and %v", name, n, lj, coulomb, wantLJ, wantCoulomb)
			}
			if e := difference(f, want); !(e <= 1e-11*max(1, largest(want))) {
				t.Errorf("%s, %d particles: forces differ by %g", name, n, e)
			}
		}
	}
}

func TestClusterForcesAreDifferencesOfEnergies(t *testing.T) {
	const h = 1e-6
	for name, o := range variants {
		p := drawParticles(60, 3)
		c := newCluster[float64](t, p, o)
		f := make([]float64, len(p.x))
		c.Forces(f, p.x)
		for k, at := range p.x {
			energy := func(x float64) float64 {
				p.x[k] = x
				lj, coulomb := c.Forces(nil, p.x)
				return lj + coulomb
			}
			want := (energy(at-h) - energy(at+h)) / (2 * h)
			p.x[k] = at
			if math.Abs(f[k]-want) > 1e-6*largest(f) {
				t.Errorf("%s: force %d is %v, differences of energies give %v", name, k, f[k], want)
			}
		}
	}
}

func TestClustersNeitherMoveNorTurnThemselves(t *testing.T) {
	for name, o := range variants {
		p := drawParticles(500, 4)
		f := make([]float64, len(p.x))
		newCluster[float64](t, p, o).Forces(f, p.x)
		var force, torque [3]float64
		for i := 0; i < len(f); i += 3 {
			for k := range 3 {
				a, b := (k+1)%3, (k+2)%3
				force[k] += f[i+k]
				torque[k] += p.x[i+a]*f[i+b] - p.x[i+b]*f[i+a]
			}
		}
		if most := max(largest(force[:]), largest(torque[:])); most > 1e-11*largest(f) {
			t.Errorf("%s: net force %v and torque %v, largest force %v", name, force, torque, largest(f))
		}
	}
}

func TestNamesAndPlaceOfParticlesDoNotMatter(t *testing.T) {
	for name, o := range variants {
		p := drawParticles(400, 5)
		f := make([]float64, len(p.x))
		lj, coulomb := newCluster[float64](t, p, o).Forces(f, p.x)
		r := rand.New(rand.NewPCG(6, 6))
		q := &particles{}
		order := r.Perm(p.n())
		for _, i := range order {
			q.charge, q.sigma, q.epsilon = append(q.charge, p.charge[i]), append(q.sigma, p.sigma[i]), append(q.epsilon, p.epsilon[i])
			for k := range 3 {
				q.x = append(q.x, p.x[3*i+k]+[3]float64{2, -1, 0.5}[k])
			}
		}
		g := make([]float64, len(q.x))
		lj2, coulomb2 := newCluster[float64](t, q, o).Forces(g, q.x)
		if math.Abs(lj2-lj) > 1e-10*math.Abs(lj) || math.Abs(coulomb2-coulomb) > 1e-10*math.Abs(coulomb) {
			t.Errorf("%s: energies %v and %v, before %v and %v", name, lj2, coulomb2, lj, coulomb)
		}
		for j, i := range order {
			if difference(g[3*j:3*j+3], f[3*i:3*i+3]) > 1e-11*largest(f) {
				t.Fatalf("%s: forces on particle %d: %v, before %v", name, i, g[3*j:3*j+3], f[3*i:3*i+3])
			}
		}
	}
}

func TestALargeCutoffLeavesAllPairs(t *testing.T) {
	p := drawParticles(300, 7)
	want, f := make([]float64, len(p.x)), make([]float64, len(p.x))
	lj, coulomb := newCluster[float64](t, p, md.ClusterOptions{}).Forces(want, p.x)
	before := math.Inf(1)
	for _, rc := range []float64{2, 20, 200, 2000} {
		a, b := newCluster[float64](t, p, md.ClusterOptions{Cutoff: rc, Dielectric: 1}).Forces(f, p.x)
		e := math.Abs(a-lj) + math.Abs(b-coulomb)
		if e > before/5 {
			t.Errorf("cutoff %v: energies differ by %v, by %v with a tenth of the cutoff", rc, e, before)
		}
		before = e
		if d := difference(f, want); rc > 5 && d > 1e-11*largest(want) {
			t.Errorf("cutoff %v: forces differ by %v", rc, d)
		}
	}
}

func TestClustersAreTheSameBitsForAnyNumberOfThreads(t *testing.T) {
	for name, o := range variants {
		p := drawParticles(6000, 8)
		var want []float32
		var wantLJ, wantCoulomb float64
		for _, threads := range []int{1, 2, 3, 8} {
			o.Threads = threads
			f := make([]float32, len(p.x))
			lj, coulomb := newCluster[float32](t, p, o).Forces(f, x32(p.x))
			if want == nil {
				want, wantLJ, wantCoulomb = f, lj, coulomb
			}
			if lj != wantLJ || coulomb != wantCoulomb || difference(f, want) != 0 {
				t.Errorf("%s: %d threads give other bits than one", name, threads)
			}
		}
	}
}

func TestClustersAreTheSameBitsOnEveryInstructionSet(t *testing.T) {
	for name, o := range variants {
		p := drawParticles(150, 9)
		var want []float64
		isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
			f := make([]float64, len(p.x))
			lj, coulomb := newCluster[float64](t, p, o).Forces(f, p.x)
			f = append(f, lj, coulomb)
			if want == nil {
				want = f
			}
			if difference(f, want) != 0 {
				t.Errorf("%s: %v gives other bits", name, isa)
			}
		})
	}
}

func TestParticlesAtOnePlaceGiveNoNaN(t *testing.T) {
	for name, o := range variants {
		p := drawParticles(90, 10)
		for i := range 40 {
			copy(p.x[3*i:], p.x[3*(i%4):3*(i%4)+3])
		}
		f := make([]float32, len(p.x))
		lj, coulomb := newCluster[float32](t, p, o).Forces(f, x32(p.x))
		if math.IsNaN(lj) || math.IsNaN(coulomb) || math.IsNaN(difference(f, p.x)) {
			t.Errorf("%s: energies %v and %v, or a force, are NaN", name, lj, coulomb)
		}
	}
}

func TestACoordinateThatIsNoNumberSpoilsItsConfigurationAlone(t *testing.T) {
	for name, o := range variants {
		p := drawParticles(40, 11)
		c := newCluster[float64](t, p, o)
		for _, bad := range []float64{math.NaN(), math.Inf(1), -0x1p61} {
			const n, ld = 3, 5
			x, g, u := make([]float64, c.Dim()*ld), make([]float64, c.Dim()*ld), make([]float64, n)
			for k, v := range p.x {
				x[k*ld], x[k*ld+1], x[k*ld+2] = v, v, v
			}
			x[7*ld+1] = bad
			c.EnergiesAndGradients(u, g, ld, x, ld, n)
			for k := range p.x {
				if g[k*ld] != g[k*ld+2] || math.IsNaN(g[k*ld]) || !math.IsNaN(g[k*ld+1]) {
					t.Fatalf("%s, %v: gradient %v", name, bad, g[k*ld:][:n])
				}
			}
			if u[0] != u[2] || math.IsNaN(u[0]) || !math.IsNaN(u[1]) {
				t.Errorf("%s, %v: energies %v", name, bad, u)
			}
		}
	}
}

func TestAClusterIsAPotential(t *testing.T) {
	p := drawParticles(50, 12)
	c := newCluster[float64](t, p, md.ClusterOptions{Cutoff: 0.9})
	const n, ld = 3, 4
	x, g, u, v := make([]float64, c.Dim()*ld), make([]float64, c.Dim()*n), make([]float64, n), make([]float64, n)
	for i := range n {
		for k, at := range p.x {
			x[k*ld+i] = at * (1 + 0.01*float64(i))
		}
	}
	var potential md.Potential[float64] = c
	potential.Energies(u, x, ld, n)
	potential.Gradients(g, n, x, ld, n)
	h := make([]float64, len(g))
	c.EnergiesAndGradients(v, h, n, x, ld, n)
	one, f := make([]float64, c.Dim()), make([]float64, c.Dim())
	for i := range n {
		for k := range one {
			one[k] = x[k*ld+i]
		}
		lj, coulomb := c.Forces(f, one)
		if u[i] != lj+coulomb || v[i] != u[i] {
			t.Errorf("energies %v and %v, want %v", u[i], v[i], lj+coulomb)
		}
		for k := range f {
			if g[k*n+i] != -f[k] || h[k*n+i] != -f[k] {
				t.Fatalf("gradients %v and %v, want %v", g[k*n+i], h[k*n+i], -f[k])
			}
		}
	}
}

func TestClustersRefuseWhatMakesNoSense(t *testing.T) {
	one, nan := []float64{1}, math.NaN()
	for want, f := range map[string]func() (*md.Cluster[float64], error){
		"without particles": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](nil, nil, nil, md.ClusterOptions{})
		},
		"1 charges, 2 sigmas": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](one, []float64{1, 2}, one, md.ClusterOptions{})
		},
		"particle 0 has sigma -1": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](one, []float64{-1}, one, md.ClusterOptions{})
		},
		"particle 0 has charge Na": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64]([]float64{nan}, one, one, md.ClusterOptions{})
		},
		"epsilon +Inf": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](one, one, []float64{math.Inf(1)}, md.ClusterOptions{})
		},
		"cutoff -1": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](one, one, one, md.ClusterOptions{Cutoff: -1})
		},
		"skin NaN": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](one, one, one, md.ClusterOptions{Skin: nan})
		},
		"dielectric constant 0.5": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](one, one, one, md.ClusterOptions{Dielectric: 0.5})
		},
		"-1 threads": func() (*md.Cluster[float64], error) {
			return md.NewCluster[float64](one, one, one, md.ClusterOptions{Threads: -1})
		},
	} {
		if _, err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one with %q", err, want)
		}
	}
}

// A crystal of argon.
func ExampleCluster() {
	const n = 1000
	charges, sigmas, epsilons, x := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, 3*n)
	for i := range n {
		sigmas[i], epsilons[i] = 0.34, 0.996
		x[3*i], x[3*i+1], x[3*i+2] = 0.38*float64(i%10), 0.38*float64(i/10%10), 0.38*float64(i/100)
	}
	c, err := md.NewCluster[float64](charges, sigmas, epsilons, md.ClusterOptions{Cutoff: 0.9, Skin: 0.1})
	if err != nil {
		panic(err)
	}
	forces := make([]float64, 3*n)
	energy, _ := c.Forces(forces, x)
	fmt.Printf("%.4f kJ/mol, %.4f kJ/(mol nm) on an atom in the corner\n", energy, forces[0])
	// Output:
	// -4034.3425 kJ/mol, 3.6122 kJ/(mol nm) on an atom in the corner
}
