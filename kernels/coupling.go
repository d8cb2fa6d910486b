package kernels

import "pushforward/asm"

// An affine coupling (RealNVP; Dinh, Sohl-Dickstein, Bengio: Density estimation
// using Real NVP; ICLR 2017) maps some features x of a sample to
//
//	y = x*exp(s) + t,   log|det ∂y/∂x| = Σ s
//
// with s and t computed by networks from the other features. All arrays here are
// panels of rows features of n samples; s and t share a stride, lds.
//
// Where alpha is given, one number for each row, networks give a raw scale u and
// s = alpha[r]*tanh(u): this bounds s, so that neither direction overflows.

// CouplingForward computes y = fma(x, exp(s), t) and adds each sample's Σ s, in
// float64 and in increasing row, to logdet, which has n elements or is nil.
// s holds the networks' output and is overwritten by alpha[r]*tanh(s), where
// alpha is not nil. y may be x.
//
//go:noinline
func CouplingForward[T Float](y []T, ldy int, x []T, ldx int, s, t []T, lds int, alpha []T, logdet []float64, rows, n int) {
	const op = "CouplingForward"
	checkCoupling(op, len(s), len(t), lds, len(alpha), alpha == nil, len(logdet), logdet == nil, rows, n)
	checkPanel(op, "y", "ldy", len(y), ldy, rows, n)
	checkPanel(op, "x", "ldx", len(x), ldx, rows, n)
	cols := couplingChunk(rows)
	for i := 0; i < n && rows > 0; i += cols {
		p := min(cols, n-i)
		couplingForwardPanel(y[i:], ldy, x[i:], ldx, s[i:], t[i:], lds, alpha, part(logdet, i, p), rows, p)
	}
}

// CouplingInverse undoes CouplingForward: x = (y - t)*exp(-s), and each sample's
// Σ s is subtracted from logdet, which has n elements or is nil. s is overwritten
// as there. x may be y.
//
//go:noinline
func CouplingInverse[T Float](x []T, ldx int, y []T, ldy int, s, t []T, lds int, alpha []T, logdet []float64, rows, n int) {
	const op = "CouplingInverse"
	checkCoupling(op, len(s), len(t), lds, len(alpha), alpha == nil, len(logdet), logdet == nil, rows, n)
	checkPanel(op, "x", "ldx", len(x), ldx, rows, n)
	checkPanel(op, "y", "ldy", len(y), ldy, rows, n)
	cols := couplingChunk(rows)
	for i := 0; i < n && rows > 0; i += cols {
		p := min(cols, n-i)
		couplingInversePanel(x[i:], ldx, y[i:], ldy, s[i:], t[i:], lds, alpha, part(logdet, i, p), rows, p)
	}
}

// CouplingForwardBackward computes the gradients of a loss L with respect to
// CouplingForward's x, s and t, from dy = ∂L/∂y and g = ∂L/∂logdet, which is one
// number for all samples. x is the forward pass's input and s what it left in s
// (after alpha*tanh; BoundBackward takes ds from there to the raw scale).
//
//	dt = dy
//	dx = dy*exp(s)
//	ds = fma(dx, x, g)
//
// dx may be dy or x; ds and dt, which share a stride, may be s and t.
//
//go:noinline
func CouplingForwardBackward[T Float](dx []T, lddx int, ds, dt []T, ldds int, dy []T, lddy int, x []T, ldx int, s []T, lds int, g T, rows, n int) {
	const op = "CouplingForwardBackward"
	checkSize(op, "rows", rows)
	checkSize(op, "n", n)
	checkPanel(op, "dx", "lddx", len(dx), lddx, rows, n)
	checkPanel(op, "ds", "ldds", len(ds), ldds, rows, n)
	checkPanel(op, "dt", "ldds", len(dt), ldds, rows, n)
	checkPanel(op, "dy", "lddy", len(dy), lddy, rows, n)
	checkPanel(op, "x", "ldx", len(x), ldx, rows, n)
	checkPanel(op, "s", "lds", len(s), lds, rows, n)
	cols := couplingChunk(rows)
	for i := 0; i < n && rows > 0; i += cols {
		couplingForwardBackwardPanel(dx[i:], lddx, ds[i:], dt[i:], ldds, dy[i:], lddy, x[i:], ldx, s[i:], lds, g, rows, min(cols, n-i))
	}
}

// CouplingInverseBackward computes the gradients of a loss L with respect to
// CouplingInverse's y, s and t, from dx = ∂L/∂x and g = ∂L/∂logdet, which is one
// number for all samples (-1/n for the mean negative log-likelihood of n
// samples). x is the inverse pass's output and s what it left in s.
//
//	dy = dx*exp(-s)
//	dt = -dy
//	ds = fma(-dx, x, -g)
//
// dy may be dx or x; ds and dt, which share a stride, may be s and t.
//
//go:noinline
func CouplingInverseBackward[T Float](dy []T, lddy int, ds, dt []T, ldds int, dx []T, lddx int, x []T, ldx int, s []T, lds int, g T, rows, n int) {
	const op = "CouplingInverseBackward"
	checkSize(op, "rows", rows)
	checkSize(op, "n", n)
	checkPanel(op, "dy", "lddy", len(dy), lddy, rows, n)
	checkPanel(op, "ds", "ldds", len(ds), ldds, rows, n)
	checkPanel(op, "dt", "ldds", len(dt), ldds, rows, n)
	checkPanel(op, "dx", "lddx", len(dx), lddx, rows, n)
	checkPanel(op, "x", "ldx", len(x), ldx, rows, n)
	checkPanel(op, "s", "lds", len(s), lds, rows, n)
	cols := couplingChunk(rows)
	for i := 0; i < n && rows > 0; i += cols {
		couplingInverseBackwardPanel(dy[i:], lddy, ds[i:], dt[i:], ldds, dx[i:], lddx, x[i:], ldx, s[i:], lds, g, rows, min(cols, n-i))
	}
}

