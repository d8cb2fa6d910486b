package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func FuzzBorn(f *testing.F)      { fuzzKernel(f, "Born") }
func FuzzBornRadii(f *testing.F) { fuzzKernel(f, "BornRadii") }

// solute has radii and charges as in force fields, and the solvent OBC2.
func solute(atoms int) *kernels.BornParameters {
	r := rand.New(rand.NewPCG(9, 10))
	p := &kernels.BornParameters{
		Offset: 0.009, Alpha: 1, Beta: 0.8, Gamma: 4.85, Strength: 137.2,
		SurfaceTension: 2.25936, ProbeRadius: 0.14,
	}
	for range atoms {
		p.Radius = append(p.Radius, 0.11+0.08*r.Float64())
		p.Scale = append(p.Scale, 0.72+0.13*r.Float64())
		p.Charge = append(p.Charge, 0.4*r.NormFloat64())
	}
	return p
}

func bornOf(p *kernels.BornParameters) potential {
	var t kernels.BornTable[float64]
	t.Set(p)
	scratch := make([]float64, t.Scratch())
	return func(u, g, x []float64, n int) { kernels.Born(u, g, n, x, n, n, &t, scratch) }
}

func TestOneAtomHasBornsEnergy(t *testing.T) {
	p := solute(1)
	u, g := []float64{0}, make([]float64, 3)
	bornOf(p)(u, g, []float64{1, 2, 3}, 1)
	rho, contact := p.Radius[0]-p.Offset, p.Radius[0]+p.ProbeRadius
	want := -p.Strength*p.Charge[0]*p.Charge[0]/(2*rho) +
		4*math.Pi*p.SurfaceTension*contact*contact*math.Pow(p.Radius[0]/rho, 6)
	if math.Abs(u[0]-want) > 1e-14*math.Abs(want) || g[0] != 0 || g[1] != 0 || g[2] != 0 {
		t.Errorf("energy %v with gradient %v, want %v and none", u[0], g, want)
	}
}

func TestDistantChargesAreScreenedCharges(t *testing.T) {
	p := solute(2)
	p.SurfaceTension = 0
	const r = 1e4
	u := []float64{0}
	bornOf(p)(u, make([]float64, 6), []float64{0, 0, 0, 0, r, 0}, 1)
	want := -p.Strength * p.Charge[0] * p.Charge[1] / r
	for i, q := range p.Charge {
		want -= p.Strength * q * q / (2 * (p.Radius[i] - p.Offset))
	}
	if math.Abs(u[0]-want) > 1e-12*math.Abs(want) {
		t.Errorf("energy %v, want %v", u[0], want)
	}
}

// ½H is the integral of 1/(4π t⁴) over the part of the sphere of radius s, at the
// distance r, that lies outside the one of radius ρ: Simpson's rule gives it.
func TestBornRadiiAreIntegralsOverSpheres(t *testing.T) {
	var table kernels.BornTable[float64]
	for _, c := range []struct {
		name      string
		rho, s, r float64
	}{
		{"apart", 0.11, 0.12, 0.5}, {"far apart", 0.15, 0.1, 3}, {"in contact", 0.11, 0.12, 0.23}, {"bonded", 0.16, 0.1, 0.109},
		{"inside the other one", 0.1, 0.3, 0.15}, {"at its centre, nearly", 0.1, 0.3, 1e-4}, {"around the other one", 0.3, 0.1, 0.15},
	} {
		const offset = 0.01
		p := &kernels.BornParameters{
			Radius: []float64{c.rho + offset, 0.1 + offset}, Scale: []float64{0.8, c.s / 0.1}, Charge: make([]float64, 2),
			Offset: offset, Alpha: 1,
		}
		table.Set(p)
		b := make([]float64, 2)
		kernels.BornRadii(b, 1, []float64{0, 0, 0, 0, 0, c.r}, 1, 1, &table, make([]float64, table.Scratch()))
		got := math.Atanh((1/c.rho-1/b[0])*p.Radius[0]) / c.rho

		// The share of the sphere of radius t inside the other one.
		inside := func(t float64) float64 {
			if t < c.s-c.r {
				return 1
			}
			return (c.s*c.s - (c.r-t)*(c.r-t)) / (4 * c.r * t)
		}
		integral := func(low, high float64) (sum float64) {
			const steps = 2000
			if low >= high {
				return 0
			}
			h := (high - low) / (2 * steps)
			for k := range 2*steps + 1 {
				weight := []float64{2, 4}[k%2]
				if k == 0 || k == 2*steps {
					weight = 1
				}
				t := min(low+float64(k)*h, high)
				sum += weight * h / 3 * inside(t) / (t * t)
			}
			return sum
		}
		middle := math.Abs(c.r - c.s)
		want := integral(max(c.rho, middle), c.r+c.s)
		if c.s > c.r {
			want += integral(c.rho, middle*(1-1e-15))
		}
		if math.Abs(got-want) > 1e-10*max(1, want) {
			t.Errorf("%s: the integral is %v, want %v", c.name, got, want)
		}
	}
}

