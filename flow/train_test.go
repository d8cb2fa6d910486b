package flow

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pushforward/kernels"
)

// A flow's mean negative log-likelihood is the entropy of the data's distribution plus the
// divergence from it to the flow's.
func TestATrainedFlowReachesTheEntropyOfItsData(t *testing.T) {
	for _, c := range []struct {
		density density
		steps   int
		maxKL   float64
	}{
		{banana(), 800, 0.01},
		{doubleWellDensity(), 2000, 0.01},
	} {
		t.Run(c.density.name, func(t *testing.T) {
			steps, maxKL := c.steps, c.maxKL
			if testing.Short() {
				steps, maxKL = steps/4, 5*maxKL
			}
			f, err := New[float32](RealNVP(2, 6, Split, 32), 1)
			if err != nil {
				t.Fatal(err)
			}
			report, err := Train(context.Background(), f, toFloat32(c.density.sample(20000, 1)), TrainConfig{
				Seed: 1, Steps: steps, Batch: 512, WarmUp: 20, Clip: 5,
				Optimizer: AdamW{Rate: 5e-3}, HoldOut: HoldOut{Share: 0.1},
			})
			if err != nil {
				t.Fatal(err)
			}
			const n = 50000
			x, logProb := c.density.sample(n, 2), make([]float64, n)
			f.LogProb(logProb, toFloat32(x))
			nll, truth := 0.0, 0.0
			for i := range n {
				nll -= logProb[i] / n
				truth -= c.density.logProb(x[2*i], x[2*i+1]) / n
			}
			if math.Abs(truth-c.density.entropy) > 0.02 {
				t.Fatalf("the exact samples have entropy %.5f, want %.5f", truth, c.density.entropy)
			}
			t.Logf("entropy %.5f, NLL %.5f, KL %.5f, hold-out %.5f at step %d", c.density.entropy, nll, nll-truth, report.Loss, report.LossStep)
			if kl := nll - truth; kl > maxKL || kl < -0.002 {
				t.Errorf("KL is %.5f nats, want 0 to %g", kl, maxKL)
			}
		})
	}
}

// fit trains a new flow on normals pushed through a random flow, and returns it.
func fit[T kernels.Float](t testing.TB, a Architecture, cfg TrainConfig, threads int) *Flow[T] {
	t.Helper()
	f, err := New[T](a, 4)
	if err != nil {
		t.Fatal(err)
	}
	f.SetThreads(threads)
	if _, err := Train(context.Background(), f, trainingData[T](t, a.Dim), cfg); err != nil {
		t.Fatal(err)
	}
	return f
}

func trainingData[T kernels.Float](t testing.TB, d int) []T {
	x := make([]T, 2000*d)
	testFlow[T](t, RealNVP(d, 3, Split, 5), 6, 1).Sample(x, 9, 0)
	return x
}

// everything uses every part of training.
func everything(steps int) TrainConfig {
	return TrainConfig{
		Seed: 5, Steps: steps, Batch: 300, WarmUp: 5, Clip: 0.5, Every: 10, Average: 0.9,
		Optimizer: AdamW{Rate: 1e-2, Decay: 1e-3}, HoldOut: HoldOut{Share: 0.25, Patience: 20},
	}
}

func wideFlow() Architecture {
	a := RealNVP(5, 3, Masked, 24, 12)
	a.Activation = kernels.SiLU
	a.Bound = Bound{Factor: 1.5, Learnt: true}
	return a
}

func TestTrainingGivesTheSameBitsForAnyNumberOfThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(5))
	for name, a := range map[string]Architecture{"narrow": RealNVP(2, 6, Masked, 128), "wide": wideFlow()} {
		cfg := everything(15)
		cfg.Batch = 1500
		one := fit[float32](t, a, cfg, 1)
		for _, threads := range []int{2, 3, 5} {
			if !fit[float32](t, a, cfg, threads).Equal(one) {
				t.Errorf("%s: the parameters with %d threads differ from those with one", name, threads)
			}
		}
		fresh, _ := New[float32](a, 4)
		if one.Equal(fresh) {
			t.Errorf("%s: training changed nothing", name)
		}
	}
}

