package flow

import (
	"encoding/json"
	"fmt"
	"math"

	"pushforward/internal/safetensors"
	"pushforward/kernels"
)

// Model files are safetensors files. Their metadata has
//
//	format        "pushforward flow 1"
//	architecture  the Architecture as JSON
//
// and beside the parameters (see tensors) they hold check points, a few z with x = F(z) and
// log |det J_F(z)|, which Load computes again: a file made under another convention is refused.
const (
	fileFormat  = "pushforward flow 1"
	checkPoints = 16
)

// Save writes the flow to a safetensors file, whole or not at all. Its precision is T's.
func (f *Flow[T]) Save(path string) error {
	file, err := f.file()
	if err == nil {
		err = file.WriteFile(path)
	}
	if err != nil {
		return fmt.Errorf("flow: saving a model: %w", err)
	}
	return nil
}

// file returns the content of a model file.
func (f *Flow[T]) file() (*safetensors.File, error) {
	architecture, err := json.Marshal(f.arch)
	if err != nil {
		return nil, err
	}
	file := &safetensors.File{Metadata: map[string]string{
		"format":       fileFormat,
		"architecture": string(architecture),
	}}
	for _, t := range f.tensors() {
		if err := t.put(file); err != nil {
			return nil, err
		}
	}
	d := f.arch.Dim
	panel, z := make([]T, checkPoints*d), make([]T, checkPoints*d)
	kernels.Normals(panel, checkPoints, 0, streamCheck, 0, checkPoints, d)
	kernels.Transpose(z, d, panel, checkPoints, d, checkPoints)
	x, logDet := make([]T, len(z)), make([]float64, checkPoints)
	f.Forward(x, logDet, z)
	safetensors.Put(file, "check.z", z, checkPoints, d)
	safetensors.Put(file, "check.x", x, checkPoints, d)
	safetensors.Put(file, "check.log_det", logDet, checkPoints)
	return file, nil
}

// Load reads a flow from a model file or a training checkpoint (then the best model so far). A
// file of the other precision is converted. Errors name the file, the field, and what was expected.
func Load[T kernels.Float](path string) (*Flow[T], error) {
	file, err := safetensors.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("flow: loading a model: %w", err)
	}
	f, err := fromFile[T](file, path)
	if err != nil {
		return nil, fmt.Errorf("flow: loading a model: %w", err)
	}
	return f, nil
}

func fromFile[T kernels.Float](file *safetensors.File, path string) (*Flow[T], error) {
	a, err := architectureOf(file, path)
	if err != nil {
		return nil, err
	}
	// Before any memory is allocated: the file must be as large as its architecture says.
	for _, name := range []string{"check.z", "check.x"} {
		if _, shape, ok := file.Describe(name); !ok || len(shape) != 2 || shape[0] < 1 || shape[1] != a.Dim {
			return nil, fmt.Errorf("%s: %s: shape %v, want [n %d] with n of 1 or more", path, name, shape, a.Dim)
		}
	}
	if stored := storedNumbers(file); stored < a.NumParameters() {
		return nil, fmt.Errorf("%s: layers: the file has %d parameters, want %d for its architecture", path, stored, a.NumParameters())
	}
	f := newZero[T](a)
	for _, t := range f.tensors() {
		if err := t.get(file, path); err != nil {
			return nil, err
		}
	}
	return f, f.verify(file, path)
}

func architectureOf(file *safetensors.File, path string) (a Architecture, err error) {
	if got := file.Metadata["format"]; got != fileFormat {
		return a, fmt.Errorf("%s: metadata: format is %.40q, want %q", path, got, fileFormat)
	}
	if err := json.Unmarshal([]byte(file.Metadata["architecture"]), &a); err != nil {
		return a, fmt.Errorf("%s: metadata: architecture: %w", path, err)
	}
	return a, nil
}

// storedNumbers counts the numbers in the file's parameters.
func storedNumbers(file *safetensors.File) int {
	total := 0
	for _, name := range file.Names() {
		_, shape, _ := file.Describe(name)
		if len(name) > 7 && name[:7] == "layers." {
			n := 1
			for _, k := range shape {
				n *= k
			}
			total += n
		}
	}
	return total
}

// verify computes the check points again. Files of this package agree to the last bit; the
// tolerance leaves room for other programs' rounding.
func (f *Flow[T]) verify(file *safetensors.File, path string) error {
	_, shape, _ := file.Describe("check.z")
	n, d := shape[0], f.arch.Dim
	z, err := getFloats[T](file, "check.z", n, d)
	if err != nil {
		return err
	}
	want, err := getFloats[T](file, "check.x", n, d)
	if err != nil {
		return err
	}
	wantLogDet, err := getFloats[float64](file, "check.log_det", n)
	if err != nil {
		return err
	}
	x, logDet := make([]T, len(z)), make([]float64, n)
	f.Forward(x, logDet, z)
	tolerance := 1e-8
	if dtype, _, _ := file.Describe("check.x"); T(1)+T(1e-12) == 1 || dtype != "F64" {
		tolerance = 1e-3
	}
	for i := range n {
		for k := range d {
			if got, want := float64(x[i*d+k]), float64(want[i*d+k]); !near(got, want, tolerance) {
				return fmt.Errorf("%s: check.x: row %d, column %d is %v, but this flow gives %v: the parameters are damaged, or follow another convention", path, i, k, want, got)
			}
		}
		if !near(logDet[i], wantLogDet[i], tolerance) {
			return fmt.Errorf("%s: check.log_det: element %d is %v, but this flow gives %v: the parameters are damaged, or follow another convention", path, i, wantLogDet[i], logDet[i])
		}
	}
	return nil
}

// near compares two numbers with a tolerance that is relative for large ones.
func near(got, want, tolerance float64) bool {
	if got == want || (got != got && want != want) {
		return true
	}
	return math.Abs(got-want) <= tolerance*(1+math.Abs(want))
}

// Precision returns 32 or 64, the bits of a model file's parameters: which of Load[float32] and
// Load[float64] reads it as it was saved.
func Precision(path string) (int, error) {
	file, err := safetensors.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("flow: loading a model: %w", err)
	}
	switch dtype, _, _ := file.Describe("check.x"); dtype {
	case "F32":
		return 32, nil
	case "F64":
		return 64, nil
	default:
		return 0, fmt.Errorf("flow: loading a model: %s: check.x: dtype %q, want F32 or F64", path, dtype)
	}
}
