package md

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"pushforward/internal/npy"
	"pushforward/kernels"
)

// checkpointHeader is what a simulation must have in common with the file that it
// goes on from; in JSON, so that other programs can read it. Numbers that may be
// infinite are text.
type checkpointHeader struct {
	Format    string  `json:"format"`
	Version   int     `json:"version"`
	Scheme    string  `json:"scheme"`
	Dt        float64 `json:"dt"`
	Beta      string  `json:"beta"`
	Friction  float64 `json:"friction"`
	Tolerance float64 `json:"tolerance"`
	Recentre  int     `json:"recentre"`
	Seed      string  `json:"seed"`
	Step      string  `json:"step"`
}

// differs tells the first thing in which a simulation is another one than that
// which wrote the header.
func (h checkpointHeader) differs(o checkpointHeader) error {
	for _, q := range []struct {
		name      string
		have, now any
	}{
		{"scheme", h.Scheme, o.Scheme}, {"time step", h.Dt, o.Dt}, {"inverse temperature", h.Beta, o.Beta},
		{"friction", h.Friction, o.Friction}, {"tolerance", h.Tolerance, o.Tolerance},
		{"recentring interval", h.Recentre, o.Recentre}, {"seed", h.Seed, o.Seed}, {"step", h.Step, o.Step},
	} {
		if q.have != q.now {
			return fmt.Errorf("header: %s %v, but that of the simulation is %v", q.name, q.have, q.now)
		}
	}
	return nil
}

const (
	checkpointFormat  = "pushforward simulation"
	checkpointVersion = 1
)

func (s *Simulation[T]) header() checkpointHeader {
	o := s.options
	return checkpointHeader{
		checkpointFormat, checkpointVersion, o.Scheme.String(), o.Dt, strconv.FormatFloat(o.Beta, 'g', -1, 64),
		o.Friction, o.Tolerance, o.Recentre, strconv.FormatUint(o.Seed, 10), strconv.FormatUint(s.step, 10),
	}
}

// WriteCheckpoint writes all that the next steps depend on to an .npz file, whole
// or not at all: positions and velocities [n][d], the step, which replicas are
// lost, the masses and constraints, the other options in JSON; and the potential
// energy of each replica, by which [ResumeSimulation] knows the potential again.
func (s *Simulation[T]) WriteCheckpoint(path string) error {
	header, err := json.Marshal(s.header())
	if err != nil {
		return fmt.Errorf("md: %s: %w", path, err)
	}
	lost := make([]int64, 0, 3*len(s.failures))
	for _, f := range s.failures {
		lost = append(lost, int64(f.Replica), int64(f.Step), int64(f.Cause))
	}
	return npy.WriteArchive(path, func(a *npy.ArchiveWriter) error {
		if err := npy.AddTo(a, "header", npy.Array[uint8]{Shape: []int{len(header)}, Data: header}); err != nil {
			return err
		}
		shape := []int{s.n, s.d}
		if err := npy.AddTo(a, "positions", npy.Array[T]{Shape: shape, Data: s.Positions(nil)}); err != nil {
			return err
		}
		if s.inertia != nil {
			if err := npy.AddTo(a, "velocities", npy.Array[T]{Shape: shape, Data: s.Velocities(nil)}); err != nil {
				return err
			}
			masses, atoms, distances := s.mechanics()
			if err := npy.AddTo(a, "inverse_masses", npy.Array[float64]{Shape: []int{len(masses)}, Data: masses}); err != nil {
				return err
			}
			if err := npy.AddTo(a, "constrained_atoms", npy.Array[int64]{Shape: []int{len(distances), 2}, Data: atoms}); err != nil {
				return err
			}
			if err := npy.AddTo(a, "constrained_distances", npy.Array[float64]{Shape: []int{len(distances)}, Data: distances}); err != nil {
				return err
			}
		}
		if err := npy.AddTo(a, "lost", npy.Array[int64]{Shape: []int{len(s.failures), 3}, Data: lost}); err != nil {
			return err
		}
		return npy.AddTo(a, "energies", npy.Array[T]{Shape: []int{s.n}, Data: s.energies()})
	})
}

// mechanics are inverse masses and constraints in the form that files have.
func (s *Simulation[T]) mechanics() (inverseMasses []float64, atoms []int64, distances []float64) {
	for _, c := range s.options.Constraints {
		atoms, distances = append(atoms, int64(c.I), int64(c.J)), append(distances, c.Distance)
	}
	return s.inertia.inverse, atoms, distances
}

// energies are those of all replicas' positions.
func (s *Simulation[T]) energies() []T {
	u := make([]T, s.n)
	for b := range s.blocks() {
		first, n := s.span(b)
		s.potential.Energies(u[first:first+n], s.panel(s.x, b), s.stride, n)
	}
	return u
}

