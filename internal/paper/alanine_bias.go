package paper

import (
	"math"

	"pushforward/md"
)

// bias is an energy of φ, in kJ/mol, under which the converged simulation runs: the
// coefficients of cos kφ and sin kφ, k = 1, 2, …. By itself a trajectory comes to
// α_L once in some 80 ns, over 25 kJ/mol at φ = 0°; the bias takes the 56 kJ/mol at
// φ = 130° away, and it comes once a nanosecond. Weights of the frames make up for
// the bias, whatever it is (umbrella sampling: Torrie and Valleau, J. Comput.
// Phys. 23, 1977). It was fitted to histograms of φ under its predecessors, so that
// no φ beyond 20° has a free energy above α_L's.
var bias = [][2]float64{{8.31, -13.89}, {1.20, 10.98}, {-7.41, -4.79}, {2.44, -2.22}, {-0.20, -0.85}, {0.84, -0.13}}

// addBias adds the bias to a system's energy, and a constant.
func addBias(s *md.System) {
	phi := backbone[0]
	for k, c := range bias {
		s.Torsions = append(s.Torsions, md.Torsion{
			I: phi[0], J: phi[1], K: phi[2], L: phi[3],
			Periodicity: k + 1, Phase: math.Atan2(c[1], c[0]), Amplitude: math.Hypot(c[0], c[1]),
		})
	}
}

// biasWeight is what a frame at φ counts, exp(bias/kT).
func biasWeight(phi float32) float64 {
	energy := 0.0
	for k, c := range bias {
		sin, cos := math.Sincos(float64(k+1) * float64(phi))
		energy += c[0]*cos + c[1]*sin
	}
	return math.Exp(energy / boltzmannEnergy)
}

// effectiveFrames is the number of frames of equal weights that an average over
// independent ones of these weights is worth (Kish).
func effectiveFrames(weight []float64) float64 {
	var sum, squares float64
	for _, w := range weight {
		sum += w
		squares += w * w
	}
	return sum * sum / squares
}
