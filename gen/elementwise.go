package main

import "pushforward/gen/vm"

// elementwise runs f over n elements of each input pointer and stores what it
// returns at each output pointer, a vector at a time, then the tail.
func elementwise(b *vm.Builder, outputs, inputs []string, f func(x []vm.V) []vm.V) {
	pointers := map[string]vm.I{}
	var order []vm.I
	for _, name := range append(append([]string(nil), outputs...), inputs...) {
		if _, ok := pointers[name]; !ok {
			pointers[name] = b.Arg(name)
			order = append(order, pointers[name])
		}
	}
	n := b.Arg("n")
	b.While(n, int64(b.Lanes), func() {
		var x []vm.V
		for _, name := range inputs {
			x = append(x, b.Load(vm.At(pointers[name])))
		}
		for i, y := range f(x) {
			b.Store(vm.At(pointers[outputs[i]]), y)
		}
		for _, p := range order {
			b.AdvanceConst(p, int64(b.Bytes()))
		}
	})
	b.If(n, vm.GT, 0, func() {
		t := b.Tail(n)
		var x []vm.V
		for _, name := range inputs {
			x = append(x, b.LoadTail(vm.At(pointers[name]), t))
		}
		for i, y := range f(x) {
			b.StoreTail(vm.At(pointers[outputs[i]]), y, t)
		}
	})
}
