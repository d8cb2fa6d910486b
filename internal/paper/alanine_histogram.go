package paper

import "math"

// grid2 is a histogram on the torus: the shares of the points, in bins² squares
// from (−π, −π) on, φ running fastest.
type grid2 struct {
	bins   int
	points int
	share  []float64
}

func histogram2(x []float32, bins int) grid2 {
	g := grid2{bins: bins, points: len(x) / 2, share: make([]float64, bins*bins)}
	for i := 0; i < len(x); i += 2 {
		g.share[binOf(float64(x[i+1]), -math.Pi, bins)*bins+binOf(float64(x[i]), -math.Pi, bins)]++
	}
	for i := range g.share {
		g.share[i] /= float64(g.points)
	}
	return g
}

// totalVariation is half the sum of the absolute differences of two histograms.
func totalVariation(a, b grid2) float64 {
	var sum float64
	for i, v := range a.share {
		sum += math.Abs(v - b.share[i])
	}
	return sum / 2
}

// freeEnergies is −kT log of the density, less its minimum, in kJ/mol; +Inf in
// empty squares.
func (g grid2) freeEnergies() []float64 {
	f := make([]float64, len(g.share))
	most := 0.0
	for _, v := range g.share {
		most = max(most, v)
	}
	for i, v := range g.share {
		f[i] = math.Inf(1)
		if v > 0 {
			f[i] = -boltzmannEnergy * math.Log(v/most)
		}
	}
	return f
}
