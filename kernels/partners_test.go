package kernels_test

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

func FuzzGroupPairs(f *testing.F)       { fuzzKernel(f, "GroupPairs") }
func FuzzGroupPairsWithin(f *testing.F) { fuzzKernel(f, "GroupPairsWithin") }

// pairSum is the energies of all pairs and their gradient, in plain float64; rc = 0
// is no cutoff.
func pairSum[T kernels.Float](p []T, n, lanes int, rc, dielectric float64) (lj, coulomb float64, g []float64) {
	at := func(i, k int) float64 { return float64(p[(i/lanes*kernels.ParticleRows+k)*lanes+i%lanes]) }
	g = make([]float64, len(p)/2)
	for i := range n {
		for j := range i {
			var d [3]float64
			r2 := 0.0
			for k := range d {
				d[k] = at(i, k) - at(j, k)
				r2 += d[k] * d[k]
			}
			r := math.Sqrt(r2)
			if rc > 0 && r >= rc {
				continue
			}
			sigma, epsilon, qq := at(i, 4)+at(j, 4), at(i, 5)*at(j, 5)/24, at(i, 3)*at(j, 3)
			s6 := math.Pow(sigma/r, 6)
			lj += 4 * epsilon * (s6*s6 - s6)
			coulomb += qq / r
			f := (24*epsilon*(2*s6*s6-s6) + qq/r) / r2
			if rc > 0 {
				c6 := math.Pow(sigma/rc, 6)
				lj -= 4 * epsilon * (c6*c6 - c6)
				k := (dielectric - 1) / (2*dielectric + 1) / (rc * rc * rc)
				coulomb += qq * (k*r2 - 3*dielectric/(2*dielectric+1)/rc)
				f -= 2 * qq * k
			}
			for k := range d {
				g[(i/lanes*3+k)*lanes+i%lanes] -= f * d[k]
				g[(j/lanes*3+k)*lanes+j%lanes] += f * d[k]
			}
		}
	}
	return lj, coulomb, g
}

func groupLanes[T kernels.Float]() int { return kernels.GroupBytes / int(unsafe.Sizeof(T(0))) }

func pairsOfAll[T kernels.Float](g, p []T, n int) (lj, coulomb float64) {
	lanes := groupLanes[T]()
	groups := len(g) / 3 / lanes
	for own := range groups {
		a, b := kernels.GroupPairs(g, p, own, min(lanes, n-own*lanes), own, groups)
		lj, coulomb = lj+a, coulomb+b
	}
	return lj, coulomb
}

// pairsWithin gives each particle all groups after its own.
func pairsWithin[T kernels.Float](g, p []T, n int, c *kernels.Cutoff[T]) (lj, coulomb float64) {
	lanes := groupLanes[T]()
	groups := len(g) / 3 / lanes
	for own := range groups {
		first, partner := []int{0}, []int{}
		for range min(lanes, n-own*lanes) {
			for j := own + 1; j < groups; j++ {
				partner = append(partner, j)
			}
			first = append(first, len(partner))
		}
		a, b := kernels.GroupPairsWithin(g, p, own, first, partner, c)
		lj, coulomb = lj+a, coulomb+b
	}
	return lj, coulomb
}

func TestGroupPairsAddUpToTheSumOverAllPairs(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		testPairSums[float32](t, 3e-6)
		testPairSums[float64](t, 1e-13)
	})
}

func testPairSums[T kernels.Float](t *testing.T, tolerance float64) {
	for _, n := range []int{1, 2, 15, 16, 17, 100} {
		for _, rc := range []float64{0, 0.7} {
			p, g, _ := liquid[T](n)
			lanes := groupLanes[T]()
			wantLJ, wantCoulomb, want := pairSum(p, n, lanes, rc, 78.3)
			var lj, coulomb float64
			if rc == 0 {
				lj, coulomb = pairsOfAll(g, p, n)
			} else {
				var c kernels.Cutoff[T]
				c.Set(rc, 78.3)
				lj, coulomb = pairsWithin(g, p, n, &c)
			}
			scale := 1.0
			for _, v := range want {
				scale = max(scale, math.Abs(v))
			}
			name := fmt.Sprintf("%T, %d particles, cutoff %v", T(0), n, rc)
			if math.Abs(lj-wantLJ) > tolerance*scale || math.Abs(coulomb-wantCoulomb) > tolerance*scale {
				t.Errorf("%s: energies %v and %v, want %v and %v", name, lj, coulomb, wantLJ, wantCoulomb)
			}
			for i := range g {
				if !(math.Abs(float64(g[i])-want[i]) <= tolerance*scale) {
					t.Fatalf("%s: g[%d] = %v, want %v", name, i, g[i], want[i])
				}
			}
		}
	}
}

func TestGroupPairsGradientIsThatOfTheEnergy(t *testing.T) {
	const n = 20
	p, g, groups := liquid[float64](n)
	for i := range p {
		if i/8%kernels.ParticleRows < 3 {
			p[i] *= 1.6 // lest third derivatives spoil differences
		}
	}
	var c kernels.Cutoff[float64]
	c.Set(2, 5) // no pair crosses it
	for name, f := range map[string]func(g []float64) (float64, float64){
		"all":    func(g []float64) (float64, float64) { return pairsOfAll(g, p, n) },
		"within": func(g []float64) (float64, float64) { return pairsWithin(g, p, n, &c) },
	} {
		clear(g)
		f(g)
		unused := make([]float64, len(g))
		for i := range n {
			for k := range 3 {
				x := p[i/8*48+k*8+i%8:][:1]
				checkGradient(t, fmt.Sprint(name, " x", i, ".", k), x, g[i/8*24+k*8+i%8:][:1], func() float64 {
					lj, coulomb := f(unused)
					return lj + coulomb
				})
			}
		}
	}
	if groups != 3 {
		t.Fatal("the test takes groups for 8 particles")
	}
}

