package paper

import (
	"math"

	"pushforward/md"
)

// basin is a metastable region of (φ, ψ).
type basin struct {
	name string
	has  func(phi, psi float64) bool // in degrees, in [-180, 180)
	core [2]float64                  // its deepest point
}

// The basins' borders lie where the density of (φ, ψ) is smallest; a torsion φ
// between 0° and 125° is what the right-handed side calls left-handed. The cores
// are minima of the energy.
var basins = []basin{
	{"α_R", func(phi, psi float64) bool { return !leftHanded(phi) && right(psi) }, [2]float64{-77.5, -14.7}},
	{"P_II", func(phi, psi float64) bool { return !leftHanded(phi) && !right(psi) && phi > -115 && phi < 0 }, [2]float64{-74, 155}},
	{"C5", func(phi, psi float64) bool { return !leftHanded(phi) && !right(psi) && !(phi > -115 && phi < 0) }, [2]float64{-145, 159}},
	{"α_L", func(phi, psi float64) bool { return leftHanded(phi) }, [2]float64{54, 29}},
}

func leftHanded(phi float64) bool { return phi >= 0 && phi < 125 }
func right(psi float64) bool      { return psi >= -120 && psi < 80 }

// basinOf returns the number of the basin of a point in radians.
func basinOf(phi, psi float32) int {
	x, y := wrapDegrees(degrees(phi)), wrapDegrees(degrees(psi))
	for i, b := range basins {
		if b.has(x, y) {
			return i
		}
	}
	panic("paper: basins leave a gap")
}

// coreRadius is how near its core, in degrees on the torus, a trajectory must
// come to count as having entered a basin.
const coreRadius = 30

// coreOf returns the basin whose core the point is in, or −1.
func coreOf(phi, psi float32) int {
	nearest, at := math.Inf(1), -1
	for i, b := range basins {
		dx, dy := wrapDegrees(degrees(phi)-b.core[0]), wrapDegrees(degrees(psi)-b.core[1])
		if d := float64(dx*dx) + float64(dy*dy); d < nearest {
			nearest, at = d, i
		}
	}
	if nearest > coreRadius*coreRadius {
		return -1
	}
	return at
}

func degrees(radians float32) float64 { return float64(radians) * (180 / math.Pi) }

// wrapDegrees maps an angle to [-180, 180).
func wrapDegrees(a float64) float64 { return a - 360*math.Floor((a+180)/360) }

// Population is the share of the time, or of the samples, in one basin.
type Population struct {
	Basin string  `json:"basin"`
	Share float64 `json:"share"`
	SE    float64 `json:"standard_error"`
	Least float64 `json:"least_of_a_replica"`
	Most  float64 `json:"most_of_a_replica"`
	// FreeEnergy is −kT log(share), less that of the first basin, in kJ/mol; null
	// where a share is 0.
	FreeEnergy   Number `json:"free_energy_kj_per_mol"`
	FreeEnergySE Number `json:"free_energy_standard_error"`
}

// populationsOf are those of independent replicas, whose scatter gives the
// standard errors; those of free energies by the jackknife over replicas.
func populationsOf(a angles) []Population {
	counts := make([][]float64, a.replicas) // [replica][basin]
	all := make([]float64, a.replicas)
	total := make([]float64, len(basins))
	sum := 0.0
	for r := range counts {
		counts[r] = make([]float64, len(basins))
		x := a.replica(r)
		for f := range a.frames {
			counts[r][basinOf(x[2*f], x[2*f+1])] += a.weightOf(r, f)
		}
		for b, c := range counts[r] {
			all[r] += c
			total[b] += c
		}
		sum += all[r]
	}
	n := float64(a.replicas)
	list := make([]Population, len(basins))
	for b := range list {
		p := Population{Basin: basins[b].name, Share: total[b] / sum, Least: 1}
		squares := 0.0 // of how far replicas are off, of a ratio of sums
		for r := range counts {
			off := counts[r][b] - p.Share*all[r]
			squares += off * off
			share := counts[r][b] / all[r]
			p.Least, p.Most = min(p.Least, share), max(p.Most, share)
		}
		p.SE = math.Sqrt(squares*n/(n-1)) / sum
		list[b] = p
	}
	for b := range list {
		list[b].FreeEnergy = freeEnergy(total[b], total[0])
		left := make([]float64, a.replicas)
		for r := range left {
			left[r] = float64(freeEnergy(total[b]-counts[r][b], total[0]-counts[r][0]))
		}
		_, sd := meanAndSD(left)
		list[b].FreeEnergySE = Number(sd * (n - 1) / math.Sqrt(n))
	}
	return list
}

// populationsOfSamples are those of independent samples, row-major [n][2].
func populationsOfSamples(x []float32) []Population {
	counts := make([]float64, len(basins))
	for i := 0; i < len(x); i += 2 {
		counts[basinOf(x[i], x[i+1])]++
	}
	n := float64(len(x) / 2)
	list := make([]Population, len(basins))
	for b, c := range counts {
		p := c / n
		list[b] = Population{
			Basin: basins[b].name, Share: p, SE: math.Sqrt(p * (1 - p) / n), Least: p, Most: p,
			FreeEnergy: freeEnergy(c, counts[0]),
		}
		if b > 0 { // the variance of log(c/c0) of a multinomial law
			list[b].FreeEnergySE = Number(boltzmannEnergy * math.Sqrt(1/c+1/counts[0]))
		}
	}
	return list
}

// boltzmannEnergy is kT in kJ/mol.
const boltzmannEnergy = md.BoltzmannConstant * alanineTemperature

func freeEnergy(count, first float64) Number {
	if count == 0 || first == 0 {
		return Number(math.Inf(1))
	}
	return Number(-boltzmannEnergy * math.Log(count/first))
}

// Transitions counts how often trajectories went from one basin's core to
// another's.
type Transitions struct {
	Basins      []string `json:"basins"`
	CoreRadius  float64  `json:"core_radius_degrees"`
	Counts      [][]int  `json:"counts"` // from row to column
	Nanoseconds float64  `json:"nanoseconds"`
	// Exchanges are the transitions between right-handed helix and extended
	// conformations, in both directions, per nanosecond.
	Exchanges float64 `json:"alpha_beta_exchanges_per_ns"`
}

// transitionsOf counts transitions; frames are so many ps apart.
func transitionsOf(a angles, picoseconds float64) Transitions {
	t := Transitions{CoreRadius: coreRadius, Nanoseconds: float64(a.replicas*a.frames) * picoseconds / 1000}
	for _, b := range basins {
		t.Basins = append(t.Basins, b.name)
		t.Counts = append(t.Counts, make([]int, len(basins)))
	}
	exchanges := 0
	for r := range a.replicas {
		x := a.replica(r)
		last, extended := -1, -1 // the last core, and whether it was an extended one
		for i := 0; i < len(x); i += 2 {
			now := coreOf(x[i], x[i+1])
			if now < 0 || now == last {
				continue
			}
			if last >= 0 {
				t.Counts[last][now]++
			}
			last = now
			if now == 3 {
				continue
			}
			if e := min(now, 1); e != extended {
				if extended >= 0 {
					exchanges++
				}
				extended = e
			}
		}
	}
	t.Exchanges = float64(exchanges) / t.Nanoseconds
	return t
}
