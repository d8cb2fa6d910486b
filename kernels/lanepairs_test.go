package kernels_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func FuzzPairs(f *testing.F) { fuzzKernel(f, "Pairs") }

// cluster is a panel of n replicas of so many atoms, at random places no closer than
// 0.1 nm.
func cluster(atoms, n int) []float64 {
	r := rand.New(rand.NewPCG(5, 6))
	side := 0.15 * math.Cbrt(float64(atoms)) * 1.5
	x := make([]float64, 3*atoms*n)
	at := func(a, i int) (p [3]float64) {
		for c := range p {
			p[c] = x[(3*a+c)*n+i]
		}
		return p
	}
	for i := range n {
		for a := range atoms {
		again:
			for c := range 3 {
				x[(3*a+c)*n+i] = side * r.Float64()
			}
			for b := range a {
				if distance(at(a, i), at(b, i)) < 0.1 {
					goto again
				}
			}
		}
	}
	return x
}

func distance(p, q [3]float64) float64 {
	return math.Hypot(math.Hypot(p[0]-q[0], p[1]-q[1]), p[2]-q[2])
}

// allPairs are pairs of so many atoms as a force field has them.
func allPairs(atoms int) (list []kernels.Pair) {
	r := rand.New(rand.NewPCG(7, 8))
	for i := range atoms {
		for j := i + 1; j < atoms; j++ {
			epsilon, s6 := r.Float64(), math.Pow(0.2+0.1*r.Float64(), 6)
			list = append(list, kernels.Pair{I: i, J: j, C12: 4 * epsilon * s6 * s6, C6: 4 * epsilon * s6, QQ: 100 * r.NormFloat64()})
		}
	}
	return list
}

// potential is a kernel as a function of one configuration.
type potential func(u, g, x []float64, n int)

func pairsOf(atoms int, list []kernels.Pair) potential {
	var t kernels.PairTable[float64]
	t.Set(atoms, list)
	return func(u, g, x []float64, n int) { kernels.Pairs(u, g, n, x, n, n, &t) }
}

func TestPairEnergiesAreThoseOfTheFormula(t *testing.T) {
	const atoms = 9
	list := allPairs(atoms)
	x, u, g := cluster(atoms, 1), []float64{7}, make([]float64, 3*atoms)
	pairsOf(atoms, list)(u, g, x, 1)
	want := 7.0
	for _, p := range list {
		r := distance([3]float64(x[3*p.I:]), [3]float64(x[3*p.J:]))
		want += p.C12*math.Pow(r, -12) - p.C6*math.Pow(r, -6) + p.QQ/r
	}
	if math.Abs(u[0]-want) > 1e-12*math.Abs(want) {
		t.Errorf("energy %v, want %v", u[0], want)
	}
}

func TestPairGradientsAreDifferencesOfEnergies(t *testing.T) {
	testGradient(t, 7, pairsOf(7, allPairs(7)))
}

// testGradient holds gradients to differences of energies; and to what follows from
// invariance under motions: no net force and no torque.
func testGradient(t *testing.T, atoms int, f potential) {
	t.Helper()
	const n, h = 20, 1e-6
	d := 3 * atoms
	x := cluster(atoms, n)
	u, g := make([]float64, n), make([]float64, d*n)
	f(u, g, x, n)
	for i := range n {
		scale := 1.0
		var net, torque [3]float64
		for k := range d {
			scale = max(scale, math.Abs(g[k*n+i]))
		}
		for a := range atoms {
			for c := range 3 {
				e, s := (c+1)%3, (c+2)%3
				net[c] += g[(3*a+c)*n+i]
				torque[c] += x[(3*a+e)*n+i]*g[(3*a+s)*n+i] - x[(3*a+s)*n+i]*g[(3*a+e)*n+i]
			}
		}
		for c := range 3 {
			if math.Abs(net[c]) > 1e-12*scale || math.Abs(torque[c]) > 1e-12*scale {
				t.Errorf("replica %d: net force %v, torque %v; the greatest force is %v", i, net, torque, scale)
			}
		}
	}
	for k := range d {
		var e [2][]float64
		for s, shift := range []float64{h, -h} {
			y := append([]float64(nil), x...)
			for i := range n {
				y[k*n+i] += shift
			}
			e[s] = make([]float64, n)
			f(e[s], make([]float64, d*n), y, n)
		}
		for i := range n {
			got, want := g[k*n+i], (e[0][i]-e[1][i])/(2*h)
			if math.Abs(got-want) > 1e-5*max(1, math.Abs(want)) {
				t.Errorf("replica %d, coordinate %d: gradient %v, differences give %v", i, k, got, want)
			}
		}
	}
}