func TestParticlesAtOnePlacePullNowhere(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		testOnePlace[float32](t)
		testOnePlace[float64](t)
	})
}

func testOnePlace[T kernels.Float](t *testing.T) {
	const n = 40
	p, g, _ := liquid[T](n)
	lanes := groupLanes[T]()
	for i := range p {
		if i/lanes%kernels.ParticleRows < 3 {
			p[i] = 0.25
		}
	}
	var c kernels.Cutoff[T]
	c.Set(1, 1)
	for name, f := range map[string]func() (float64, float64){
		"all":    func() (float64, float64) { return pairsOfAll(g, p, n) },
		"within": func() (float64, float64) { return pairsWithin(g, p, n, &c) },
	} {
		clear(g)
		lj, coulomb := f()
		if !(lj > 1e30) || math.IsNaN(coulomb) {
			t.Errorf("%T, %s: energies %v, %v", T(0), name, lj, coulomb)
		}
		for i := range g {
			if g[i] != 0 {
				t.Fatalf("%T, %s: g[%d] = %v", T(0), name, i, g[i])
			}
		}
	}
}

func TestEnergiesEndContinuouslyAtTheCutoff(t *testing.T) {
	for _, dielectric := range []float64{1, 4, 78.3, math.Inf(1)} {
		for _, rc := range []float64{0.3, 1.2} {
			var c kernels.Cutoff[float64]
			c.Set(rc, dielectric)
			for _, r := range []float64{rc * (1 - 1e-9), rc, rc * 1.1} {
				p, g, _ := liquid[float64](2)
				for k := range 3 {
					p[k*8], p[k*8+1] = 0, 0
				}
				p[1] = r
				lj, coulomb := pairsWithin(g, p, 2, &c)
				most := 0.0 // at r_c and beyond
				if r < rc {
					most = 1e-6
				}
				if math.Abs(lj) > most || math.Abs(coulomb) > most {
					t.Errorf("dielectric %v, cutoff %v: energies %v and %v at %v", dielectric, rc, lj, coulomb, r)
				}
			}
		}
	}
}

func TestGroupPairsOfPartsAddUp(t *testing.T) {
	p, whole, groups := liquid[float64](800)
	parts := make([]float64, len(whole))
	a, b := kernels.GroupPairs(whole, p, 3, 8, 3, groups)
	var c, d float64
	for from := 3; from < groups; from += 7 {
		lj, coulomb := kernels.GroupPairs(parts, p, 3, 8, from, min(from+7, groups))
		c, d = c+lj, d+coulomb
	}
	if !near(c, a, 1e-13) || !near(d, b, 1e-13) {
		t.Errorf("energies %v and %v, whole %v and %v", c, d, a, b)
	}
	for i := range whole {
		if !near(parts[i], whole[i], 1e-12) {
			t.Fatalf("g[%d] = %v, whole %v", i, parts[i], whole[i])
		}
	}
}

func TestWrongGroupsPanic(t *testing.T) {
	p, g, _ := liquid[float64](30) // four groups
	var c kernels.Cutoff[float64]
	for want, call := range map[string]func(){
		"kernels: GroupPairs: len(p) = 191, want a multiple of 48, the numbers of a group":             func() { kernels.GroupPairs(g, p[:191], 0, 8, 0, 4) },
		"kernels: GroupPairs: len(g) = 95, want len(p)/2 = 96":                                         func() { kernels.GroupPairs(g[:95], p, 0, 8, 0, 4) },
		"kernels: GroupPairs: 9 particles of a group, want 0 to 8":                                     func() { kernels.GroupPairs(g, p, 0, 9, 0, 4) },
		"kernels: GroupPairs: group 4, want 0 to 3":                                                    func() { kernels.GroupPairs(g, p, 4, 1, 4, 4) },
		"kernels: GroupPairs: groups 0 to 4 after group 1, want them to lie between it and 4":          func() { kernels.GroupPairs(g, p, 1, 8, 0, 4) },
		"kernels: GroupPairs: groups 1 to 5 after group 1, want them to lie between it and 4":          func() { kernels.GroupPairs(g, p, 1, 8, 1, 5) },
		"kernels: GroupPairsWithin: partners 0 to 2 of particle 0, want them to lie in the list of 1":  func() { kernels.GroupPairsWithin(g, p, 0, []int{0, 2}, []int{1}, &c) },
		"kernels: GroupPairsWithin: partner group 4 of group 0, want another one below 4":              func() { kernels.GroupPairsWithin(g, p, 0, []int{0, 1}, []int{4}, &c) },
		"kernels: GroupPairsWithin: partner group 2 of group 2, want another one below 4":              func() { kernels.GroupPairsWithin(g, p, 2, []int{0, 1}, []int{2}, &c) },
		"kernels: GroupPairsWithin: partners 0 to -1 of particle 0, want them to lie in the list of 1": func() { kernels.GroupPairsWithin(g, p, 0, []int{0, -1}, []int{1}, &c) },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panics with %v", got)
				}
			}()
			call()
		})
	}
}
