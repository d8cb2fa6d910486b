package molfile

import (
	"encoding/binary"
	"fmt"
	"math"

	"pushforward/kernels"
)

// The DCD format of CHARMM 24, as NAMD, OpenMM and VMD write it, is a sequence
// of records of Fortran: each begins and ends with its length in four bytes.
// Integers and float32 numbers have four bytes, here the least first.
//
//	84 bytes     "CORD" and 20 integers: see the constants below
//	4 + 80 n     n, and n lines of title with 80 characters
//	4            number of atoms
//	4 × atoms    x of frame 1 in Å, float32
//	4 × atoms    y
//	4 × atoms    z
//	…            the other frames
//
// With a unit cell (never written here) a record of 48 bytes precedes each x.
const (
	controlFrames   = 0 // number of frames
	controlFirst    = 1 // step of the first frame
	controlInterval = 2 // steps from one frame to the next
	controlSteps    = 3 // steps that all frames span
	controlFixed    = 8 // number of atoms that never move
	controlTimeStep = 9 // float32 in AKMA's units of time (float64 in X-PLOR's files)
	controlCell     = 10
	controlFourth   = 11 // a fourth coordinate
	controlVersion  = 19 // of CHARMM; 0 in X-PLOR's files

	controlOffset = 8 // of the integers in the file
	controls      = 20
	titleLine     = 80

	// akma is AKMA's unit of time, Å √(Da mol/kcal), in ps.
	akma = 0.04888821
)

// DCDHeader tells what a DCD file holds besides positions.
type DCDHeader struct {
	Atoms     int
	FirstStep int     // step of the first frame
	Interval  int     // steps from one frame to the next
	TimeStep  float64 // ps
	Title     string
}

// Time is the time of a frame, counted from 0, in ps.
func (h DCDHeader) Time(frame int) float64 {
	return float64(h.FirstStep+frame*h.Interval) * h.TimeStep
}

// check panics where a header cannot be written.
func (h DCDHeader) check() {
	if h.Atoms < 1 || h.Atoms > math.MaxInt32/4 || h.FirstStep < 0 || h.FirstStep > math.MaxInt32 || h.Interval < 0 || h.Interval > math.MaxInt32 {
		panic(fmt.Sprintf("molfile: a DCD header of %+v", h))
	}
}

// frameSize is how many bytes the frames take each.
func (h DCDHeader) frameSize() int { return 3 * (4*h.Atoms + 8) }

// encode writes all that precedes the frames.
func (h DCDHeader) encode() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 4+4*controls)
	b = append(b, "CORD"...)
	var control [controls]uint32
	control[controlFirst] = uint32(h.FirstStep)
	control[controlInterval] = uint32(h.Interval)
	control[controlTimeStep] = math.Float32bits(float32(h.TimeStep / akma))
	control[controlVersion] = 24
	for _, c := range control {
		b = le.AppendUint32(b, c)
	}
	b = le.AppendUint32(b, 4+4*controls)

	titles := []string{"Created by pushforward", h.Title}
	b = le.AppendUint32(b, uint32(4+titleLine*len(titles)))
	b = le.AppendUint32(b, uint32(len(titles)))
	for _, t := range titles {
		b = append(b, fmt.Sprintf("%-*.*s", titleLine, titleLine, printable(t))...)
	}
	b = le.AppendUint32(b, uint32(4+titleLine*len(titles)))

	b = le.AppendUint32(b, 4)
	b = le.AppendUint32(b, uint32(h.Atoms))
	return le.AppendUint32(b, 4)
}

// printable is a text whose characters have one byte each.
func printable(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c < ' ' || c > '~' {
			b[i] = '?'
		}
	}
	return string(b)
}

// counts are the integers of the header that grow with the frames.
func (h DCDHeader) counts(frames int) []byte {
	steps := min(uint64(frames)*uint64(h.Interval), math.MaxInt32)
	b := binary.LittleEndian.AppendUint32(nil, uint32(frames))
	b = binary.LittleEndian.AppendUint32(b, uint32(h.FirstStep))
	b = binary.LittleEndian.AppendUint32(b, uint32(h.Interval))
	return binary.LittleEndian.AppendUint32(b, uint32(steps))
}

