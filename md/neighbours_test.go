package md_test

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"pushforward/kernels"
	"pushforward/md"
)

// unusual are arrangements that a list of neighbours must not stumble on.
var unusual = map[string]func(x []float64, r *rand.Rand){
	"on a line": func(x []float64, r *rand.Rand) {
		for i := range x {
			x[i] = 0
			if i%3 == 1 {
				x[i] = 0.1 * float64(i)
			}
		}
	},
	"in a plane": func(x []float64, r *rand.Rand) {
		for i := 0; i < len(x); i += 3 {
			x[i], x[i+1], x[i+2] = 5*r.Float64(), 1, 5*r.Float64()
		}
	},
	"with some far away": func(x []float64, r *rand.Rand) {
		for i := 0; i < len(x); i += 60 {
			x[i] += 1e5 * r.NormFloat64()
		}
	},
	"in clumps": func(x []float64, r *rand.Rand) {
		for i := range x {
			x[i] = x[i]/8 + 4*float64(i/3%5)
		}
	},
	"all within the cutoff": func(x []float64, r *rand.Rand) {
		for i := range x {
			x[i] *= 0.1
		}
	},
}

func TestListsFindAllNeighboursInUnusualArrangements(t *testing.T) {
	for name, arrange := range unusual {
		for _, o := range []md.ClusterOptions{{Cutoff: 0.7}, {Cutoff: 0.7, Skin: 0.2}} {
			p := drawParticles(800, 13)
			arrange(p.x, rand.New(rand.NewPCG(14, 1)))
			wantLJ, wantCoulomb, want := direct(p, o)
			f := make([]float64, len(p.x))
			lj, coulomb := newCluster[float64](t, p, o).Forces(f, p.x)
			if !(math.Abs(lj-wantLJ) <= 1e-10*max(1, math.Abs(wantLJ))) || !(math.Abs(coulomb-wantCoulomb) <= 1e-10*max(1, math.Abs(wantCoulomb))) ||
				!(difference(f, want) <= 1e-10*max(1, largest(want))) {
				t.Errorf("%s, skin %v: energies %v and %v, want %v and %v; forces differ by %v",
					name, o.Skin, lj, coulomb, wantLJ, wantCoulomb, difference(f, want))
			}
		}
	}
}

// In float32 a list must hold every pair that the kernel counts as near, whatever
// the rounding: on a lattice, many distances are the cutoff.
func TestListsHoldPairsAtTheCutoffItself(t *testing.T) {
	p := drawParticles(1000, 15)
	for i := range p.x {
		p.x[i] = math.Round(p.x[i]/0.31) * 0.3
	}
	for _, rc := range []float64{0.3, 0.6, 0.9, 1.2} {
		for _, cutoff := range []float64{rc, math.Nextafter(rc, 2), rc + 1e-7} {
			f, g := make([]float32, len(p.x)), make([]float32, len(p.x))
			lj, coulomb := newCluster[float32](t, p, md.ClusterOptions{Cutoff: cutoff, Dielectric: 1}).Forces(f, x32(p.x))
			lj2, coulomb2 := newCluster[float32](t, p, md.ClusterOptions{Cutoff: cutoff, Dielectric: 1, Skin: 1}).Forces(g, x32(p.x))
			// Forces jump at the cutoff by what is large against rounding.
			if difference(f, g) > 1e-5*largest(f) || math.Abs(lj-lj2) > 1e-4*math.Abs(lj) || math.Abs(coulomb-coulomb2) > 1e-4*math.Abs(coulomb) {
				t.Errorf("cutoff %v: forces differ by %v of %v with a skin", cutoff, difference(f, g), largest(f))
			}
		}
	}
}

