package main

import "pushforward/gen/vm"

// transpose turns full tiles of lanes × lanes elements:
//
//	for i := range rows - rows%lanes {
//		for j := range cols - cols%lanes {
//			dst[j*ldd+i] = src[i*lds+j]
//		}
//	}
//
// A tile is transposed in registers: first within each 128-bit chunk by
// unpacking, then chunk by chunk.
var transpose = Kernel{
	Name: "Transpose", File: "transpose",
	Doc:  "computes dst[j*ldd+i] = src[i*lds+j] for the full tiles of a vector's lanes in rows and cols.",
	Args: args(ptr("dst"), count("ldd"), ptr("src"), count("lds", "rows", "cols")),
	Build: func(b *vm.Builder) {
		ldd, lds := b.Elements(b.Arg("ldd")), b.Elements(b.Arg("lds"))
		lanes := int64(b.Lanes)
		rows := b.Arg("rows")
		b.While(rows, lanes, func() {
			src, dst, cols := b.Arg("src"), b.Arg("dst"), b.Arg("cols")
			b.While(cols, lanes, func() {
				from := b.IntMove(src)
				tile := make([]vm.V, lanes)
				for r := range tile {
					tile[r] = b.Load(vm.At(from))
					b.Advance(from, lds)
				}
				for _, column := range transposed(b, tile) {
					b.Store(vm.At(dst), column)
					b.Advance(dst, ldd)
				}
				b.AdvanceConst(src, int64(b.Bytes()))
			})
			next := b.Arg("src")
			for range lanes {
				b.Advance(next, lds)
			}
			b.SetArg("src", next)
			b.SetArg("dst", b.IntAddConst(b.Arg("dst"), int64(b.Bytes())))
		})
	},
}

// transposed is the transpose of a square tile of rows in registers.
func transposed(b *vm.Builder, rows []vm.V) []vm.V {
	// Within chunks: group g of chunk-size rows becomes part[j][g], whose chunk
	// k is column k*size+j of those rows.
	size := 16 / b.T.Bytes()
	groups := len(rows) / size
	part := make([][]vm.V, size)
	for g := range groups {
		r := rows[g*size:]
		if size == 2 {
			part[0] = append(part[0], b.UnpackLo(r[0], r[1]))
			part[1] = append(part[1], b.UnpackHi(r[0], r[1]))
			continue
		}
		w := b.As(vm.F64)
		lo01, hi01 := b.UnpackLo(r[0], r[1]), b.UnpackHi(r[0], r[1])
		lo23, hi23 := b.UnpackLo(r[2], r[3]), b.UnpackHi(r[2], r[3])
		part[0] = append(part[0], w.UnpackLo(lo01, lo23))
		part[1] = append(part[1], w.UnpackHi(lo01, lo23))
		part[2] = append(part[2], w.UnpackLo(hi01, hi23))
		part[3] = append(part[3], w.UnpackHi(hi01, hi23))
	}
	out := make([]vm.V, len(rows))
	for j := range size {
		for k, v := range chunks(b, part[j]) {
			out[k*size+j] = v
		}
	}
	return out
}

// chunks transposes a square of 128-bit chunks: chunk g of result k is chunk k
// of m[g].
func chunks(b *vm.Builder, m []vm.V) []vm.V {
	const even, odd = 0x88, 0xdd // chunks 0, 2 and 1, 3 of both operands
	switch len(m) {
	case 1:
		return m
	case 2:
		return []vm.V{b.Shuffle128(m[0], m[1], 0x0), b.Shuffle128(m[0], m[1], 0x5)}
	}
	even01, even23 := b.Shuffle128(m[0], m[1], even), b.Shuffle128(m[2], m[3], even)
	odd01, odd23 := b.Shuffle128(m[0], m[1], odd), b.Shuffle128(m[2], m[3], odd)
	return []vm.V{
		b.Shuffle128(even01, even23, even), b.Shuffle128(odd01, odd23, even),
		b.Shuffle128(even01, even23, odd), b.Shuffle128(odd01, odd23, odd),
	}
}
