package flow

import (
	"encoding/json"
	"flag"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"pushforward/kernels"
)

var update = flag.Bool("update", false, "write testdata/digests.json anew")

const digestFile = "testdata/digests.json"

// The digests are of results that must be the same bits on every CPU, with every instruction set.
var golden = map[string]func(t *testing.T) string{
	"samples of the 7,704-parameter flow, float32":                   samplesDigest[float32](doubleWell),
	"samples of the 7,704-parameter flow, float64":                   samplesDigest[float64](doubleWell),
	"samples of the 2,316-parameter flow, float32":                   samplesDigest[float32](dihedral),
	"samples in 66 dimensions, float32":                              samplesDigest[float32](molecule),
	"samples of a SiLU flow, float32":                                samplesDigest[float32](wideFlow()),
	"samples of a SiLU flow, float64":                                samplesDigest[float64](wideFlow()),
	"log-densities, float32":                                         logProbDigest[float32](wideFlow()),
	"initial parameters":                                             initialDigest,
	"parameters of the 7,704-parameter flow after 50 steps, float32": weightsDigest[float32](doubleWell),
	"parameters of the 7,704-parameter flow after 50 steps, float64": weightsDigest[float64](doubleWell),
	"parameters of a SiLU flow after 50 steps, float32":              weightsDigest[float32](wideFlow()),
	"parameters of a tanh flow after 50 steps, float64":              weightsDigest[float64](tanhFlow()),
}

func tanhFlow() Architecture {
	a := RealNVP(3, 4, Split, 12, 9)
	a.Activation = kernels.TanhUnit
	return a
}

func samplesDigest[T kernels.Float](a Architecture) func(t *testing.T) string {
	return func(t *testing.T) string {
		const n = 200
		x, logProb := make([]T, n*a.Dim), make([]float64, n)
		testFlow[T](t, a, 83, 1).SampleLogProb(x, logProb, 1<<40+5, 1<<33-100)
		return digest(x)[:32] + digest(logProb)[:32]
	}
}

func logProbDigest[T kernels.Float](a Architecture) func(t *testing.T) string {
	return func(t *testing.T) string {
		const n = 200
		logProb := make([]float64, n)
		testFlow[T](t, a, 89, 1).LogProb(logProb, normals[T](n, a.Dim, 5))
		return digest(logProb)
	}
}

func initialDigest(t *testing.T) string {
	f, err := New[float32](molecule, 12345)
	if err != nil {
		t.Fatal(err)
	}
	return digest(f.params)
}

func weightsDigest[T kernels.Float](a Architecture) func(t *testing.T) string {
	return func(t *testing.T) string { return digest(fit[T](t, a, everything(50), 0).params) }
}

// eachISA runs a test with every instruction set that this CPU has.
func eachISA(t *testing.T, test func(t *testing.T)) {
	for _, isa := range kernels.Available() {
		t.Run(isa.String(), func(t *testing.T) {
			restore, err := kernels.Force(isa)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			test(t)
		})
	}
}

func TestResultsHaveTheGoldenDigests(t *testing.T) {
	if *update {
		digests := map[string]string{}
		restore, err := kernels.Force(kernels.Go) // the definition
		if err != nil {
			t.Fatal(err)
		}
		for name, compute := range golden {
			digests[name] = compute(t)
		}
		restore()
		text, err := json.MarshalIndent(digests, "", "\t")
		if err == nil {
			err = os.WriteFile(digestFile, append(text, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(digestFile)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) != len(golden) {
		t.Errorf("%s has %d digests, want %d", digestFile, len(want), len(golden))
	}
	eachISA(t, func(t *testing.T) {
		for name, compute := range golden {
			if got := compute(t); got != want[name] {
				t.Errorf("%s: digest %s, want %s", name, got, want[name])
			}
		}
	})
}

func TestCallsDoNotAllocate(t *testing.T) {
	for name, a := range map[string]Architecture{"narrow": doubleWell, "wide": wideFlow()} {
		f := testFlow[float32](t, a, 1, 1)
		for _, n := range []int{1, 100, 700} {
			x := normals[float32](n, a.Dim, 1)
			y, logDet := make([]float32, len(x)), make([]float64, n)
			for method, call := range map[string]func(){
				"Forward":       func() { f.Forward(y, logDet, x) },
				"Inverse":       func() { f.Inverse(y, logDet, x) },
				"LogProb":       func() { f.LogProb(logDet, x) },
				"Sample":        func() { f.Sample(y, 1, 0) },
				"SampleLogProb": func() { f.SampleLogProb(y, logDet, 1, 0) },
			} {
				if allocs := testing.AllocsPerRun(10, call); allocs > 0 {
					t.Errorf("%s, %s of %d samples: %g allocations a call", name, method, n, allocs)
				}
			}
		}
		trainer, err := NewTrainer(f, trainingData[float32](t, a.Dim), everything(1<<20))
		if err != nil {
			t.Fatal(err)
		}
		if allocs := testing.AllocsPerRun(10, func() {
			if err := trainer.Step(); err != nil {
				t.Fatal(err)
			}
		}); allocs > 0 {
			t.Errorf("%s: %g allocations a training step", name, allocs)
		}
	}
}

func TestManyGoroutinesShareAFlow(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(6))
	for name, a := range map[string]Architecture{"narrow": doubleWell, "wide": wideFlow()} {
		f := testFlow[float32](t, a, 91, 1)
		const n = 2500
		want, wantLogProb := make([]float32, n*a.Dim), make([]float64, n)
		f.SetThreads(1)
		f.SampleLogProb(want, wantLogProb, 3, 0)
		back := make([]float32, n*a.Dim)
		f.Inverse(back, nil, want)
		f.SetThreads(0)
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				x, logProb := make([]float32, n*a.Dim), make([]float64, n)
				for round := range 4 {
					m := n - 100*((g+round)%5)
					f.SampleLogProb(x[:m*a.Dim], logProb[:m], 3, 0)
					if !slices.Equal(x[:m*a.Dim], want[:m*a.Dim]) || !slices.Equal(logProb[:m], wantLogProb[:m]) {
						t.Errorf("%s: samples differ", name)
					}
					f.Inverse(x[:m*a.Dim], nil, x[:m*a.Dim])
					if !slices.Equal(x[:m*a.Dim], back[:m*a.Dim]) {
						t.Errorf("%s: the inverse differs", name)
					}
				}
			})
		}
		wg.Wait()
	}
}

// counting counts how often each block ran, and which workers ran any.
type counting struct {
	mu      sync.Mutex
	blocks  []int
	workers map[int]bool
}

func (c *counting) runBlock(block, worker int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.blocks[block]++
	c.workers[worker] = true
}

func TestTheCrewRunsEveryBlockOnceAndNumbersItsWorkers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for round := range 300 {
				c := &counting{blocks: make([]int, round%40), workers: map[int]bool{}}
				threads := 1 + round%7
				run(c, len(c.blocks), threads, []int{0, shareWork, wakeWork}[round%3])
				for b, times := range c.blocks {
					if times != 1 {
						t.Errorf("block %d ran %d times", b, times)
					}
				}
				for w := range c.workers {
					if w < 0 || w >= threads {
						t.Errorf("worker %d of %d", w, threads)
					}
				}
			}
		})
	}
	wg.Wait()
}
