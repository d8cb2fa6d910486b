package md_test

import (
	"math"
	"slices"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

// trajectory is one of OpenMM's: positions and velocities, row-major [frame][66].
func trajectory(t *testing.T, name string) (x, v, energies []float64) {
	t.Helper()
	archive, err := npy.OpenArchive("testdata/dynamics.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var data [3][]float64
	for i, suffix := range []string{"_x", "_v", "_E"} {
		a, err := npy.ReadFrom[float64](archive, name+suffix)
		if err != nil {
			t.Fatal(err)
		}
		data[i] = a.Data
	}
	return data[0], data[1], data[2]
}

// follow starts a simulation from a trajectory's first frame and returns how far
// positions and velocities come from those of the others.
func follow(t *testing.T, s *md.System, x, v []float64, o md.Options, steps int) (far, fast float64, sim *md.Simulation[float64]) {
	t.Helper()
	o.Masses, o.Constraints = s.Masses(), s.Constraints
	sim, err := md.NewSimulation(field[float64](t, s), x[:66], o)
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.SetVelocities(v[:66]); err != nil {
		t.Fatal(err)
	}
	for f := 66; f < len(x); f += 66 {
		if err := sim.Run(t.Context(), steps, nil); err != nil {
			t.Fatal(err)
		}
		y, u := sim.Positions(nil), sim.Velocities(nil)
		for k := range 66 {
			far, fast = max(far, math.Abs(y[k]-x[f+k])), max(fast, math.Abs(u[k]-v[f+k]))
		}
	}
	return far, fast, sim
}

// Deterministic trajectories of alanine dipeptide are those of OpenMM's Reference
// platform: 0.5 ps of velocity Verlet at 0.5 fs, where an error of 1e-12 nm grows to
// 3e-11, and 100 steps of Langevin middle at zero temperature with constraints.
func TestTrajectoriesAreThoseOfOpenMM(t *testing.T) {
	for _, name := range []string{"nve0", "nve1"} {
		s, _ := molecules.AlanineDipeptide()
		x, v, energies := trajectory(t, name)
		far, fast, sim := follow(t, s, x, v, md.Options{Dt: 0.0005, Beta: 1, Scheme: md.VelocityVerlet}, 20)
		if far > 1e-10 || fast > 1e-7 {
			t.Errorf("%s: positions are off by %.2g nm, velocities by %.2g nm/ps", name, far, fast)
		}
		rec := &md.Record[float64]{Observables: []md.Observable[float64]{sim.PotentialEnergy(), sim.KineticEnergy()}, ObserveEvery: 1}
		start := append(append([]float64(nil), x[len(x)-66:]...), v[len(v)-66:]...)
		again, err := md.NewSimulation(field[float64](t, s), start[:66], md.Options{Dt: 1e-12, Beta: 1, Scheme: md.VelocityVerlet, Masses: s.Masses()})
		if err != nil {
			t.Fatal(err)
		}
		if err := again.SetVelocities(start[66:]); err != nil {
			t.Fatal(err)
		}
		if err := again.Run(t.Context(), 1, rec); err != nil {
			t.Fatal(err)
		}
		for k, want := range energies[len(energies)-2:] {
			if got := rec.Values[k][0]; math.Abs(got-want) > 1e-7 {
				t.Errorf("%s: the last %s energy is %.10g kJ/mol, want %.10g", name, [2]string{"potential", "kinetic"}[k], got, want)
			}
		}
	}
	for _, name := range []string{"langevin_middle_T0_0", "langevin_middle_T0_1"} {
		s, _ := molecules.AlanineDipeptide()
		s.ConstrainHydrogens()
		x, v, _ := trajectory(t, name)
		far, fast, _ := follow(t, s, x, v, md.Options{
			Dt: 0.002, Beta: math.Inf(1), Scheme: md.LangevinMiddle, Friction: 1, Tolerance: 1e-13,
		}, 1)
		if far > 1e-10 || fast > 1e-7 {
			t.Errorf("%s: positions are off by %.2g nm, velocities by %.2g nm/ps", name, far, fast)
		}
	}
}

// From 40 starts around it, the lowest minimum is found again, and its energy.
func TestMinimaOfAlanineDipeptide(t *testing.T) {
	s, minimum := molecules.AlanineDipeptide()
	const n = 40
	x0 := transposed(perturbed[float64](minimum, n, 0.004, 3), 66, n)
	r, err := md.Minimize(t.Context(), field[float64](t, s), x0, md.MinimizeOptions{Force: 1e-4})
	if err != nil {
		t.Fatal(err)
	}
	found, steps := 0, 0
	for i, u := range r.Energies {
		if !r.Converged[i] {
			t.Errorf("replica %d has a force of %v after %d steps", i, r.Forces[i], r.Steps[i])
		}
		if math.Abs(u+134.333084502) < 1e-7 {
			found++
		}
		if u < -134.3330846 {
			t.Errorf("replica %d: %v kJ/mol is below the lowest minimum", i, u)
		}
		steps += r.Steps[i]
	}
	if found < n*3/4 || steps > 1000*n {
		t.Errorf("%d of %d replicas found the lowest minimum, in %d steps each", found, n, steps/n)
	}
}

// A constrained molecule in float32 at 2 fs, from its minimum: nothing is lost, the
// temperature is right, distances hold.
func TestAlanineDipeptideAtThreeHundredKelvin(t *testing.T) {
	s, minimum := molecules.AlanineDipeptide()
	s.ConstrainHydrogens()
	const n, kelvin, steps = 128, 300.0, 400
	var x []float32
	for range n {
		x = append(x, converted[float32](minimum)...)
	}
	sim, err := md.NewSimulation(field[float32](t, s), x, md.Options{
		Dt: 0.002, Beta: md.InverseTemperature(kelvin), Scheme: md.LangevinMiddle, Friction: 91,
		Masses: s.Masses(), Constraints: s.Constraints, Recentre: 100, Seed: 5,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := sim.DegreesOfFreedom(); got != s.DegreesOfFreedom() || got != 54 {
		t.Errorf("%d degrees of freedom, want 54", got)
	}
	if err := sim.Run(t.Context(), steps, nil); err != nil {
		t.Fatal(err)
	}
	rec := &md.Record[float32]{Observables: []md.Observable[float32]{sim.Temperature()}, ObserveEvery: 20}
	if err := sim.Run(t.Context(), 80, rec); err != nil {
		t.Fatal(err)
	}
	mean := 0.0
	for _, v := range rec.Values[0] {
		mean += float64(v) / float64(len(rec.Values[0]))
	}
	// A look at 54 degrees of freedom of 128 replicas is good to 5 K; these are 4.
	if math.Abs(mean-kelvin) > 10 {
		t.Errorf("temperature %.1f K, want 300", mean)
	}
	y := sim.Positions(nil)
	for _, c := range s.Constraints {
		for r := range n {
			sum := 0.0
			for k := range 3 {
				d := float64(y[66*r+3*c.I+k]) - float64(y[66*r+3*c.J+k])
				sum += d * d
			}
			if off := math.Abs(math.Sqrt(sum)/c.Distance - 1); off > 4.2e-6 {
				t.Fatalf("replica %d: the distance of atoms %d and %d is off by %.2g", r, c.I, c.J, off)
			}
		}
	}
}

func TestAlanineDipeptideMovesWithTheSameBitsOnEveryMachine(t *testing.T) {
	s, minimum := molecules.AlanineDipeptide()
	s.ConstrainHydrogens()
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		for _, threads := range []int{1, 3} {
			var x []float32
			for range 20 {
				x = append(x, converted[float32](minimum)...)
			}
			sim, err := md.NewSimulation(field[float32](t, s), x, md.Options{
				Dt: 0.002, Beta: md.InverseTemperature(300), Scheme: md.LangevinMiddle, Friction: 91,
				Masses: s.Masses(), Constraints: s.Constraints, Recentre: 20, Seed: 5, Threads: threads,
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := sim.Run(t.Context(), 60, nil); err != nil {
				t.Fatal(err)
			}
			sum := uint64(14695981039346656037)
			for _, v := range slices.Concat(sim.Positions(nil), sim.Velocities(nil)) {
				sum = (sum ^ uint64(math.Float32bits(v))) * 1099511628211
			}
			if want := uint64(0x87e6eda54da376ed); sum != want {
				t.Errorf("digest %#x, want %#x", sum, want)
			}
		}
	})
}