// BoundBackward takes ds = ∂L/∂s through s = alpha[r]*tanh(u): ds is overwritten
// by ∂L/∂u, and ∂L/∂alpha is added to dalpha (nil to leave it out). s is what
// CouplingForward or CouplingInverse left in s.
//
//	h = s * (1/alpha[r])                 (that is tanh u; 0 where 1/alpha[r] is infinite)
//	dalpha[r] += Σ ds*h                  (products rounded, summed as RowSums does)
//	ds = ds * (alpha[r] * fma(-h, h, 1))
//
// An alpha of 0 hides u and gets no gradient: start it elsewhere.
//
//go:noinline
func BoundBackward[T Float](ds []T, ldds int, dalpha []T, s []T, lds int, alpha []T, rows, n int) {
	const op = "BoundBackward"
	checkSize(op, "rows", rows)
	checkSize(op, "n", n)
	checkLen(op, "alpha", len(alpha), rows, "rows")
	if dalpha != nil {
		checkLen(op, "dalpha", len(dalpha), rows, "rows")
	}
	checkPanel(op, "ds", "ldds", len(ds), ldds, rows, n)
	checkPanel(op, "s", "lds", len(s), lds, rows, n)
	if n == 0 {
		return
	}
	step := max(1, chunk/n)
	for r := 0; r < rows; r += step {
		p := min(step, rows-r)
		boundBackwardPanel(ds[r*ldds:], ldds, part(dalpha, r, p), s[r*lds:], lds, alpha[r:r+p], p, n)
	}
}

// couplingChunk is the number of samples in one call.
func couplingChunk(rows int) int { return max(64, chunk/max(rows, 1)&^63) }

func checkCoupling(op string, s, t, lds, alpha int, noAlpha bool, logdet int, noLogdet bool, rows, n int) {
	checkSize(op, "rows", rows)
	checkSize(op, "n", n)
	checkPanel(op, "s", "lds", s, lds, rows, n)
	checkPanel(op, "t", "lds", t, lds, rows, n)
	if !noAlpha {
		checkLen(op, "alpha", alpha, rows, "rows")
	}
	if !noLogdet {
		checkLen(op, "logdet", logdet, n, "n")
	}
}

//go:noinline
func couplingForwardPanel[T Float](y []T, ldy int, x []T, ldx int, s, t []T, lds int, alpha []T, logdet []float64, rows, n int) {
	if asm.CouplingForward(Active(), at(y), ldy, at(x), ldx, at(s), at(t), lds, at(alpha), at(logdet), rows, n) {
		return
	}
	couplingForwardPanelRef(y, ldy, x, ldx, s, t, lds, alpha, logdet, rows, n)
}

//go:noinline
func couplingInversePanel[T Float](x []T, ldx int, y []T, ldy int, s, t []T, lds int, alpha []T, logdet []float64, rows, n int) {
	if asm.CouplingInverse(Active(), at(x), ldx, at(y), ldy, at(s), at(t), lds, at(alpha), at(logdet), rows, n) {
		return
	}
	couplingInversePanelRef(x, ldx, y, ldy, s, t, lds, alpha, logdet, rows, n)
}

//go:noinline
func couplingForwardBackwardPanel[T Float](dx []T, lddx int, ds, dt []T, ldds int, dy []T, lddy int, x []T, ldx int, s []T, lds int, g T, rows, n int) {
	if asm.CouplingForwardBackward(Active(), at(dx), lddx, at(ds), at(dt), ldds, at(dy), lddy, at(x), ldx, at(s), lds, g, rows, n) {
		return
	}
	couplingForwardBackwardPanelRef(dx, lddx, ds, dt, ldds, dy, lddy, x, ldx, s, lds, g, rows, n)
}

//go:noinline
func couplingInverseBackwardPanel[T Float](dy []T, lddy int, ds, dt []T, ldds int, dx []T, lddx int, x []T, ldx int, s []T, lds int, g T, rows, n int) {
	if asm.CouplingInverseBackward(Active(), at(dy), lddy, at(ds), at(dt), ldds, at(dx), lddx, at(x), ldx, at(s), lds, g, rows, n) {
		return
	}
	couplingInverseBackwardPanelRef(dy, lddy, ds, dt, ldds, dx, lddx, x, ldx, s, lds, g, rows, n)
}

//go:noinline
func boundBackwardPanel[T Float](ds []T, ldds int, dalpha []T, s []T, lds int, alpha []T, rows, n int) {
	if isa := Active(); isa != Go {
		var inverse [boundRows]T
		for r := 0; r < rows; r += boundRows {
			p := min(boundRows, rows-r)
			for i, a := range alpha[r : r+p] {
				inverse[i] = boundInverse(a)
			}
			if dalpha != nil {
				asm.BoundSums(isa, at(dalpha[r:]), at(ds[r*ldds:]), ldds, at(s[r*lds:]), lds, &inverse[0], p, n)
			}
			asm.BoundBackward(isa, at(ds[r*ldds:]), ldds, at(s[r*lds:]), lds, at(alpha[r:]), &inverse[0], p, n)
		}
		return
	}
	boundBackwardPanelRef(ds, ldds, dalpha, s, lds, alpha, rows, n)
}

// boundRows is the number of rows whose alphas are inverted at once.
const boundRows = 64
