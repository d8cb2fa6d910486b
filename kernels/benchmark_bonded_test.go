package kernels_test

import (
	"testing"

	"pushforward/kernels"
)

func BenchmarkAtan2(b *testing.B) {
	y32, y64 := numbers[float32](short+1), numbers[float64](short+1)
	benchmarkElementwise(b, "float32", func(dst, x []float32) { kernels.Atan2(dst, y32[1:], x) })
	benchmarkElementwise(b, "float64", func(dst, x []float64) { kernels.Atan2(dst, y64[1:], x) })
}

func BenchmarkAcos(b *testing.B) {
	benchmarkElementwise(b, "float32", kernels.Acos[float32])
	benchmarkElementwise(b, "float64", kernels.Acos[float64])
}

// replicas is a chain of 22 atoms in 256 replicas, and the terms of alanine
// dipeptide by number: "number" below is a replica.
type replicas[T kernels.Float] struct {
	x, g, u  []T
	bonds    kernels.BondTable[T]
	angles   kernels.AngleTable[T]
	torsions kernels.TorsionTable[T]
}

const (
	replicaCount  = 256
	replicaStride = replicaCount + 16
)

func newReplicas[T kernels.Float]() *replicas[T] {
	const atoms = 22
	r := &replicas[T]{u: make([]T, replicaCount), x: numbers[T](3 * atoms * replicaStride), g: make([]T, 3*atoms*replicaStride)}
	for k := range r.x {
		row := k / replicaStride
		r.x[k] = 0.005*r.x[k] + []T{0.12 * T(row/3), 0.05 * T(row/3%2), 0.07 * T(row/3%3)}[row%3]
	}
	var bonds []kernels.Bond
	for k := range 9 {
		bonds = append(bonds, kernels.Bond{I: k, J: k + 1, Length: 0.15, Stiffness: 2e5})
	}
	r.bonds.Set(bonds)
	var angles []kernels.Angle
	for k := range 36 {
		a := k % 20
		angles = append(angles, kernels.Angle{I: a, J: a + 1, K: a + 2, Theta: []float64{2.45, 1.65, 1.65}[a%3], Stiffness: 400})
	}
	r.angles.Set(angles)
	for k := range 29 {
		a := k % 19
		harmonics := []int{2, 2, 3}[k%3]
		r.torsions.Atoms = append(r.torsions.Atoms, a, a+1, a+2, a+3)
		r.torsions.Terms = append(r.torsions.Terms, harmonics)
		r.torsions.Series = append(r.torsions.Series, numbers[T](1+2*harmonics)...)
	}
	return r
}

func BenchmarkBonds(b *testing.B) {
	r, s := newReplicas[float32](), newReplicas[float64]()
	measure(b, "9/float32", replicaCount, "number", func() {
		kernels.Bonds(r.u, r.g, replicaStride, r.x, replicaStride, replicaCount, &r.bonds)
	})
	measure(b, "9/float64", replicaCount, "number", func() {
		kernels.Bonds(s.u, s.g, replicaStride, s.x, replicaStride, replicaCount, &s.bonds)
	})
}

func BenchmarkAngles(b *testing.B) {
	r, s := newReplicas[float32](), newReplicas[float64]()
	measure(b, "36/float32", replicaCount, "number", func() {
		kernels.Angles(r.u, r.g, replicaStride, r.x, replicaStride, replicaCount, &r.angles)
	})
	measure(b, "36/float64", replicaCount, "number", func() {
		kernels.Angles(s.u, s.g, replicaStride, s.x, replicaStride, replicaCount, &s.angles)
	})
}

func BenchmarkTorsions(b *testing.B) {
	r, s := newReplicas[float32](), newReplicas[float64]()
	measure(b, "29/float32", replicaCount, "number", func() {
		kernels.Torsions(r.u, r.g, replicaStride, r.x, replicaStride, replicaCount, &r.torsions)
	})
	measure(b, "29/float64", replicaCount, "number", func() {
		kernels.Torsions(s.u, s.g, replicaStride, s.x, replicaStride, replicaCount, &s.torsions)
	})
}

func BenchmarkTorsionAngles(b *testing.B) {
	r, s := newReplicas[float32](), newReplicas[float64]()
	atoms := []int{4, 6, 8, 14, 6, 8, 14, 16}
	measure(b, "2/float32", replicaCount, "number", func() {
		kernels.TorsionAngles(r.g, replicaStride, r.x, replicaStride, replicaCount, atoms)
	})
	measure(b, "2/float64", replicaCount, "number", func() {
		kernels.TorsionAngles(s.g, replicaStride, s.x, replicaStride, replicaCount, atoms)
	})
}
