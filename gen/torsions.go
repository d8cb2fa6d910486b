package main

import (
	"math"

	"pushforward/gen/vm"
)

// dihedral is what the angle about the middle one of three bonds is made of; see
// kernels.dihedralOf.
type dihedral struct {
	m, n         vector3
	mm, nn       vm.V
	square, long vm.V // of the middle bond
	cos, sin     vm.V
}

func (b *replicas) dihedral() (d dihedral) {
	b2, b3 := b.between(2, 1), b.between(3, 2)
	d.n = b.cross(b2, b3)
	b1 := b.between(1, 0)
	triple := b.dot(b1, d.n)
	d.m = b.cross(b1, b2)
	d.mm, d.nn = b.dot(d.m, d.m), b.dot(d.n, d.n)
	b.inLine(&d, triple)
	if b.few() {
		b2 = b.between(2, 1)
	}
	d.square = b.atLeast(collision, collision, b.dot(b2, b2))
	d.long = b.Sqrt(d.square)
	d.cos, d.sin = b.dot(d.m, d.n), b.Mul(d.long, triple)
	return d
}

// inLine computes again what cancels in lanes where three atoms are nearly in line.
// Few need it, and 16 registers hold little: differences are made as they are used.
func (b *replicas) inLine(d *dihedral, triple vm.V) {
	where := b.CmpLT(b.Min(d.mm, d.nn), b.Const(inLine))
	b.rarely(where, func() {
		b.crossParts(d.n, where, b.edge(2, 1), b.edge(3, 2))
		b.crossParts(d.m, where, b.edge(1, 0), b.edge(2, 1))
		b.Set(d.mm, b.dot(d.m, d.m))
		b.Set(d.nn, b.dot(d.n, d.n))
		b2 := b.between(2, 1)
		b.Set(triple, b.dot(b.cross(d.m, d.n), b2))
		b.Set(triple, b.Div(triple, b.atLeast(collision, collision, b.dot(b2, b2))))
		b.Set(triple, b.Select(where, triple, b.dot(b.between(1, 0), d.n)))
	})
}

func torsion(b *replicas, sum vm.V, parameters []vm.I) {
	harmonics, series := parameters[0], parameters[1]
	size := b.T.Bytes()
	d := b.dihedral()
	cos, sin, m, n := d.cos, d.sin, d.m, d.n
	one := b.Const(1)
	inverse := b.Div(one, b.Sqrt(b.atLeast(flat32*flat32, flat64*flat64, b.FMA(cos, cos, b.Mul(sin, sin)))))
	cos, sin = b.Mul(cos, inverse), b.Mul(sin, inverse)
	m = b.times(b.Div(d.long, b.atLeast(flat32, flat64, d.mm)), m)
	n = b.times(b.Div(d.long, b.atLeast(flat32, flat64, d.nn)), n)

	e := b.Broadcast(vm.At(series))
	b.AdvanceConst(series, int64(size))
	slope, k := b.Zero(), b.Move(one)
	ck, sk := b.Move(cos), b.Move(sin)
	b.While(b.IntLoad(vm.At(harmonics)), 1, func() {
		bk := b.Broadcast(vm.At(series).Offset(size))
		b.FMATo(e, bk, sk)
		d := b.Mul(bk, ck)
		ak := b.Broadcast(vm.At(series))
		b.FMATo(e, ak, ck)
		b.FMATo(slope, k, b.FNMA(ak, sk, d))
		next := b.FNMA(sk, sin, b.Mul(ck, cos))
		b.Set(sk, b.FMA(sk, cos, b.Mul(ck, sin)))
		b.Set(ck, next)
		b.AddTo(k, one)
		b.AdvanceConst(series, int64(2*size))
	})
	b.AdvanceConst(harmonics, 8)

	b.AddTo(sum, e)
	m, n = b.times(slope, m), b.times(slope, n)
	b2, square := b.between(2, 1), d.square
	if b.few() {
		square = b.atLeast(collision, collision, b.dot(b2, b2))
	}
	shorter := b.Div(one, square)
	before := b.Mul(b.dot(b.between(1, 0), b2), shorter)
	after := b.Mul(b.dot(b.between(3, 2), b2), shorter)
	w := b.plusTimes(b.times(before, m), after, n)
	ldg := rowsApart(b.Builder, "ldg")
	b.gradient(ldg, 0, b.Sub, m)
	b.gradient(ldg, 1, b.Add, b.plus(m, w))
	b.gradient(ldg, 2, b.Sub, b.plus(n, w))
	b.gradient(ldg, 3, b.Add, n)
}

func torsionAngles(b *vm.Builder) {
	eachReplica(b, []string{"phi", "x"}, func(b *replicas) {
		phi, ldp := b.Arg("phi"), b.Elements(b.Arg("ldp"))
		b.terms(4, func() {
			d := b.dihedral()
			angle := atan2(b.Builder, d.sin, d.cos)
			angle = b.Select(b.CmpLE(angle, b.Const(-math.Pi)), b.Const(math.Pi), angle)
			b.store(vm.At(phi), angle)
			b.Advance(phi, ldp)
		})
	})
}