func TestAListServesUntilAParticleLeavesHalfTheSkin(t *testing.T) {
	p := drawParticles(500, 16)
	o := md.ClusterOptions{Cutoff: 0.8, Skin: 0.2}
	c := newCluster[float64](t, p, o)
	r := rand.New(rand.NewPCG(17, 1))
	start := append([]float64(nil), p.x...)
	f := make([]float64, len(p.x))
	check := func(lists int) {
		t.Helper()
		wantLJ, _, want := direct(p, o)
		lj, _ := c.Forces(f, p.x)
		if math.Abs(lj-wantLJ) > 1e-10*math.Abs(wantLJ) || difference(f, want) > 1e-10*largest(want) {
			t.Errorf("Lennard-Jones %v, want %v; forces differ by %v", lj, wantLJ, difference(f, want))
		}
		if c.Lists() != lists {
			t.Errorf("%d lists, want %d", c.Lists(), lists)
		}
	}
	shift := func(length float64) {
		for i := 0; i < len(p.x); i += 3 {
			var d [3]float64
			var norm float64
			for k := range d {
				d[k] = r.NormFloat64()
				norm += d[k] * d[k]
			}
			for k := range d {
				p.x[i+k] = start[i+k] + length*d[k]/math.Sqrt(norm)
			}
		}
	}
	check(1)
	for _, length := range []float64{0, 0.05, 0.0999, 0.02} {
		shift(length)
		check(1)
	}
	p.x[300] = start[300] + 0.1001
	check(2)
	check(2)
}

// Without a skin, results are a function of the positions.
func TestWithoutASkinEarlierCallsDoNotMatter(t *testing.T) {
	p := drawParticles(600, 18)
	o := md.ClusterOptions{Cutoff: 0.8}
	used := newCluster[float32](t, p, o)
	x := x32(p.x)
	for range 3 {
		for i := range x {
			x[i] += float32(i%7) * 0.01
		}
		f, g := make([]float32, len(x)), make([]float32, len(x))
		lj, coulomb := used.Forces(f, x)
		lj2, coulomb2 := newCluster[float32](t, p, o).Forces(g, x)
		if lj != lj2 || coulomb != coulomb2 || difference(f, g) != 0 {
			t.Error("a cluster that was used before gives other bits than a new one")
		}
	}
}

