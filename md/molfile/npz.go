package molfile

import (
	"fmt"

	"pushforward/internal/npy"
	"pushforward/kernels"
)

// An NPZWriter appends frames of all replicas to one .npz file: positions of
// shape (frames, replicas, atoms, 3) in nm, time (frames) in ps as float64, and
// step (frames) as int64.
//
// Frames go to disk as they come, to a temporary file that gets its name by
// Close: the file is whole or not there.
type NPZWriter[T kernels.Float] struct {
	stream *npy.Stream[T]
	frame  int
	time   []float64
	step   []int64
	series []series
}

type series struct {
	name  string
	array npy.Array[float64]
}

// CreateNPZ begins a file.
func CreateNPZ[T kernels.Float](path string, replicas, atoms int) (*NPZWriter[T], error) {
	if replicas < 1 || atoms < 1 {
		panic(fmt.Sprintf("molfile: CreateNPZ: %d replicas of %d atoms, want 1 or more", replicas, atoms))
	}
	stream, err := npy.CreateStream[T](path, "positions", replicas, atoms, 3)
	if err != nil {
		return nil, err
	}
	return &NPZWriter[T]{stream: stream, frame: replicas * atoms * 3}, nil
}

// Frames is how many frames have been appended.
func (w *NPZWriter[T]) Frames() int { return len(w.step) }

// Append adds a frame: step, time in ps, and the positions of all replicas,
// row-major [replicas][atoms][3] in nm.
func (w *NPZWriter[T]) Append(step int64, time float64, positions []T) error {
	if len(positions) != w.frame {
		panic(fmt.Sprintf("molfile: Append: len(positions) = %d, want replicas*atoms*3 = %d", len(positions), w.frame))
	}
	if err := w.stream.Append(positions); err != nil {
		return err
	}
	w.step = append(w.step, step)
	w.time = append(w.time, time)
	return nil
}

// Add adds another array to the file, such as energies of shape (frames,
// replicas). It panics where data and shape disagree or the name is taken.
func (w *NPZWriter[T]) Add(name string, data []float64, shape ...int) {
	count := 1
	for _, n := range shape {
		count *= n
	}
	taken := name == "positions" || name == "time" || name == "step"
	for _, s := range w.series {
		taken = taken || s.name == name
	}
	if taken || count != len(data) {
		panic(fmt.Sprintf("molfile: Add: %q has %d numbers in the shape %v, or the name is taken", name, len(data), shape))
	}
	w.series = append(w.series, series{name, npy.Array[float64]{Shape: shape, Data: data}})
}

// Close completes the file.
func (w *NPZWriter[T]) Close() error {
	return w.stream.Close(func(a *npy.ArchiveWriter) error {
		if err := npy.AddTo(a, "time", npy.Array[float64]{Shape: []int{len(w.time)}, Data: w.time}); err != nil {
			return err
		}
		if err := npy.AddTo(a, "step", npy.Array[int64]{Shape: []int{len(w.step)}, Data: w.step}); err != nil {
			return err
		}
		for _, s := range w.series {
			if err := npy.AddTo(a, s.name, s.array); err != nil {
				return err
			}
		}
		return nil
	})
}

// Discard ends the file without a trace. After Close it does nothing.
func (w *NPZWriter[T]) Discard() { w.stream.Discard() }

// NPZ is the contents of a file that [NPZWriter] wrote.
type NPZ[T kernels.Float] struct {
	Frames, Replicas, Atoms int
	Positions               []T // [frames][replicas][atoms][3] in nm
	Time                    []float64
	Step                    []int64
}

// ReadNPZ reads positions, time and step, and converts positions to T.
func ReadNPZ[T kernels.Float](path string) (*NPZ[T], error) {
	a, err := npy.OpenArchive(path)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	positions, err := npy.ReadFromAs[T](a, "positions")
	if err != nil {
		return nil, err
	}
	time, err := npy.ReadFrom[float64](a, "time")
	if err != nil {
		return nil, err
	}
	step, err := npy.ReadFrom[int64](a, "step")
	if err != nil {
		return nil, err
	}
	shape := positions.Shape
	if len(shape) != 4 || shape[3] != 3 {
		return nil, fmt.Errorf("%s: positions: the shape is %v, want (frames, replicas, atoms, 3)", path, shape)
	}
	if n := shape[0]; len(time.Shape) != 1 || len(step.Shape) != 1 || len(time.Data) != n || len(step.Data) != n {
		return nil, fmt.Errorf("%s: time and step have shapes %v and %v, want (%d), the number of frames", path, time.Shape, step.Shape, n)
	}
	return &NPZ[T]{shape[0], shape[1], shape[2], positions.Data, time.Data, step.Data}, nil
}
