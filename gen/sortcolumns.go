package main

import (
	"slices"

	"pushforward/gen/vm"
)

// The kernels here are passes of a bitonic sorter (kernels.SortColumns) over
// groups of eight rows: rows k·s, k < 8, of each block of 8s rows. A group is
// read and written once for three stages; what a stage does to it is a list of
// pairs, whose lesser element, column by column, comes to stand first.

// comparator is a pair of a group's rows.
type comparator struct{ i, j int }

// flip pairs the rows of each run of size from its ends inwards.
func flip(size int) (c []comparator) {
	for run := 0; run < 8; run += size {
		for i := range size / 2 {
			c = append(c, comparator{run + i, run + size - 1 - i})
		}
	}
	return c
}

// clean pairs each row with that d further on.
func clean(d int) (c []comparator) {
	for i := range 8 {
		if i&d == 0 {
			c = append(c, comparator{i, i + d})
		}
	}
	return c
}

// halfCleaners are the last stages of a merge.
func halfCleaners(stages int) (c []comparator) {
	for d := 1 << stages >> 1; d > 0; d /= 2 {
		c = append(c, clean(d)...)
	}
	return c
}

// sortEight sorts a group of eight rows; its last part merges two runs of four.
var (
	sortEight  = slices.Concat(flip(2), flip(4), clean(1), mergeEight)
	mergeEight = slices.Concat(flip(8), clean(2), clean(1))
)

// sortStep works on eights of neighbouring rows.
var sortStep = Kernel{
	Name: "SortStep", File: "sortcolumns",
	Doc:  "sorts the columns of every eight of n rows, ld apart, if stages is 0, or else does a merge's last 1, 2 or 3 stages. n is a multiple of 8, cols one of a vector's lanes.",
	Args: args(ptr("x"), count("ld", "n", "cols", "stages")),
	Build: func(b *vm.Builder) {
		ld := b.Elements(b.Arg("ld"))
		stride := strides(b, ld)
		half, gap := b.IntShl(ld, 2), b.IntSub(ld, b.Elements(b.Arg("cols")))
		next := b.IntAdd(gap, b.IntSub(b.IntShl(ld, 3), ld))
		for stages, network := range [][]comparator{sortEight, halfCleaners(1), halfCleaners(2), halfCleaners(3)} {
			b.If(b.Arg("stages"), vm.EQ, int64(stages), func() {
				p, n := b.Arg("x"), b.Arg("n")
				q := b.IntAdd(p, half)
				b.While(n, 8, func() {
					exchange(b, p, q, stride, network)
					b.Advance(p, next)
					b.Advance(q, next)
				})
			})
		}
	},
}

// mergeStep does three stages in the middle of a merge.
var mergeStep = Kernel{
	Name: "MergeStep", File: "sortcolumns",
	Doc:  "puts rows p+ks and q+ks in order, k < 4, by the half-cleaners of distance 4, 2 and 1; p and q then go on for rows rows in each block of 8s, as long as p is one of the first left rows.",
	Args: mergeArgs,
	Build: func(b *vm.Builder) {
		merge(b, halfCleaners(3), false)
	},
}

// mergeStart does the first three stages of a merge: q goes down.
var mergeStart = Kernel{
	Name: "MergeStart", File: "sortcolumns",
	Doc:  "is MergeStep for the first three stages of a merge of two sorted runs, where q goes back as p goes on.",
	Args: mergeArgs,
	Build: func(b *vm.Builder) {
		merge(b, mergeEight, true)
	},
}

var mergeArgs = args(ptr("p", "q"), count("ld", "s", "rows", "left", "cols"))

func merge(b *vm.Builder, network []comparator, down bool) {
	ld := b.Elements(b.Arg("ld"))
	width := b.Elements(b.Arg("cols"))
	nextP := b.IntSub(ld, width)
	nextQ := nextP
	if down {
		nextQ = b.IntSub(b.IntSub(nextP, ld), ld)
	}
	stride := strides(b, b.IntMul(ld, b.Arg("s")))
	top, some, done := b.NewLabel("block"), b.NewLabel("some"), b.NewLabel("blocks")
	b.Label(top)
	rows := b.Arg("rows")
	left := b.Arg("left")
	b.BranchInt(rows, vm.LE, left, some)
	b.SetInt(rows, left)
	b.Label(some)
	b.Branch(rows, vm.LE, 0, done)
	s := b.Arg("s")
	b.SetArg("left", b.IntSub(left, b.IntShl(s, 3)))
	p, q := b.Arg("p"), b.Arg("q")
	b.While(rows, 1, func() {
		exchange(b, p, q, stride, network)
		b.Advance(p, nextP)
		b.Advance(q, nextQ)
	})
	block := b.IntShl(stride[0], 3)
	b.SetArg("p", b.IntAdd(b.Arg("p"), block))
	b.SetArg("q", b.IntAdd(b.Arg("q"), block))
	b.Jump(top)
	b.Label(done)
}

// strides are one, two and three times s.
func strides(b *vm.Builder, s vm.I) [3]vm.I {
	twice := b.IntShl(s, 1)
	return [3]vm.I{s, twice, b.IntAdd(twice, s)}
}

// exchange runs a network over the columns of rows p, p+s, p+2s, p+3s, q, …,
// q+3s, and leaves p and q behind the last column.
func exchange(b *vm.Builder, p, q vm.I, stride [3]vm.I, network []comparator) {
	row := func(i int) vm.Addr {
		base := p
		if i >= 4 {
			base = q
		}
		if i%4 == 0 {
			return vm.At(base)
		}
		return vm.At(base, stride[i%4-1])
	}
	cols := b.Arg("cols")
	b.While(cols, int64(b.Lanes), func() {
		x := make([]vm.V, 8)
		for i := range x {
			x[i] = b.Load(row(i))
		}
		for _, c := range network {
			// Equal ones, zeros of either sign and NaN stay where they are.
			x[c.i], x[c.j] = b.Min(x[c.j], x[c.i]), b.Max(x[c.i], x[c.j])
		}
		for i := range x {
			b.Store(row(i), x[i])
		}
		b.AdvanceConst(p, int64(b.Bytes()))
		b.AdvanceConst(q, int64(b.Bytes()))
	})
}
