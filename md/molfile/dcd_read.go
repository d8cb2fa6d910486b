package molfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
)

// DCD is the contents of a DCD file.
type DCD struct {
	DCDHeader
	Positions []float32 // [frames][atoms][3] in nm
}

// Frames is the number of frames.
func (d *DCD) Frames() int { return len(d.Positions) / (3 * d.Atoms) }

// ReadDCD reads a trajectory of CHARMM, NAMD, OpenMM or X-PLOR in either order
// of bytes; unit cells are passed over. As many frames are read as the header
// tells, or all where it tells 0. Files with fixed atoms, a fourth coordinate or
// record lengths of eight bytes are errors.
func ReadDCD(path string) (*DCD, error) {
	f, size, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return DecodeDCD(f, path, size)
}

// DecodeDCD reads as [ReadDCD] does. name is what errors call the file; size is
// the number of bytes in r, or negative where that is unknown.
func DecodeDCD(r io.Reader, name string, size int64) (*DCD, error) {
	d := &dcdReader{r: bufio.NewReaderSize(r, 1<<18), left: size}
	dcd, err := d.read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return dcd, nil
}

type dcdReader struct {
	r     *bufio.Reader
	order binary.ByteOrder
	left  int64 // bytes, or negative where unknown
}

var errCut = errors.New("the file ends")

// take reads n bytes, of which no more are allocated than there are.
func (d *dcdReader) take(n int) ([]byte, error) {
	if d.left >= 0 && int64(n) > d.left {
		return nil, fmt.Errorf("%w after %d of %d bytes", errCut, d.left, n)
	}
	const chunk = 1 << 20
	b := make([]byte, 0, min(n, chunk))
	for len(b) < n {
		old := len(b)
		b = slices.Grow(b, min(n-old, chunk))[:old+min(n-old, chunk)]
		if got, err := io.ReadFull(d.r, b[old:]); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, fmt.Errorf("%w after %d of %d bytes", errCut, old+got, n)
			}
			return nil, err
		}
	}
	if d.left >= 0 {
		d.left -= int64(n)
	}
	return b, nil
}

// record reads a record of a known length.
func (d *dcdReader) record(length int) ([]byte, error) {
	b, err := d.take(length + 8)
	if err != nil {
		return nil, err
	}
	if err := d.markers(b, length); err != nil {
		return nil, err
	}
	return b[4 : 4+length], nil
}

func (d *dcdReader) markers(b []byte, length int) error {
	if marker := d.order.Uint32(b); int64(marker) != int64(length) {
		return fmt.Errorf("the record begins with the length %d, want %d", marker, length)
	}
	if marker := d.order.Uint32(b[len(b)-4:]); int64(marker) != int64(length) {
		return fmt.Errorf("the record ends with the length %d, want %d", marker, length)
	}
	return nil
}

// header reads up to the first frame. cell tells that unit cells follow.
func (d *dcdReader) header() (h DCDHeader, frames int, cell bool, err error) {
	const length = 4 + 4*controls
	fail := func(field string, err error) (DCDHeader, int, bool, error) {
		return h, 0, false, fmt.Errorf("%s: %w", field, err)
	}
	b, err := d.take(length + 8)
	if err != nil {
		return fail("header", err)
	}
	d.order = binary.LittleEndian
	if binary.BigEndian.Uint32(b) == length {
		d.order = binary.BigEndian
	}
	switch word := string(b[4:8]); {
	case string(b[8:12]) == "CORD" && word != "CORD":
		return fail("header", errors.New("the lengths of records have 8 bytes, want 4"))
	case word == "VELD":
		return fail("header", errors.New("holds velocities, want positions"))
	case word != "CORD":
		return fail("header", fmt.Errorf("found %q, want \"CORD\": this is no DCD file", word))
	}
	if err := d.markers(b, length); err != nil {
		return fail("header", err)
	}
	control := func(k int) int { return int(int32(d.order.Uint32(b[controlOffset+4*k:]))) }
	frames = control(controlFrames)
	h.FirstStep, h.Interval = control(controlFirst), control(controlInterval)
	if control(controlVersion) != 0 {
		h.TimeStep = float64(math.Float32frombits(uint32(control(controlTimeStep)))) * akma
		cell = control(controlCell) != 0
		if control(controlFourth) != 0 {
			return fail("header", errors.New("has a fourth coordinate, want x, y and z alone"))
		}
	} else {
		h.TimeStep = math.Float64frombits(d.order.Uint64(b[controlOffset+4*controlTimeStep:])) * akma
	}
	switch fixed := control(controlFixed); {
	case frames < 0:
		return fail("header", fmt.Errorf("found %d frames, want 0 or more", frames))
	case fixed != 0:
		return fail("header", fmt.Errorf("%d atoms are fixed, want none", fixed))
	case math.IsNaN(h.TimeStep) || math.IsInf(h.TimeStep, 0):
		return fail("header", fmt.Errorf("the time step is %v ps, want a finite number", h.TimeStep))
	}

	// The title's length stands in its marker and in its count.
	b, err = d.take(8)
	if err != nil {
		return fail("title", err)
	}
	titles := d.order.Uint32(b[4:])
	if marker := d.order.Uint32(b); titles > 10000 || marker != 4+titleLine*titles {
		return fail("title", fmt.Errorf("found %d lines in a record of length %d, want 4 + %d for each", titles, marker, titleLine))
	}
	text, err := d.take(titleLine*int(titles) + 4)
	if err != nil {
		return fail("title", err)
	}
	if marker := d.order.Uint32(text[len(text)-4:]); marker != 4+titleLine*titles {
		return fail("title", fmt.Errorf("the record ends with the length %d, want %d", marker, 4+titleLine*titles))
	}
	h.Title = titleOf(text[:len(text)-4])

	b, err = d.record(4)
	if err != nil {
		return fail("number of atoms", err)
	}
	if h.Atoms = int(int32(d.order.Uint32(b))); h.Atoms < 1 || h.Atoms > math.MaxInt32/4-2 {
		return fail("number of atoms", fmt.Errorf("found %d, want 1 or more", h.Atoms))
	}
	return h, frames, cell, nil
}

