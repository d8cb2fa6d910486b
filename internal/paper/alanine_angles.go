package paper

import (
	"math"
	"math/rand/v2"
	"slices"
)

// angles are (φ, ψ) of the frames of some replicas, in radians.
type angles struct {
	replicas, frames int
	x                []float32 // row-major [replica][frame][2]
	weight           []float64 // [replica][frame]; nil where all frames count the same
}

// replica is the trajectory of replica r, row-major [frame][2].
func (a angles) replica(r int) []float32 { return a.x[2*r*a.frames:][:2*a.frames] }

// part is some of the replicas.
func (a angles) part(from, to int) angles {
	p := angles{replicas: to - from, frames: a.frames, x: a.x[2*from*a.frames : 2*to*a.frames]}
	if a.weight != nil {
		p.weight = a.weight[from*a.frames : to*a.frames]
	}
	return p
}

// weightOf is what a replica's frame counts.
func (a angles) weightOf(replica, frame int) float64 {
	if a.weight == nil {
		return 1
	}
	return a.weight[replica*a.frames+frame]
}

// equilibrium are as many frames as have the equilibrium's law, each once at most:
// those where the sum of weights passes ½, 1½, 2½ … times the greatest.
func (a angles) equilibrium() []float32 {
	if a.weight == nil {
		return a.x
	}
	greatest := slices.Max(a.weight)
	var y []float32
	sum, next := 0.0, 0.5
	for i, w := range a.weight {
		if sum += w / greatest; sum > next {
			y = append(y, a.x[2*i], a.x[2*i+1])
			next++
		}
	}
	return y
}

// shuffled is the points of a cloud, row-major [n][2], in an order that the seed
// names.
func shuffled(x []float32, seed uint64) []float32 {
	y := make([]float32, 0, len(x))
	for _, i := range rand.New(rand.NewPCG(seed, 0)).Perm(len(x) / 2) {
		y = append(y, x[2*i], x[2*i+1])
	}
	return y
}

// cut is where a torus is cut open: angles run from each of its numbers, in
// radians, to one turn more.
type cut [2]float64

// atPi cuts where the angles' definition does.
var atPi = cut{-math.Pi, -math.Pi}

// sparsest cuts where the density of each angle is smallest: in the middle of the
// longest stretch of the fewest points within 30°.
func sparsest(x []float32) (c cut) {
	const bins, window = 72, 6
	for k := range c {
		var count, near [bins]int
		for i := k; i < len(x); i += 2 {
			count[binOf(float64(x[i]), -math.Pi, bins)]++
		}
		fewest := math.MaxInt
		for b := range near {
			for w := range window {
				near[b] += count[(b+w)%bins]
			}
			fewest = min(fewest, near[b])
		}
		longest, at := 0, 0.0
		for b := range near {
			length := 0
			for length < bins && near[(b+length)%bins] == fewest {
				length++
			}
			if length > longest {
				longest, at = length, float64(b)+float64(length-1+window)/2
			}
		}
		c[k] = 2*math.Pi*at/bins - math.Pi
		if c[k] >= math.Pi {
			c[k] -= 2 * math.Pi
		}
	}
	return c
}

// open takes angles to where the torus is cut open, as samples in the plane.
func (c cut) open(x []float32) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		from := c[i%2]
		turns := math.Floor((float64(v) - from) / (2 * math.Pi))
		y[i] = float32(float64(v) - 2*math.Pi*turns)
	}
	return y
}

// outside is the share of samples of the plane that lie outside the cut torus.
func (c cut) outside(x []float32) float64 {
	n := 0
	for i := 0; i < len(x); i += 2 {
		for k := range c {
			if v := float64(x[i+k]) - c[k]; !(v >= 0 && v < 2*math.Pi) {
				n++
				break
			}
		}
	}
	return float64(n) / float64(len(x)/2)
}

// inDegrees converts a cloud.
func inDegrees(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = degrees(v)
	}
	return y
}

// binOf is the number of the bin of an angle in radians, of bins that divide the
// turn that starts at from.
func binOf(a, from float64, bins int) int {
	turn := (a - from) / (2 * math.Pi)
	turn -= math.Floor(turn)
	return min(int(turn*float64(bins)), bins-1)
}