func TestTheOrderOfGradientSummationIsThatOfTheChunks(t *testing.T) {
	f := testFlow[float32](t, RealNVP(2, 2, Split, 8), 3, 1)
	x := normals[float32](2000, 2, 1)
	s := newSums(f, 2000)
	loss, norm := s.gradient(x, rowNumbers(2000))

	want, chunk, sum := make([]float32, f.NumActing()), make([]float32, f.NumActing()), 0.0
	for lo := 0; lo < 2000; lo += f.gradientChunk() {
		clear(chunk)
		sum += f.addGradient(newTape(f), layout(f.arch, chunk), x, rowNumbers(2000)[lo:min(lo+f.gradientChunk(), 2000)])
		for i := range want {
			want[i] += chunk[i]
		}
	}
	if !slices.Equal(s.grad, want) || loss != sum {
		t.Error("the gradient is not the sum of its chunks in order")
	}
	s.wave = 3
	if again, _ := s.gradient(x, rowNumbers(2000)); !slices.Equal(s.grad, want) || again != loss {
		t.Error("the gradient depends on how many chunks are held at once")
	}
	square := 0.0
	for _, g := range want {
		square += float64(g) * float64(g)
	}
	if math.Abs(norm-math.Sqrt(square)) > 1e-6*norm {
		t.Errorf("the gradient's norm is %g, want %g", norm, math.Sqrt(square))
	}
}

func TestNaNAndInfinityInTheDataAreRefusedWithTheirPlace(t *testing.T) {
	f, _ := New[float32](RealNVP(3, 2, Split, 4), 1)
	for value, word := range map[float32]string{float32(math.NaN()): "NaN", float32(math.Inf(1)): "+Inf", float32(math.Inf(-1)): "-Inf"} {
		x := normals[float32](20, 3, 1)
		x[3*17+1] = value
		_, err := Train(context.Background(), f, x, TrainConfig{})
		if err == nil || !strings.Contains(err.Error(), "row 17, column 1 (from 0) is "+word) {
			t.Errorf("%s: %v", word, err)
		}
	}
}

func TestALossThatIsNotFiniteEndsTrainingAndKeepsTheBestModel(t *testing.T) {
	a := RealNVP(2, 4, Split, 16)
	a.Bound = Bound{}
	for name, cfg := range map[string]TrainConfig{
		"without a hold-out": {Steps: 500, Every: 1, Batch: 64, Schedule: Constant, Optimizer: AdamW{Rate: 30}},
		"with a hold-out":    {Steps: 500, Every: 1, Batch: 64, Schedule: Constant, Optimizer: AdamW{Rate: 30}, HoldOut: HoldOut{Share: 0.2}},
	} {
		f, _ := New[float32](a, 1)
		data := trainingData[float32](t, 2)
		report, err := Train(context.Background(), f, data, cfg)
		var broken *NonFiniteError
		if !errors.As(err, &broken) || broken.Step < 1 || !strings.Contains(err.Error(), "step") {
			t.Fatalf("%s: error %v, want a NonFiniteError", name, err)
		}
		logProb := make([]float64, len(data)/2)
		f.LogProb(logProb, data)
		if i := slices.IndexFunc(logProb, func(l float64) bool { return !finite(l) }); i >= 0 || !finite(report.Loss) {
			t.Errorf("%s: the model that was kept has log-density %v, loss %v", name, logProb[max(i, 0)], report.Loss)
		}
	}
	f, _ := New[float32](a, 1)
	fresh := f.Clone()
	data := trainingData[float32](t, 2)
	data[10] = 1e30 // finite, but its square is not
	_, err := Train(context.Background(), f, data, TrainConfig{Steps: 3, Batch: 2000})
	var broken *NonFiniteError
	if !errors.As(err, &broken) || broken.Step != 1 {
		t.Errorf("error %v, want one that names step 1", err)
	}
	if !f.Equal(fresh) {
		t.Error("a training that took no step changed the flow")
	}
}