// titleOf is the last line that says something: the first names the program.
func titleOf(text []byte) string {
	title := ""
	for line := range slices.Chunk(text, titleLine) {
		line, _, _ = bytes.Cut(line, []byte{0})
		if s := strings.TrimSpace(string(line)); s != "" {
			title = s
		}
	}
	return title
}

func (d *dcdReader) read() (*DCD, error) {
	h, frames, cell, err := d.header()
	if err != nil {
		return nil, err
	}
	size := int64(h.frameSize())
	if cell {
		size += 48 + 8
	}
	if d.left >= 0 && int64(frames) > d.left/size {
		return nil, fmt.Errorf("the header tells of %d frames, but there are %d bytes, enough for %d of %d atoms", frames, d.left, d.left/size, h.Atoms)
	}
	dcd := &DCD{DCDHeader: h}
	for frame := 0; frames == 0 || frame < frames; frame++ {
		if _, err := d.r.Peek(1); frames == 0 && errors.Is(err, io.EOF) {
			break
		}
		if err := d.frame(dcd, cell); err != nil {
			return nil, fmt.Errorf("frame %d: %w", frame+1, err)
		}
	}
	return dcd, nil
}

func (d *dcdReader) frame(dcd *DCD, cell bool) error {
	if cell {
		if _, err := d.record(48); err != nil {
			return fmt.Errorf("unit cell: %w", err)
		}
	}
	var coordinates [3][]byte
	for c := range coordinates {
		var err error
		if coordinates[c], err = d.record(4 * dcd.Atoms); err != nil {
			return fmt.Errorf("%c: %w", 'x'+c, err)
		}
	}
	for i := range dcd.Atoms {
		for c := range coordinates {
			v := math.Float32frombits(d.order.Uint32(coordinates[c][4*i:]))
			dcd.Positions = append(dcd.Positions, float32(float64(v)/10))
		}
	}
	return nil
}

// dcdFrames tells how many frames a file holds whose beginning, but for the
// counts, must be as wanted.
func dcdFrames(path string, want []byte) (int, error) {
	f, size, err := open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(f, got); err != nil {
		return 0, fmt.Errorf("%s: header: the file ends within it", path)
	}
	frames := int(int32(binary.LittleEndian.Uint32(got[controlOffset:])))
	for _, k := range []int{controlFrames, controlSteps} {
		copy(got[controlOffset+4*k:][:4], want[controlOffset+4*k:])
	}
	if !bytes.Equal(got, want) || frames < 0 {
		return 0, fmt.Errorf("%s: header: is not that of this simulation, want the same first step, interval, time step, title and number of atoms", path)
	}
	atoms := int64(binary.LittleEndian.Uint32(want[len(want)-8:]))
	if whole := (size - int64(len(want))) / (3 * (4*atoms + 8)); whole < int64(frames) {
		return 0, fmt.Errorf("%s: the header tells of %d frames, but there are %d bytes, enough for %d", path, frames, size, whole)
	}
	return frames, nil
}

// overwrite writes bytes into a file that exists.
func overwrite(path string, b []byte, at int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return writeError(path, err)
	}
	_, err = f.WriteAt(b, at)
	if err = errors.Join(err, f.Close()); err != nil {
		return writeError(path, err)
	}
	return nil
}
