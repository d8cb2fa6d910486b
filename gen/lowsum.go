package main

import "pushforward/gen/vm"

// lowSum is a sum with what rounding left of its terms; see kernels.addLow.
type lowSum struct {
	b        *vm.Builder
	sum, low vm.V
}

const sumOrigin = 6144

func newLowSum(b *vm.Builder) lowSum {
	return lowSum{b, b.Move(b.Const(sumOrigin)), b.Zero()}
}

func (s lowSum) add(x vm.V) {
	b := s.b
	sum := b.Add(s.sum, x)
	b.AddTo(s.low, b.Sub(x, b.Sub(sum, s.sum)))
	b.Set(s.sum, sum)
}

// less takes something small away.
func (s lowSum) less(x vm.V) { s.b.Set(s.low, s.b.Sub(s.low, x)) }

// total is the sum.
func (s lowSum) total() vm.V { return s.plus(s.low) }

// totalWith is the sum and c·x more.
func (s lowSum) totalWith(x vm.V, c float64) vm.V { return s.plus(s.b.FMA(x, s.b.Const(c), s.low)) }

func (s lowSum) plus(low vm.V) vm.V {
	return s.b.Add(low, s.b.Sub(s.sum, s.b.Const(sumOrigin)))
}
