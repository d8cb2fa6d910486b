package md

import (
	"context"
	"math"
	"testing"

	"pushforward/kernels"
)

// springs is a potential of pairs ½k(r-r0)² in space; wells adds ½kx² of each
// coordinate, with the stiffness given for it.
type springs[T kernels.Float] struct {
	atoms int
	pairs []spring3
	wells []float64
}

type spring3 struct {
	i, j              int
	length, stiffness float64
}

func (p springs[T]) Dim() int { return 3 * p.atoms }

func (p springs[T]) Energies(u []T, x []T, ld, n int) {
	p.EnergiesAndGradients(u, make([]T, 3*p.atoms*ld), ld, x, ld, n)
}

func (p springs[T]) Gradients(g []T, ldg int, x []T, ld, n int) {
	p.EnergiesAndGradients(make([]T, n), g, ldg, x, ld, n)
}

func (p springs[T]) EnergiesAndGradients(u, g []T, ldg int, x []T, ld, n int) {
	clear(u[:n])
	for c := range 3 * p.atoms {
		row := g[c*ldg:][:n]
		clear(row)
		if p.wells == nil {
			continue
		}
		k := T(p.wells[c])
		for i, v := range x[c*ld:][:n] {
			row[i] = k * v
			u[i] += T(T(T(0.5)*k) * T(v*v))
		}
	}
	for _, s := range p.pairs {
		for i := range n {
			var r [3]T
			sum := T(0)
			for c := range 3 {
				r[c] = x[(3*s.i+c)*ld+i] - x[(3*s.j+c)*ld+i]
				sum += T(r[c] * r[c])
			}
			d := T(math.Sqrt(float64(sum)))
			stretch := d - T(s.length)
			u[i] += T(T(T(0.5)*T(s.stiffness)) * T(stretch*stretch))
			f := T(T(s.stiffness)*stretch) / d
			for c := range 3 {
				g[(3*s.i+c)*ldg+i] += T(f * r[c])
				g[(3*s.j+c)*ldg+i] -= T(f * r[c])
			}
		}
	}
}

// ethane is a molecule of two carbons (0 and 4) with three hydrogens each, held
// together by springs and by constraints on the bonds to hydrogen; in nm, Da, ps
// and kJ/mol.
func ethane[T kernels.Float]() (p springs[T], x []float64, masses []float64, constraints []Constraint) {
	p.atoms = 8
	for h := range 3 {
		a, b := 1+h, 5+h
		constraints = append(constraints, Constraint{0, a, 0.109}, Constraint{4, b, 0.109})
		p.pairs = append(p.pairs, spring3{a, 1 + (h+1)%3, 0.178, 20000}, spring3{b, 5 + (h+1)%3, 0.178, 20000},
			spring3{4, a, 0.216, 20000}, spring3{0, b, 0.216, 20000})
	}
	p.pairs = append(p.pairs, spring3{0, 4, 0.1526, 250000})
	for g := range 2 {
		sign := float64(1 - 2*g)
		x = append(x, -sign*0.0763, 0, 0)
		masses = append(masses, 12.01, 1.008, 1.008, 1.008)
		for h := range 3 {
			phi := 2*math.Pi/3*float64(h) + math.Pi/3*float64(g)
			x = append(x, -sign*(0.0763+0.0363), 0.1028*math.Cos(phi), 0.1028*math.Sin(phi))
		}
	}
	return p, x, masses, constraints
}

func ethanes[T kernels.Float](t testing.TB, n int, o Options) *Simulation[T] {
	t.Helper()
	p, x, masses, constraints := ethane[T]()
	var x0 []T
	for range n {
		for _, v := range x {
			x0 = append(x0, T(v))
		}
	}
	o.Masses = masses
	if o.Constraints == nil {
		o.Constraints = constraints
	}
	s, err := NewSimulation(p, x0, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run[T kernels.Float](t testing.TB, s *Simulation[T], steps int, rec *Record[T]) {
	t.Helper()
	if err := s.Run(context.Background(), steps, rec); err != nil {
		t.Fatal(err)
	}
}

// strain is the largest relative error of the constrained distances.
func strain[T kernels.Float](s *Simulation[T]) (worst float64) {
	x := s.Positions(nil)
	for r := range s.n {
		for _, c := range s.options.Constraints {
			sum := 0.0
			for k := range 3 {
				d := float64(x[r*s.d+3*c.I+k]) - float64(x[r*s.d+3*c.J+k])
				sum += d * d
			}
			worst = max(worst, math.Abs(math.Sqrt(sum)/c.Distance-1))
		}
	}
	return worst
}

// totalEnergies are potential plus kinetic energies of all replicas.
func totalEnergies[T kernels.Float](t testing.TB, s *Simulation[T]) []float64 {
	t.Helper()
	e := make([]float64, s.n)
	for b := range s.blocks() {
		first, n := s.span(b)
		for _, o := range []Observable[T]{s.PotentialEnergy(), s.KineticEnergy()} {
			y := make([]T, n)
			o.Observe(y, n, s.panel(s.x, b), s.panel(s.v, b), s.stride, n)
			for i, v := range y {
				e[first+i] += float64(v)
			}
		}
	}
	return e
}

// moments are the mean of x and its standard error, with x's values independent.
func moments(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	sum := 0.0
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(sum / float64(len(x)-1) / float64(len(x)))
}

// meanIs holds a mean to its expectation within four standard errors, which must
// not be more than the given share of it.
func meanIs(t *testing.T, what string, x []float64, want, share float64) {
	t.Helper()
	mean, deviation := moments(x)
	if math.Abs(mean-want) > 4*deviation || deviation > share*math.Abs(want) {
		t.Errorf("%s = %.6g ± %.2g, want %.6g with an error below %.2g", what, mean, deviation, want, share*math.Abs(want))
	}
}
