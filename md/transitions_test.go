package md

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"
)

func TestTransitionsAreCountedBySignAndByCoreSets(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		path         []float64
		signs, cores int
	}{
		"an empty path":                     {nil, 0, 0},
		"a path that stays":                 {[]float64{1, 0.2, 0.7, 2}, 0, 0},
		"one crossing":                      {[]float64{-1, 1}, 1, 1},
		"recrossings at the top":            {[]float64{-1, -0.1, 0.1, -0.1, 0.1, -1}, 4, 0},
		"a visit that misses the core":      {[]float64{-1, 0.4, -1}, 2, 0},
		"a start between the cores":         {[]float64{0.1, -0.2, -0.6, 0.6}, 2, 1},
		"zero counts as positive":           {[]float64{-1, 0, 1, math.Copysign(0, -1)}, 1, 1},
		"there and back again":              {[]float64{1, -1, 1, -1}, 3, 3},
		"the core's edge belongs to it":     {[]float64{-0.5, 0.5}, 1, 1},
		"what is not a number is passed by": {[]float64{1, nan, 1, nan, -1}, 1, 1},
	} {
		signs, cores := CountTransitions(c.path, 1, 0.5)
		if signs != c.signs || cores != c.cores {
			t.Errorf("%s: %d sign changes and %d core changes, want %d and %d", name, signs, cores, c.signs, c.cores)
		}
	}
}

func TestCountsOfARunAreThoseOfItsFrames(t *testing.T) {
	const n, steps = blockReplicas + 5, 400
	x0 := draws[float64](t, n, 1)
	rec := &Record[float64]{Every: 1, Transitions: NewTransitions(n, 0, 0.5)}
	s := simulate(t, x0, Options{Dt: 0.05, Beta: 1, Seed: 3}, steps, rec)
	if err := s.Run(context.Background(), steps, rec); err != nil { // in two pieces
		t.Fatal(err)
	}
	for _, r := range []int{0, 1, blockReplicas - 1, blockReplicas, n - 1} {
		path := []float64{x0[2*r]}
		for f := range 2 * steps {
			path = append(path, rec.Frames[(f*n+r)*2])
		}
		signs, cores := CountTransitions(path, 1, 0.5)
		if signs != rec.Transitions.SignChanges[r] || cores != rec.Transitions.CoreChanges[r] {
			t.Errorf("replica %d: counted %d, %d; its path has %d, %d", r,
				rec.Transitions.SignChanges[r], rec.Transitions.CoreChanges[r], signs, cores)
		}
	}
}

// A path of 600 positions has 599 steps.
func TestSignChangesIn600StepsHaveTheirKnownLaw(t *testing.T) {
	raw, err := os.ReadFile("testdata/doublewell_mc.json")
	if err != nil {
		t.Fatal(err)
	}
	var known map[string]struct {
		Exact float64
		SD    float64 `json:"std_single_run"`
		P41   float64 `json:"prob_exactly_41"`
	}
	if err := json.Unmarshal(raw, &known); err != nil {
		t.Fatal(err)
	}
	n := 1000
	if !testing.Short() {
		n = 8000
	}
	for name, c := range map[string]struct{ dt, beta float64 }{
		"beta1_dt0.05": {0.05, 1}, "beta2_dt0.1": {0.1, 2}, "beta1_dt0.01": {0.01, 1},
	} {
		want, ok := known[name]
		if !ok {
			t.Fatalf("no %s in testdata", name)
		}
		rec := &Record[float64]{Transitions: NewTransitions(n, 0, 0.5)}
		simulate(t, draws[float64](t, n, c.beta), Options{Dt: c.dt, Beta: c.beta, Seed: 23}, 599, rec)
		var sum, squares, exactly41 float64
		for _, k := range rec.Transitions.SignChanges {
			sum += float64(k)
			squares += float64(k * k)
			if k == 41 {
				exactly41++
			}
		}
		N := float64(n)
		mean := sum / N
		sd := math.Sqrt(squares/N - mean*mean)
		if math.Abs(mean-want.Exact) > 4*want.SD/math.Sqrt(N) {
			t.Errorf("%s: %v sign changes, want %v ± %v", name, mean, want.Exact, want.SD/math.Sqrt(N))
		}
		if math.Abs(sd/want.SD-1) > 4/math.Sqrt(2*N) {
			t.Errorf("%s: standard deviation %v, want %v", name, sd, want.SD)
		}
		if se := math.Sqrt(want.P41 / N); math.Abs(exactly41/N-want.P41) > 5*se {
			t.Errorf("%s: 41 in a share of %v, want %v ± %v", name, exactly41/N, want.P41, se)
		}
	}
}

