package paper

import (
	"pushforward/flow"
	"pushforward/kernels"
	"pushforward/md"
)

// The box of the quadrature: outside, the exact density is below 1e-20 of its
// peak.
const (
	box1 = 4.0
	box2 = 10.0
)

// compareDensity measures how far a flow's density is from the exact one. The
// integrals are made with the flow in float64.
func (e *doubleWell) compareDensity(f *flow.Flow[float32], number int) Density {
	wide := flow.Convert[float64](f)
	wide.SetThreads(e.options.Threads)
	var d Density
	e.integrate(&d, wide)
	e.importance(&d, f, number)
	return d
}

// integrate makes the integrals over the box by the rule of midpoints, which
// for a smooth function that vanishes at the ends converges faster than any
// power of the distance of the points.
func (e *doubleWell) integrate(d *Density, f *flow.Flow[float64]) {
	n := e.budget.Grid
	h1, h2 := 2*box1/float64(n), 2*box2/float64(n)
	x, panel := make([]float64, 2*n), make([]float64, 2*n)
	logP, logQ := make([]float64, n), make([]float64, n)
	p, q := make([]float64, n), make([]float64, n)
	var kl, mass float64
	for j := range n {
		b := -box2 + float64(h2*(float64(j)+0.5))
		for i := range n {
			a := -box1 + float64(h1*(float64(i)+0.5))
			x[2*i], x[2*i+1] = a, b
			panel[i], panel[n+i] = a, b
		}
		e.law.LogDensities(logP, panel, n, n)
		f.LogProb(logQ, x)
		kernels.Exp(p, logP)
		kernels.Exp(q, logQ)
		var rowKL, rowMass float64
		for i := range n {
			if p[i] > 0 {
				rowKL += float64(p[i] * (logP[i] - logQ[i]))
			}
			rowMass += q[i]
		}
		kl += rowKL
		mass += rowMass
	}
	d.KL = Number(kl * h1 * h2)
	d.Mass = Number(mass * h1 * h2)
}

// importance weighs samples of the flow by ρ/ρθ.
func (e *doubleWell) importance(d *Density, f *flow.Flow[float32], number int) {
	energies := flow.EnergyFunc(func(u, x []float64) {
		n := len(u)
		panel := make([]float64, 2*n)
		kernels.Transpose(panel, n, x, 2, n, 2)
		md.DoubleWell[float64]{}.Energies(u, panel, n, n)
	})
	w := f.Importance(energies, e.budget.ESS, e.seed(essSamples, number), 0)
	d.ESSSamples, d.ESS, d.LogZ = w.N, Number(w.ESS), Number(w.LogZ)
	// With the exact log Z instead of the estimate.
	d.KLReverse = Number(w.ReverseKL - w.LogZ + e.law.LogZ())
}

// measureDensities compares the densities of all flows.
func (e *doubleWell) measureDensities() error {
	for i, f := range e.printed {
		e.result.AsPrinted.Runs[i].Density = e.compareDensity(f, i)
	}
	e.result.DoneWell.Density = e.compareDensity(e.good, len(e.printed))
	return nil
}
