package md_test

import (
	"context"
	"math"
	"testing"

	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// alanine is a simulation of replicas of alanine dipeptide that start from its
// lowest minimum.
func alanine[T kernels.Float](t testing.TB, replicas int, rigid bool, hydrogen float64, o md.Options) (*md.Simulation[T], *md.ForceField[T]) {
	t.Helper()
	s, minimum := molecules.AlanineDipeptide()
	if hydrogen > 0 {
		s.RepartitionHydrogenMass(hydrogen)
	}
	if rigid {
		s.ConstrainHydrogens()
	}
	o.Masses, o.Constraints = s.Masses(), s.Constraints
	if o.Beta == 0 {
		o.Beta = md.InverseTemperature(300)
	}
	var x []T
	for range replicas {
		x = append(x, converted[T](minimum)...)
	}
	f := field[T](t, s)
	sim, err := md.NewSimulation(f, x, o)
	if err != nil {
		t.Fatal(err)
	}
	return sim, f
}

func advance[T kernels.Float](t testing.TB, s *md.Simulation[T], steps int, rec *md.Record[T]) {
	t.Helper()
	if err := s.Run(context.Background(), steps, rec); err != nil {
		t.Fatal(err)
	}
}

func TestEnergyOfAlanineDipeptideIsConservedToSecondOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("a picosecond in float64")
	}
	const replicas, picoseconds = 8, 0.5
	fluctuation := func(dt float64) float64 {
		s, _ := alanine[float64](t, replicas, false, 0, md.Options{Dt: dt, Scheme: md.VelocityVerlet, Seed: 3})
		advance(t, s, int(0.2/dt), nil)
		rec := &md.Record[float64]{Observables: []md.Observable[float64]{s.PotentialEnergy(), s.KineticEnergy()}, ObserveEvery: int(0.001/dt + 0.5)}
		advance(t, s, int(picoseconds/dt), rec)
		sum, n := 0.0, 0
		for r := range replicas {
			var mean, square float64
			frames := len(rec.Values[0]) / replicas
			for f := range frames {
				e := rec.Values[0][f*replicas+r] + rec.Values[1][f*replicas+r]
				mean += e / float64(frames)
				square += e * e / float64(frames)
			}
			sum += math.Sqrt(max(square-mean*mean, 0))
			n++
		}
		return sum / float64(n)
	}
	coarse, fine := fluctuation(0.0005), fluctuation(0.00025)
	t.Logf("the energy fluctuates by %.3g kJ/mol at 0.5 fs, %.3g at 0.25 fs", coarse, fine)
	if ratio := coarse / fine; ratio < 3.6 || ratio > 4.4 {
		t.Errorf("halving the time step divides fluctuations of the energy by %.3g, want 4", ratio)
	}
}

func TestTheConstrainedMoleculeHasItsTemperature(t *testing.T) {
	if testing.Short() {
		t.Skip("5 ns")
	}
	const replicas = 256
	for _, c := range []struct{ friction, dt, hydrogen float64 }{{1, 0.002, 0}, {91, 0.002, 0}, {1, 0.004, 3}} {
		s, _ := alanine[float32](t, replicas, true, c.hydrogen, md.Options{Dt: c.dt, Scheme: md.LangevinMiddle, Friction: c.friction, Seed: 5, Recentre: 100})
		if got := s.DegreesOfFreedom(); got != 54 {
			t.Fatalf("%d degrees of freedom, want 54", got)
		}
		advance(t, s, int(6/c.dt), nil)
		rec := &md.Record[float32]{Observables: []md.Observable[float32]{s.Temperature()}, ObserveEvery: 50}
		advance(t, s, 4000, rec)
		// Replicas are independent; the frames of each are not.
		frames := len(rec.Values[0]) / replicas
		means := make([]float64, replicas)
		for k, v := range rec.Values[0] {
			means[k%replicas] += float64(v) / float64(frames)
		}
		mean, square := 0.0, 0.0
		for _, m := range means {
			mean += m / replicas
			square += m * m / replicas
		}
		se := math.Sqrt((square - mean*mean) / (replicas - 1))
		t.Logf("friction %v/ps, %v ps: %.2f ± %.2f K", c.friction, c.dt, mean, se)
		// The velocities of the scheme are hotter by some (ωh)²/4 on average.
		if math.Abs(mean-300) > 4*se+4 {
			t.Errorf("friction %v/ps, time step %v ps: %.2f ± %.2f K, want 300", c.friction, c.dt, mean, se)
		}
	}
}

// basinShares are the shares of right-handed helix and of φ > 0 in each of several
// trajectories, row-major [frame][trajectory][φ, ψ].
func basinShares[T kernels.Float](angles []T, trajectories int) (helix, left []float64) {
	helix, left = make([]float64, trajectories), make([]float64, trajectories)
	frames := len(angles) / (2 * trajectories)
	for k := 0; k < len(angles); k += 2 {
		phi, psi := float64(angles[k])*180/math.Pi, float64(angles[k+1])*180/math.Pi
		r := k / 2 % trajectories
		switch {
		case phi > 0 && phi < 125:
			left[r] += 1 / float64(frames)
		case psi > -120 && psi < 80:
			helix[r] += 1 / float64(frames)
		}
	}
	return helix, left
}

func meanAndError(x []float64) (mean, se float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		se += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(se/float64(len(x)-1)) / math.Sqrt(float64(len(x)))
}

func TestPopulationsOfAlanineDipeptideAreThoseOfOpenMM(t *testing.T) {
	if testing.Short() {
		t.Skip("30 ns")
	}
	archive, err := npy.OpenArchive("testdata/ff99sbildn_obc_1ps.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var want []float64
	for _, name := range []string{"eq1ps_000", "eq1ps_001", "eq1ps_002"} {
		x, err := npy.ReadFrom[float32](archive, name)
		if err != nil {
			t.Fatal(err)
		}
		helix, left := basinShares(x.Data, 1)
		want = append(want, helix[0]/(1-left[0])) // φ > 0 takes hundreds of ns
	}
	theirs, theirError := meanAndError(want)

	const replicas, dt = 128, 0.004
	s, _ := alanine[float32](t, replicas, true, 3, md.Options{Dt: dt, Scheme: md.LangevinMiddle, Friction: 1, Seed: 17, Recentre: 250})
	advance(t, s, int(120/dt), nil) // several times the exchange takes
	rec := &md.Record[float32]{Observables: []md.Observable[float32]{md.TorsionAngles[float32]([4]int{4, 6, 8, 14}, [4]int{6, 8, 14, 16})}, ObserveEvery: 250}
	advance(t, s, int(150/dt), rec)
	helix, left := basinShares(rec.Values[0], replicas)
	for r := range helix {
		helix[r] /= max(1-left[r], 1e-9)
	}
	ours, ourError := meanAndError(helix)
	t.Logf("share of α_R among φ < 0: %.3f ± %.3f, OpenMM %.3f ± %.3f", ours, ourError, theirs, theirError)
	if d := math.Abs(ours - theirs); d > 3*math.Hypot(ourError, theirError) || ourError > 0.03 {
		t.Errorf("share of α_R %.3f ± %.3f, OpenMM's %.3f ± %.3f", ours, ourError, theirs, theirError)
	}
}
