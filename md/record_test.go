package md

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// What a run records is what a look at the simulation between short runs shows.
func TestRecordsAreWhatTheSimulationShowsAtTheirSteps(t *testing.T) {
	o := Options{Dt: 1e-3, Beta: 0.4, Scheme: LangevinMiddle, Friction: 5, Seed: 2, Threads: 2}
	const n, steps, every, observe = 70, 200, 30, 35
	s := ethanes[float64](t, n, o)
	run(t, s, 7, nil) // frames count from the start of the run, steps from that of the simulation
	angles := TorsionAngles[float64]([4]int{1, 0, 4, 5}, [4]int{2, 0, 4, 6})
	rec := &Record[float64]{
		Every: every, ObserveEvery: observe,
		Observables: []Observable[float64]{s.PotentialEnergy(), angles, s.Temperature()},
	}
	var numbers []int
	var at []uint64
	var sunk []float64
	rec.Sink = func(f Frame[float64]) error {
		numbers, at, sunk = append(numbers, f.Number), append(at, f.Step), append(sunk, f.Positions...)
		return nil
	}
	run(t, s, steps, rec)
	if !slices.Equal(numbers, []int{0, 1, 2, 3, 4, 5}) || !slices.Equal(at, []uint64{37, 67, 97, 127, 157, 187}) {
		t.Errorf("frames %v at steps %v", numbers, at)
	}
	if len(rec.Frames) != 0 {
		t.Error("frames that went to the sink are in memory too")
	}
	slow := ethanes[float64](t, n, o)
	run(t, slow, 7, nil)
	memory := &Record[float64]{Every: every}
	for k := 1; k <= steps; k++ {
		run(t, slow, 1, nil)
		if k%every == 0 {
			memory.Frames = append(memory.Frames, slow.Positions(nil)...)
		}
		if k%observe != 0 {
			continue
		}
		f := k/observe - 1
		for i, u := range slow.energies() {
			if got := rec.Values[0][f*n+i]; got != u {
				t.Fatalf("energy %v of replica %d after %d steps, want %v", got, i, k, u)
			}
		}
		x := slow.Positions(nil)
		for i := range n {
			for q, quad := range [][4]int{{1, 0, 4, 5}, {2, 0, 4, 6}} {
				want := dihedral(x[24*i:], quad)
				if got := rec.Values[1][(f*n+i)*2+q]; math.Abs(math.Remainder(got-want, 2*math.Pi)) > 1e-12 {
					t.Fatalf("angle %v, want %v", got, want)
				}
			}
		}
	}
	if !slices.Equal(sunk, memory.Frames) {
		t.Error("frames are not the positions at their steps")
	}
	if len(rec.Values[2]) != 5*n {
		t.Errorf("%d temperatures, want %d", len(rec.Values[2]), 5*n)
	}
}

// dihedral is the angle about the bond of the middle atoms, 0 where the others
// eclipse each other and positive clockwise.
func dihedral(x []float64, q [4]int) float64 {
	sub := func(i, j int) (d [3]float64) {
		for c := range 3 {
			d[c] = x[3*i+c] - x[3*j+c]
		}
		return d
	}
	cross := func(a, b [3]float64) [3]float64 {
		return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
	}
	dot := func(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
	b1, b2, b3 := sub(q[1], q[0]), sub(q[2], q[1]), sub(q[3], q[2])
	m, n := cross(b1, b2), cross(b2, b3)
	return math.Atan2(dot(b1, n)*math.Sqrt(dot(b2, b2)), dot(m, n))
}

func TestASinkThatFailsEndsTheRun(t *testing.T) {
	s := ethanes[float32](t, 5, Options{Dt: 1e-3, Beta: 0.4, Scheme: VelocityVerlet})
	full := errors.New("the disk is full")
	frames := 0
	err := s.Run(t.Context(), 1000, &Record[float32]{Every: 10, Sink: func(Frame[float32]) error {
		if frames++; frames == 3 {
			return full
		}
		return nil
	}})
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "frame 2") || frames != 3 {
		t.Errorf("error %v after %d frames", err, frames)
	}
	if s.Step() == 0 || s.Step() >= 1000 {
		t.Errorf("the run ended after %d steps", s.Step())
	}
	for name, rec := range map[string]*Record[float32]{
		"observables without an interval": {Observables: []Observable[float32]{s.KineticEnergy()}},
		"values of other observables":     {Values: make([][]float32, 2)},
		"a negative interval":             {ObserveEvery: -1},
	} {
		if err := s.Run(t.Context(), 1, rec); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