func TestPairsThatCollideAreFarFromNaN(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		testCollision[float32](t, math.Inf(1))
		testCollision[float64](t, 1e70)
	})
}

func testCollision[T kernels.Float](t *testing.T, ceiling float64) {
	t.Helper()
	const atoms, n = 2, 20
	var table kernels.PairTable[T]
	table.Set(atoms, []kernels.Pair{{I: 0, J: 1, C12: 1e-6, C6: 1e-3, QQ: -50}})
	for _, r := range []T{0, 1e-30, 1e-10, 1e-6, 1e-4} {
		x, u, g := make([]T, 3*atoms*n), make([]T, n), make([]T, 3*atoms*n)
		for i := range n {
			x[3*n+i] = r
		}
		kernels.Pairs(u, g, n, x, n, n, &table)
		for i, v := range u {
			if !(v > 1e20) || float64(v) > ceiling {
				t.Fatalf("r = %v: energy %d is %v", r, i, v)
			}
		}
	}
}

// testLanes spoils one replica and wants the others' results to stay.
func testLanes(t *testing.T, atoms int, f potential) {
	t.Helper()
	const n, bad = 37, 11
	x := cluster(atoms, n)
	u, g := make([]float64, n), make([]float64, 3*atoms*n)
	f(u, g, x, n)
	x[5*n+bad] = math.NaN()
	v, w := make([]float64, n), make([]float64, 3*atoms*n)
	f(v, w, x, n)
	for i := range n {
		if i == bad {
			if v[i] == v[i] {
				t.Errorf("the energy at a NaN is %v", v[i])
			}
			continue
		}
		if v[i] != u[i] {
			t.Errorf("the energy of replica %d changes from %v to %v", i, u[i], v[i])
		}
		for k := range 3 * atoms {
			if w[k*n+i] != g[k*n+i] {
				t.Fatalf("the gradient of replica %d changes", i)
			}
		}
	}
}

func TestANaNStaysInItsReplicaOfPairs(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) { testLanes(t, 6, pairsOf(6, allPairs(6))) })
}

func TestAPairIsOfTwoAtoms(t *testing.T) {
	for _, p := range []kernels.Pair{{I: 1, J: 1}, {I: 0, J: 3}, {I: -1, J: 2}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a table takes the pair of atoms %d and %d of 3", p.I, p.J)
				}
			}()
			new(kernels.PairTable[float64]).Set(3, []kernels.Pair{p})
		}()
	}
}

// measureReplicas reports the time of a kernel for a configuration, that of one call
// in ten or less, and the cycles for each pair of a vector's replicas. A pair's
// products, FMAs and maxima, of which a core starts two a cycle, give a bound.
func measureReplicas(b *testing.B, name string, pairs, n, size int, products float64, call func()) {
	b.Run(name, func(b *testing.B) {
		isatest.EachBenchmark(b, func(b *testing.B, isa kernels.ISA) {
			var times []float64
			for b.Loop() {
				start := time.Now()
				call()
				times = append(times, float64(time.Since(start).Nanoseconds()))
			}
			median(times) // sorts
			ns := times[len(times)/10]
			b.ReportMetric(ns/float64(n), "ns/configuration")
			b.ReportMetric(float64(pairs*n)/ns*1e3, "Mpairs/s")
			if lanes := isa.VectorBytes() / size; lanes > 0 {
				b.ReportMetric(ns/float64(n)*clock()*float64(lanes)/float64(pairs), "cycles/pair")
				b.ReportMetric(products/2, "bound/pair")
			}
		})
	})
}

func BenchmarkPairs(b *testing.B) {
	benchmarkPairs[float32](b, "float32", 4)
	benchmarkPairs[float64](b, "float64", 8)
}

// benchmarkPairs has as many atoms and pairs as alanine dipeptide.
func benchmarkPairs[T kernels.Float](b *testing.B, name string, size int) {
	const atoms, n, ld = 22, 64, 80
	list := allPairs(atoms)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	list = list[:174]
	var table kernels.PairTable[T]
	table.Set(atoms, list)
	x, g, u := replicasOf[T](atoms, n, ld), make([]T, 3*atoms*ld), make([]T, n)
	measureReplicas(b, fmt.Sprintf("22x%d/%s", len(list), name), len(list), n, size, 18.5, func() { kernels.Pairs(u, g, ld, x, ld, n, &table) })
}

// replicasOf is a panel of a cluster.
func replicasOf[T kernels.Float](atoms, n, ld int) []T {
	x := make([]T, 3*atoms*ld)
	for k, v := range cluster(atoms, n) {
		x[k/n*ld+k%n] = T(v)
	}
	return x
}
