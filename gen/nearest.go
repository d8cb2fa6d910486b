package main

import (
	"strings"

	"pushforward/gen/vm"
)

// nearestSums are the same of squared distances and weights, without the
// matrix; with the loop over coordinates unrolled where they all fit in registers.
var nearestSums = []Kernel{
	nearestSum("NearestSum", ""),
	nearestSum("PlaneNearestSum", " in the plane, d = 2"),
	nearestSum("SpaceNearestSum", " in space, d = 3"),
	nearestSum("PeriodicNearestSum", " on a torus: where period[k] > 0, differences are taken to the nearest image"),
	nearestSum("PeriodicPlaneNearestSum", " on a torus, d = 2"),
}

func nearestSum(name, where string) Kernel {
	d := 0 // any
	switch {
	case strings.Contains(name, "Plane"):
		d = 2
	case strings.Contains(name, "Space"):
		d = 3
	}
	list := args(ptr("min", "arg", "x"), count("n"), ptr("y"), count("ldy", "m", "d"), ptr("w"))
	periodic := strings.HasPrefix(name, "Periodic")
	if periodic {
		list = append(list, ptr("period")...)
	}
	return Kernel{
		Name: name, File: "nearest",
		Doc:  "finds the least of Σ_k (x[i][k] - y[k][j])² + w[j] for each of n rows of x and m columns of the panel y, and its lowest index, as an integer in arg's bits; -1 where none is below +Inf" + where + ".",
		Args: list,
		Build: func(b *vm.Builder) {
			if d > 0 {
				nearestUnrolled(b, d, periodic)
				return
			}
			image := func(k vm.I, q []vm.V) []vm.V { return q }
			if periodic {
				image = nearestImages(b)
			}
			nearest(b, image)
		},
	}
}

func nearest(b *vm.Builder, image func(k vm.I, q []vm.V) []vm.V) {
	x := b.Arg("x")
	ldy := b.Elements(b.Arg("ldy"))
	row := b.Elements(b.Arg("d"))
	rowMinima(b, 2, 2, func() minimized {
		y, w := b.Arg("y"), b.Arg("w")
		return minimized{
			values: func(first, vectors int, load loader, _ saver) []vm.V {
				v := squares(b, vectors, x, y, ldy, load, image)
				for s := range v {
					v[s] = b.Add(v[s], load(vm.At(w).Offset((first+s)*b.Bytes())))
				}
				return v
			},
			advance: func(bytes int64) {
				b.AdvanceConst(y, bytes)
				b.AdvanceConst(w, bytes)
			},
		}
	}, func() { b.Advance(x, row) })
}

// nearestUnrolled is nearest for d coordinates that all stay in registers. A
// coordinate without a period gets the period 0 with the inverse 0: q - 0*round(q*0) = q.
func nearestUnrolled(b *vm.Builder, d int, periodic bool) {
	x := b.Arg("x")
	ldy := b.Elements(b.Arg("ldy"))
	side := 4
	if periodic || d > 2 {
		side = 2
	}
	rowMinima(b, side, 1, func() minimized {
		y, w := make([]vm.I, d), b.Arg("w")
		at, period, inverse := make([]vm.V, d), make([]vm.V, d), make([]vm.V, d)
		for k := range d {
			if y[k] = b.Arg("y"); k > 0 {
				y[k] = b.IntAdd(y[k-1], ldy)
			}
			at[k] = b.Broadcast(vm.At(x).Offset(k * b.T.Bytes()))
			if periodic {
				p := b.Broadcast(vm.At(b.Arg("period")).Offset(k * b.T.Bytes()))
				positive := b.CmpLT(b.Bits(0), p)
				period[k] = b.Select(positive, p, b.Bits(0))
				inverse[k] = b.Select(positive, b.Div(b.Const(1), p), b.Bits(0))
			}
		}
		return minimized{
			values: func(first, _ int, load loader, _ saver) []vm.V {
				var acc vm.V
				for k := range d {
					q := b.Sub(at[k], load(vm.At(y[k]).Offset(first*b.Bytes())))
					if periodic {
						q = b.Sub(q, b.Mul(period[k], b.RoundEven(b.Mul(q, inverse[k]))))
					}
					if k == 0 {
						acc = b.Mul(q, q)
					} else {
						b.FMATo(acc, q, q)
					}
				}
				return []vm.V{b.Add(acc, load(vm.At(w).Offset(first*b.Bytes())))}
			},
			advance: func(bytes int64) {
				for _, p := range append(y, w) {
					b.AdvanceConst(p, bytes)
				}
			},
		}
	}, func() { b.AdvanceConst(x, int64(d*b.T.Bytes())) })
}