func TestCoreTransitionsComeAtTheirKnownRate(t *testing.T) {
	r := referenceAt(t, 1)
	n, time := 1000, 40.0
	if testing.Short() {
		n, time = 500, 20
	}
	const dt, warmUp = 0.002, 5.0
	rec := &Record[float64]{Transitions: NewTransitions(n, 0, 0.5)}
	s := simulate(t, draws[float64](t, n, 1), Options{Dt: dt, Beta: 1, Seed: 29}, int(warmUp/dt), rec)
	// By now every replica has been to a core: count from here.
	clear(rec.Transitions.CoreChanges)
	if err := s.Run(context.Background(), int(time/dt), rec); err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, k := range rec.Transitions.CoreChanges {
		sum += float64(k)
	}
	rate := sum / (float64(n) * time)
	// Seen at discrete times, a core looks 0.5826·sqrt(2·dt/β) farther off
	// (Broadie, Glasserman, Kou 1997), on both sides. The constant is that of
	// independent increments, so the scheme is Euler–Maruyama.
	c := 0.5 + 0.5826*math.Sqrt(2*dt)
	want := 1 / newLaw(t, 1).MeanFirstPassage(-c, c)
	tolerance := 4 / math.Sqrt(sum)
	t.Logf("rate %v, want %v (%v for continuous paths), tolerance %v", rate, want, r.CoreRate, tolerance)
	if math.Abs(rate/want-1) > tolerance {
		t.Errorf("%v core transitions per unit time, want %v", rate, want)
	}
}

func TestFirstPassageTakesItsKnownTime(t *testing.T) {
	if testing.Short() {
		return
	}
	const n, dt, chunk = 1000, 0.002, 128
	x0 := make([]float64, 2*n)
	for i := range n {
		x0[2*i] = -1
	}
	s, err := NewSimulation(DoubleWell[float64]{}, x0, Options{Dt: dt, Beta: 1, Seed: 31})
	if err != nil {
		t.Fatal(err)
	}
	arrival := make([]float64, n)
	left := n
	for left > 0 {
		before := s.Step()
		if before > 50_000 {
			t.Fatalf("%d replicas have not arrived after %d steps", left, before)
		}
		rec := &Record[float64]{Every: 1}
		if err := s.Run(context.Background(), chunk, rec); err != nil {
			t.Fatal(err)
		}
		for f := range chunk {
			for i := range n {
				if arrival[i] == 0 && rec.Frames[(f*n+i)*2] >= 1 {
					arrival[i] = float64(before+uint64(f)+1) * dt
					left--
				}
			}
		}
	}
	var sum, squares float64
	for _, a := range arrival {
		sum += a
		squares += a * a
	}
	mean := sum / n
	se := math.Sqrt((squares/n - mean*mean) / n)
	law := newLaw(t, 1)
	want := law.MeanFirstPassage(-1, 1+0.5826*math.Sqrt(2*dt))
	t.Logf("mean first passage %v ± %v, want %v (%v for continuous paths)", mean, se, want, law.MeanFirstPassage(-1, 1))
	if math.Abs(mean-want) > 4*se {
		t.Errorf("mean first passage from -1 to 1 is %v ± %v, want %v", mean, se, want)
	}
}
