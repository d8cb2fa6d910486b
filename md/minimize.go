package md

import (
	"context"
	"fmt"
	"math"
	"slices"
	"unsafe"

	"pushforward/kernels"
)

// MinimizeOptions say when and how a minimization ends.
type MinimizeOptions struct {
	// Force is what the largest component of the gradient must come down to,
	// > 0: in kJ/(mol nm) for a molecule.
	Force float64
	// Evaluations is how many a replica may take. 0: 10,000.
	Evaluations int
	// Move is the largest change of a coordinate in one step. 0: 0.02.
	Move    float64
	Threads int // goroutines; 0: GOMAXPROCS. Results do not depend on it.
}

// Minima are what [Minimize] found.
type Minima[T kernels.Float] struct {
	Positions []T       // row-major [n][d]
	Energies  []float64 // of each replica
	Forces    []float64 // largest component of each gradient
	Steps     []int     // how many steps each took
	Converged []bool    // whether its force came down to what was asked
}

// Minimize finds a minimum of the energy near each of the replicas x0, row-major
// [n][d], by the method L-BFGS. Each replica goes its own way, while
// energies are evaluated for many at once; the results are the same bits on every
// CPU. Constraints are not known: minimize with bonds instead, and let
// [NewSimulation] bring the bonds to their lengths.
//
// A replica whose energy or gradient is not finite at the start stays there, and
// has not converged. In float32 energies of molecules have errors of some 1e-5
// kJ/mol, and forces below about 0.1 may not be reached. Cancelling ctx
// returns its error.
func Minimize[T kernels.Float](ctx context.Context, p Potential[T], x0 []T, o MinimizeOptions) (*Minima[T], error) {
	d := p.Dim()
	switch {
	case d < 1 || len(x0) == 0 || len(x0)%d != 0:
		return nil, fmt.Errorf("md: %d starting coordinates, want a positive multiple of the dimension %d", len(x0), d)
	case !(o.Force > 0):
		return nil, fmt.Errorf("md: minimization to a force of %v, want a positive number", o.Force)
	case o.Evaluations < 0 || o.Threads < 0:
		return nil, fmt.Errorf("md: %d evaluations on %d threads, want 0 or more", o.Evaluations, o.Threads)
	case !(o.Move >= 0) || math.IsInf(o.Move, 0):
		return nil, fmt.Errorf("md: steps of at most %v, want a positive number", o.Move)
	}
	if o.Evaluations == 0 {
		o.Evaluations = 10_000
	}
	if o.Move == 0 {
		o.Move = 0.02
	}
	n := len(x0) / d
	r := &Minima[T]{
		Positions: slices.Clone(x0), Energies: make([]float64, n), Forces: make([]float64, n),
		Steps: make([]int, n), Converged: make([]bool, n),
	}
	block := blockSize(n, d, workerCount(o.Threads))
	eachBlock(o.Threads, (n+block-1)/block, func(_, b int) {
		first := b * block
		minimizeBlock(ctx, p, r, first, min(block, n-first), o)
	})
	return r, ctx.Err()
}

// minimizeBlock minimizes m replicas from first on. Those that go on are packed
// in the first columns of the panel.
func minimizeBlock[T kernels.Float](ctx context.Context, p Potential[T], r *Minima[T], first, m int, o MinimizeOptions) {
	d, ld := p.Dim(), m+blockPad
	noise := 1e-13
	if unsafe.Sizeof(T(0)) == 4 {
		noise = 1e-6
	}
	type search struct {
		*lbfgs
		replica int
	}
	var going []search
	for i := range m {
		x := make([]float64, d)
		for c := range x {
			x[c] = float64(r.Positions[(first+i)*d+c])
		}
		going = append(going, search{newLBFGS(x, o.Move, noise), first + i})
	}
	x, g, u, column := make([]T, d*ld), make([]T, d*ld), make([]T, m), make([]float64, d)
	for range o.Evaluations {
		if len(going) == 0 || ctx.Err() != nil {
			break
		}
		for i, s := range going {
			for c, v := range s.trial {
				t := T(v)
				x[c*ld+i], s.trial[c] = t, float64(t)
			}
		}
		evaluate(p, u[:len(going)], g, ld, x, ld, len(going))
		for i, s := range going {
			for c := range column {
				column[c] = float64(g[c*ld+i])
			}
			s.tell(float64(u[i]), column, o.Force)
			for c, v := range s.x {
				r.Positions[s.replica*d+c] = T(v)
			}
			r.Energies[s.replica], r.Forces[s.replica] = s.energy, largest(s.g)
			r.Steps[s.replica], r.Converged[s.replica] = s.steps, s.state == converged
		}
		going = slices.DeleteFunc(going, func(s search) bool { return s.state != searching })
	}
}
