package main

import "pushforward/gen/vm"

// born are the kernels of generalized Born, replicas in lanes: the four steps of
// kernels.Born for one vector of replicas. The first atom of a step comes with its
// record (kernels.bornScratch) and table, atoms counts it and those behind it, rows
// those that the step takes with the partners behind each, from the last one back.
//
// A core looks ahead some 100 instructions on vectors, less than a pair has from a
// position to a result. So loops do several things at a time, each for another
// atom i and the same partner, and leave what comes between in a work area.
var born = []Kernel{bornSums, bornRadii, bornEnergies, bornGradients}

// The layout of kernels.bornScratch and kernels.BornTable.
const (
	recordSum = iota
	recordRadius
	recordInverse
	recordOwn
	recordSlope
	recordChain
	recordSize
)

const (
	atomRho = iota
	atomReach
	atomReachSquared
	atomAlpha
	atomBeta
	atomGamma
	atomBeta2
	atomGamma3
	atomInverseRho
	atomInverseR
	atomHalfR
	atomSelf
	atomSurface
	atomSize
)

const pairSize = 3

type bornBuilder struct{ *vm.Builder }

func (b bornBuilder) vector(p vm.I, i int) vm.Addr { return vm.At(p).Offset(i * b.Bytes()) }

// number is one of a table.
func (b bornBuilder) number(p vm.I, i int) vm.V {
	return b.Broadcast(vm.At(p).Offset(i * b.T.Bytes()))
}

// bornRows runs f for so many atoms i. left counts atom i and those behind it.
func bornRows(b *vm.Builder, f func(left vm.I)) {
	top, done := b.NewLabel("atom"), b.NewLabel("atoms")
	b.Label(top)
	b.Branch(b.Arg("rows"), vm.LE, 0, done)
	f(b.Arg("atoms"))
	b.SetArg("rows", b.IntAddConst(b.Arg("rows"), -1))
	b.SetArg("atoms", b.IntAddConst(b.Arg("atoms"), -1))
	b.Jump(top)
	b.Label(done)
}

// ahead is the pointer in an argument, n times so many bytes on.
func (b bornBuilder) ahead(arg string, n vm.I, bytes int) vm.I {
	return b.IntAdd(b.Arg(arg), b.IntMul(n, b.Int(int64(bytes))))
}

// move moves the pointer in an argument on.
func (b bornBuilder) move(arg string, bytes int) {
	b.SetArg(arg, b.IntAddConst(b.Arg(arg), int64(bytes)))
}

func (b bornBuilder) recordBytes() int { return recordSize * b.Bytes() }
func (b bornBuilder) tableBytes() int  { return atomSize * b.T.Bytes() }
func (b bornBuilder) pairBytes() int   { return pairSize * b.Bytes() }

// bornRadii makes radii of the sums.
var bornRadii = Kernel{
	Name: "BornRadii", File: "born",
	Doc:  "makes Born radii of the sums of so many atoms; see kernels.Born.",
	Args: args(ptr("record", "table"), count("atoms")),
	Build: func(vb *vm.Builder) {
		b := bornBuilder{vb}
		record, table := b.Arg("record"), b.Arg("table")
		b.While(b.Arg("atoms"), 1, func() {
			number := func(i int) vm.V { return b.number(table, i) }
			sum := b.Load(b.vector(record, recordSum))
			poly := b.FMA(sum, b.FMA(sum, number(atomGamma), number(atomBeta)), number(atomAlpha))
			th := tanh(vb, b.Mul(sum, poly))
			slope := b.FMA(sum, b.FMA(sum, number(atomGamma3), number(atomBeta2)), number(atomAlpha))
			v := b.FNMA(th, number(atomInverseR), number(atomInverseRho))
			radius := b.Div(b.Const(1), v)
			b.Store(b.vector(record, recordInverse), v)
			b.Store(b.vector(record, recordRadius), radius)
			chain := b.Mul(slope, b.FNMA(th, th, b.Const(1)))
			b.Store(b.vector(record, recordChain), b.Mul(chain, b.Mul(b.Mul(radius, radius), number(atomHalfR))))
			v2 := b.Mul(v, v)
			own := b.Mul(number(atomSelf), v)
			surface := b.Mul(number(atomSurface), b.Mul(b.Mul(v2, v2), v2))
			b.Store(b.vector(record, recordOwn), b.Add(own, surface))
			b.Store(b.vector(record, recordSlope), b.Mul(b.Add(v, v), b.FMA(b.Const(6), surface, own)))
			b.AdvanceConst(record, int64(recordSize*b.Bytes()))
			b.AdvanceConst(table, int64(atomSize*b.T.Bytes()))
		})
	},
}

// bornGradients adds the gradients of pairs.
var bornGradients = Kernel{
	Name: "BornGradients", File: "born",
	Doc:  "adds gradients, of derivatives by distances and by Born radii; see kernels.Born.",
	Args: args(ptr("grad"), count("ldg"), ptr("record", "pair", "x"), count("ldx", "atoms", "rows")),
	Build: func(vb *vm.Builder) {
		b := bornBuilder{vb}
		x, grad := newRows(vb, "x", "ldx"), newRows(vb, "grad", "ldg")
		stepx, stepg := b.IntAdd(x.ld, x.twice), b.IntAdd(grad.ld, grad.twice)
		pair := b.Arg("pair")
		bornRows(vb, func(left vm.I) {
			last := b.IntAddConst(left, -1)
			record := b.ahead("record", last, b.recordBytes())
			chain := b.Load(b.vector(b.Arg("record"), recordChain))
			var xi, gi [3]vm.V
			for c, a := range x.from(b.Arg("x")) {
				xi[c] = b.Load(a)
			}
			for c, a := range grad.from(b.Arg("grad")) {
				gi[c] = b.Move(b.Load(a))
			}
			xj := b.IntAdd(b.Arg("x"), b.IntMul(last, stepx))
			gj := b.IntAdd(b.Arg("grad"), b.IntMul(last, stepg))
			b.While(last, 1, func() {
				f := b.FMA(b.Load(b.vector(record, recordChain)), b.Load(b.vector(pair, 2)), b.Load(b.vector(pair, 0)))
				f = b.FMA(chain, b.Load(b.vector(pair, 1)), f)
				at := grad.from(gj)
				for c, a := range x.from(xj) {
					d := b.Sub(xi[c], b.Load(a))
					b.FMATo(gi[c], f, d)
					b.Store(at[c], b.FNMA(f, d, b.Load(at[c])))
				}
				b.SetInt(xj, b.IntSub(xj, stepx))
				b.SetInt(gj, b.IntSub(gj, stepg))
				b.AdvanceConst(record, int64(-b.recordBytes()))
				b.AdvanceConst(pair, int64(b.pairBytes()))
			})
			for c, a := range grad.from(gj) { // that of atom i now
				b.Store(a, gi[c])
			}
			b.SetArg("x", b.IntAdd(xj, stepx))
			b.SetArg("grad", b.IntAdd(gj, stepg))
			b.move("record", b.recordBytes())
		})
	},
}