func TestCancellingEndsTrainingWithAUsableFlow(t *testing.T) {
	f, _ := New[float32](RealNVP(2, 4, Split, 16), 1)
	ctx, cancel := context.WithCancel(context.Background())
	trainer, err := NewTrainer(f, trainingData[float32](t, 2), TrainConfig{Steps: 1 << 20, Every: 10, Batch: 64})
	if err != nil {
		t.Fatal(err)
	}
	trainer.Progress = func(p Progress) {
		if p.Step == 30 {
			cancel()
		}
	}
	report, err := trainer.Run(ctx)
	if !errors.Is(err, context.Canceled) || report.Steps != 30 {
		t.Errorf("error %v after %d steps, want context.Canceled after 30", err, report.Steps)
	}
	if !f.Equal(trainer.current) {
		t.Error("the flow has not the parameters that training had reached")
	}
}

func TestEarlyStoppingReturnsTheBestModelOnTheHoldOut(t *testing.T) {
	f, _ := New[float32](RealNVP(2, 6, Split, 64), 1)
	data := toFloat32(banana().sample(100, 3)) // few: the flow overfits soon
	cfg := TrainConfig{Steps: 5000, Every: 10, Batch: 50, Schedule: Constant, Optimizer: AdamW{Rate: 1e-2}, HoldOut: HoldOut{Share: 0.5, Patience: 5}}
	trainer, err := NewTrainer(f, data, cfg)
	if err != nil {
		t.Fatal(err)
	}
	var losses []float64
	trainer.Progress = func(p Progress) { losses = append(losses, p.HoldOut) }
	report, err := trainer.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	best := slices.Min(losses)
	if !report.EarlyStop || report.Steps == 5000 || report.Loss != best || report.LossStep != 10*(1+slices.Index(losses, best)) {
		t.Errorf("report %+v, least loss %g", report, best)
	}
	if report.Steps != report.LossStep+50 {
		t.Errorf("ended after step %d, want 5 evaluations after the best at %d", report.Steps, report.LossStep)
	}
	logProb := make([]float64, 50)
	f.LogProb(logProb, trainer.judges)
	if sum(logProb)/-50 != best {
		t.Errorf("the flow's loss on the hold-out is %g, want the best, %g", sum(logProb)/-50, best)
	}
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

func TestTheMovingAverageIsWhatIsReturned(t *testing.T) {
	a := RealNVP(2, 2, Split, 8)
	data := trainingData[float64](t, 2)
	cfg := TrainConfig{Steps: 20, Batch: 100, Optimizer: AdamW{Rate: 1e-2}}
	start, _ := New[float64](a, 1)
	plain, err := NewTrainer(start.Clone(), data, cfg)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float64, start.NumActing())
	start.Parameters(want)
	for range 20 {
		if err := plain.Step(); err != nil {
			t.Fatal(err)
		}
		for i, p := range plain.current.params {
			want[i] = 0.8*want[i] + 0.2*p
		}
	}
	cfg.Average = 0.8
	averaged := start.Clone()
	if _, err := Train(context.Background(), averaged, data, cfg); err != nil {
		t.Fatal(err)
	}
	if e := maxAbs(averaged.params, want); !(e < 1e-14) {
		t.Errorf("the average is off by %g", e)
	}
}