func TestBornGradientsAreDifferencesOfEnergies(t *testing.T) {
	testGradient(t, 8, bornOf(solute(8)))
}

func TestANaNStaysInItsReplicaOfBorn(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) { testLanes(t, 6, bornOf(solute(6))) })
}

func TestBornIsFiniteWhereAtomsMeetOrPart(t *testing.T) {
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		testBornFinite[float32](t)
		testBornFinite[float64](t)
	})
}

func testBornFinite[T kernels.Float](t *testing.T) {
	t.Helper()
	const atoms, n = 3, 17
	var table kernels.BornTable[T]
	table.Set(solute(atoms))
	for _, r := range []T{0, 1e-30, 1e-10, 1e-6, 1e-3, 1, 100, 1e5, 1e7, 1e12, 1e18, 1e25} {
		x, u, g := make([]T, 3*atoms*n), make([]T, n), make([]T, 3*atoms*n)
		for i := range n {
			x[3*n+i] = r
			x[8*n+i] = 0.2
		}
		kernels.Born(u, g, n, x, n, n, &table, make([]T, table.Scratch()))
		for k, v := range append(u, g...) {
			if v-v != 0 {
				t.Fatalf("r = %v: result %d is %v", r, k, v)
			}
		}
	}
}

// Enough atoms that one call into assembly takes not all pairs: the sum over parts.
func TestBornOfManyAtoms(t *testing.T) {
	const atoms, n = 90, 3
	p := solute(atoms)
	x := cluster(atoms, n)
	var table kernels.BornTable[float64]
	table.Set(p)
	b := make([]float64, atoms*n)
	u, g := make([]float64, n), make([]float64, 3*atoms*n)
	kernels.Born(u, g, n, x, n, n, &table, make([]float64, table.Scratch()))
	kernels.BornRadii(b, n, x, n, n, &table, make([]float64, table.Scratch()))
	for i := range n {
		want := 0.0
		for a := range atoms {
			contact := p.Radius[a] + p.ProbeRadius
			want += 4 * math.Pi * p.SurfaceTension * contact * contact * math.Pow(p.Radius[a]/b[a*n+i], 6)
			for c := range atoms {
				var r2 float64
				for k := range 3 {
					d := x[(3*a+k)*n+i] - x[(3*c+k)*n+i]
					r2 += d * d
				}
				bb := b[a*n+i] * b[c*n+i]
				want -= p.Strength / 2 * p.Charge[a] * p.Charge[c] / math.Sqrt(r2+bb*math.Exp(-r2/(4*bb)))
			}
		}
		if math.Abs(u[i]-want) > 1e-12*math.Abs(want) {
			t.Errorf("energy %v, want %v", u[i], want)
		}
	}
}

func TestScratchMemoryMustSuffice(t *testing.T) {
	var table kernels.BornTable[float64]
	table.Set(solute(3))
	defer func() {
		if recover() == nil {
			t.Error("Born takes less scratch memory than it needs")
		}
	}()
	kernels.Born([]float64{0}, make([]float64, 9), 1, make([]float64, 9), 1, 1, &table, make([]float64, table.Scratch()-1))
}

func BenchmarkBorn(b *testing.B) {
	benchmarkBorn[float32](b, "float32", 4, 5+43+20+8)
	benchmarkBorn[float64](b, "float64", 8, 5+51+26+8)
}

// benchmarkBorn has as many atoms as alanine dipeptide. products are those of
// distances, descreening, energies and gradients.
func benchmarkBorn[T kernels.Float](b *testing.B, name string, size int, products float64) {
	const atoms, n, ld = 22, 64, 80
	var t kernels.BornTable[T]
	t.Set(solute(atoms))
	x, g, u := replicasOf[T](atoms, n, ld), make([]T, 3*atoms*ld), make([]T, n)
	scratch := make([]T, t.Scratch())
	measureReplicas(b, "22/"+name, atoms*(atoms-1)/2, n, size, products, func() { kernels.Born(u, g, ld, x, ld, n, &t, scratch) })
}

func BenchmarkBornRadii(b *testing.B) {
	benchmarkBornRadii[float32](b, "float32", 4, 5+43)
	benchmarkBornRadii[float64](b, "float64", 8, 5+51)
}

func benchmarkBornRadii[T kernels.Float](b *testing.B, name string, size int, products float64) {
	const atoms, n, ld = 22, 64, 80
	var t kernels.BornTable[T]
	t.Set(solute(atoms))
	x, radii := replicasOf[T](atoms, n, ld), make([]T, atoms*ld)
	scratch := make([]T, t.Scratch())
	measureReplicas(b, "22/"+name, atoms*(atoms-1)/2, n, size, products, func() { kernels.BornRadii(radii, ld, x, ld, n, &t, scratch) })
}