// ResumeSimulation goes on from a checkpoint, to the same bits as if the run had
// not been interrupted. Potential and options must be those of the simulation that
// wrote it, but for the number of threads; the error tells what differs.
func ResumeSimulation[T kernels.Float](p Potential[T], path string, o Options) (*Simulation[T], error) {
	a, err := npy.OpenArchive(path)
	if err != nil {
		return nil, fmt.Errorf("md: %w", err)
	}
	defer a.Close()
	s, err := resume(p, a, o)
	if err != nil {
		return nil, fmt.Errorf("md: %s: %w", path, err)
	}
	return s, nil
}

func resume[T kernels.Float](p Potential[T], a *npy.Archive, o Options) (*Simulation[T], error) {
	var have checkpointHeader
	text, err := npy.ReadFrom[uint8](a, "header")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text.Data, &have); err != nil || have.Format != checkpointFormat {
		return nil, fmt.Errorf("header: %.40q, want that of a checkpoint", text.Data)
	}
	if have.Version != checkpointVersion {
		return nil, fmt.Errorf("header: version %d, want %d", have.Version, checkpointVersion)
	}
	x, err := readShaped[T](a, "positions", -1, p.Dim())
	if err != nil {
		return nil, err
	}
	n := x.Shape[0]
	if n < 1 {
		return nil, fmt.Errorf("positions: no replicas, want 1 or more")
	}
	s, err := newSimulation(p, n, o)
	if err != nil {
		return nil, err
	}
	if s.step, err = strconv.ParseUint(have.Step, 10, 64); err != nil {
		return nil, fmt.Errorf("header: step %q, want a number", have.Step)
	}
	if err := have.differs(s.header()); err != nil {
		return nil, err
	}
	s.spread(s.x, x.Data)
	if s.inertia != nil {
		if err := s.resumeMechanics(a); err != nil {
			return nil, err
		}
	}
	if err := s.resumeLost(a); err != nil {
		return nil, err
	}
	energies, err := readShaped[T](a, "energies", n)
	if err != nil {
		return nil, err
	}
	for i, u := range s.energies() {
		if v := energies.Data[i]; u != v && !(u != u && v != v) {
			return nil, fmt.Errorf("energies: replica %d has %v in the file, but %v in this potential", i, v, u)
		}
	}
	return s, nil
}

func (s *Simulation[T]) resumeMechanics(a *npy.Archive) error {
	v, err := readShaped[T](a, "velocities", s.n, s.d)
	if err != nil {
		return err
	}
	s.spread(s.v, v.Data)
	masses, atoms, distances := s.mechanics()
	for name, want := range map[string][]float64{"inverse_masses": masses, "constrained_distances": distances} {
		have, err := readShaped[float64](a, name, len(want))
		if err != nil {
			return err
		}
		for i := range want {
			if have.Data[i] != want[i] {
				return fmt.Errorf("%s: number %d is %v, but %v in the simulation", name, i, have.Data[i], want[i])
			}
		}
	}
	have, err := readShaped[int64](a, "constrained_atoms", len(distances), 2)
	if err != nil {
		return err
	}
	for i := range atoms {
		if have.Data[i] != atoms[i] {
			return fmt.Errorf("constrained_atoms: constraint %d has atom %d, but %d in the simulation", i/2, have.Data[i], atoms[i])
		}
	}
	return nil
}

// resumeLost reads which replicas are lost: those whose positions are NaN.
func (s *Simulation[T]) resumeLost(a *npy.Archive) error {
	lost, err := readShaped[int64](a, "lost", -1, 3)
	if err != nil {
		return err
	}
	for i := range lost.Shape[0] {
		r, step, cause := lost.Data[3*i], lost.Data[3*i+1], lost.Data[3*i+2]
		if r < 0 || r >= int64(s.n) || s.dead[r] || cause < 0 || cause > int64(Unconstrained) {
			return fmt.Errorf("lost: row %d is %v, want a replica of 0 to %d, once, and a known cause", i, lost.Data[3*i:3*i+3], s.n-1)
		}
		s.dead[r] = true
		s.failures = append(s.failures, Failure{int(r), uint64(step), FailureCause(cause)})
	}
	for i, v := range s.Positions(nil) {
		if r := i / s.d; math.IsNaN(float64(v)) != s.dead[r] || math.IsInf(float64(v), 0) {
			return fmt.Errorf("positions: coordinate %d of replica %d is %v, want NaN for lost replicas and finite numbers for others", i%s.d, r, v)
		}
	}
	return nil
}

// readShaped reads an array and checks its shape; -1 stands for any length.
func readShaped[T npy.Element](a *npy.Archive, name string, shape ...int) (npy.Array[T], error) {
	x, err := npy.ReadFrom[T](a, name)
	if err != nil {
		return x, err
	}
	ok := len(x.Shape) == len(shape)
	for i := range shape {
		ok = ok && (shape[i] < 0 || x.Shape[i] == shape[i])
	}
	if !ok {
		return x, fmt.Errorf("%s: shape %v, want %v", name, x.Shape, shape)
	}
	return x, nil
}
