package kernels

import "pushforward/asm"

// AdamWStep holds the numbers of one step of AdamW (Loshchilov, Hutter:
// Decoupled weight decay regularization; ICLR 2019), which is Adam where Decay
// is 0.
type AdamWStep[T Float] struct {
	Rate        T // learning rate
	Beta1       T // decay of the mean of gradients, as a rule 0.9
	Beta2       T // decay of the mean of squares, as a rule 0.999
	Epsilon     T // added to the root of the mean of squares, as a rule 1e-8
	Decay       T // weight decay, not scaled by the mean of squares
	Correction1 T // 1/(1-Beta1^t) in step t = 1, 2, …
	Correction2 T // 1/(1-Beta2^t)
	GradScale   T // factor on g: 1, or less to clip the global norm
}

// AdamW moves the parameters p along the gradient g, with the running means m of
// gradients and v of their squares. Every product that is not part of an fma is
// rounded:
//
//	g' = g*GradScale
//	m  = fma(Beta1, m, (1-Beta1)*g')
//	v  = fma(Beta2, v, ((1-Beta2)*g')*g')
//	p  = fma(-Rate, (m*Correction1) / (sqrt(v*Correction2)+Epsilon), p*fma(-Rate, Decay, 1))
//
//go:noinline
func AdamW[T Float](p, g, m, v []T, h AdamWStep[T]) {
	const op = "AdamW"
	checkLen(op, "g", len(g), len(p), "len(p)")
	checkLen(op, "m", len(m), len(p), "len(p)")
	checkLen(op, "v", len(v), len(p), "len(p)")
	for i := 0; i < len(p); i += chunk {
		j := min(i+chunk, len(p))
		adamWSlice(p[i:j], g[i:j], m[i:j], v[i:j], &h)
	}
}

//go:noinline
func adamWSlice[T Float](p, g, m, v []T, h *AdamWStep[T]) {
	if asm.AdamW(Active(), at(p), at(g), at(m), at(v), &h.Rate, len(p)) {
		return
	}
	adamWSliceRef(p, g, m, v, h)
}