// A DCDWriter appends frames to a DCD file, or to one for each replica.
//
// The files have their names from the start and can be read at any time: frames
// are written first, then the number of frames in the header, so that whatever
// ends the program leaves files whose header is right.
type DCDWriter[T kernels.Float] struct {
	header DCDHeader
	files  *replicaFiles
	frames int
}

// CreateDCD makes the files of some replicas, named by [ReplicaPath]; files that
// exist lose what they hold. It panics where the header has no atoms or numbers
// beyond 32 bits.
func CreateDCD[T kernels.Float](path string, replicas int, header DCDHeader) (*DCDWriter[T], error) {
	header.check()
	files, err := createReplicas(path, replicas, header.encode())
	if err != nil {
		return nil, err
	}
	return newDCDWriter[T](header, files, 0), nil
}

func newDCDWriter[T kernels.Float](header DCDHeader, files *replicaFiles, frames int) *DCDWriter[T] {
	w := &DCDWriter[T]{header: header, files: files, frames: frames}
	files.head = func() ([]byte, int64) { return header.counts(w.frames), controlOffset + 4*controlFrames }
	return w
}

// Frames is how many frames have been appended, those before a restart too.
func (w *DCDWriter[T]) Frames() int { return w.frames }

// Append adds a frame: the positions of all replicas, row-major
// [replicas][atoms][3] in nm. It goes to disk with others at a time, or by Flush.
// Numbers that are not finite are written as they are.
func (w *DCDWriter[T]) Append(positions []T) error {
	size := 3 * w.header.Atoms
	if want := size * len(w.files.paths); len(positions) != want {
		panic(fmt.Sprintf("molfile: Append: len(positions) = %d, want replicas*atoms*3 = %d", len(positions), want))
	}
	if w.files.closed {
		panic("molfile: Append: the file is closed")
	}
	if w.frames == math.MaxInt32 {
		return fmt.Errorf("writing %s: a DCD file holds at most %d frames", w.files.paths[0], math.MaxInt32)
	}
	for r := range w.files.paths {
		x := positions[r*size:][:size]
		w.files.add(r, func(b []byte) []byte { return appendFrame(b, x) })
	}
	w.frames++
	return w.files.added()
}

// appendFrame appends the three records of a frame.
func appendFrame[T kernels.Float](b []byte, x []T) []byte {
	le := binary.LittleEndian
	length := uint32(len(x) / 3 * 4)
	for c := range 3 {
		b = le.AppendUint32(b, length)
		for i := c; i < len(x); i += 3 {
			b = le.AppendUint32(b, math.Float32bits(float32(float64(x[i])*10)))
		}
		b = le.AppendUint32(b, length)
	}
	return b
}

// Flush writes all frames to disk.
func (w *DCDWriter[T]) Flush() error { return w.files.flush() }

// Close flushes. After it nothing can be appended.
func (w *DCDWriter[T]) Close() error { return w.files.close() }

// ResumeDCD opens files that [CreateDCD] made to append to them. What they hold
// beyond the given number of frames, that of a checkpoint, is cut off.
func ResumeDCD[T kernels.Float](path string, replicas int, header DCDHeader, frames int) (*DCDWriter[T], error) {
	header.check()
	files := newReplicas(path, replicas)
	want := header.encode()
	w := newDCDWriter[T](header, files, frames)
	for i, p := range files.paths {
		has, err := dcdFrames(p, want)
		if err != nil {
			return nil, err
		}
		if has < frames {
			return nil, fmt.Errorf("%s: holds %d frames, want %d or more to continue from", p, has, frames)
		}
		if err := files.cut(i, int64(len(want))+int64(frames)*int64(header.frameSize())); err != nil {
			return nil, err
		}
		if err := overwrite(p, header.counts(frames), controlOffset); err != nil {
			return nil, err
		}
	}
	return w, nil
}
