package paper

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushforward/ot"
)

// tinyBudget makes a run of a second or two.
var tinyBudget = Budget{
	Trajectories: 2, PrintedSteps: 60,
	Replicas: 200, Frames: 20, TrainSteps: 150, Batch: 256,
	Generated: 600, Cloud: 300, Repeats2D: 2, Repeats1D: 3, Repeats600: 2,
	ESS: 5000, Grid: 64, Lipschitz: 50,
	Runs: 40, Permutations: 99,
}

func tinyRun(t *testing.T, o Options) *Results {
	t.Helper()
	if o.Experiment == "" {
		o.Experiment = doubleWellName
	}
	r, err := run(context.Background(), o, budgets{doubleWell: tinyBudget})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARunWritesFigureNumbersAndReport(t *testing.T) {
	folder := t.TempDir()
	var stages []string
	last := 0.0
	r := tinyRun(t, Options{Seed: 7, Out: folder, Threads: 2, Quick: true, Version: "v0.0.0-test", Progress: func(p Progress) {
		if !slices.Contains(stages, p.Stage) {
			stages = append(stages, p.Stage)
		}
		if p.Fraction < last-1e-9 || p.Fraction > 1 {
			t.Errorf("progress goes from %v to %v in %s", last, p.Fraction, p.Stage)
		}
		last = p.Fraction
	}})
	if len(stages) != 10 || last < 0.99 {
		t.Errorf("progress ended at %v after the stages %q", last, stages)
	}
	read := func(name string) []byte {
		raw, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	img, err := png.Decode(bytes.NewReader(read("figure1.png")))
	if err != nil || img.Bounds().Dx() < 1000 {
		t.Errorf("figure1.png: %v, %v", err, img.Bounds())
	}
	wellFormed(t, "figure1.svg", read("figure1.svg"))
	var numbers Results
	if err := json.Unmarshal(read("results.json"), &numbers); err != nil {
		t.Errorf("results.json: %v", err)
	}
	if got, want := numbers.DoubleWell.DoneWell.Joint.Mean, r.DoubleWell.DoneWell.Joint.Mean; got != want || got == 0 {
		t.Errorf("results.json has W2 %v, the results %v", got, want)
	}
	if gap := numbers.DoubleWell.LargestGap; !(gap <= 1e-10) {
		t.Errorf("a distance in the plane is only certified to %v", gap)
	}
	page := string(read("report.html"))
	for _, want := range []string{
		"A quick run", "v0.0.0-test", "0.0993", "0.0101", "0.0036", "41", "7,704", "if a square", "Trivial",
		"noise floor", r.Provenance.CPU, r.Provenance.ISA, "data:image/png;base64,", "width=device-width",
		"prefers-color-scheme:dark",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("report.html lacks %q", want)
		}
	}
	for _, never := range []string{"<script", "http://", "https://", "NaN", "<no value>", "ZgotmplZ"} {
		if strings.Contains(pictures.ReplaceAllString(page, ""), never) {
			t.Errorf("report.html has %q", never)
		}
	}
	for _, name := range Files("double-well") {
		read(name)
	}
}

func wellFormed(t *testing.T, name string, raw []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(raw)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

func TestNumbersDependOnTheSeedAndNotOnThreads(t *testing.T) {
	numbers := func(seed uint64, threads int) string {
		r := tinyRun(t, Options{Seed: seed, Threads: threads})
		r.DoubleWell.DoneWell.TrainSeconds, r.DoubleWell.DoneWell.SampleSeconds = 0, 0
		text, err := json.Marshal(r.DoubleWell)
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

func TestExcessOverTheNoiseFloorIsSeen(t *testing.T) {
	e, err := newDoubleWell(&runner{ctx: context.Background()}, quickBudget)
	if err != nil {
		t.Fatal(err)
	}
	floor := Spread{Values: []float64{1, 1.1, 0.9, 1.05, 0.95, 1.02}}
	for _, c := range []struct {
		name       string
		distances  []float64
		from, upTo float64
	}{
		{"far above", []float64{2, 2.1, 1.9, 2.2}, 0, 0.02},
		{"the same", []float64{1, 1.03, 0.98, 0.99}, 0.2, 0.8},
		{"below", []float64{0.5, 0.6, 0.4, 0.5}, 0.98, 1},
	} {
		if p, err := e.excess(permutationOrder, 0, quickBudget.Permutations, c.distances, floor.Values); err != nil || p < c.from || p > c.upTo {
			t.Errorf("distances %s the floor have p = %g (%v), want %g to %g", c.name, p, err, c.from, c.upTo)
		}
	}
}

func TestARunThatIsCancelledWritesNothing(t *testing.T) {
	folder := t.TempDir()
	for _, at := range []string{"trajectories of 600 steps", "training on converged data", "noise floors"} {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := run(ctx, Options{Out: folder, Experiment: doubleWellName, Progress: func(p Progress) {
			if p.Stage == at {
				cancel()
			}
		}}, budgets{doubleWell: tinyBudget})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled in %s: error %v", at, err)
		}
		cancel()
	}
	if files, _ := os.ReadDir(folder); len(files) != 0 {
		t.Errorf("cancelled runs left %v", files)
	}
}

func TestWrongOptionsAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Experiment: "triple-well"}, {Threads: -1}, {Out: filepath.Join(file, "folder")}} {
		if _, err := Run(context.Background(), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestDistanceToQuantilesIsThatOfPackageOT(t *testing.T) {
	e, err := newDoubleWell(&runner{ctx: context.Background()}, tinyBudget)
	if err != nil {
		t.Fatal(err)
	}
	x := e.exact(exactDraws, 5, 300)
	for i := range x {
		x[i] = 1.1*x[i] + 0.05
	}
	for c := range 2 {
		want, err := ot.QuantileW2Squared(column(x, c), func(u float64) float64 { return e.law.Quantile(c, u) })
		if err != nil {
			t.Fatal(err)
		}
		if got := e.fromQuantiles(x, c); math.Abs(got.Squared-want) > 1e-12 || math.Abs(got.W2*got.W2-got.Squared) > 1e-15 {
			t.Errorf("x%d: squared distance %v, package ot gives %v", c+1, got.Squared, want)
		}
	}
}

func TestKullbackLeiblerByQuadratureIsThatOfTheBase(t *testing.T) {
	e, err := newDoubleWell(&runner{ctx: context.Background()}, tinyBudget)
	if err != nil {
		t.Fatal(err)
	}
	f, err := e.newFlow(training, 0) // the identity: a standard normal
	if err != nil {
		t.Fatal(err)
	}
	d := e.compareDensity(f, 0)
	// KL(ρ ‖ N) = -entropy + log 2π + E[|x|²]/2.
	want := -e.law.Entropy() + math.Log(2*math.Pi) + (e.law.Moment(2, 0)+e.law.Moment(0, 2))/2
	if math.Abs(float64(d.KL)-want) > 1e-6 || math.Abs(float64(d.Mass)-math.Erf(box1/math.Sqrt2)) > 1e-5 {
		t.Errorf("KL %v and mass %v, want %v and nearly 1", d.KL, d.Mass, want)
	}
	// 1/ESS = ∫ρ²/N: about 0.93 here, and 5,000 samples tell it to a percent.
	if !(d.ESS > 0.5 && d.ESS < 1) || math.Abs(float64(d.LogZ)-e.law.LogZ()) > 0.05 {
		t.Errorf("ESS %v, log Z %v (exact %v)", d.ESS, d.LogZ, e.law.LogZ())
	}
}

func TestNumbersThatAreNotFiniteAreNullInJSON(t *testing.T) {
	text, err := json.Marshal([]Number{1.5, Number(math.NaN()), Number(math.Inf(-1))})
	if err != nil || string(text) != "[1.5,null,null]" {
		t.Errorf("%s, %v", text, err)
	}
}