func TestClippingLimitsTheGradient(t *testing.T) {
	f, _ := New[float64](RealNVP(2, 2, Split, 8), 1)
	data := trainingData[float64](t, 2)
	cfg := TrainConfig{Steps: 1, Batch: 2000, Clip: 1e-3, Optimizer: AdamW{Beta1: 0.5}}
	trainer, err := NewTrainer(f, data, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := trainer.Step(); err != nil {
		t.Fatal(err)
	}
	square := 0.0
	for _, m := range trainer.mean { // (1-β₁)·g after the first step
		square += 4 * m * m
	}
	if math.Abs(math.Sqrt(square)-1e-3) > 1e-12 {
		t.Errorf("the clipped gradient has norm %g, want 1e-3", math.Sqrt(square))
	}
}

func TestTheRateRisesThenFollowsTheSchedule(t *testing.T) {
	c := TrainConfig{Steps: 110, WarmUp: 10}
	for step, want := range map[int]float64{0: 0.1, 4: 0.5, 9: 1, 10: 1, 60: 0.5, 85: 0.5 - math.Sqrt2/4} {
		if got := c.rateFactor(step); math.Abs(got-want) > 1e-15 {
			t.Errorf("cosine, step %d: %g, want %g", step, got, want)
		}
	}
	c.Schedule = Constant
	if c.rateFactor(60) != 1 || c.rateFactor(4) != 0.5 {
		t.Error("constant: the rate is not constant after the warm-up")
	}
}

func TestEveryEpochSeesEverySampleOnceInAnOrderOfItsOwn(t *testing.T) {
	const n = 3000
	o := newOrder(n, 7)
	var epochs [][]int32
	for k := range 3 {
		e := make([]int32, n)
		for lo := 0; lo < n; lo += 70 {
			o.read(e[lo:min(lo+70, n)], int64(k*n+lo))
		}
		epochs = append(epochs, e)
		sorted := slices.Clone(e)
		slices.Sort(sorted)
		if !slices.Equal(sorted, rowNumbers(n)) {
			t.Errorf("epoch %d is no permutation", k)
		}
		fixed := 0
		for i, v := range e {
			if int(v) == i {
				fixed++
			}
		}
		if fixed > 8 { // a random permutation has 1 ± 1
			t.Errorf("epoch %d leaves %d samples in place", k, fixed)
		}
	}
	if slices.Equal(epochs[0], epochs[1]) {
		t.Error("two epochs have the same order")
	}
	across := make([]int32, 500)
	newOrder(n, 7).read(across, 2*n-250)
	if !slices.Equal(across, slices.Concat(epochs[1][n-250:], epochs[2][:250])) {
		t.Error("a batch across two epochs is not the end of one and the start of the next")
	}
}

func TestPermutationsAreUniform(t *testing.T) {
	counts := map[[4]int32]int{}
	perm, scratch := make([]int32, 4), make([]float64, 256)
	for k := range 24000 {
		permute(perm, scratch, 1, streamShuffle, k)
		counts[[4]int32(perm)]++
	}
	chi := 0.0
	for _, c := range counts {
		chi += float64((c-1000)*(c-1000)) / 1000
	}
	if len(counts) != 24 || chi > 53 { // 23 degrees of freedom: p = 4e-4
		t.Errorf("%d of 24 orders seen, χ² = %.1f", len(counts), chi)
	}
}

func TestConfigurationsThatMakeNoSenseAreRefusedByName(t *testing.T) {
	f, _ := New[float32](RealNVP(2, 2, Split, 4), 1)
	for field, cfg := range map[string]TrainConfig{
		"Steps":            {Steps: -1},
		"Average":          {Average: 1},
		"HoldOut.Share":    {HoldOut: HoldOut{Share: 1}},
		"Optimizer.Rate":   {Optimizer: AdamW{Rate: math.NaN()}},
		"Optimizer.Beta2":  {Optimizer: AdamW{Beta2: 1}},
		"Schedule":         {Schedule: 9},
		"HoldOut.Patience": {HoldOut: HoldOut{Patience: -1}},
	} {
		if _, err := NewTrainer(f, make([]float32, 20), cfg); err == nil || !strings.Contains(err.Error(), "TrainConfig."+field+" ") {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := NewTrainer(f, make([]float32, 21), TrainConfig{}); err == nil {
		t.Error("data whose length is no multiple of the dimension was accepted")
	}
	if _, err := NewTrainer(f, nil, TrainConfig{}); err == nil {
		t.Error("training without data was accepted")
	}
	for name, a := range map[string]Architecture{
		"dimension 1":         RealNVP(1, 2, Split, 4),
		"no layers":           RealNVP(2, 0, Split, 4),
		"no units":            RealNVP(2, 2, Split, 0),
		"a mask of all ones":  {Dim: 2, Masks: []Mask{{true, true}}},
		"a mask too long":     {Dim: 2, Masks: []Mask{{true, false, true}}},
		"a negative bound":    {Dim: 2, Masks: AlternatingMasks(2, 2), Bound: Bound{Factor: -1}},
		"a learnt bound of 0": {Dim: 2, Masks: AlternatingMasks(2, 2), Bound: Bound{Learnt: true}},
	} {
		if _, err := New[float32](a, 1); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
