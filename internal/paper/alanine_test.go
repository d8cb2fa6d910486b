package paper

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pushforward/internal/npy"
	"pushforward/md"
	"pushforward/md/molecules"
)

// pictures are a report's images: their letters may spell anything.
var pictures = regexp.MustCompile(`data:image/png;base64,[^"]*`)

// referenceAngles are OpenMM's trajectories of alanine dipeptide, a frame each ps.
func referenceAngles(t *testing.T, file string, names ...string) angles {
	t.Helper()
	archive, err := npy.OpenArchive("../../md/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	a := angles{replicas: len(names)}
	for _, name := range names {
		x, err := npy.ReadFrom[float32](archive, name)
		if err != nil {
			t.Fatal(err)
		}
		a.frames = x.Shape[0]
		a.x = append(a.x, x.Data...)
	}
	return a
}

func slowAngles(t *testing.T) angles {
	return referenceAngles(t, "ff99sbildn_obc_91ps.npz", "traj1", "traj2")
}

func fastAngles(t *testing.T) angles {
	return referenceAngles(t, "ff99sbildn_obc_1ps.npz", "eq1ps_000", "eq1ps_001", "eq1ps_002")
}

func TestPopulationsOfReferenceTrajectories(t *testing.T) {
	// Shares that were published with the trajectories: α_R 12 % and 51 % at 91/ps,
	// 41 to 49 % at 1/ps, φ > 0 between 0 and 6 %.
	for _, c := range []struct {
		name                        string
		a                           angles
		least, most                 float64 // of α_R
		leastLeft, mostLeft         float64 // of α_L
		leastExchange, mostExchange float64 // per ns
	}{
		{"91/ps", slowAngles(t), 0.12, 0.54, 0, 0, 1, 3},
		{"1/ps", fastAngles(t), 0.41, 0.51, 0, 0.062, 20, 26},
	} {
		p := populationsOf(c.a)
		sum := 0.0
		for _, b := range p {
			sum += b.Share
			if !(b.Least <= b.Share && b.Share <= b.Most) {
				t.Errorf("%s, %s: share %v outside of %v to %v", c.name, b.Basin, b.Share, b.Least, b.Most)
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: shares add up to %v", c.name, sum)
		}
		if r := p[0]; r.Least < c.least-0.01 || r.Most > c.most+0.02 {
			t.Errorf("%s: α_R from %v to %v, want %v to %v", c.name, r.Least, r.Most, c.least, c.most)
		}
		if l := p[3]; l.Least != c.leastLeft || l.Most > c.mostLeft {
			t.Errorf("%s: α_L from %v to %v, want %v to %v", c.name, l.Least, l.Most, c.leastLeft, c.mostLeft)
		}
		if e := transitionsOf(c.a, 1).Exchanges; e < c.leastExchange || e > c.mostExchange {
			t.Errorf("%s: %v exchanges per ns, want %v to %v", c.name, e, c.leastExchange, c.mostExchange)
		}
	}
}

func TestErrorBarsOfPopulationsHoldTheTruth(t *testing.T) {
	// Replicas that are independent draws: their scatter must tell the binomial law's.
	r := rand.New(rand.NewPCG(1, 2))
	const p = 0.3
	a := angles{replicas: 400, frames: 100}
	for range a.replicas * a.frames {
		psi := float32(2.5)
		if r.Float64() < p {
			psi = 0
		}
		a.x = append(a.x, -1, psi)
	}
	want := math.Sqrt(p * (1 - p) / float64(len(a.x)/2))
	got := populationsOf(a)
	if math.Abs(got[0].SE-want) > 0.15*want || math.Abs(got[0].Share-p) > 4*want {
		t.Errorf("share %v ± %v, want %v ± %v", got[0].Share, got[0].SE, p, want)
	}
	samples := populationsOfSamples(a.x)
	if math.Abs(samples[0].SE-want) > 0.05*want {
		t.Errorf("independent samples: standard error %v, want %v", samples[0].SE, want)
	}
	// log(p1/p0) has the variance 1/(n p0) + 1/(n p1).
	n := float64(len(a.x) / 2)
	error := boltzmannEnergy * math.Sqrt(1/(n*p)+1/(n*(1-p)))
	for name, f := range map[string]Population{"jackknife": got[1], "samples": samples[1]} {
		if math.Abs(float64(f.FreeEnergySE)-error) > 0.15*error || math.Abs(float64(f.FreeEnergy)+boltzmannEnergy*math.Log((1-p)/p)) > 4*error {
			t.Errorf("%s: free energy %v ± %v, want %v ± %v", name, f.FreeEnergy, f.FreeEnergySE, -boltzmannEnergy*math.Log((1-p)/p), error)
		}
	}
	if f := samples[3]; f.Share != 0 || !math.IsInf(float64(f.FreeEnergy), 1) {
		t.Errorf("an empty basin has the share %v and the free energy %v", f.Share, f.FreeEnergy)
	}
}

func TestWeightsMakeUpForTheBias(t *testing.T) {
	const p = 0.1 // of α_L
	r := rand.New(rand.NewPCG(3, 4))
	draw := func() float32 {
		if r.Float64() < p {
			return float32(0.6 + 0.8*r.Float64())
		}
		return float32(-2 + 1.2*r.Float64())
	}
	least := math.Inf(1)
	for range 10_000 {
		least = min(least, biasWeight(draw()))
	}
	a := angles{replicas: 200, frames: 300}
	for len(a.weight) < a.replicas*a.frames {
		phi := draw()
		if w := biasWeight(phi); r.Float64() < least/w { // as the bias lets it come
			a.x = append(a.x, phi, 2.5)
			a.weight = append(a.weight, w)
		}
	}
	plain := populationsOf(angles{replicas: a.replicas, frames: a.frames, x: a.x})[3]
	if math.Abs(plain.Share-p) < 0.1 {
		t.Fatalf("the bias does too little for a test: share %v", plain.Share)
	}
	got := populationsOf(a)[3]
	if off := math.Abs(got.Share - p); off > 4*got.SE || got.SE > 0.003 {
		t.Errorf("weighted share %v ± %v, want %v", got.Share, got.SE, p)
	}
	// What independent frames' error must be: the square root of sum w²(1-p or p)².
	squares, sum := 0.0, 0.0
	for i, w := range a.weight {
		off := -p
		if a.x[2*i] > 0 {
			off = 1 - p
		}
		squares += w * w * off * off
		sum += w
	}
	if want := math.Sqrt(squares) / sum; math.Abs(got.SE-want) > 0.2*want {
		t.Errorf("standard error %v, want %v", got.SE, want)
	}
	x := a.equilibrium()
	kept := populationsOfSamples(x)[3]
	if math.Abs(kept.Share-p) > 4*math.Hypot(kept.SE, got.SE) || len(x)/2 < len(a.weight)/100 {
		t.Errorf("%d frames have the share %v ± %v, want %v", len(x)/2, kept.Share, kept.SE, p)
	}
	if n := effectiveFrames(a.weight); !(n > 0.01*float64(len(a.weight)) && n < 0.9*float64(len(a.weight))) {
		t.Errorf("%v effective frames of %d", n, len(a.weight))
	}
}

func TestTheBiasIsTheSystemsEnergy(t *testing.T) {
	system, minimum := molecules.AlanineDipeptide()
	energies := func(turned float64) (u float64) {
		x := slices.Clone(minimum)
		if err := system.SetTorsion(x, backbone[0], turned); err != nil {
			t.Fatal(err)
		}
		biased := *system
		biased.Torsions = slices.Clone(system.Torsions)
		addBias(&biased)
		for sign, s := range map[float64]*md.System{-1: system, 1: &biased} {
			f, err := md.NewForceField[float64](s)
			if err != nil {
				t.Fatal(err)
			}
			e := make([]float64, 1)
			f.Energies(e, x, 1, 1)
			u += sign * e[0]
		}
		return u
	}
	for _, phi := range []float64{-3, -1.4, 0, 0.9, 2.2} {
		got, want := energies(phi)-energies(-1), boltzmannEnergy*math.Log(biasWeight(float32(phi))/biasWeight(-1))
		if math.Abs(got-want) > 1e-4 {
			t.Errorf("φ = %v: the bias adds %v kJ/mol to that at -1, weights are for %v", phi, got, want)
		}
	}
}

func TestEveryPointHasOneBasin(t *testing.T) {
	for phi := -185.0; phi < 185; phi += 2.5 {
		for psi := -185.0; psi < 185; psi += 2.5 {
			n := 0
			for _, b := range basins {
				if b.has(wrapDegrees(phi), wrapDegrees(psi)) {
					n++
				}
			}
			if n != 1 {
				t.Fatalf("(%v, %v) is in %d basins", phi, psi, n)
			}
		}
	}
	for i, b := range basins {
		phi, psi := float32(b.core[0]*math.Pi/180), float32(b.core[1]*math.Pi/180)
		if basinOf(phi, psi) != i || coreOf(phi, psi) != i {
			t.Errorf("the core of %s is in basin %d and core %d", b.name, basinOf(phi, psi), coreOf(phi, psi))
		}
	}
	if coreOf(3, -1.5) != -1 {
		t.Error("a point far from all minima is in a core")
	}
}

func TestTransitionsAreCountedBetweenCores(t *testing.T) {
	at := func(names ...int) (x []float32) {
		for _, k := range names {
			if k < 0 {
				x = append(x, 3, -1.5) // between the basins
				continue
			}
			x = append(x, float32(basins[k].core[0]*math.Pi/180), float32(basins[k].core[1]*math.Pi/180))
		}
		return x
	}
	a := angles{replicas: 2, frames: 8, x: append(at(0, -1, 0, 1, 2, -1, 0, 3), at(-1, 3, 3, 0, -1, 1, 0, -1)...)}
	got := transitionsOf(a, 500)
	want := [][]int{{0, 2, 0, 1}, {1, 0, 1, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}}
	for i := range want {
		for j := range want[i] {
			if got.Counts[i][j] != want[i][j] {
				t.Errorf("%s to %s: %d, want %d", got.Basins[i], got.Basins[j], got.Counts[i][j], want[i][j])
			}
		}
	}
	if got.Nanoseconds != 8 || got.Exchanges != 4.0/8 {
		t.Errorf("%v exchanges per ns in %v ns, want 0.5 in 8", got.Exchanges, got.Nanoseconds)
	}
}

func TestTheTorusIsCutWhereItIsEmpty(t *testing.T) {
	x := fastAngles(t).x
	c := sparsest(x)
	phi, psi := c[0]*180/math.Pi, c[1]*180/math.Pi
	if phi < 85 || phi > 175 || psi < -140 || psi > -90 {
		t.Errorf("cut at φ = %.0f°, ψ = %.0f°, want in the gaps from 85° to 175° and about -115°", phi, psi)
	}
	y := c.open(x)
	if out := c.outside(y); out != 0 {
		t.Errorf("%v of the opened angles lie outside", out)
	}
	for i := range x {
		if d := math.Mod(float64(y[i]-x[i])+7*math.Pi, 2*math.Pi) - math.Pi; math.Abs(d) > 1e-5 {
			t.Fatalf("angle %v became %v", x[i], y[i])
		}
	}
	if got := (cut{-1, -2}).outside([]float32{-1, -2, -1.01, 0, 5.2, 0, 5.3, 0, 0, 4.2, 0, 4.3, float32(math.NaN()), 0}); got != 4.0/7 {
		t.Errorf("share outside %v, want 4/7", got)
	}
}

func TestTotalVariationOfHistograms(t *testing.T) {
	a := histogram2([]float32{-3, -3, -3, -3, 3, 3, 0.1, 0.1}, 4)
	b := histogram2([]float32{-3, -3, 3, 3, 3, 3, 3, 3}, 4)
	if v := totalVariation(a, b); v != 0.5 {
		t.Errorf("total variation %v, want 1/2", v)
	}
	if v := totalVariation(a, a); v != 0 {
		t.Errorf("of a histogram from itself %v", v)
	}
	f := a.freeEnergies()
	if f[0] != 0 || math.Abs(f[15]-boltzmannEnergy*math.Ln2) > 1e-12 || !math.IsInf(f[3], 1) {
		t.Errorf("free energies %v", f)
	}
}

// tinyAlanine makes a run of a second or two.
var tinyAlanine = AlanineBudget{
	PrintedFrames: 30, PrintedSteps: 50,
	Replicas: 16, BurnIn: 5, Frames: 40, TrainSteps: 60, Batch: 128,
	Samples: 2000, Small: 100, Large: 150, Bins: 12, Repeats: 2, Permutations: 49,
}

func TestARunOfAlanineDipeptideWritesFigureNumbersAndReport(t *testing.T) {
	folder := t.TempDir()
	last := 0.0
	o := Options{Seed: 3, Out: folder, Threads: 2, Experiment: alanineName, Progress: func(p Progress) {
		if p.Fraction < last-1e-9 || p.Fraction > 1 {
			t.Errorf("progress goes from %v to %v in %s", last, p.Fraction, p.Stage)
		}
		last = p.Fraction
	}}
	r, err := run(context.Background(), o, budgets{alanine: tinyAlanine})
	if err != nil {
		t.Fatal(err)
	}
	a := r.Alanine
	if r.DoubleWell != nil || last < 0.99 {
		t.Errorf("progress ended at %v", last)
	}
	if a.AsPrinted.Training.Parameters != 2316 || a.AsPrinted.Simulation.Frames != 180 || a.DoneWell.Simulation.Frames != 640 {
		t.Errorf("%d parameters, %d and %d frames", a.AsPrinted.Training.Parameters, a.AsPrinted.Simulation.Frames, a.DoneWell.Simulation.Frames)
	}
	if !(a.LargestGap <= 1e-10) {
		t.Errorf("a distance is only certified to %v", a.LargestGap)
	}
	for name, temperature := range map[string]float64{"as printed": a.AsPrinted.Simulation.MeanTemperature, "done well": a.DoneWell.Simulation.MeanTemperature} {
		if math.Abs(temperature-300) > 25 {
			t.Errorf("%s: %v K", name, temperature)
		}
	}
	for _, name := range Files(alanineName) {
		raw, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(name, ".svg"):
			wellFormed(t, name, raw)
		case name == "report.html":
			for _, want := range []string{"9.21°", "59,994", "2,316", "α_R", "noise floor", "kJ/mol"} {
				if !strings.Contains(string(raw), want) {
					t.Errorf("the report lacks %q", want)
				}
			}
			text := pictures.ReplaceAllString(string(raw), "")
			for _, never := range []string{"<script", "http://", "https://", "NaN", "<no value>", "ZgotmplZ", "%!"} {
				if strings.Contains(text, never) {
					t.Errorf("the report has %q", never)
				}
			}
		}
	}
}

func TestNumbersOfAlanineDipeptideDependOnTheSeedAndNotOnThreads(t *testing.T) {
	numbers := func(seed uint64, threads int) string {
		r, err := run(context.Background(), Options{Seed: seed, Threads: threads, Experiment: alanineName}, budgets{alanine: tinyAlanine})
		if err != nil {
			t.Fatal(err)
		}
		a := r.Alanine
		for _, s := range []*AlanineSimulation{&a.AsPrinted.Simulation, &a.DoneWell.Simulation} {
			s.Seconds, s.NsPerDay = 0, 0
		}
		a.AsPrinted.Training.Seconds = 0
		for i := range a.DoneWell.Flows {
			a.DoneWell.Flows[i].Training.Seconds = 0
		}
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	one := numbers(1, 1)
	if numbers(1, 3) != one {
		t.Error("three threads change the numbers")
	}
	if numbers(2, 1) == one {
		t.Error("another seed gives the same numbers")
	}
}