func TestAClusterKeepsItsEnergy(t *testing.T) {
	// Argon: the integrator's error is of order dt², and what the cutoff's jump of
	// the force adds is small.
	p := drawParticles(216, 19)
	for i := range p.n() {
		p.charge[i], p.sigma[i], p.epsilon[i] = 0, 0.34, 0.996
	}
	for i := range p.x {
		p.x[i] *= 0.38 / 0.31
	}
	c := newCluster[float64](t, p, md.ClusterOptions{Cutoff: 1.2, Skin: 0.1})
	mass := make([]float64, p.n())
	for i := range mass {
		mass[i] = 39.948
	}
	s, err := md.NewSimulation(c, p.x, md.Options{Dt: 0.002, Beta: md.InverseTemperature(60), Scheme: md.VelocityVerlet, Masses: mass, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	energy := func() float64 {
		x := s.Positions(nil)
		lj, _ := c.Forces(nil, x)
		kinetic := 0.0
		for i, v := range s.Velocities(nil) {
			kinetic += v * v * mass[i/3] / 2
		}
		return lj + kinetic
	}
	before := energy()
	for range 5 {
		if err := s.Run(context.Background(), 100, nil); err != nil {
			t.Fatal(err)
		}
		if e := energy(); math.Abs(e-before) > 0.3 {
			t.Errorf("energy %v, at the start %v", e, before)
		}
	}
	if n := c.Lists(); n < 2 || n > 100 {
		t.Errorf("%d lists in 500 steps", n)
	}
}

func TestAHundredThousandParticles(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	p := drawParticles(n, 20)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := newCluster[float32](t, p, md.ClusterOptions{Cutoff: 0.9, Skin: 0.1})
	x, f := x32(p.x), make([]float32, len(p.x))
	lj, coulomb := c.Forces(f, x)
	runtime.GC()
	runtime.ReadMemStats(&after)
	perParticle := float64(after.HeapAlloc-before.HeapAlloc) / float64(n)
	t.Logf("%.0f bytes a particle", perParticle)
	if perParticle > 2000 {
		t.Errorf("%.0f bytes a particle", perParticle)
	}
	// A few particles' forces by a sum over all others.
	for i := 0; i < n; i += n / 20 {
		q := &particles{}
		for j := range n {
			d := 0.0
			for k := range 3 {
				d = max(d, math.Abs(p.x[3*i+k]-p.x[3*j+k]))
			}
			if d < 1 {
				q.charge, q.sigma, q.epsilon = append(q.charge, p.charge[j]), append(q.sigma, p.sigma[j]), append(q.epsilon, p.epsilon[j])
				q.x = append(q.x, p.x[3*j:3*j+3]...)
				if j == i {
					last := q.n() - 1
					q.charge[0], q.charge[last] = q.charge[last], q.charge[0]
					q.sigma[0], q.sigma[last] = q.sigma[last], q.sigma[0]
					q.epsilon[0], q.epsilon[last] = q.epsilon[last], q.epsilon[0]
					for k := range 3 {
						q.x[k], q.x[3*last+k] = q.x[3*last+k], q.x[k]
					}
				}
			}
		}
		_, _, want := direct(q, md.ClusterOptions{Cutoff: 0.9})
		if e := difference(f[3*i:3*i+3], want[:3]); e > 3e-4*largest(want) {
			t.Errorf("force on particle %d: %v, want %v", i, f[3*i:3*i+3], want[:3])
		}
	}
	if !(lj < 0) || math.IsNaN(coulomb) {
		t.Errorf("energies %v and %v", lj, coulomb)
	}
	runtime.KeepAlive(c)
}

// FuzzCluster puts particles where the bytes say and compares with the direct sum.
func FuzzCluster(f *testing.F) {
	f.Add([]byte("some particles here and there"), uint8(3), uint8(1))
	f.Add(make([]byte, 300), uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, cutoff, skin uint8) {
		p := &particles{}
		for ; len(data) >= 6 && p.n() < 200; data = data[6:] {
			i := float64(p.n())
			p.charge, p.sigma, p.epsilon = append(p.charge, math.Sin(i)), append(p.sigma, 0.1+0.01*math.Mod(i, 7)), append(p.epsilon, math.Mod(i, 5))
			for k := range 3 {
				p.x = append(p.x, float64(binary.LittleEndian.Uint16(data[2*k:]))/(1<<14))
			}
		}
		if p.n() == 0 {
			return
		}
		o := md.ClusterOptions{Cutoff: float64(cutoff) / 100, Skin: float64(skin) / 100, Threads: 2}
		c := newCluster[float64](t, p, o)
		wantLJ, wantCoulomb, want := direct(p, o)
		g := make([]float64, len(p.x))
		lj, coulomb := c.Forces(g, p.x)
		if math.IsNaN(lj) || math.IsNaN(coulomb) || math.IsNaN(difference(g, g)) {
			t.Fatalf("energies %v and %v, forces %v", lj, coulomb, g)
		}
		if math.IsNaN(wantLJ) || math.IsInf(wantLJ, 0) || largest(want) > 1e30 {
			return // particles at one place
		}
		if math.Abs(lj-wantLJ) > 1e-9*(1+math.Abs(wantLJ)) || math.Abs(coulomb-wantCoulomb) > 1e-9*(1+math.Abs(wantCoulomb)) || difference(g, want) > 1e-9*(1+largest(want)) {
			t.Errorf("energies %v and %v, want %v and %v; forces differ by %v", lj, coulomb, wantLJ, wantCoulomb, difference(g, want))
		}
	})
}

func BenchmarkCluster(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		o := md.ClusterOptions{Threads: 1}
		name := "n=1000"
		if n > 1000 {
			o, name = md.ClusterOptions{Threads: 1, Cutoff: 0.9, Skin: 0.1}, "n=100000/cutoff"
		}
		p := drawParticles(n, 1)
		b.Run(name+"/float32", func(b *testing.B) { benchmarkCluster[float32](b, p, o) })
		b.Run(name+"/float64", func(b *testing.B) { benchmarkCluster[float64](b, p, o) })
	}
}

func benchmarkCluster[T kernels.Float](b *testing.B, p *particles, o md.ClusterOptions) {
	c := newCluster[T](b, p, o)
	x, f := convert[T](p.x), make([]T, len(p.x))
	c.Forces(f, x)
	for b.Loop() {
		c.Forces(f, x)
	}
	n, ns := p.n(), float64(b.Elapsed().Nanoseconds())/float64(b.N)
	if o.Cutoff == 0 {
		b.ReportMetric(float64(n*(n-1)/2)/ns*1e3, "Mpairs/s")
	}
	b.ReportMetric(ns/float64(n), "ns/particle")
}

func BenchmarkClusterList(b *testing.B) {
	p := drawParticles(100_000, 1)
	c := newCluster[float32](b, p, md.ClusterOptions{Threads: 1, Cutoff: 0.9, Skin: 0.1})
	x := x32(p.x)
	for b.Loop() {
		x[0] += 0.2
		c.Forces(nil, x)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e5, "ns/particle")
}
