package main

import "pushforward/gen/vm"

// edge is where the coordinates of two atoms are, the second taken from the first.
type edge struct{ to, from [3]vm.Addr }

func (b *replicas) edge(i, j int) edge {
	return edge{atomRows(b.x[i], b.ldx), atomRows(b.x[j], b.ldx)}
}

func (b *replicas) along(e edge, c int) vm.V {
	return b.Sub(b.load(e.to[c]), b.load(e.from[c]))
}

// betweenParts leads from a term's atom j to atom i, and has what rounding leaves.
func (b *replicas) betweenParts(i, j int) (d, rest vector3) {
	e := b.edge(i, j)
	for c := range d {
		x, y := b.load(e.to[c]), b.load(e.from[c])
		d[c] = b.Sub(x, y)
		rest[c] = b.lack(x, y, d[c])
	}
	return d, rest
}

// crossParts is x × y, as in kernels, where the mask says so.
func (b *replicas) crossParts(r vector3, where vm.M, x, y edge) {
	lack := func(e edge, c int, d vm.V) vm.V { return b.lack(b.load(e.to[c]), b.load(e.from[c]), d) }
	for c := range r {
		d, e := (c+1)%3, (c+2)%3
		xd, xe, yd, ye := b.along(x, d), b.along(x, e), b.along(y, d), b.along(y, e)
		product := b.Mul(xd, ye)
		less := b.FNMA(xd, ye, product)
		less = b.FNMA(lack(x, d, xd), ye, less)
		less = b.FMA(xe, lack(y, d, yd), less)
		whole := b.FNMA(xe, yd, product)
		less = b.FNMA(xd, lack(y, e, ye), less)
		less = b.FMA(lack(x, e, xe), yd, less)
		b.Set(r[c], b.Sub(whole, b.AndMask(where, less)))
	}
}

// lack is what rounding took from d = x - y.
func (b *replicas) lack(x, y, d vm.V) vm.V {
	was := b.Add(d, y)
	return b.Add(b.Sub(x, was), b.Sub(b.Sub(was, d), y))
}
